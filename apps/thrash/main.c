/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses much memory: thrash [MIB] [ROUNDS].  Each page gets its own words; each round checks all of them in another order and
 * writes them again. */
#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

enum { MIB = 64, ROUNDS = 3, PAGE = 4096, PAGES_PER_MIB = 256, STRIDE = 1031, MIB_MAX = 100000 };

static uint64_t mixed(uint64_t page, uint64_t round)
{
        return (page * 0x9e3779b97f4a7c15u) ^ (round << 56);
}

static uint64_t *word_of(unsigned long start, uint64_t page)
{
        return (uint64_t *)(start + page * PAGE + page * 8 % PAGE);
}

/* Pages in an order that visits each once: the stride is a prime that does not divide their number. */
static uint64_t check_round(unsigned long start, uint64_t pages, uint64_t round)
{
        uint64_t bad = 0;

        for (uint64_t i = 0; i < pages; i++) {
                uint64_t page = i * STRIDE % pages, *word = word_of(start, page);

                bad += *word != (round ? mixed(page, round - 1) : 0);
                *word = mixed(page, round);
        }
        return bad;
}

int main(int count, char **word)
{
        uint64_t mib = MIB, rounds = ROUNDS, bad = 0, pages;
        unsigned long start = (unsigned long)posix_brk(0);

        if ((count > 1 && !text_number(word[1], &mib)) || (count > 2 && !text_number(word[2], &rounds)) ||
            mib == 0 || mib > MIB_MAX) {
                sos_print("usage: thrash [MIB] [ROUNDS]\n");
                return 2;
        }
        pages = mib * PAGES_PER_MIB;
        pages -= pages % STRIDE == 0;
        if ((unsigned long)posix_brk(start + pages * PAGE) != start + pages * PAGE) {
                sos_print("thrash: %lu MiB of addresses are too many\n", mib);
                return 1;
        }
        for (uint64_t round = 0; round < rounds; round++)
                bad += check_round(start, pages, round);
        sos_print("thrash: %lu pages in %lu rounds, %lu wrong\n", pages, rounds, bad);
        return bad > 0;
}
