/* SPDX-License-Identifier: BSD-2-Clause */
/* The few string functions that freestanding programs need, and text in buffers (text/text.h). */
#pragma once

#include <text/text.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int bcmp(const void *a, const void *b, size_t size);
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
