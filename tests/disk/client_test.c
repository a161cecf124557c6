/* SPDX-License-Identifier: BSD-2-Clause */
/* See client_test.h.  The driver's half is the library's; what it answers, when it dies and what garbage it writes is drawn from a seed. */
#include "client_test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "os/core/console.h"
#include "os/device/block.h"
#include "os/device/patience.h"
#include "sos/block.h"
#include "tests/lib/test.h"

enum { MANY = 100, BLOCKS = 64, PAGES = 1000, ROUNDS = 20000, DEATH = 40, LIE = 30 };
#define BASE 0x40000000ull

static union {
        struct sos_block block;
        unsigned char bytes[SOS_BLOCK_BYTES];
} shared;
static struct block_request request[MANY];
static unsigned asked[MANY], ended[MANY], good[MANY], pokes;
static struct queue_block driver;
static uint32_t state[SOS_BLOCK_SLOTS];
static uint64_t seed;

void console_print(const char *format, ...)
{
        (void)format;
}

static struct {
        bool over, waits; /* the patience of whoever waits for the disk; what it was asked last */
        uint32_t done;
} asks;

bool patience_is_over(struct patience *p, bool waits, uint32_t done)
{
        (void)p;
        asks.waits = waits;
        asks.done = done;
        return waits && asks.over;
}

void patience_begins(struct patience *p)
{
        (void)p;
        asks.over = false;
}

static unsigned draw(unsigned below)
{
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (unsigned)(seed >> 33) % below;
}

static void poke(void)
{
        pokes++;
}

static void done(struct block_request *r, bool fine)
{
        ended[r - request]++;
        good[r - request] += fine;
}

/* A new driver, ready. */
static void begin(void)
{
        struct queue_block_disk disk = {BLOCKS, (uint64_t)PAGES * BLOCK_SIZE, false};

        shared.block.start.clients_paddr = BASE;
        block_begins(&shared, poke);
        CHECK(queue_block_open(&driver, shared.block.queue, SOS_BLOCK_SLOTS, state, &disk));
        shared.block.info.capacity = BLOCKS;
        shared.block.info.ready = 1;
}

static void die(void)
{
        block_lost();
        begin();
}

/* Blocks of a request: some have several, as far as the disk goes. */
static uint16_t count_of(unsigned i)
{
        return i % 8 == 0 ? 0 : i % 3 || i % BLOCKS + 3 > BLOCKS ? 1 : 3;
}

static void submit(unsigned i)
{
        request[i] = (struct block_request){.operation = i % 8 ? BLOCK_WRITE : BLOCK_FLUSH,
                                            .count = count_of(i),
                                            .block = i % BLOCKS,
                                            .paddr = BASE + (uint64_t)i * BLOCK_SIZE,
                                            .done = done};
        asked[i]++;
        block_submit(&request[i]);
}

/* The driver takes a request; its page shows which one. */
static bool take(struct queue_block_request *r)
{
        if (!queue_block_next(&driver, r))
                return false;
        CHECK(r->code == BLOCK_FLUSH || (r->count == count_of((unsigned)(r->offset / BLOCK_SIZE)) &&
                                         r->block == r->offset / BLOCK_SIZE % BLOCKS));
        return true;
}

static void answer(const struct queue_block_request *r, enum queue_block_status status)
{
        CHECK(queue_block_end(&driver, r->id, status, status ? 0 : r->count));
}

/* Answers everything, in any order. */
static void drain(void)
{
        struct queue_block_request r;

        while (take(&r)) {
                answer(&r, QUEUE_BLOCK_OK);
                CHECK(block_hear());
        }
}

static void fresh(uint64_t from)
{
        die(); /* what a failed test has left */
        drain();
        memset(asked, 0, sizeof(asked));
        memset(ended, 0, sizeof(ended));
        memset(good, 0, sizeof(good));
        pokes = 0;
        seed = from;
        begin();
}

/* Requests that a driver has not answered are given to the next one in the old order, before later ones. */
void test_client_order(void)
{
        struct queue_block_request r;

        fresh(1);
        for (unsigned i = 0; i < MANY; i++)
                submit(i);
        CHECK(pokes == 0); /* it was not asleep */
        for (unsigned i = 0; i < 10; i++) {
                CHECK(take(&r));
                if (i % 2)
                        answer(&r, QUEUE_BLOCK_OK);
        }
        CHECK(block_hear() && block_useful());
        die();
        for (unsigned i = 0; i < MANY; i++) {
                if (i < 10 && i % 2)
                        continue;
                CHECK(take(&r));
                CHECK(i % 8 ? r.offset == (uint64_t)i * BLOCK_SIZE : r.code == BLOCK_FLUSH);
                answer(&r, QUEUE_BLOCK_OK);
                CHECK(block_hear());
        }
        for (unsigned i = 0; i < MANY; i++)
                CHECK(ended[i] == 1 && good[i] == 1);
        CHECK(!take(&r) && ring_may_sleep(&driver.in));
        submit(0);
        CHECK(pokes == 1);
        drain();
        CHECK(ended[0] == 2);
}

