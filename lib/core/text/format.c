/* SPDX-License-Identifier: BSD-2-Clause */
/* The formatter; see text.h. */
#include <text/text.h>

struct sink {
        void (*put)(void *context, char c);
        void *context;
};

struct field {
        unsigned width;
        bool left, zero, wide;
};

/* va_list travels in a struct because it may be an array type, which decays when passed on. */
struct arguments {
        va_list list;
};

static void pad(const struct sink *sink, char c, size_t used, size_t width)
{
        for (; used < width; used++)
                sink->put(sink->context, c);
}

static size_t length_of(const char *s)
{
        size_t n = 0;

        while (s[n])
                n++;
        return n;
}

static void put_string(const struct sink *sink, const char *s, struct field f)
{
        size_t length = length_of(s);

        if (!f.left)
                pad(sink, ' ', length, f.width);
        for (; *s; s++)
                sink->put(sink->context, *s);
        if (f.left)
                pad(sink, ' ', length, f.width);
}

/* `sign` (may be "") stands before the digits, behind the blanks and before the zeros. */
static void put_number(const struct sink *sink, const char *sign, uint64_t value, unsigned base,
                       struct field f)
{
        char digits[24]; /* "0x" or "-", 20 digits at most, NUL */
        size_t at = sizeof(digits) - 1, signs = length_of(sign);

        digits[at] = '\0';
        do {
                digits[--at] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value);
        if (f.zero && !f.left) {
                put_string(sink, sign, (struct field){0});
                pad(sink, '0', signs + sizeof(digits) - 1 - at, f.width);
                put_string(sink, digits + at, (struct field){0});
                return;
        }
        for (size_t i = signs; i-- > 0;)
                digits[--at] = sign[i];
        put_string(sink, digits + at, f);
}

static void put_signed(const struct sink *sink, int64_t value, struct field f)
{
        put_number(sink, value < 0 ? "-" : "", value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, f);
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
        for (; **format == 'l' || **format == 'z'; ++*format)
                f.wide = true;
        return f;
}

static void put_text(const struct sink *sink, const char *s, struct field f)
{
        put_string(sink, s ? s : "(null)", f);
}

static void put_argument(const struct sink *sink, char letter, struct field f, struct arguments *arguments)
{
        char character[2] = {0};

        switch (letter) {
        case 's':
                put_text(sink, va_arg(arguments->list, const char *), f);
                break;
        case 'c':
                character[0] = (char)va_arg(arguments->list, int);
                put_string(sink, character, f);
                break;
        case 'd':
                put_signed(sink, f.wide ? va_arg(arguments->list, long) : va_arg(arguments->list, int), f);
                break;
        case 'p':
                put_number(sink, "0x", (uintptr_t)va_arg(arguments->list, void *), 16, f);
                break;
        case 'u':
        case 'x':
                put_number(sink, "",
                           f.wide ? va_arg(arguments->list, unsigned long)
                                  : va_arg(arguments->list, unsigned),
                           letter == 'x' ? 16 : 10, f);
                break;
        default:
                sink->put(sink->context, letter);
        }
}

void text_format(void (*put)(void *context, char c), void *context, const char *format, va_list list)
{
        const struct sink sink = {put, context};
        struct arguments arguments;

        va_copy(arguments.list, list);
        for (; *format; format++) {
                struct field f;

                if (*format != '%') {
                        put(context, *format);
                        continue;
                }
                format++;
                f = read_field(&format);
                if (!*format)
                        break;
                put_argument(&sink, *format, f, &arguments);
        }
        va_end(arguments.list);
}
