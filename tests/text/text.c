/* SPDX-License-Identifier: BSD-2-Clause */
/* lib/core/text against snprintf: random formats, random numbers, buffers of every length. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/text/text.h"
#include "tests/lib/test.h"
#include "tests/text/text.h"

enum { ROUNDS = 200000, ROOM = 128 };

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        return (seed >> 33) % below;
}

/* Near the edges as often as in between. */
static uint64_t draw_number(void)
{
        static const uint64_t edge[] = {0, 1, 9, 10, 15, 16, INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
        uint64_t near = edge[draw(sizeof(edge) / sizeof(edge[0]))] + draw(3) - 1;

        return draw(2) ? near : (draw(1u << 31) << 33 | draw(1u << 31) << 2) >> draw(64);
}

/* One conversion: its format, and both results of it. */
static void convert(char *format, char *ours, char *theirs, size_t size)
{
        static const char *const strings[] = {"", "a", "some words", "%d"};
        static const char *const flags[] = {"", "-", "0"};
        char letter = "sduxp"[draw(5)], width[8] = "";
        const char *flag = flags[draw(letter == 's' || letter == 'p' ? 2 : 3)];
        bool wide = draw(2) && letter != 's' && letter != 'p';
        uint64_t number = draw_number();
        const char *string = strings[draw(4)];

        if (draw(2))
                snprintf(width, sizeof(width), "%u", (unsigned)draw(30) + 1);
        snprintf(format, ROOM, "<%%%s%s%s%c>%%%%", flag, width, wide ? "l" : "", letter);
        if (letter == 's') {
                text_print(ours, size, format, string);
                snprintf(theirs, size, format, string);
        } else if (letter == 'p') {
                text_print(ours, size, format, (void *)(number | 1));
                snprintf(theirs, size, format, (void *)(number | 1));
        } else if (wide) {
                text_print(ours, size, format, number);
                snprintf(theirs, size, format, number);
        } else {
                text_print(ours, size, format, (unsigned)number);
                snprintf(theirs, size, format, (unsigned)number);
        }
}

static void as_the_c_library(void)
{
        char format[ROOM];

        seed = 1;
        for (unsigned i = 0; i < ROUNDS; i++) {
                size_t size = 1 + draw(draw(2) ? 20 : 60);
                char *ours = malloc(size), *theirs = malloc(size);

                convert(format, ours, theirs, size);
                if (strcmp(ours, theirs) != 0)
                        test_fail(__FILE__, __LINE__, "%s in %zu bytes: '%s', not '%s'", format, size, ours,
                                  theirs);
                free(ours);
                free(theirs);
        }
}

static void odd_formats(void)
{
        char line[ROOM];

        CHECK(strcmp(text_print(line, sizeof(line), "%zu %zx", (size_t)1 << 40, (size_t)255),
                     "1099511627776 ff") == 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-overflow"
        CHECK(strcmp(text_print(line, sizeof(line), "%s", (char *)NULL), "(null)") == 0);
        CHECK(strcmp(text_print(line, sizeof(line), "50%"), "50") == 0);
        CHECK(strcmp(text_print(line, sizeof(line), "%!"), "!") == 0);
#pragma GCC diagnostic pop
        CHECK(strcmp(text_print(line, sizeof(line), "%c%c", 'a', 'b'), "ab") == 0);
}

/* What did not fit is counted, and a reader is told of it. */
static void dropped_text_is_told(void)
{
        for (size_t size = 0; size < 200; size++) {
                char *buffer = malloc(size + 1);
                struct text t = {.buffer = buffer, .size = size};
                char tail[ROOM];

                for (unsigned i = 0; i < 100; i++)
                        text_add(&t, "%c", 'x');
                CHECK_EQUAL(t.length, size < 100 ? size : 100);
                CHECK_EQUAL(t.dropped, size < 100 ? 100 - size : 0);
                text_mark(&t);
                CHECK(t.length <= size || size >= 100);
                snprintf(tail, sizeof(tail), " [... %zu more]\n", t.dropped + 40);
                CHECK(size < 40 || size >= 100 ||
                      memcmp(buffer + t.length - strlen(tail), tail, strlen(tail)) == 0);
                free(buffer);
        }
}

static void an_end_takes_the_last_byte(void)
{
        char buffer[4];
        struct text t = {.buffer = buffer, .size = sizeof(buffer)};

        text_add(&t, "abc");
        CHECK(text_end(&t) == buffer && strcmp(buffer, "abc") == 0 && t.dropped == 0);
        text_add(&t, "def");
        CHECK(strcmp(text_end(&t), "abc") == 0 && t.dropped == 3);
}

static void numbers_are_read(void)
{
        uint64_t value = 7;

        CHECK(text_number("18446744073709551615", &value) && value == UINT64_MAX);
        CHECK(!text_number("18446744073709551616", &value) && !text_number("", &value) &&
              !text_number("1 ", &value) && !text_number("-1", &value) && !text_number("x", &value));
        CHECK(value == UINT64_MAX);
}

/* As the formatter's, and in less room as much as fits. */
static void words_in_a_row(void)
{
        char ours[ROOM], theirs[ROOM];

        seed = 2;
        for (unsigned i = 0; i < ROUNDS; i++) {
                uint64_t words[] = {draw_number(), draw_number(), draw_number()};
                struct text t = {.buffer = ours, .size = draw(2) ? draw(60) : ROOM};
                size_t length = (size_t)snprintf(theirs, ROOM, " %lx %lx %lx", words[0], words[1], words[2]);

                text_add_words(&t, words, 3);
                CHECK_EQUAL(t.length + t.dropped, length);
                CHECK(!t.dropped == (length <= t.size) && memcmp(ours, theirs, t.length) == 0);
        }
}

int main(int argc, char **argv)
{
        static const struct test tests[] = {
                {"as the C library", as_the_c_library},
                {"odd formats", odd_formats},
                {"dropped text is reported", dropped_text_is_told},
                {"an end takes the last byte", an_end_takes_the_last_byte},
                {"words in a row", words_in_a_row},
                {"numbers are read", numbers_are_read},
                {"bytes are moved as by the C library", bytes_are_moved},
                {"words are compared as by the C library", words_are_compared},
                {"a copy that does not fit is told", a_copy_that_does_not_fit_is_told},
        };

        return test_main(TEST_LIST(tests), argc > 1 ? argv[1] : NULL);
}
