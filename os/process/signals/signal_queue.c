/* SPDX-License-Identifier: BSD-2-Clause */
/* See signal_queue.h. */
#include "os/process/signals/signal_queue.h"

static struct {
        struct record {
                struct signal_cause cause;
                unsigned next;
        } record[SIGNAL_RECORDS + 1]; /* the first one is nobody's */
        unsigned free;                /* those that were used */
        unsigned fresh;               /* so many were used at some time */
} queues;

/* A record, unless all are used. */
static unsigned make(const struct signal_cause *cause, unsigned next)
{
        unsigned i = queues.free;

        if (i)
                queues.free = queues.record[i].next;
        else if (queues.fresh < SIGNAL_RECORDS)
                i = ++queues.fresh;
        if (i)
                queues.record[i] = (struct record){.cause = *cause, .next = next};
        return i;
}

bool signal_queue_add(unsigned *queue, const struct signal_cause *cause)
{
        while (*queue)
                queue = &queues.record[*queue].next;
        *queue = make(cause, 0);
        return *queue;
}

void signal_queue_return(unsigned *queue, const struct signal_cause *cause)
{
        unsigned i = make(cause, *queue);

        if (i)
                *queue = i;
}

const struct signal_cause *signal_queue_at(unsigned queue, uint64_t i)
{
        for (; queue && i > 0; i--)
                queue = queues.record[queue].next;
        return queue ? &queues.record[queue].cause : NULL;
}

static void remove(unsigned *at)
{
        unsigned i = *at;

        *at = queues.record[i].next;
        queues.record[i].next = queues.free;
        queues.free = i;
}

/* Where the first one of a signal is recorded. */
static unsigned *find(unsigned *queue, int signal)
{
        while (*queue && queues.record[*queue].cause.signal != signal)
                queue = &queues.record[*queue].next;
        return queue;
}

bool signal_queue_take(unsigned *queue, struct signal_cause *cause)
{
        unsigned *at = find(queue, cause->signal);

        if (!*at)
                return false;
        *cause = queues.record[*at].cause;
        remove(at);
        return *find(at, cause->signal);
}

bool signal_queue_has_timer(unsigned queue, int id)
{
        for (; queue; queue = queues.record[queue].next) {
                const struct signal_cause *c = &queues.record[queue].cause;

                if (c->code == SENT_BY_TIMER && (int)(uint32_t)c->address == id)
                        return true;
        }
        return false;
}

void signal_queue_drop(unsigned *queue)
{
        while (*queue)
                remove(queue);
}

void signal_queue_forget(unsigned *queue, int signal)
{
        while (*(queue = find(queue, signal)))
                remove(queue);
}
