/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring between two real threads under ThreadSanitizer, and against a hostile other side. */
#include <pthread.h>
#include <ring/ring.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 16, ITEMS = 200000 };

struct item {
        uint64_t number, square;
};

static _Alignas(RING_LINE) char memory[RING_HEAD + COUNT * sizeof(struct item)];
static sem_t items, room;
static unsigned long wakes, sleeps;
static int failed, passed;

static void check(int ok, const char *what)
{
        *(ok ? &passed : &failed) += 1;
        printf("%s ring: %s\n", ok ? "ok  " : "FAIL", what);
}

static void *write_all(void *unused)
{
        struct ring ring;

        (void)unused;
        ring_open(&ring, memory, COUNT, sizeof(struct item), true);
        for (uint64_t i = 0; i < ITEMS; i++) {
                struct item item = {i, i * i};

                while (!ring_put(&ring, &item)) {
                        if (ring_may_sleep(&ring))
                                sem_wait(&room);
                }
                if (ring_must_wake(&ring)) {
                        wakes++;
                        sem_post(&items);
                }
        }
        return NULL;
}

/* Order and content of everything; a lost wake-up would hang here. */
static int read_all(void)
{
        struct ring ring;
        struct item item;
        int good = 1;

        ring_open(&ring, memory, COUNT, sizeof(struct item), false);
        for (uint64_t i = 0; i < ITEMS; i++) {
                while (!ring_get(&ring, &item)) {
                        if (ring_may_sleep(&ring)) {
                                sleeps++;
                                sem_wait(&items);
                        }
                }
                good &= item.number == i && item.square == i * i;
                if (ring_must_wake(&ring))
                        sem_post(&room);
        }
        return good && !ring_get(&ring, &item) && !ring.broken;
}

static void two_threads(void)
{
        pthread_t writer;

        sem_init(&items, 0, 0);
        sem_init(&room, 0, 0);
        pthread_create(&writer, NULL, write_all, NULL);
        check(read_all(), "all items arrive whole and in order");
        pthread_join(writer, NULL);
        printf("     %d items, %lu signals, %lu sleeps of the reader\n", ITEMS, wakes, sleeps);
        check(wakes < ITEMS, "no signal to a reader that is awake");
}

/* Impossible positions: nothing outside the ring is touched (AddressSanitizer is not needed: the guard bytes tell). */
static void hostile(void)
{
        struct {
                _Alignas(RING_LINE) char ring[RING_HEAD + 4 * 8];
                uint64_t guard[64];
        } shared;
        struct ring_side *side = (struct ring_side *)shared.ring;
        struct ring reader, writer;
        uint64_t word = 1;
        int bounded = 1, noticed = 1;

        for (int round = 0; round < 20000; round++) {
                uint32_t lie = (uint32_t)rand() * 2u + (uint32_t)(rand() & 1);

                memset(&shared, 0, sizeof(shared));
                ring_open(&reader, shared.ring, 4, 8, false);
                ring_open(&writer, shared.ring, 4, 8, true);
                side[0].position = side[1].position = lie;
                for (int i = 0; i < 10; i++)
                        ring_get(&reader, &word);
                bounded &= reader.position <= 4;
                noticed &= reader.broken == (lie > 4) && !(reader.broken && ring_may_sleep(&reader));
                side[1].position = lie;
                for (int i = 0; i < 10; i++) {
                        word = ~0ul;
                        ring_put(&writer, &word);
                }
                for (int i = 0; i < 64; i++)
                        bounded &= !shared.guard[i];
        }
        check(bounded, "a lying other side reaches nothing outside");
        check(noticed, "and is found out");
}

static void edges(void)
{
        _Alignas(RING_LINE) char shared[RING_HEAD + 2 * 8] = {0};
        struct ring reader, writer;
        uint64_t word = 5;

        check(!ring_open(&reader, shared, 3, 8, false) && !ring_open(&reader, shared, 0, 8, false) &&
                      !ring_open(&reader, shared, 2, 7, false),
              "impossible sizes are refused");
        ring_open(&reader, shared, 2, 8, false);
        ring_open(&writer, shared, 2, 8, true);
        check(ring_may_sleep(&reader) && ring_put(&writer, &word) && ring_must_wake(&writer) &&
                      !ring_must_wake(&writer),
              "one wake-up for a sleep");
        check(!ring_may_sleep(&reader), "no sleep while there is something");
        check(ring_put(&writer, &word) && !ring_put(&writer, &word) && ring_may_sleep(&writer), "full");
        check(!ring_put(&reader, &word) && !ring_get(&writer, &word), "each side has its direction");
        check(ring_get(&reader, &word) && word == 5 && ring_must_wake(&reader) && ring_get(&reader, &word) &&
                      !ring_get(&reader, &word),
              "empty");
        ring_sleeps(&writer);
        check(ring_must_wake(&reader) && !ring_must_wake(&reader),
              "a word that was asked for though there is room");
        for (uint32_t i = 0; i < 100; i++) { /* around the end of the positions, too */
                reader.position = reader.seen = writer.position = writer.seen = 0xfffffff0u + i;
                ((struct ring_side *)shared)[0].position = ((struct ring_side *)shared)[1].position =
                        0xfffffff0u + i;
                word = i;
                if (!ring_put(&writer, &word) || !ring_get(&reader, &word) || word != i)
                        break;
                word = i == 99 ? 1000 : 0;
        }
        check(word == 1000, "positions wrap");
}

/* A side that loses its private memory at any point goes on where it was: nothing is lost and nothing comes twice. */
static void resumed(void)
{
        _Alignas(RING_LINE) char shared[RING_HEAD + 4 * 8] = {0};
        struct ring reader, writer;
        uint64_t put = 0, got = 0, word;
        unsigned wrong = 0;

        for (uint32_t i = 0; i < 10000; i++) {
                if (i % 3 == 0) {
                        ring_open(&writer, shared, 4, 8, true);
                        ring_resume(&writer);
                }
                for (uint32_t n = i % 7; n > 0 && ring_put(&writer, &put); n--)
                        put++;
                if (i % 5 == 0) {
                        ring_open(&reader, shared, 4, 8, false);
                        ring_resume(&reader);
                }
                for (uint32_t n = i % 4; n > 0 && ring_get(&reader, &word); n--)
                        wrong += word != got++;
        }
        check(!wrong && got > 8000 && put - got <= 4, "sides that begin again go on");
        ((struct ring_side *)shared)[0].position += 100;
        ring_resume(&reader);
        check(!ring_get(&reader, &word) && reader.broken, "but not at a position that cannot be");
}

int main(void)
{
        edges();
        resumed();
        hostile();
        two_threads();
        printf("%d passed, %d failed\n", passed, failed);
        return failed != 0;
}
