/* SPDX-License-Identifier: BSD-2-Clause */
/* The class "block". */
#include "world.h"

#include <queue/block.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8, DISK = 100, REGION = 16 };

static struct queue_block client, server;
static uint32_t states[2][SLOTS];
static struct queue_block_disk disk;
static char *memory;

static void fresh(bool read_only)
{
        disk = (struct queue_block_disk){DISK, REGION * QUEUE_BLOCK_SIZE, read_only};
        memset(memory, 0, queue_block_bytes(SLOTS));
        queue_block_open(&client, memory, SLOTS, states[0], NULL);
        queue_block_open(&server, memory, SLOTS, states[1], &disk);
}

static bool ask(uint32_t code, uint64_t page, uint64_t block, uint16_t count)
{
        struct queue_block_request r = {
                .code = code, .offset = page * QUEUE_BLOCK_SIZE, .block = block, .count = count};

        return queue_block_ask(&client, &r);
}

static bool is_answered(uint32_t status, uint16_t count)
{
        struct queue_block_answer a;

        return queue_block_answered(&client, &a) && a.status == status && a.count == count;
}

static bool is_invalid(uint32_t code, uint64_t page, uint64_t block, uint16_t count)
{
        struct queue_block_request r;

        return ask(code, page, block, count) && !queue_block_next(&server, &r) &&
               is_answered(QUEUE_BLOCK_INVALID, 0);
}

static bool is_valid(uint32_t code, uint64_t page, uint64_t block, uint16_t count)
{
        struct queue_block_request r;

        return ask(code, page, block, count) && queue_block_next(&server, &r) && r.code == code &&
               r.block == block && r.count == count &&
               queue_block_end(&server, r.id, QUEUE_BLOCK_OK, count) && is_answered(QUEUE_BLOCK_OK, count);
}

static void borders(void)
{
        struct queue_block q;

        check(!queue_block_open(&q, memory, 6, states[0], NULL) &&
                      !queue_block_open(&q, memory, 2 * QUEUE_BLOCK_SLOTS_MAX, states[0], NULL),
              "impossible numbers of slots are refused");
        fresh(false);
        check(is_valid(QUEUE_BLOCK_READ, 0, 0, 1) && is_valid(QUEUE_BLOCK_WRITE, REGION - 1, DISK - 1, 1) &&
                      is_valid(QUEUE_BLOCK_READ, 0, DISK - REGION, REGION) &&
                      is_valid(QUEUE_BLOCK_FLUSH, 0, 0, 0),
              "first and last block of disk and region");
        check(is_invalid(QUEUE_BLOCK_READ, 0, DISK, 1) && is_invalid(QUEUE_BLOCK_READ, 0, DISK - 1, 2) &&
                      is_invalid(QUEUE_BLOCK_READ, REGION, 0, 1) &&
                      is_invalid(QUEUE_BLOCK_READ, 0, ~0ull, 1) && is_invalid(QUEUE_BLOCK_READ, 0, 0, 0) &&
                      is_invalid(QUEUE_BLOCK_READ, 1, 0, REGION) &&
                      is_invalid(QUEUE_BLOCK_READ, ~0ull >> 12, 0, 1) && is_invalid(4, 0, 0, 1) &&
                      is_invalid(QUEUE_BLOCK_READ, 0, 0, UINT16_MAX),
              "one beyond is answered without the driver");
        fresh(true);
        check(is_invalid(QUEUE_BLOCK_WRITE, 0, 0, 1) && is_valid(QUEUE_BLOCK_READ, 0, 0, 1),
              "a disk that is read only");
}

static void barriers(void)
{
        struct queue_block_request r[3];

        fresh(false);
        ask(QUEUE_BLOCK_WRITE, 0, 1, 1);
        ask(QUEUE_BLOCK_WRITE, 1, 2, 1);
        ask(QUEUE_BLOCK_BARRIER, 0, 0, 0);
        ask(QUEUE_BLOCK_WRITE, 2, 3, 1);
        check(queue_block_next(&server, &r[0]) && queue_block_next(&server, &r[1]) &&
                      !queue_block_next(&server, &r[2]),
              "nothing passes a barrier");
        check(queue_block_end(&server, r[1].id, QUEUE_BLOCK_OK, 1) && !queue_block_next(&server, &r[2]) &&
                      queue_block_end(&server, r[0].id, QUEUE_BLOCK_IO, 0) &&
                      queue_block_next(&server, &r[2]) && r[2].block == 3,
              "until all before it has ended, well or not");
        check(is_answered(QUEUE_BLOCK_OK, 1) && is_answered(QUEUE_BLOCK_IO, 0) &&
                      is_answered(QUEUE_BLOCK_OK, 0) && client.in_flight == 1,
              "the barrier's own answer is in its place");
}

