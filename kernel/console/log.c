/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel console output: a printf of six directives over the one character function of the platform. */
#include "console/log.h"
#include "core/platform.h"

#include <stdarg.h>

void print_char(char c)
{
        if (platform.console.put == NULL)
                return;
        if (c == '\n')
                platform.console.put('\r');
        platform.console.put(c);
}

static void print_string(const char *s)
{
        for (s = s ? s : "(none)"; *s != 0; s++)
                print_char(*s);
}

static void print_number(word value, word base)
{
        char digits[20];
        word n = 0;

        do {
                digits[n++] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value != 0);
        while (n > 0)
                print_char(digits[--n]);
}

static void print_signed(word value)
{
        if ((int64_t)value < 0) {
                print_char('-');
                value = -value;
        }
        print_number(value, 10);
}

static void print_directive(char directive, word value)
{
        switch (directive) {
        case 's':
                print_string((const char *)value);
                break;
        case 'c':
                print_char((char)value);
                break;
        case 'd':
                print_signed(value);
                break;
        case 'u':
                print_number(value, 10);
                break;
        case 'p':
                print_string("0x");
                print_number(value, 16);
                break;
        case 'x':
                print_number(value, 16);
                break;
        default:
                print_char(directive);
        }
}

void print(const char *format, ...)
{
        va_list rest;

        va_start(rest, format);
        for (const char *p = format; *p != 0; p++) {
                if (*p != '%') {
                        print_char(*p);
                        continue;
                }
                bool is_word = *++p == 'l';
                p += is_word;
                if (*p == '%')
                        print_char('%');
                else if (is_word || *p == 's' || *p == 'p')
                        print_directive(*p, va_arg(rest, word));
                else
                        print_directive(*p, *p == 'd' ? (word)(int64_t)va_arg(rest, int)
                                                      : va_arg(rest, unsigned));
        }
        va_end(rest);
}
