/* SPDX-License-Identifier: BSD-2-Clause */
/* See share.h. */
#include <queue/share.h>

bool share_open(struct share *s, const struct queue_shape *shape, struct share_client *clients,
                uint32_t *owner)
{
        *s = (struct share){.client = clients, .owner = owner};
        return queue_open(&s->device, shape, true);
}

int share_add(struct share *s, const struct queue_shape *shape, uint32_t limit)
{
        struct share_client *c = &s->client[s->clients];
        uint32_t begin = s->clients ? c[-1].start + c[-1].queue.buffers : 0;

        if (shape->buffers > s->device.buffers - begin || shape->buffer_size != s->device.buffer_size ||
            !limit) {
                return -1;
        }
        *c = (struct share_client){.start = begin, .limit = limit};
        if (!queue_open(&c->queue, shape, false))
                return -1;
        for (uint32_t i = 0; i < shape->buffers; i++)
                s->owner[begin + i] = s->clients;
        return (int)s->clients++;
}

static void join(struct share *s, struct share_client *c)
{
        if (c->in_line)
                return;
        c->in_line = true;
        c->next = NULL;
        if (s->first)
                s->last->next = c;
        else
                s->first = c;
        s->last = c;
}

void share_ask(struct share *s, uint32_t client)
{
        if (client < s->clients)
                join(s, &s->client[client]);
}

static uint64_t start(const struct share *s, const struct share_client *c)
{
        return (uint64_t)c->start * s->device.buffer_size;
}

/* One item of this client, or nothing. */
static bool forward(struct share *s, struct share_client *c)
{
        struct queue_item item;

        if (!queue_take(&c->queue, &item))
                return false;
        if (!queue_give(&s->device, start(s, c) + item.offset, item.length, item.tag))
                return false;
        c->in_flight++;
        return true;
}

uint32_t share_forward(struct share *s, uint32_t most)
{
        uint32_t moved = 0;

        while (moved < most && s->first) {
                struct share_client *c = s->first;

                s->first = c->next;
                c->in_line = false;
                if (c->in_flight == c->limit) { /* share_return puts it back into the line */
                        continue;
                }
                if (forward(s, c)) {
                        moved++;
                        join(s, c);
                } else if (!c->queue.broken && !s->device.broken && !queue_may_sleep(&c->queue)) {
                        join(s, c);
                }
        }
        return moved;
}

int share_return(struct share *s)
{
        struct queue_item item;
        struct share_client *c;
        uint32_t client;

        if (!queue_take(&s->device, &item))
                return -1;
        client = s->owner[item.offset / s->device.buffer_size];
        c = &s->client[client];
        c->in_flight--;
        queue_give(&c->queue, item.offset - start(s, c), item.length, item.tag);
        join(s, c);
        return (int)client;
}

bool share_may_sleep(struct share *s)
{
        return !s->first && queue_may_sleep(&s->device);
}
