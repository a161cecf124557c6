/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and strings.  Words where both sides are aligned: pages are cleared and copied here. */
#include "base/text.h"

typedef uint64_t __attribute__((may_alias)) block;
typedef uint64_t __attribute__((vector_size(16), aligned(8), may_alias)) pair;

enum { LINES = 128 };

/* All is loaded before anything is stored, so that the compiler takes two registers at a time. */
static inline void copy_lines(pair *d, const pair *s)
{
        pair a = s[0], b = s[1], c = s[2], e = s[3], f = s[4], g = s[5], h = s[6], i = s[7];

        d[0] = a;
        d[1] = b;
        d[2] = c;
        d[3] = e;
        d[4] = f;
        d[5] = g;
        d[6] = h;
        d[7] = i;
}

static inline void fill_line(block *d, block pattern)
{
        d[0] = d[1] = d[2] = d[3] = pattern;
        d[4] = d[5] = d[6] = d[7] = pattern;
}

/* Words from where none begins, out of the aligned ones that they lie in: memory without a cache may not be read otherwise.  The bytes
 * that were copied; `d` is aligned. */
static size_t copy_across(unsigned char *d, const unsigned char *s, size_t size)
{
        unsigned behind = (uintptr_t)s & 7, low = 8 * behind;
        const block *from = (const block *)(s - behind);
        block word = *from++;
        size_t done = 0;

        for (; done + 8 <= size; done += 8) {
                block next = *from++;

                *(block *)(d + done) = word >> low | next << (64 - low);
                word = next;
        }
        return done;
}

/* Long ones that do not lie alike; apart, so that the others have nothing to do with them. */
static __attribute__((noinline)) void *copy_apart(unsigned char *d, const unsigned char *s, size_t size,
                                                  void *to)
{
        size_t done;

        for (; (uintptr_t)d & 7; size--)
                *d++ = *s++;
        if (((uintptr_t)s & 7) == 0) {
                memcpy(d, s, size);
                return to;
        }
        done = copy_across(d, s, size);
        for (; done < size; done++)
                d[done] = s[done];
        return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
        unsigned char *d = to;
        const unsigned char *s = from;

        if ((((uintptr_t)d | (uintptr_t)s) & 7) == 0) {
                for (; size >= LINES; size -= LINES, d += LINES, s += LINES)
                        copy_lines((pair *)d, (const pair *)s);
                for (; size >= sizeof(pair); size -= sizeof(pair), d += sizeof(pair), s += sizeof(pair))
                        *(pair *)d = *(const pair *)s;
                if (size >= 8) {
                        *(block *)d = *(const block *)s;
                        size -= 8, d += 8, s += 8;
                }
        } else if (size >= 16) {
                return copy_apart(d, s, size, to);
        }
        for (; size > 0; size--)
                *d++ = *s++;
        return to;
}

void *memmove(void *to, const void *from, size_t size)
{
        unsigned char *d = to;
        const unsigned char *s = from;

        if ((uintptr_t)d - (uintptr_t)s >= size)
                return memcpy(to, from, size);
        while (size-- > 0)
                d[size] = s[size];
        return to;
}

void *memset(void *to, int value, size_t size)
{
        unsigned char *d = to;
        uint64_t pattern = 0x0101010101010101u * (unsigned char)value;

        for (; size > 0 && (uintptr_t)d & 7; size--)
                *d++ = (unsigned char)value;
        for (; size >= 64; size -= 64, d += 64)
                fill_line((block *)d, pattern);
        for (; size >= 8; size -= 8, d += 8)
                *(block *)d = pattern;
        for (; size > 0; size--)
                *d++ = (unsigned char)value;
        return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
        const unsigned char *x = a, *y = b;

        for (; size > 0; size--, x++, y++) {
                if (*x != *y)
                        return *x - *y;
        }
        return 0;
}

/* Compilers make this of a memcmp that is only asked whether. */
int bcmp(const void *a, const void *b, size_t size)
{
        return memcmp(a, b, size);
}

size_t strlen(const char *s)
{
        const char *end = s;

        while (*end)
                end++;
        return (size_t)(end - s);
}

int strncmp(const char *a, const char *b, size_t size)
{
        for (; size > 0; size--, a++, b++) {
                if (*a != *b || !*a)
                        return (unsigned char)*a - (unsigned char)*b;
        }
        return 0;
}

int strcmp(const char *a, const char *b)
{
        return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
        for (; *s != (char)c; s++) {
                if (!*s)
                        return NULL;
        }
        return (char *)s;
}

bool string_copy(char *to, const char *from, size_t size)
{
        size_t length = strlen(from);

        bool all = length < size;

        if (!all)
                length = size - 1;
        memcpy(to, from, length);
        to[length] = '\0';
        return all;
}

void string_cut(char *to, const char *from, size_t size)
{
        bool all = string_copy(to, from, size);

        (void)all;
}

void *memchr(const void *bytes, int value, size_t size)
{
        for (const unsigned char *at = bytes; size > 0; size--, at++) {
                if (*at == (unsigned char)value)
                        return (void *)(uintptr_t)at;
        }
        return NULL;
}

size_t strnlen(const char *s, size_t size)
{
        const char *end = memchr(s, 0, size);

        return end ? (size_t)(end - s) : size;
}

char *strrchr(const char *s, int c)
{
        const char *found = NULL;

        for (; *s || !(char)c; s++) {
                if (*s == (char)c)
                        found = s;
                if (!*s)
                        break;
        }
        return (char *)(uintptr_t)found;
}
