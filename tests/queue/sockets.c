/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets in shared memory: two honest sides, then each side against an attacker who writes into the memory. */
#include "world.h"

#include <socket/socket.h>
#include <stdlib.h>
#include <string.h>

static void honest(char *memory)
{
        struct socket_link client, server;
        struct socket_request r = {.call = SOCKET_BIND,
                                   .serial = 7,
                                   .value = {1, 2},
                                   .name = {.family = 4, .port = 80}},
                              got;
        struct ring out, in;
        char bytes[10000], back[10000];
        int32_t result = 1;
        bool good = true;

        socket_link_open(&client, memory, SOCKET_CLIENT);
        socket_link_open(&server, memory, SOCKET_SERVER);
        good &= socket_may_sleep(&server) && socket_rung(&server) < 0;
        socket_ask(&client, 5, &r);
        socket_ring(&client, 5);
        socket_ring(&client, 5); /* it rings once */
        good &= socket_must_wake(&client) && !socket_must_wake(&client);
        good &= socket_rung(&server) == 5 && socket_rung(&server) == -1;
        good &= socket_asked(&server, 5, 0, &got) && got.call == SOCKET_BIND && got.name.port == 80 &&
                got.serial == 7;
        good &= !socket_asked(&server, 5, 7, &got) && !socket_answered(&client, 5, 7, &result);
        socket_answer(&server, 5, 7, -98);
        socket_ring(&server, 5);
        good &= socket_rung(&client) == 5 && socket_answered(&client, 5, 7, &result) && result == -98;
        check(good, "sockets: a request, its answer, and a bell that rings once");

        good = socket_may_sleep(&server) && !socket_must_wake(&client);
        socket_ring(&client, 6);
        good &= socket_must_wake(&client) && socket_rung(&server) == 6;
        check(good, "sockets: who sleeps is not woken without a bell");

        socket_stream_open(&client, 119, true, &out);
        socket_stream_open(&server, 119, true, &in);
        for (unsigned i = 0; i < sizeof(bytes); i++)
                bytes[i] = (char)(i * 13);
        good = ring_put_many(&out, bytes, sizeof(bytes)) == SOCKET_STREAM && ring_ready(&in) == SOCKET_STREAM;
        good &= ring_get_many(&in, back, 5000) == 5000 &&
                ring_put_many(&out, bytes + SOCKET_STREAM, 1808) == 1808;
        good &= ring_get_many(&in, back + 5000, 5000) == 5000 && !memcmp(bytes, back, sizeof(bytes));
        check(good, "sockets: a stream carries what was put in, around its end");
}

/* A side of a stream is woken if it has said that it waits, and once: whatever lies there already. */
static void waits(char *memory)
{
        struct ring out, in;
        char bytes[64] = {0};
        bool good = true;

        good &= ring_open(&out, memory, 64, 1, true) && ring_open(&in, memory, 64, 1, false);
        good &= ring_put_many(&out, bytes, 10) == 10 && !ring_must_wake(&out);
        ring_sleeps(&in);
        ring_sleeps(&in);
        good &= ring_ready(&in) == 10 && ring_put_many(&out, bytes, 1) == 1 && ring_must_wake(&out);
        good &= ring_put_many(&out, bytes, 1) == 1 && !ring_must_wake(&out);
        ring_sleeps(&out);
        good &= ring_get_many(&in, bytes, 1) == 1 && ring_must_wake(&in) && !ring_must_wake(&in);
        good &= ring_get_many(&in, bytes, 64) == 11 && !ring_must_wake(&in);
        check(good, "sockets: a stream whose other side does not wait needs no bell");
}