/* A driver that has requests and answers none is to be ended; one that has none, or answers, is not. */
void test_client_hangs(void)
{
        struct queue_block_request r;

        fresh(4);
        CHECK(block_hear() && !asks.waits);
        submit(0);
        CHECK(asks.waits && take(&r));
        answer(&r, QUEUE_BLOCK_OK);
        CHECK(block_hear() && !asks.waits && asks.done == 1);
        asks.over = true;
        CHECK(block_hear() && !block_hangs());
        submit(1);
        CHECK(!block_hear() && block_hangs());
        die();
        CHECK(!block_hangs() && block_hear() && asks.waits);
        drain();
        CHECK(ended[1] == 1 && good[1] == 1 && !asks.waits);
}

/* Fewer blocks than were asked for are an error, even where the driver calls that good. */
void test_client_short(void)
{
        struct queue_block_request r;

        fresh(5);
        for (unsigned i = 1; i < 4; i++)
                submit(i);
        for (uint16_t less = 0; less < 3; less++) {
                CHECK(take(&r));
                CHECK(queue_block_end(&driver, r.id, QUEUE_BLOCK_OK, less < r.count ? less : r.count));
        }
        CHECK(block_hear());
        CHECK(ended[1] == 1 && ended[2] == 1 && ended[3] == 1);
        CHECK(good[1] == 0 && good[2] == 1 && good[3] == 0);
}

/* One step of a driver that works, fails, dies and gets more requests. */
static void live(struct queue_block_request *held, unsigned *count, unsigned *lost)
{
        unsigned i = draw(MANY), k;

        if (asked[i] == ended[i])
                submit(i);
        if (*count < SOS_BLOCK_SLOTS && draw(2) && take(&held[*count]))
                ++*count;
        if (*count && draw(2)) {
                k = draw(*count);
                answer(&held[k], draw(10) ? QUEUE_BLOCK_OK : QUEUE_BLOCK_IO);
                held[k] = held[--*count];
        }
        if (draw(3) == 0)
                CHECK(block_hear());
        if (draw(DEATH) == 0) {
                die();
                *count = 0;
                ++*lost;
        }
}

/* Each request ends once, however often drivers die. */
void test_client_deaths(void)
{
        struct queue_block_request held[SOS_BLOCK_SLOTS];
        unsigned count = 0, lost = 0;

        fresh(2);
        for (unsigned n = 0; n < ROUNDS; n++) {
                live(held, &count, &lost);
                for (unsigned i = 0; i < MANY; i++)
                        CHECK(ended[i] == asked[i] || ended[i] + 1 == asked[i]);
        }
        die();
        drain();
        CHECK(lost > ROUNDS / DEATH / 2);
        for (unsigned i = 0; i < MANY; i++)
                CHECK(ended[i] == asked[i] && asked[i] > 0);
}

/* A driver that writes anything anywhere into shared memory: no request ends twice, and an honest driver after it ends them all.  When it
 * is found out it is ended, which is tested here; AddressSanitizer checks the rest. */
void test_client_lies(void)
{
        struct queue_block_request held[SOS_BLOCK_SLOTS];
        unsigned found = 0, lost = 0, count = 0;

        fresh(3);
        for (unsigned n = 0; n < ROUNDS; n++) {
                unsigned i = draw(MANY);

                if (asked[i] == ended[i])
                        submit(i);
                for (unsigned k = draw(4); k > 0 && draw(LIE) == 0; k--)
                        shared.bytes[draw(2) ? draw(SOS_BLOCK_BYTES)
                                             : offsetof(struct sos_block, queue) + draw(256)] =
                                (unsigned char)draw(256);
                if (count < SOS_BLOCK_SLOTS && queue_block_next(&driver, &held[count]))
                        count++;
                if (count && queue_block_end(&driver, held[count - 1].id, draw(7), 0))
                        count--;
                if (driver.broken || !block_hear()) {
                        found++;
                        memset(shared.bytes, 0, sizeof(shared));
                        die();
                        count = 0;
                }
                lost += ended[i] > asked[i];
        }
        die();
        drain();
        CHECK(lost == 0 && found > 10);
        for (unsigned i = 0; i < MANY; i++)
                CHECK(ended[i] == asked[i]);
}

/* Without a driver everything fails at once; the last test of these. */
void test_client_gone(void)
{
        fresh(4);
        for (unsigned i = 0; i < MANY; i++)
                submit(i);
        block_lost();
        block_gone();
        submit(0);
        for (unsigned i = 0; i < MANY; i++)
                CHECK(ended[i] == asked[i] && good[i] == 0);
}
