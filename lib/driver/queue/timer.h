/* SPDX-License-Identifier: BSD-2-Clause */
/* The class "timer": a clock for several clients by protected calls (docs/io/timer.md).  No shared memory.
 *
 *      label 0 (get time):     answer: nanoseconds since the counter began
 *      label 1 (set timeout):  first word: nanoseconds from now; replaces the client's earlier one; then its notification
 *                              is signalled once, never early
 *
 *      server:  queue_timer_open(&t, &clock, clients, count, signal, data);
 *               words = queue_timer_call(&t, badge, label, length, &word);     from its loop; word: in and out
 *
 * A client has one timeout, so none can fill the clock; what it may say is checked: QUEUE_TIMER_REFUSED else.
 * Cost: O(log clients that wait).
 */
#pragma once

#include <clock/clock.h>

enum queue_timer_label { QUEUE_TIMER_NOW, QUEUE_TIMER_SET };
enum { QUEUE_TIMER_REFUSED = -1 };

struct queue_timer;

struct queue_timer_client {
        struct queue_timer *timer;
        uint32_t timeout; /* of the clock; 0: none */
};

struct queue_timer {
        struct clock *clock;
        struct queue_timer_client *client;
        uint32_t clients;
        void (*signal)(void *data, uint32_t client);
        void *data;
};

void queue_timer_open(struct queue_timer *t, struct clock *clock, struct queue_timer_client *clients,
                      uint32_t count, void (*signal)(void *data, uint32_t client), void *data);

/* A call of this client with `length` words, *word the first.  Words of the answer, 0 or 1 (*word), or
 * QUEUE_TIMER_REFUSED: no such client, label or length, or no memory. */
int queue_timer_call(struct queue_timer *t, uint64_t client, uint64_t label, uint64_t length, uint64_t *word);

/* The client has gone. */
void queue_timer_leave(struct queue_timer *t, uint32_t client);
