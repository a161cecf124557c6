/* SPDX-License-Identifier: BSD-2-Clause */
/* Several clients on one device. */
#include "world.h"

#include <queue/share.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS = 4, SLOTS = 8, BUFFERS = 8, SIZE = 1024, DEVICE = 32, LIMIT = 3 };

static struct share share;
static struct share_client client[CLIENTS];
static struct queue app[CLIENTS], driver;
static uint64_t bits[2 * CLIENTS + 2][1];
static uint32_t owner[DEVICE];
static char *memory[CLIENTS + 1];

static void fresh(void)
{
        struct queue_shape device = {memory[CLIENTS], DEVICE, CLIENTS * BUFFERS, SIZE, bits[0]};

        memset(memory[CLIENTS], 0, queue_bytes(DEVICE));
        share_open(&share, &device, client, owner);
        device.ours = bits[1];
        queue_open(&driver, &device, false);
        for (unsigned i = 0; i < CLIENTS; i++) {
                struct queue_shape shape = {memory[i], SLOTS, BUFFERS, SIZE, bits[2 + 2 * i]};

                memset(memory[i], 0, queue_bytes(SLOTS));
                share_add(&share, &shape, LIMIT);
                shape.ours = bits[3 + 2 * i];
                queue_open(&app[i], &shape, true);
        }
}

static void setting_up(void)
{
        struct queue_shape shape = {memory[0], SLOTS, BUFFERS, SIZE, bits[2]};

        fresh();
        check(share.clients == CLIENTS && client[3].start == 3 * BUFFERS &&
                      share_add(&share, &shape, 1) == -1,
              "clients have their parts of the device's buffers, and there are no more");
}

static void in_turn(void)
{
        struct queue_item item;
        unsigned order[4], n = 0;

        fresh();
        share_may_sleep(&share);
        for (unsigned i = 0; i < BUFFERS; i++)
                queue_give(&app[0], i * SIZE, 100, 0);
        share_ask(&share, 0);
        queue_give(&app[2], 5 * SIZE, 200, 7);
        share_ask(&share, 2);
        share_ask(&share, 99);
        check(share_forward(&share, 100) == 4, "a flood is held to its limit");
        while (n < 4 && queue_take(&driver, &item))
                order[n++] = (unsigned)(item.offset / SIZE);
        check(n == 4 && order[0] == 0 && order[1] == 2 * BUFFERS + 5 && order[2] == 1 && order[3] == 2,
              "and does not hold up another");
        queue_give(&driver, order[1] * SIZE, 33, 9);
        check(share_return(&share) == 2 && queue_take(&app[2], &item) && item.offset == 5 * SIZE &&
                      item.length == 33 && item.tag == 9 && share_return(&share) == -1,
              "what comes back goes to its owner, under the owner's number");
        check(share_forward(&share, 100) == 0, "the limit stands");
        queue_give(&driver, 0, 0, 0);
        check(share_return(&share) == 0 && share_forward(&share, 100) == 1 && share_may_sleep(&share),
              "until one comes back");
}

static void wake_ups(void)
{
        fresh();
        share_ask(&share, 1);
        check(share_forward(&share, 1) == 0 && share_may_sleep(&share) && queue_give(&app[1], 0, 0, 0) &&
                      queue_must_wake(&app[1]),
              "a client that ran dry signals when it has something again");
        share_ask(&share, 1);
        check(share_forward(&share, 1) == 1 && queue_give(&app[1], SIZE, 0, 0) && !queue_must_wake(&app[1]) &&
                      !share_may_sleep(&share) && share_forward(&share, 9) == 1,
              "and does not while it stands in the line");
}

/* Three clients' memory belongs to an enemy.  The device sees buffers of its clients only, each once, the honest client gets
 * everything through in few turns, and what it gets back is its own. */
static void hostile(void)
{
        bool good = true, served = true;
        unsigned long through = 0;

        for (unsigned long i = 0; i < rounds; i++) {
                struct queue_item item;
                uint64_t mine = draw(BUFFERS) * SIZE;

                if (i % 64 == 0)
                        fresh();
                for (unsigned k = 1; k < CLIENTS; k++) {
                        queue_give(&app[k], draw(BUFFERS) * SIZE, 1, 0);
                        scribble(memory[k], queue_bytes(SLOTS), (unsigned)draw(2));
                        share_ask(&share, k);
                }
                queue_give(&app[0], mine, 77, 1);
                share_ask(&share, 0);
                share_forward(&share, CLIENTS);
                while (queue_take(&driver, &item))
                        good &= queue_give(&driver, item.offset, item.length, item.tag);
                while (share_return(&share) != -1) {
                }
                served &= queue_take(&app[0], &item) && item.offset == mine && item.length == 77;
                good &= !driver.broken && !share.device.broken && !app[0].broken && !client[0].queue.broken;
                for (unsigned k = 0; k < CLIENTS; k++) {
                        good &= client[k].in_flight == 0;
                        through += client[k].queue.broken;
                }
        }
        check(good, "hostile clients: the device and its queue are as they were");
        check(served, "hostile clients: the honest one is served in each turn");
        check(through > rounds / 8, "hostile clients were found out");
}

void share_cases(void)
{
        for (unsigned i = 0; i <= CLIENTS; i++)
                memory[i] = shared(queue_bytes(i < CLIENTS ? SLOTS : DEVICE));
        setting_up();
        in_turn();
        wake_ups();
        hostile();
        for (unsigned i = 0; i <= CLIENTS; i++)
                free(memory[i]);
}