/* Both honest: answers in any order, never more than there are slots, each number answered once. */
static void random_order(void)
{
        uint32_t flying[SLOTS], flies = 0;
        unsigned long asked = 0, answered = 0;
        bool good = true;
        struct queue_block_answer a;
        struct queue_block_request r;

        fresh(false);
        for (unsigned long i = 0; i < rounds || flies || client.in_flight; i++) {
                if (i < rounds && draw(2))
                        asked += ask(QUEUE_BLOCK_READ, 0, draw(DISK), 1);
                if (draw(2) && queue_block_next(&server, &r))
                        flying[flies++] = r.id;
                if (flies && draw(2)) {
                        uint32_t k = (uint32_t)draw(flies);

                        good &= queue_block_end(&server, flying[k], QUEUE_BLOCK_OK, 1) &&
                                !queue_block_end(&server, flying[k], QUEUE_BLOCK_OK, 1);
                        flying[k] = flying[--flies];
                }
                answered += queue_block_answered(&client, &a);
                good &= client.in_flight <= SLOTS && !client.broken && !server.broken;
        }
        check(good && asked == answered && asked > rounds / 4, "answers in any order, each once");
}

static bool inside(const struct queue_block_request *r)
{
        return (r->code == QUEUE_BLOCK_FLUSH && !r->count) ||
               (r->code < QUEUE_BLOCK_FLUSH && r->count && r->block + r->count <= DISK && r->id < SLOTS &&
                r->offset + (uint64_t)r->count * QUEUE_BLOCK_SIZE <= REGION * QUEUE_BLOCK_SIZE);
}

static void hostile_client(void)
{
        unsigned long seen = 0, broke = 0;
        bool good = true, held = true;
        struct queue_block_request r;

        for (unsigned long i = 0; i < rounds; i++) {
                uint32_t busy = 0;

                if (i % 16 == 0 || server.broken)
                        fresh(false);
                ask((uint32_t)draw(4), draw(REGION + 1), draw(DISK + 1), (uint16_t)draw(3));
                scribble(memory, queue_block_bytes(SLOTS), (unsigned)draw(4));
                while (queue_block_next(&server, &r)) {
                        seen++;
                        good &= inside(&r);
                        if (draw(2)) {
                                good &= queue_block_end(&server, r.id, QUEUE_BLOCK_OK, r.count) ||
                                        server.broken;
                        }
                }
                for (uint32_t k = 0; k < SLOTS; k++)
                        busy += (states[1][k] & QUEUE_BLOCK_BUSY) != 0;
                held &= server.in_flight == busy;
                for (uint32_t k = 0; k < SLOTS; k++)
                        queue_block_end(&server, (uint32_t)draw(SLOTS + 2), QUEUE_BLOCK_OK, 0);
                broke += server.broken;
        }
        check(good && held, "hostile client: the driver sees what is possible and nothing else");
        check(seen > rounds / 32 && broke > rounds / 1000, "both were met");
}

static void hostile_server(void)
{
        unsigned long seen = 0, broke = 0;
        bool good = true;
        struct queue_block_request r;
        struct queue_block_answer a;

        for (unsigned long i = 0; i < rounds; i++) {
                bool asked[SLOTS] = {false};

                if (i % 16 == 0 || client.broken)
                        fresh(false);
                ask(QUEUE_BLOCK_READ, 0, draw(DISK), (uint16_t)draw(5));
                if (queue_block_next(&server, &r))
                        queue_block_end(&server, r.id, QUEUE_BLOCK_OK, r.count);
                scribble(memory, queue_block_bytes(SLOTS), (unsigned)draw(3));
                for (uint32_t k = 0; k < SLOTS; k++)
                        asked[k] = states[0][k] & QUEUE_BLOCK_BUSY;
                while (queue_block_answered(&client, &a)) {
                        seen++;
                        good &= a.id < SLOTS && asked[a.id] && a.count <= 5 &&
                                a.status <= QUEUE_BLOCK_NO_DEVICE;
                        asked[a.id] = false;
                }
                good &= client.in_flight <= SLOTS;
                broke += client.broken;
        }
        check(good, "hostile server: an answer belongs to what was asked");
        check(seen > rounds / 8 && broke > rounds / 1000, "both were met");
}

void block_cases(void)
{
        memory = shared(queue_block_bytes(SLOTS));
        borders();
        barriers();
        random_order();
        hostile_client();
        hostile_server();
        free(memory);
}
