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

enum { IN_FRAME = PAGE / sizeof(struct mqueue_message) }; /* records */

static void give_back(struct mqueue *q)
{
        node_close(q->content);
        for (unsigned i = 0; i < MQUEUE_FRAMES; i++) {
                if (q->frame[i])
                        frame_drop(q->frame[i]);
        }
}

/* Records for all messages that it may have, each with a place. */
static bool take_frames(struct mqueue *q)
{
        for (unsigned i = 0; i < q->most; i++) {
                frame_id *frame = &q->frame[i / IN_FRAME];
                struct mqueue_message *records;

                if (!*frame)
                        *frame = frame_take();
                records = *frame ? (struct mqueue_message *)frame_look(*frame) : NULL;
                if (!records)
                        return false;
                records[i % IN_FRAME].place = (uint16_t)i;
        }
        return true;
}

struct mqueue *mqueue_make(const char *name, unsigned most, unsigned bytes, long *error)
{
        struct mqueue *q = queues;

        while (q < queues + MQUEUES && q->users)
                q++;
        *error = -SOS_ENOSPC;
        if (q == queues + MQUEUES)
                return NULL;
        *q = (struct mqueue){.most = most, .bytes = bytes, .content = node_nameless()};
        *error = -SOS_ENOMEM;
        if (!q->content)
                return NULL;
        node_open(q->content);
        if (!take_frames(q)) {
                give_back(q);
                return NULL;
        }
        q->users = 1;
        q->content->by_content = false;
        string_cut(q->name, name, sizeof(q->name));
        return q;
}

void mqueue_close(struct mqueue *q)
{
        if (--q->users == 0)
                give_back(q);
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

/* --- the heap: what comes first has the higher priority, or was sent before --- */

static struct mqueue_message *at(const struct mqueue *q, unsigned i)
{
        return (struct mqueue_message *)frame_data(q->frame[i / IN_FRAME]) + i % IN_FRAME;
}

static bool is_before(const struct mqueue_message *a, const struct mqueue_message *b)
{
        return a->priority > b->priority || (a->priority == b->priority && a->turn < b->turn);
}

static void swap(struct mqueue_message *a, struct mqueue_message *b)
{
        struct mqueue_message m = *a;

        *a = *b;
        *b = m;
}

static void rise(struct mqueue *q, unsigned i)
{
        for (; i > 0 && is_before(at(q, i), at(q, (i - 1) / 2)); i = (i - 1) / 2)
                swap(at(q, i), at(q, (i - 1) / 2));
}

static void sink(struct mqueue *q)
{
        for (unsigned i = 0, child = 1; child < q->count; child = 2 * i + 1) {
                if (child + 1 < q->count && is_before(at(q, child + 1), at(q, child)))
                        child++;
                if (!is_before(at(q, child), at(q, i)))
                        return;
                swap(at(q, i), at(q, child));
                i = child;
        }
}

long mqueue_put(struct mqueue *q, const void *from, size_t bytes, unsigned priority)
{
        struct mqueue_message *m = at(q, q->count);

        if (bytes && node_write(q->content, (uint64_t)m->place * q->bytes, from, bytes) != (long)bytes)
                return -SOS_ENOMEM;
        m->priority = (uint16_t)priority;
        m->bytes = (uint32_t)bytes;
        m->turn = q->sent++;
        q->held += bytes;
        rise(q, q->count++);
        wait_wake(&q->filled);
        return 0;
}

const struct mqueue_message *mqueue_next(const struct mqueue *q)
{
        return q->count ? at(q, 0) : NULL;
}

void mqueue_read(struct mqueue *q, const struct mqueue_message *m, void *to)
{
        node_read(q->content, (uint64_t)m->place * q->bytes, to, m->bytes);
}

void mqueue_take(struct mqueue *q)
{
        q->held -= at(q, 0)->bytes;
        swap(at(q, 0), at(q, --q->count));
        sink(q);
        wait_wake(&q->drained);
}
