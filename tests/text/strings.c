/* SPDX-License-Identifier: BSD-2-Clause */
/* lib/core/base against the C library: sizes, alignments on both sides, overlaps, and the bytes beside them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/text/text.h"

void *ours_memcpy(void *to, const void *from, size_t size);
void *ours_memmove(void *to, const void *from, size_t size);
void *ours_memset(void *to, int value, size_t size);
int ours_memcmp(const void *a, const void *b, size_t size);
size_t ours_strlen(const char *s);
int ours_strcmp(const char *a, const char *b);
int ours_strncmp(const char *a, const char *b, size_t size);
char *ours_strchr(const char *s, int c);
char *ours_strrchr(const char *s, int c);
void *ours_memchr(const void *bytes, int value, size_t size);
size_t ours_strnlen(const char *s, size_t size);
bool ours_string_copy(char *to, const char *from, size_t size);
void ours_string_cut(char *to, const char *from, size_t size);

enum { ROUNDS = 200000, ROOM = 512, BESIDE = 32, WORD = 24 };

/* Two memories that begin alike: ours works on one, the C library on the other. */
static _Alignas(16) unsigned char ours[ROOM + 2 * BESIDE], theirs[ROOM + 2 * BESIDE],
        source[ROOM + 2 * BESIDE];

static size_t below(size_t n)
{
        return (size_t)random() % n;
}

static void fill(void)
{
        for (size_t i = 0; i < sizeof(ours); i++) {
                ours[i] = theirs[i] = (unsigned char)random();
                source[i] = (unsigned char)random();
        }
}

static bool same(void)
{
        return memcmp(ours, theirs, sizeof(ours)) == 0;
}

/* Short ones as often as long ones. */
static size_t some_size(void)
{
        return below(2) ? below(40) : below(ROOM / 2);
}

void bytes_are_moved(void)
{
        srandom(5);
        for (int i = 0; i < ROUNDS; i++) {
                size_t size = some_size(), to = BESIDE + below(ROOM / 2), from = BESIDE + below(ROOM / 2);
                int value = (int)random();

                if (i % 64 == 0)
                        fill();
                CHECK(ours_memcpy(ours + to, source + from, size) == ours + to);
                memcpy(theirs + to, source + from, size);
                CHECK(same());
                CHECK(ours_memmove(ours + to, ours + from, size) == ours + to);
                memmove(theirs + to, theirs + from, size);
                CHECK(same());
                to = BESIDE + below(ROOM / 2);
                CHECK(ours_memset(ours + to, value, size) == ours + to);
                memset(theirs + to, value, size);
                CHECK(same());
        }
}

static int sign(int n)
{
        return (n > 0) - (n < 0);
}

/* Of few letters, bytes above 127 among them, so that many begin alike. */
static void some_word(char *text)
{
        size_t length = below(WORD);

        for (size_t i = 0; i < length; i++)
                text[i] = "ab\xff"[below(3)];
        text[length] = '\0';
}

void words_are_compared(void)
{
        srandom(6);
        for (int i = 0; i < ROUNDS; i++) {
                char a[WORD], b[WORD];
                size_t size = below(WORD);
                int c = "ab\xff\0z"[below(5)];

                memset(a, 'a', sizeof(a));
                memset(b, 'a', sizeof(b));
                some_word(a);
                some_word(b);
                CHECK_EQUAL(sign(ours_memcmp(a, b, size)), sign(memcmp(a, b, size)));
                CHECK_EQUAL(sign(ours_strcmp(a, b)), sign(strcmp(a, b)));
                CHECK_EQUAL(sign(ours_strncmp(a, b, size)), sign(strncmp(a, b, size)));
                CHECK_EQUAL(ours_strlen(a), strlen(a));
                CHECK_EQUAL(ours_strnlen(a, size), strnlen(a, size));
                CHECK(ours_strchr(a, c) == strchr(a, c));
                CHECK(ours_strrchr(a, c) == strrchr(a, c));
                CHECK(ours_memchr(a, c, size) == memchr(a, c, size));
        }
}

/* What fits is stored, with its NUL, and nothing beside it; the result says whether it was everything. */
void a_copy_that_does_not_fit_is_told(void)
{
        for (size_t length = 0; length < WORD; length++) {
                for (size_t size = 1; size <= WORD + 2; size++) {
                        char from[WORD] = {0}, to[WORD + 4], cut[WORD + 4];
                        size_t fits = length < size ? length : size - 1;

                        memset(from, 'x', length);
                        memset(to, '#', sizeof(to));
                        memset(cut, '#', sizeof(cut));
                        CHECK_EQUAL(ours_string_copy(to, from, size), length < size);
                        ours_string_cut(cut, from, size);
                        CHECK(memcmp(to, cut, sizeof(to)) == 0);
                        CHECK(strlen(to) == fits && memcmp(to, from, fits) == 0 && to[fits + 1] == '#');
                }
        }
}
