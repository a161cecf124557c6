/* SPDX-License-Identifier: BSD-2-Clause */
/* Text into a buffer of fixed size, and the few string functions that freestanding programs need.
 *
 * A `struct text` never overflows: `length` counts what is there, `dropped` what did not fit.  The buffer is not
 * NUL-terminated.
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

/* The printf subset %s %c %d %u %x with `l`, width, `-` and `0`, and %%. */
void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_list(struct text *t, const char *format, va_list arguments);

/* Where something was dropped, end the text with " [... N more]" instead, so that a reader knows. */
void text_mark(struct text *t);

/* A number in decimal; false when `s` is anything else or too large. */
bool text_number(const char *s, uint64_t *value);

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
void *memchr(const void *bytes, int value, size_t size);
size_t strnlen(const char *s, size_t size);

/* Copies as much as fits and always terminates; size > 0.  False when that was not all. */
__attribute__((warn_unused_result)) bool string_copy(char *to, const char *from, size_t size);

/* The same where the beginning will do. */
void string_cut(char *to, const char *from, size_t size);
