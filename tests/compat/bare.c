/* SPDX-License-Identifier: BSD-2-Clause */
/* The few C library functions of the behaviour program on a bare machine; output and exit by semihosting. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void semihosting(unsigned long operation, const void *argument)
{
        register unsigned long w0 __asm__("x0") = operation;
        register const void *x1 __asm__("x1") = argument;

        __asm__ volatile("hlt #0xf000" : "+r"(w0) : "r"(x1) : "memory");
}

/* Ends the emulation with the status of main(). */
void bare_exit(unsigned long status);
void bare_exit(unsigned long status)
{
        const unsigned long exited[2] = {0x20026, status};

        for (;;)
                semihosting(0x18, exited);
}

void __assert_fail(const char *condition, const char *file, int line, const char *function);
void __assert_fail(const char *condition, const char *file, int line, const char *function)
{
        printf("error: %s: %s line %d: %s\n", file, function, line, condition);
        bare_exit(1);
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
        for (size_t i = 0; i < n; i++)
                ((volatile char *)to)[i] = ((const char *)from)[i];
        return to;
}

void *memset(void *to, int c, size_t n)
{
        for (size_t i = 0; i < n; i++)
                ((volatile char *)to)[i] = (char)c;
        return to;
}

size_t strlen(const char *s)
{
        size_t n = 0;

        while (((const volatile char *)s)[n])
                n++;
        return n;
}

char *strcpy(char *restrict to, const char *restrict from)
{
        return memcpy(to, from, strlen(from) + 1);
}

int strcmp(const char *a, const char *b)
{
        while (*a && *a == *b)
                a++, b++;
        return *a - *b;
}

static char *put_number(char *to, unsigned long value, unsigned base)
{
        char digits[20];
        int n = 0;

        do
                digits[n++] = "0123456789abcdef"[value % base];
        while (value /= base);
        while (n)
                *to++ = digits[--n];
        return to;
}

/* Supports %s, %d, %lu and %#lx. */
int printf(const char *restrict format, ...)
{
        char line[400], *to = line;
        va_list arguments;

        va_start(arguments, format);
        for (; *format && to < line + 300; format++) {
                if (*format != '%') {
                        *to++ = *format;
                        continue;
                }
                while (strlen(format) > 1 && (*++format == '#' || *format == 'l'))
                        ;
                if (*format == 's') {
                        const char *s = va_arg(arguments, const char *);

                        while (*s && to < line + 300)
                                *to++ = *s++;
                } else if (*format == 'd') {
                        to = put_number(to, (unsigned long)va_arg(arguments, int), 10);
                } else {
                        to = put_number(to, va_arg(arguments, unsigned long), *format == 'x' ? 16 : 10);
                }
        }
        va_end(arguments);
        *to = 0;
        semihosting(0x04, line);
        return (int)(to - line);
}
