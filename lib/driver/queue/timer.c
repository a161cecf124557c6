/* SPDX-License-Identifier: BSD-2-Clause */
/* See timer.h. */
#include <queue/timer.h>

enum { NS_PER_US = 1000 };

void queue_timer_open(struct queue_timer *t, struct clock *clock, struct queue_timer_client *clients,
                      uint32_t count, void (*signal)(void *data, uint32_t client), void *data)
{
        *t = (struct queue_timer){clock, clients, count, signal, data};
        for (uint32_t i = 0; i < count; i++)
                clients[i] = (struct queue_timer_client){.timer = t};
}

static void expired(uint32_t id, void *data)
{
        struct queue_timer_client *c = data;

        (void)id;
        c->timeout = 0;
        c->timer->signal(c->timer->data, (uint32_t)(c - c->timer->client));
}

void queue_timer_leave(struct queue_timer *t, uint32_t client)
{
        if (client < t->clients && t->client[client].timeout) {
                clock_cancel(t->clock, t->client[client].timeout);
                t->client[client].timeout = 0;
        }
}

/* Rounded up to the clock's unit, so that it is not early. */
static int set(struct queue_timer *t, uint32_t client, uint64_t ns)
{
        uint64_t us = ns / NS_PER_US + (ns % NS_PER_US != 0);

        queue_timer_leave(t, client);
        t->client[client].timeout = clock_after(t->clock, us, expired, &t->client[client]);
        return t->client[client].timeout ? 0 : QUEUE_TIMER_REFUSED;
}

int queue_timer_call(struct queue_timer *t, uint64_t client, uint64_t label, uint64_t length, uint64_t *word)
{
        if (client >= t->clients)
                return QUEUE_TIMER_REFUSED;
        if (label == QUEUE_TIMER_NOW && length == 0) {
                *word = t->clock->device.now(t->clock->device.device) * NS_PER_US;
                return 1;
        }
        if (label == QUEUE_TIMER_SET && length == 1)
                return set(t, (uint32_t)client, *word);
        return QUEUE_TIMER_REFUSED;
}
