/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include "os/device/block.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/device/patience.h"
#include "os/device/timer.h"
#include "sos/block.h"

_Static_assert((int)BLOCK_READ == QUEUE_BLOCK_READ && (int)BLOCK_WRITE == QUEUE_BLOCK_WRITE &&
                       (int)BLOCK_FLUSH == QUEUE_BLOCK_FLUSH,
               "asked for as they are");

static struct {
        struct sos_block *shared; /* NULL: no driver ever */
        bool open, gone;          /* it runs; it will not come back */
        bool stuck;               /* it answers nothing, and will be ended */
        uint32_t answers, out;    /* it has given since it began; requests that are with it */
        struct queue_block queue;
        uint32_t state[SOS_BLOCK_SLOTS];
        struct block_request *flying[SOS_BLOCK_SLOTS]; /* by number */
        uint64_t order[SOS_BLOCK_SLOTS], asked;        /* when each was asked; how many were */
        struct block_request *waiting, *waits_last;
        uint64_t base; /* physical address that requests count from */
        void (*bell)(void);
        void (*serve)(void);
        uint64_t blocks;
        bool read_only;
        unsigned left; /* requests of block_wait that have not ended */
        bool bad;      /* one of them failed */
} block;

static struct patience patience = {.who = TIMER_DISK, .us = BLOCK_PATIENCE_US};

/* --- to the driver --- */

static bool ask(struct block_request *r)
{
        struct queue_block_request q = {
                .code = r->operation, .block = r->block, .offset = r->paddr - block.base, .count = r->count};

        if (!queue_block_ask(&block.queue, &q))
                return false;
        block.flying[q.id] = r;
        block.order[q.id] = block.asked++;
        block.out++;
        return true;
}

/* Does it answer? */
static void look(void)
{
        if (patience_is_over(&patience, block.out > 0, block.answers))
                block.stuck = true;
}

/* Without a request the driver is not woken: otherwise each side would wake the other for ever. */
static void ask_waiting(void)
{
        struct block_request *r;
        bool asked = false;

        while (block.open && (r = block.waiting) != NULL) {
                struct block_request *next = r->next;

                if (!ask(r))
                        break;
                block.waiting = next;
                asked = true;
        }
        if (asked && ring_must_wake(&block.queue.out))
                block.bell();
        if (asked)
                look();
}

void block_submit(struct block_request *r)
{
        r->next = NULL;
        if (!block.shared || block.gone) {
                r->done(r, false);
                return;
        }
        if (block.waiting)
                block.waits_last->next = r;
        else
                block.waiting = r;
        block.waits_last = r;
        ask_waiting();
}

/* --- from the driver --- */

static void take(const struct queue_block_answer *a)
{
        struct block_request *r = block.flying[a->id];

        block.flying[a->id] = NULL;
        block.answers++;
        block.out--;
        r->done(r, a->status == QUEUE_BLOCK_OK && (r->operation == BLOCK_FLUSH || a->count == r->count));
}

/* An honest driver gives fewer answers than that, because it does not run while we do. */
bool block_hear(void)
{
        struct queue_block_answer a;

        for (unsigned i = 0; block.open && i < 4 * SOS_BLOCK_SLOTS; i++) {
                if (queue_block_answered(&block.queue, &a)) {
                        take(&a);
                        continue;
                }
                ask_waiting();
                if (block.queue.broken)
                        return false;
                if (!ring_may_sleep(&block.queue.in))
                        continue;
                look();
                return !block.stuck;
        }
        return !block.open;
}

bool block_hangs(void)
{
        return block.stuck;
}

/* --- its beginning and end --- */

void block_begins(void *shared, void (*poke)(void))
{
        block.shared = shared;
        block.base = block.shared->start.clients_paddr;
        block.bell = poke;
        block.stuck = false;
        block.answers = block.out = 0;
        patience_begins(&patience);
        memset(&block.shared->info, 0, sizeof(block.shared->info));
        memset(block.shared->queue, 0, sizeof(block.shared->queue));
        block.open = !block.gone &&
                     queue_block_open(&block.queue, block.shared->queue, SOS_BLOCK_SLOTS, block.state, NULL);
        ring_may_sleep(&block.queue.in);
        ask_waiting();
}

/* The number of the request that was asked last; SOS_BLOCK_SLOTS: the driver has none. */
static unsigned last_asked(void)
{
        unsigned last = SOS_BLOCK_SLOTS;

        for (unsigned i = 0; i < SOS_BLOCK_SLOTS; i++) {
                if (block.flying[i] && (last == SOS_BLOCK_SLOTS || block.order[i] > block.order[last]))
                        last = i;
        }
        return last;
}

void block_lost(void)
{
        unsigned i;

        block.open = false;
        while ((i = last_asked()) < SOS_BLOCK_SLOTS) {
                struct block_request *r = block.flying[i];

                block.flying[i] = NULL;
                r->next = block.waiting;
                if (!block.waiting)
                        block.waits_last = r;
                block.waiting = r;
        }
}

void block_gone(void)
{
        struct block_request *r;

        block.gone = true;
        while ((r = block.waiting) != NULL) {
                block.waiting = r->next;
                r->done(r, false);
        }
}

bool block_is_gone(void)
{
        return block.gone;
}

static bool is_ready(void)
{
        return block.open && __atomic_load_n(&block.shared->info.ready, __ATOMIC_ACQUIRE);
}

bool block_useful(void)
{
        return block.answers || (is_ready() && last_asked() == SOS_BLOCK_SLOTS);
}

/* --- booting --- */

uint64_t block_open(void (*serve)(void))
{
        block.serve = serve;
        while (block.shared && !block.gone && !is_ready())
                serve();
        if (!block.shared || block.gone)
                return 0; /* a machine without a disk, or the reason has been reported */
        block.blocks = block.shared->info.capacity;
        block.read_only = block.shared->info.read_only;
        if (block.blocks == 0)
                console_print("disk: less than 4 KiB; it is not used, and there is no /disk\n");
        return block.blocks;
}

bool block_read_only(void)
{
        return block.read_only;
}

void block_give_up(void)
{
        if (!block.shared || block.gone || is_ready())
                return;
        console_print("disk: its driver does not answer; it is not used, and there is no /disk\n");
        block.open = false;
        block_gone();
}

static void count(struct block_request *r, bool good)
{
        (void)r;
        block.left--;
        block.bad |= !good;
}

bool block_wait(struct block_request *r, unsigned number)
{
        block.left = number;
        block.bad = false;
        for (unsigned i = 0; i < number; i++) {
                r[i].done = count;
                block_submit(&r[i]);
        }
        while (block.left > 0)
                block.serve();
        return !block.bad;
}
