/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatting; see base/text.h. */
#include "base/text.h"

struct field {
        unsigned width;
        bool left, zero;
};

static void put(struct text *t, char c)
{
        if (t->length < t->size)
                t->buffer[t->length++] = c;
        else
                t->dropped++;
}

static void pad(struct text *t, char c, size_t used, size_t width)
{
        for (; used < width; used++)
                put(t, c);
}

static void put_string(struct text *t, const char *s, struct field f)
{
        size_t length = strlen(s);

        if (!f.left)
                pad(t, ' ', length, f.width);
        for (; *s; s++)
                put(t, *s);
        if (f.left)
                pad(t, ' ', length, f.width);
}

static void put_number(struct text *t, uint64_t value, unsigned base, struct field f)
{
        char digits[21];
        size_t at = sizeof(digits) - 1;

        digits[at] = '\0';
        do {
                digits[--at] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value);
        if (f.zero)
                pad(t, '0', sizeof(digits) - 1 - at, f.width);
        put_string(t, digits + at, f.zero ? (struct field){0} : f);
}

static void put_signed(struct text *t, int64_t value, struct field f)
{
        if (value < 0) {
                put(t, '-');
                f.width -= f.width > 0;
        }
        put_number(t, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, f);
}

static struct field read_field(const char **format)
{
        struct field f = {0};

        for (;; ++*format) {
                if (**format == '-')
                        f.left = true;
                else if (**format == '0')
                        f.zero = true;
                else
                        break;
        }
        for (; **format >= '0' && **format <= '9'; ++*format)
                f.width = f.width * 10 + (unsigned)(**format - '0');
        return f;
}

static void put_argument(struct text *t, const char **format, va_list *arguments)
{
        struct field f = read_field(format);
        bool wide = **format == 'l';
        char character[2] = {0};

        if (wide)
                ++*format;
        switch (**format) {
        case 's':
                put_string(t, va_arg(*arguments, const char *), f);
                break;
        case 'c':
                character[0] = (char)va_arg(*arguments, int);
                put_string(t, character, f);
                break;
        case 'd':
                put_signed(t, wide ? va_arg(*arguments, long) : va_arg(*arguments, int), f);
                break;
        case 'u':
        case 'x':
                put_number(t, wide ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned),
                           **format == 'x' ? 16 : 10, f);
                break;
        default:
                put(t, **format);
        }
}

void text_add_list(struct text *t, const char *format, va_list arguments)
{
        va_list copy;

        va_copy(copy, arguments);
        for (; *format; format++) {
                if (*format != '%') {
                        put(t, *format);
                        continue;
                }
                format++;
                put_argument(t, &format, &copy);
        }
        va_end(copy);
}

void text_add(struct text *t, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        text_add_list(t, format, arguments);
        va_end(arguments);
}

void text_mark(struct text *t)
{
        char note[40];
        struct text n = {.buffer = note, .size = sizeof(note)};

        if (t->dropped == 0)
                return;
        text_add(&n, " [... %lu more]\n", t->dropped + sizeof(note));
        if (n.length > t->size)
                return;
        t->length = t->size - sizeof(note) > t->size ? 0 : t->size - sizeof(note);
        memcpy(t->buffer + t->length, note, n.length);
        t->length += n.length;
}

bool text_number(const char *s, uint64_t *value)
{
        uint64_t n = 0;

        if (!*s)
                return false;
        for (; *s; s++) {
                unsigned digit = (unsigned)(*s - '0');

                if (digit > 9 || n > (UINT64_MAX - digit) / 10)
                        return false;
                n = n * 10 + digit;
        }
        *value = n;
        return true;
}
