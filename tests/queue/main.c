/* SPDX-License-Identifier: BSD-2-Clause */
/* The transport against honest and hostile sides.  Usage: queue [ROUNDS [SEED]]; 0 rounds: only the two threads. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned long rounds = 20000;
int passed, failed;
static uint64_t state = 1;

uint64_t draw(uint64_t below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return below ? state % below : state;
}

void check(bool ok, const char *what)
{
        *(ok ? &passed : &failed) += 1;
        printf("%s queue: %s\n", ok ? "ok  " : "FAIL", what);
}

void *shared(unsigned long bytes)
{
        void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);

        if (!memory)
                abort();
        return memset(memory, 0, bytes);
}

static uint32_t nasty(uint32_t old)
{
        switch (draw(5)) {
        case 0:
                return (uint32_t)draw(9);
        case 1:
                return old + (uint32_t)draw(5) - 2;
        case 2:
                return ~(uint32_t)draw(9);
        case 3:
                return (uint32_t)(draw(17) * 2048);
        default:
                return (uint32_t)draw(0);
        }
}

void scribble(void *memory, unsigned long bytes, unsigned writes)
{
        uint32_t *words = memory;

        while (writes-- > 0) {
                uint32_t *word = &words[draw(bytes / 4)];

                *word = nasty(*word);
        }
}

int main(int argc, char **argv)
{
        if (argc > 1)
                rounds = strtoul(argv[1], NULL, 10);
        if (argc > 2)
                state = strtoull(argv[2], NULL, 10) * 2 + 1;
        if (rounds > 0) {
                queue_cases();
                share_cases();
                block_cases();
                other_cases();
                socket_cases();
        }
        thread_case();
        printf("%d passed, %d failed\n", passed, failed);
        return failed != 0;
}
