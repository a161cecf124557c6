/* SPDX-License-Identifier: BSD-2-Clause */
/* Times reading and writing of a file: benchmark [-d|-p].  -d also checks what was read, -p (the default) only times.  The
 * results go to results.tsv, a JSON array: samples are ticks of the counter for 16 operations, check_sum is their sum. */
#include "base/text.h"
#include "sos.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { OPERATIONS = 16, SAMPLES = 10, LARGEST = 262144, TEXT = 4096 };

static const unsigned sizes[] = {512, 4096, 32768, LARGEST};
static char buffer[OPERATIONS * LARGEST];
static char text[TEXT];
static struct text results = {.buffer = text, .size = TEXT};
static bool checking;

static char pattern(size_t at, int sample)
{
        return (char)(at * 7 + at / 509 + (size_t)sample);
}

static bool move(int file, bool write, unsigned size)
{
        for (int i = 0; i < OPERATIONS; i++) {
                char *at = buffer + i * (int)size;

                if ((write ? sos_write(file, at, size) : sos_read(file, at, size)) != (int)size)
                        return false;
        }
        return true;
}

static bool verify(unsigned bytes, int sample)
{
        for (size_t i = 0; i < bytes; i++) {
                if (buffer[i] != pattern(i, sample))
                        return false;
        }
        return true;
}

/* One time through the file; false as below. */
static bool sample(int file, bool write, unsigned size, int number, uint64_t *ticks)
{
        unsigned bytes = OPERATIONS * size;
        bool good;

        for (size_t i = 0; i < bytes; i++)
                buffer[i] = write ? pattern(i, number) : 0;
        good = posix_seek(file, 0, 0) == 0;
        *ticks = clock_ticks();
        good = good && move(file, write, size);
        *ticks = clock_ticks() - *ticks;
        return good && (write || !checking || verify(bytes, SAMPLES - 1));
}

/* One row of results; false when an operation failed or what was read is not what was written. */
static bool measure(int file, bool write, unsigned size)
{
        unsigned bytes = OPERATIONS * size;
        uint64_t sum = 0, ticks;
        bool good = true;

        text_add(&results, "%s{\"name\": \"%s\", \"buf_size\": %u, \"file_size\": %u, \"samples\": [",
                 results.length > 2 ? ",\n" : "", write ? "write" : "read", size, bytes);
        for (int i = 0; i < SAMPLES && good; i++) {
                good = sample(file, write, size, i, &ticks);
                sum += ticks;
                text_add(&results, i ? ", %lu" : "%lu", ticks);
        }
        text_add(&results, "], \"check_sum\": %lu}", sum);
        sos_print("%s, %u bytes at a time: %lu bytes/ms\n", write ? "write" : "read", size,
                  (uint64_t)bytes * SAMPLES * 1000 / (clock_scaled(sum, 1000000) + 1));
        return good;
}

int main(int count, char **word)
{
        int file = sos_open("benchmark.dat", 2), out;
        bool good = file >= 0;

        if (count > 2 || (count == 2 && strcmp(word[1], "-d") && strcmp(word[1], "-p"))) {
                sos_print("usage: benchmark [-d|-p]\n");
                return 2;
        }
        checking = count == 2 && !strcmp(word[1], "-d");
        text_add(&results, "[\n");
        for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes) && good; i++)
                good = measure(file, true, sizes[i]) && measure(file, false, sizes[i]);
        text_add(&results, "\n]\n");
        sos_close(file);
        posix_unlink("benchmark.dat");
        posix_unlink("results.tsv");
        out = sos_open("results.tsv", 1);
        good = good && sos_write(out, text, results.length) == (int)results.length;
        sos_print("benchmark: %s\n", !good      ? "FAILED"
                                     : checking ? "the contents are right"
                                                : "see results.tsv");
        return !good;
}
