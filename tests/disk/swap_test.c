/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of the swap area, and what the clock does with pages. */
#include "swap_test.h"

#include <stdlib.h>

#include "os/memory/blocks.h"
#include "os/memory/clock.h"
#include "tests/lib/test.h"

enum { BLOCKS = 100 };

static struct swap_blocks blocks;
static uint32_t entry[BLOCKS + 1];

void test_blocks(void)
{
        bool seen[BLOCKS + 1] = {false};

        blocks_init(&blocks, entry, BLOCKS);
        for (uint32_t i = 0; i < BLOCKS; i++) {
                uint32_t block = blocks_take(&blocks);

                CHECK(block >= 1 && block <= BLOCKS && !seen[block]);
                seen[block] = true;
        }
        CHECK(blocks_take(&blocks) == 0 && blocks.free == 0);
        blocks_drop(&blocks, 0);
        blocks_share(&blocks, 0);
        blocks_share(&blocks, 7);
        blocks_drop(&blocks, 7);
        CHECK_EQUAL(blocks_take(&blocks), 0);
        blocks_drop(&blocks, 7);
        CHECK_EQUAL(blocks.free, 1);
        CHECK_EQUAL(blocks_take(&blocks), 7);
        blocks_init(&blocks, entry, 0);
        CHECK_EQUAL(blocks_take(&blocks), 0);
}

/* Against counts that are kept beside. */
void test_blocks_at_random(void)
{
        unsigned users[BLOCKS + 1] = {0}, used = 0;

        srand(5);
        blocks_init(&blocks, entry, BLOCKS);
        for (int i = 0; i < 100000; i++) {
                uint32_t block = 1 + (uint32_t)rand() % BLOCKS;

                if (users[block] && rand() % 2) {
                        blocks_drop(&blocks, block);
                        used -= --users[block] == 0;
                } else if (users[block]) {
                        blocks_share(&blocks, block);
                        users[block]++;
                } else if ((block = blocks_take(&blocks)) != 0) {
                        CHECK_EQUAL(users[block], 0);
                        users[block] = 1;
                        used++;
                }
                CHECK_EQUAL(blocks.free, BLOCKS - used);
        }
}

/* Every page and condition: nothing is evicted that must not be, nothing is lost, and everything else goes at last. */
void test_clock_rules(void)
{
        for (unsigned i = 0; i < 1 << 9; i++) {
                struct page p = {.frame = i & 1,
                                 .touched = i >> 1 & 1,
                                 .dirty = i >> 2 & 1,
                                 .coming = i >> 3 & 1,
                                 .fixed = i >> 4 & 1,
                                 .swap = i >> 5 & 1};
                bool held = i >> 6 & 1, room = i >> 7 & 1, hurry = i >> 8 & 1;
                enum clock_step step = clock_look(&p, held, room, hurry);
                bool evictable = p.frame && !p.coming && !p.fixed && !held;

                if (!evictable)
                        CHECK_EQUAL(step, CLOCK_SKIP);
                else if (p.touched && !hurry)
                        CHECK_EQUAL(step, CLOCK_SPARE);
                else if (!p.dirty)
                        CHECK_EQUAL(step, CLOCK_DROP);
                else
                        CHECK_EQUAL(step, room ? CLOCK_WRITE : CLOCK_SKIP);
        }
}

/* Pages in use survive those that are not, as the clock promises. */
void test_clock_chance(void)
{
        enum { PAGES = 20, HOT = 5 };
        struct page p[PAGES] = {{0}};
        unsigned dropped = 0, hand = 0;

        for (unsigned i = 0; i < PAGES; i++)
                p[i] = (struct page){.frame = i + 1, .touched = 1};
        for (unsigned steps = 0; dropped < PAGES - HOT; steps++, hand = (hand + 1) % PAGES) {
                enum clock_step step = clock_look(&p[hand], false, false, false);

                CHECK(steps < 2 * PAGES);
                for (unsigned i = 0; i < HOT; i++)
                        p[i].touched = 1; /* before the hand comes again */
                if (step == CLOCK_SPARE)
                        p[hand].touched = 0;
                if (step == CLOCK_DROP) {
                        CHECK(hand >= HOT);
                        p[hand].frame = 0;
                        dropped++;
                }
        }
}
