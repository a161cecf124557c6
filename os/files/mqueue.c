/* SPDX-License-Identifier: BSD-2-Clause */
/* See mqueue.h. */
#include "os/files/mqueue.h"
#include "base/text.h"
#include "sos/proto.h"

static struct mqueue queues[MQUEUES];

struct mqueue *mqueue_find(const char *name)
{
        for (unsigned i = 0; i < MQUEUES; i++) {
                if (queues[i].users && *name && !strcmp(queues[i].name, name))
                        return &queues[i];
        }
        return NULL;
}

struct mqueue *mqueue_make(const char *name, unsigned most, unsigned bytes, long *error)
{
        struct mqueue *q = queues;

        while (q < queues + MQUEUES && q->users)
                q++;
        *error = -SOS_ENOSPC;
        if (q == queues + MQUEUES)
                return NULL;
        *q = (struct mqueue){.users = 1, .most = most, .bytes = bytes, .content = node_nameless()};
        *error = -SOS_ENOMEM;
        if (!q->content) {
                q->users = 0;
                return NULL;
        }
        node_open(q->content);
        q->content->by_content = false;
        string_cut(q->name, name, sizeof(q->name));
        return q;
}

void mqueue_close(struct mqueue *q)
{
        if (--q->users == 0)
                node_close(q->content);
}

void mqueue_forget(struct mqueue *q, int process)
{
        if (q->notify.process == process)
                q->notify.process = 0;
}

void mqueue_forget_all(int process)
{
        for (unsigned i = 0; i < MQUEUES; i++)
                mqueue_forget(&queues[i], process);
}

void mqueue_unlink(struct mqueue *q)
{
        *q->name = '\0';
        mqueue_close(q);
}

struct file *mqueue_open(struct mqueue *q, uint32_t flags)
{
        struct file *f = event_open(FILE_QUEUE, flags);

        if (f) {
                f->event->queue = q;
                q->users++;
        }
        return f;
}

long mqueue_put(struct mqueue *q, const void *from, size_t bytes, unsigned priority)
{
        unsigned place = 0;

        while (q->message[place].used)
                place++;
        if (bytes && node_write(q->content, (uint64_t)place * q->bytes, from, bytes) != (long)bytes)
                return -SOS_ENOMEM;
        q->message[place] = (struct mqueue_message){
                .used = true, .priority = priority, .bytes = (uint32_t)bytes, .turn = q->sent++};
        q->count++;
        wait_wake(&q->filled);
        return 0;
}

const struct mqueue_message *mqueue_next(const struct mqueue *q)
{
        const struct mqueue_message *best = NULL;

        for (const struct mqueue_message *m = q->message; m < q->message + q->most; m++) {
                if (m->used && (!best || m->priority > best->priority ||
                                (m->priority == best->priority && m->turn < best->turn)))
                        best = m;
        }
        return best;
}

void mqueue_read(struct mqueue *q, const struct mqueue_message *m, void *to)
{
        node_read(q->content, (uint64_t)(m - q->message) * q->bytes, to, m->bytes);
}

void mqueue_take(struct mqueue *q, const struct mqueue_message *m)
{
        q->message[m - q->message].used = false;
        q->count--;
        wait_wake(&q->drained);
}
