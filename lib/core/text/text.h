/* SPDX-License-Identifier: BSD-2-Clause */
/* Text into a buffer of fixed size, and the formatter behind every line that libraries, starter OS and loader print.
 *
 * A `struct text` never overflows: `length` counts what fitted, `dropped` what did not.  The buffer is not
 * NUL-terminated until text_end.
 *
 * Understood in `format`: %s %c %d %u %x %p %%, with l (or z) for 64-bit numbers, a width, `-` and a leading 0; a string that is
 * NULL reads "(null)".  Anything else behind a % stands for itself.
 *
 * Calls nothing: no other library, no C library, no system call, no allocation.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
        char *buffer;
        size_t size, length; /* bytes */
        size_t dropped;      /* bytes that did not fit; text_mark shows them */
};

void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A blank and each of `count` numbers, as " %lx" would, without the formatter, which would take half the time of a dump. */
void text_add_words(struct text *t, const uint64_t *words, size_t count);
void text_add_list(struct text *t, const char *format, va_list arguments);

/* If something was dropped, end the text with " [... N more]" instead, so that a reader sees it. */
void text_mark(struct text *t);

/* The text as a string: the NUL takes the place of the last byte where the buffer (size > 0) is full.  Returns the buffer. */
char *text_end(struct text *t);

/* One string into `buffer` (size > 0), cut where it is too long.  Returns `buffer`. */
char *text_print(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A line for people into `buffer`, marked where it is cut; its length, without a NUL. */
size_t text_line(char *buffer, size_t size, const char *format, va_list arguments);

/* The formatter alone: each character goes through put(context, c). */
void text_format(void (*put)(void *context, char c), void *context, const char *format, va_list arguments);

/* The digits of a number in octal, without zeros in front. */
enum { TEXT_OCTAL = 12 };
static inline const char *text_octal(uint32_t value, char digits[TEXT_OCTAL])
{
        char *at = digits + TEXT_OCTAL - 1;

        *at = '\0';
        do {
                *--at = (char)('0' + value % 8);
        } while (value /= 8);
        return at;
}

/* A number in decimal; false when `s` is anything else or too large. */
bool text_number(const char *s, uint64_t *value);
