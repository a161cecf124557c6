/* SPDX-License-Identifier: BSD-2-Clause */
/* The few C library functions that libfdt and the compiler ask for, and the guard that libfdt was built with.
 *
 * memcpy, memmove and memset work in words where both addresses allow it, because whole images pass through.
 */
#include <stdint.h>
#include <string.h>

#include "loader/loader.h"

/* A word that may alias anything. */
typedef uint64_t __attribute__((may_alias)) any_word;

uintptr_t __stack_chk_guard = 0x5a17c0de;
void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
        stop("libfdt overran its stack");
}

static int together(const void *a, const void *b)
{
        return ((address_of(a) ^ address_of(b)) & 7) == 0;
}

static void copy_up(unsigned char *to, const unsigned char *from, size_t size)
{
        if (together(to, from)) {
                for (; size > 0 && (address_of(to) & 7) != 0; size--) {
                        *to++ = *from++;
                }
                for (; size >= 8; size -= 8, to += 8, from += 8) {
                        *(any_word *)to = *(const any_word *)from;
                }
        }
        while (size-- > 0) {
                *to++ = *from++;
        }
}

static void copy_down(unsigned char *to, const unsigned char *from, size_t size)
{
        if (together(to, from)) {
                for (; size > 0 && (address_of(to + size) & 7) != 0; size--) {
                        to[size - 1] = from[size - 1];
                }
                for (; size >= 8; size -= 8) {
                        *(any_word *)(to + size - 8) = *(const any_word *)(from + size - 8);
                }
        }
        while (size-- > 0) {
                to[size] = from[size];
        }
}

void *memmove(void *to, const void *from, size_t size)
{
        if (address_of(to) - address_of(from) < size) {
                copy_down(to, from, size);
        } else {
                copy_up(to, from, size);
        }
        return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
        copy_up(to, from, size);
        return to;
}

void *memset(void *to, int value, size_t size)
{
        unsigned char *byte = to;
        uint64_t word = 0x0101010101010101ull * (unsigned char)value;

        for (; size > 0 && (address_of(byte) & 7) != 0; size--) {
                *byte++ = (unsigned char)value;
        }
        for (; size >= 8; size -= 8, byte += 8) {
                *(any_word *)byte = word;
        }
        while (size-- > 0) {
                *byte++ = (unsigned char)value;
        }
        return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
        const unsigned char *x = a, *y = b;

        for (; size > 0; size--, x++, y++) {
                if (*x != *y) {
                        return *x - *y;
                }
        }
        return 0;
}

void *memchr(const void *bytes, int value, size_t size)
{
        const unsigned char *at = bytes;

        for (; size > 0; size--, at++) {
                if (*at == (unsigned char)value) {
                        return (void *)(uintptr_t)at;
                }
        }
        return NULL;
}

size_t strlen(const char *text)
{
        return (size_t)((char *)memchr(text, '\0', SIZE_MAX) - text);
}

size_t strnlen(const char *text, size_t limit)
{
        const char *end = memchr(text, '\0', limit);

        return end == NULL ? limit : (size_t)(end - text);
}

int strcmp(const char *a, const char *b)
{
        while (*a != '\0' && *a == *b) {
                a++;
                b++;
        }
        return (unsigned char)*a - (unsigned char)*b;
}

char *strchr(const char *text, int value)
{
        return memchr(text, value, strlen(text) + 1);
}

char *strrchr(const char *text, int value)
{
        for (size_t i = strlen(text) + 1; i > 0; i--) {
                if (text[i - 1] == (char)value) {
                        return (char *)(uintptr_t)(text + i - 1);
                }
        }
        return NULL;
}
