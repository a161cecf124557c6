/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffers of text; see text.h. */
#include <text/text.h>

static void put(void *context, char c)
{
        struct text *t = context;

        if (t->length < t->size)
                t->buffer[t->length++] = c;
        else
                t->dropped++;
}

void text_add_list(struct text *t, const char *format, va_list arguments)
{
        text_format(put, t, format, arguments);
}

void text_add(struct text *t, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        text_add_list(t, format, arguments);
        va_end(arguments);
}

void text_add_words(struct text *t, const uint64_t *words, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                unsigned digits = (67u - (unsigned)__builtin_clzll(words[i] | 1)) / 4;

                put(t, ' ');
                while (digits--)
                        put(t, "0123456789abcdef"[words[i] >> (4 * digits) & 15]);
        }
}

void text_mark(struct text *t)
{
        char note[40];
        struct text n = {.buffer = note, .size = sizeof(note)};

        if (t->dropped == 0)
                return;
        text_add(&n, " [... %lu more]\n", (unsigned long)(t->dropped + sizeof(note)));
        if (n.length > t->size)
                return;
        t->length = t->size < sizeof(note) ? 0 : t->size - sizeof(note);
        for (size_t i = 0; i < n.length; i++)
                t->buffer[t->length++] = note[i];
}

char *text_end(struct text *t)
{
        if (t->length == t->size) {
                t->length--;
                t->dropped++;
        }
        t->buffer[t->length] = '\0';
        return t->buffer;
}

char *text_print(char *buffer, size_t size, const char *format, ...)
{
        struct text t = {.buffer = buffer, .size = size};
        va_list arguments;

        va_start(arguments, format);
        text_add_list(&t, format, arguments);
        va_end(arguments);
        return text_end(&t);
}

size_t text_line(char *buffer, size_t size, const char *format, va_list arguments)
{
        struct text t = {.buffer = buffer, .size = size};

        text_add_list(&t, format, arguments);
        text_mark(&t);
        return t.length;
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
