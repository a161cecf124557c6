/* SPDX-License-Identifier: BSD-2-Clause */
/* Buffers that change hands. */
#include "world.h"

#include <queue/queue.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8, BUFFERS = 6, SIZE = 2048 };

static uint64_t bits[2][1];
static struct queue side[2]; /* 0: the owner */
static char *memory;

static void fresh(void)
{
        struct queue_shape shape = {memory, SLOTS, BUFFERS, SIZE, bits[0]};

        memset(memory, 0, queue_bytes(SLOTS));
        queue_open(&side[0], &shape, true);
        shape.ours = bits[1];
        queue_open(&side[1], &shape, false);
}

static void shapes(void)
{
        static const struct queue_shape bad[] = {
                {.slots = 8, .buffers = 9, .buffer_size = 64},
                {.slots = 8, .buffers = 0, .buffer_size = 64},
                {.slots = 8, .buffers = 8, .buffer_size = 0},
                {.slots = 8, .buffers = 8, .buffer_size = 65536},
                {.slots = 6, .buffers = 4, .buffer_size = 64},
        };
        struct queue q;
        bool refused = true;

        for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
                struct queue_shape shape = bad[i];

                shape.memory = memory;
                shape.ours = bits[0];
                refused &= !queue_open(&q, &shape, true);
        }
        check(refused, "impossible shapes are refused");
}

static void manners(void)
{
        struct queue_item item;

        fresh();
        check(!queue_give(&side[1], 0, 0, 0) && !queue_take(&side[1], &item),
              "nothing is the server's at first");
        check(!queue_give(&side[0], SIZE, SIZE + 1, 0) && !queue_give(&side[0], 100, 1, 0) &&
                      !queue_give(&side[0], BUFFERS * SIZE, 1, 0) && !queue_give(&side[0], ~0ull, 1, 0),
              "what is no buffer cannot be given");
        check(queue_may_sleep(&side[1]) && queue_give(&side[0], SIZE, 60, 3) &&
                      !queue_give(&side[0], SIZE, 60, 3) && side[0].away == 1 && queue_must_wake(&side[0]) &&
                      !queue_must_wake(&side[0]),
              "a buffer is given once, a sleeper woken once");
        check(queue_take(&side[1], &item) && item.offset == SIZE && item.length == 60 && item.tag == 3 &&
                      !queue_take(&side[1], &item) && !queue_is_ours(&side[0], SIZE) &&
                      queue_is_ours(&side[1], SIZE),
              "and is the other's then");
        check(queue_give(&side[1], SIZE, 0, 0) && queue_take(&side[0], &item) && side[0].away == 0,
              "and comes back");
}

static void deliveries(void)
{
        char *region = shared(BUFFERS * SIZE);
        struct queue_item item;
        char frame[SIZE + 1];

        fresh();
        memset(frame, 'f', sizeof(frame));
        check(!queue_deliver(&side[1], region, frame, 64), "without an empty buffer a frame is dropped");
        queue_give(&side[0], 0, 0, 0);
        queue_give(&side[0], 5 * SIZE, 0, 0);
        check(!queue_deliver(&side[1], region, frame, SIZE + 1) &&
                      queue_deliver(&side[1], region, frame, SIZE) && queue_take(&side[0], &item) &&
                      item.length == 0 && queue_take(&side[0], &item) && item.length == SIZE &&
                      item.offset == 5 * SIZE && !memcmp(region + 5 * SIZE, frame, SIZE),
              "one that does not fit, too; one that does fills the buffer to its last byte");
        free(region);
}

/* 16-bit and 32-bit wraps of positions, empty, one free and full. */
static void long_life(void)
{
        bool good = true;
        uint64_t next[2] = {0, 0};
        struct queue_item item;

        fresh();
        for (unsigned i = 0; i < 70000 && good; i++) {
                unsigned fill = i % 3 == 0 ? BUFFERS : i % 3 == 1 ? BUFFERS - 1 : 1;

                for (unsigned k = 0; k < fill; k++)
                        good &= queue_give(&side[0], next[0]++ % BUFFERS * SIZE, k, 0);
                for (unsigned k = 0; k < fill; k++) {
                        good &= queue_take(&side[1], &item) && item.offset == next[1]++ % BUFFERS * SIZE &&
                                queue_give(&side[1], item.offset, 0, 0) && queue_take(&side[0], &item);
                }
        }
        check(good && side[0].away == 0, "70,000 rounds, full, one free and nearly empty");
}

static unsigned owned(const uint64_t *map)
{
        return (unsigned)__builtin_popcountll(map[0] & ((1u << BUFFERS) - 1));
}

/* One side follows the rules, the memory is the attacker's.  What the library promises must hold without the attacker's help. */
static void hostile(unsigned who)
{
        bool inside = true, once = true, counted = true;
        unsigned long broke = 0, taken = 0;

        for (unsigned long i = 0; i < rounds; i++) {
                struct queue *q = &side[who];
                struct queue_item item;

                if (i % 32 == 0 || q->broken)
                        fresh();
                for (unsigned k = 0; k < 4; k++) {
                        queue_take(&side[!who], &item);
                        queue_give(&side[!who], draw(BUFFERS) * SIZE, (uint32_t)draw(SIZE + 1), 0);
                }
                scribble(memory, queue_bytes(SLOTS), (unsigned)draw(3));
                for (unsigned k = 0; k < 4; k++) {
                        uint64_t before = *q->ours;

                        if (queue_take(q, &item)) {
                                taken++;
                                inside &= item.offset % SIZE == 0 && item.offset / SIZE < BUFFERS &&
                                          item.length <= SIZE;
                                once &= !(before >> (item.offset / SIZE) & 1);
                        }
                        queue_give(q, draw(BUFFERS + 1) * SIZE, (uint32_t)draw(SIZE + 2), 0);
                        queue_must_wake(q);
                        counted &= owned(q->ours) + q->away == BUFFERS && !(q->broken && queue_may_sleep(q));
                }
                broke += q->broken;
        }
        check(inside, who ? "hostile owner: each item lies inside" : "hostile server: each item lies inside");
        check(once && counted, "no buffer twice, all counted; nobody waits at a broken queue");
        check(taken > rounds / 5 && broke > rounds / 1000, "both luck and lies were met");
}

void queue_cases(void)
{
        memory = shared(queue_bytes(SLOTS));
        shapes();
        manners();
        deliveries();
        long_life();
        hostile(0);
        hostile(1);
        free(memory);
}