/* Put in parts, published as one; publishing more than was put is refused. */
static void parts(char *memory)
{
        struct ring out, in;
        char a[64], b[64];
        uint32_t together;
        bool good = true;

        good &= ring_open(&out, memory, 64, 1, true) && ring_open(&in, memory, 64, 1, false);
        for (unsigned i = 0; i < rounds; i++) {
                uint32_t room = ring_ready(&out), first = (uint32_t)draw(room + 1),
                         second = (uint32_t)draw(room - first + 1);

                for (unsigned k = 0; k < 64; k++)
                        a[k] = (char)draw(256);
                good &= ring_put_at(&out, first, a + first, second) && ring_put_at(&out, 0, a, first);
                good &= !ring_put_at(&out, room, a, 1) && !ring_put_at(&out, 0, a, room + 1) &&
                        !ring_move(&out, room + 1);
                good &= ring_ready(&in) == 64 - room && ring_move(&out, first + second);
                good &= ring_ready(&in) == 64 - room + first + second &&
                        !ring_get_at(&in, first, b, 64 - first + 1);
                good &= ring_move(&in, 64 - room) && ring_get_at(&in, 0, b, first + second) &&
                        !memcmp(a, b, first + second);
                good &= first + second == 0 ||
                        (ring_span(&in, &together) && together >= 1 && together <= first + second);
                if (draw(2))
                        good &= ring_move(&in, first + second);
        }
        check(good, "sockets: parts of a stream that become known as one");
}

static void use(struct socket_link *link, struct ring *streams, bool *good)
{
        uint32_t number = (uint32_t)draw(SOCKETS), count;
        struct socket_request r = {.serial = (uint32_t)draw(9) + 1};
        char bytes[300];
        int32_t result;
        int rung;

        socket_ring(link, number);
        (void)socket_must_wake(link);
        for (unsigned i = 0; i < 4 * SOCKET_BELLS && (rung = socket_rung(link)) >= 0; i++)
                *good &= rung < SOCKETS;
        (void)socket_may_sleep(link);
        socket_ask(link, number, &r);
        (void)socket_asked(link, number, 3, &r);
        (void)socket_answered(link, number, 3, &result);
        for (int i = 0; i < 2; i++) {
                struct ring *s = &streams[2 * (number % 4) + (unsigned)i];
                uint32_t ready = ring_ready(s), n = (uint32_t)draw(sizeof(bytes) + 1);

                *good &= ready <= SOCKET_STREAM;
                if (draw(2))
                        ring_sleeps(s);
                (void)ring_must_wake(s);
                memset(bytes, 'b', sizeof(bytes));
                if (s->writes) {
                        (void)ring_put_at(s, (uint32_t)draw(ready + 1), bytes, n);
                        (void)ring_put_many(s, bytes, n);
                } else {
                        (void)ring_get_at(s, (uint32_t)draw(ready + 1), bytes, n);
                        (void)ring_span(s, &count);
                        *good &= count <= SOCKET_STREAM;
                        (void)ring_move(s, n < count ? n : count);
                }
        }
}

static void hostile(char *memory, enum socket_side side)
{
        struct socket_link link;
        struct ring streams[8];
        bool good = true;

        for (unsigned long round = 0; round < rounds; round++) {
                if (round % 100 == 0) {
                        memset(memory, 0, SOCKET_MEMORY);
                        socket_link_open(&link, memory, side);
                        for (uint32_t i = 0; i < 8; i++)
                                socket_stream_open(&link, i / 2, i % 2, &streams[i]);
                }
                use(&link, streams, &good);
                scribble(memory + SOCKET_START, 80000, 3);
                scribble(memory + SOCKET_START + 67000, 70000, 3); /* heads of the first streams */
        }
        check(good,
              side == SOCKET_CLIENT ? "sockets: an enemy as the network" : "sockets: an enemy as the system");
}

void socket_cases(void)
{
        char *memory = shared(SOCKET_MEMORY), *small = shared(ring_bytes(64, 1));

        honest(memory);
        waits(small);
        memset(small, 0, ring_bytes(64, 1));
        parts(small);
        hostile(memory, SOCKET_CLIENT);
        hostile(memory, SOCKET_SERVER);
        free(memory);
        free(small);
}
