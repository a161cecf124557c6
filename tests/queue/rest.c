/* SPDX-License-Identifier: BSD-2-Clause */
/* The classes "serial" and "timer", and buffers between two threads. */
#include "world.h"

#include <book/book.h>
#include <pthread.h>
#include <queue/queue.h>
#include <queue/serial.h>
#include <queue/timer.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

static void serial(void)
{
        enum { SIZE = 256 };
        char *memory = shared(queue_serial_bytes(SIZE)), text[SIZE + 1], got[SIZE + 1];
        struct queue_serial client, driver;
        uint32_t sent = 0, come = 0;
        bool good = queue_serial_open(&client, memory, SIZE, true) &&
                    queue_serial_open(&driver, memory, SIZE, false) &&
                    !queue_serial_open(&driver, memory, SIZE - 1, false);

        queue_serial_open(&driver, memory, SIZE, false);
        memset(text, 'x', sizeof(text));
        check(good && ring_put_many(&client.out, text, SIZE + 1) == SIZE &&
                      ring_put_many(&client.out, text, 1) == 0 &&
                      ring_get_many(&driver.in, got, SIZE + 1) == SIZE && !memcmp(got, text, SIZE) &&
                      ring_put_many(&client.in, text, 1) == 0,
              "serial: as many characters as fit, each direction its own");
        for (unsigned long i = 0; i < rounds; i++) {
                uint32_t n = (uint32_t)draw(SIZE), m;

                for (uint32_t k = 0; k < n; k++)
                        text[k] = (char)(sent + k);
                sent += ring_put_many(&driver.out, text, n);
                m = ring_get_many(&client.in, got, (uint32_t)draw(SIZE));
                for (uint32_t k = 0; k < m; k++)
                        good &= got[k] == (char)come++;
        }
        check(good && come > rounds, "serial: every character in order");
        free(memory);
}

/* What the clock's library would call without clock_memory. */
int book_get(struct book_page *page)
{
        (void)page;
        return -1;
}

static void *page(void)
{
        static char pages[4][4096];
        static unsigned used;

        return used < 4 ? pages[used++] : NULL;
}

void report(const char *format, ...)
{
        (void)format;
}

static uint64_t now, armed;
static unsigned rang[3];

static timestamp_t read_now(void *unused)
{
        (void)unused;
        return now;
}

static void arm(void *unused, timestamp_t deadline)
{
        (void)unused;
        armed = deadline;
}

static void disarm(void *unused)
{
        (void)unused;
        armed = 0;
}

static void ring_client(void *data, uint32_t client)
{
        (void)data;
        rang[client]++;
}

static void timer(void)
{
        static struct clock clock;
        struct queue_timer_client clients[3];
        struct queue_timer t;
        uint64_t word = 0;

        clock_memory(page);
        now = 1000;
        clock_open(&clock, (struct clock_device){read_now, arm, disarm, NULL});
        queue_timer_open(&t, &clock, clients, 3, ring_client, NULL);
        check(queue_timer_call(&t, 0, QUEUE_TIMER_NOW, 0, &word) == 1 && word == 1000000,
              "timer: nanoseconds");
        check(queue_timer_call(&t, 3, QUEUE_TIMER_NOW, 0, &word) == -1 &&
                      queue_timer_call(&t, ~0ull, QUEUE_TIMER_SET, 1, &word) == -1 &&
                      queue_timer_call(&t, 0, 2, 0, &word) == -1 &&
                      queue_timer_call(&t, 0, QUEUE_TIMER_SET, 0, &word) == -1 &&
                      queue_timer_call(&t, 0, QUEUE_TIMER_NOW, 1, &word) == -1,
              "timer: what no client may say is refused");
        word = 5001;
        queue_timer_call(&t, 0, QUEUE_TIMER_SET, 1, &word);
        word = 2000;
        queue_timer_call(&t, 1, QUEUE_TIMER_SET, 1, &word);
        queue_timer_call(&t, 2, QUEUE_TIMER_SET, 1, &word);
        word = 50000;
        queue_timer_call(&t, 1, QUEUE_TIMER_SET, 1, &word);
        queue_timer_leave(&t, 2);
        now = 1005;
        clock_expire(&clock);
        check(!rang[0] && !rang[1] && !rang[2],
              "timer: never early, a new one replaces, who left is forgotten");
        now = 1006;
        clock_expire(&clock);
        check(rang[0] == 1 && !rang[1], "timer: rounded up to the clock's unit");
        now = 2000;
        clock_expire(&clock);
        clock_expire(&clock);
        check(rang[0] == 1 && rang[1] == 1 && !rang[2], "timer: once each");
        clock_close(&clock);
}

enum { SLOTS = 16, BUFFERS = 16, BYTES = 256, TURNS = 100000 };
static char *memory, *region;
static sem_t wake[2];

static bool next(struct queue *q, unsigned side, struct queue_item *item)
{
        while (!queue_take(q, item)) {
                if (q->broken)
                        return false;
                if (queue_may_sleep(q))
                        sem_wait(&wake[side]);
        }
        return true;
}

static void give(struct queue *q, unsigned side, uint64_t offset)
{
        if (queue_give(q, offset, BYTES, 0) && queue_must_wake(q))
                sem_post(&wake[!side]);
}

/* Adds one to each byte of a buffer and gives it back. */
static void *serve(void *unused)
{
        static uint64_t ours[1];
        struct queue_shape shape = {memory, SLOTS, BUFFERS, BYTES, ours};
        struct queue q;
        struct queue_item item;

        queue_open(&q, &shape, false);
        for (unsigned i = 0; i < TURNS && next(&q, 1, &item); i++) {
                for (unsigned k = 0; k < BYTES; k++)
                        region[item.offset + k]++;
                give(&q, 1, item.offset);
        }
        return unused;
}

void thread_case(void)
{
        static uint64_t ours[1];
        static unsigned char expected[BUFFERS];
        struct queue_shape shape;
        struct queue q;
        struct queue_item item;
        pthread_t server;
        bool good = true;

        memory = shared(queue_bytes(SLOTS));
        region = shared(BUFFERS * BYTES);
        shape = (struct queue_shape){memory, SLOTS, BUFFERS, BYTES, ours};
        queue_open(&q, &shape, true);
        sem_init(&wake[0], 0, 0);
        sem_init(&wake[1], 0, 0);
        pthread_create(&server, NULL, serve, NULL);
        for (unsigned i = 0; i < BUFFERS; i++)
                give(&q, 0, i * BYTES);
        for (unsigned i = 0; i < TURNS && (good = good && next(&q, 0, &item)); i++) {
                unsigned n = (unsigned)(item.offset / BYTES);

                expected[n]++;
                good &= (unsigned char)region[item.offset] == expected[n] &&
                        (unsigned char)region[item.offset + BYTES - 1] == expected[n];
                if (i < TURNS - BUFFERS)
                        give(&q, 0, item.offset);
        }
        pthread_join(server, NULL);
        check(good, "two threads: 100,000 buffers there and back, no wake-up lost");
        free(memory);
        free(region);
}

void other_cases(void)
{
        serial();
        timer();
}
