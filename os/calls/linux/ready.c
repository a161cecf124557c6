/* SPDX-License-Identifier: BSD-2-Clause */
/* See ready.h. */
#include "os/calls/linux/ready.h"
#include "os/net/socket.h"
#include "sos/clock.h"

enum { LOOK_AGAIN_US = 10000 };

#define READY_PEER_ENDS 0x2000u /* POLLRDHUP */
#define EDGE            (1u << 31)
#define ONCE            (1u << 30)

static uint32_t direction(bool in, bool out)
{
        return (in ? READY_IN | READY_IN_NORMAL : 0) | (out ? READY_OUT | READY_OUT_NORMAL : 0);
}

static uint32_t of_counter(const struct event *e)
{
        return direction(e->counter.count > 0, e->counter.count < UINT64_MAX - 1);
}

static uint32_t of_socket(struct file *f)
{
        return direction(file_ready(f, false), file_ready(f, true)) | (file_alone(f) ? READY_HANGUP : 0) |
               (socket_error(f->socket, false) ? READY_ERROR : 0) |
               (socket_at_end(f->socket) ? READY_PEER_ENDS : 0);
}

/* Is there something to read? */
static bool has_event(struct process *p, struct file *f)
{
        const struct event *e = f->event;

        switch (f->kind) {
        case FILE_TIMER:
                return e->timer.at && clock_us() >= e->timer.at;
        case FILE_NOTICES:
                return e->notices.pipe->head != e->notices.pipe->tail;
        case FILE_SIGNALS:
                return (p->signals.pending | p->leader->signals.common) & e->signals;
        default:
                return ready_members(p, f->event, 1, NULL) > 0;
        }
}

uint32_t ready_now(struct process *p, struct file *f)
{
        if (f->event)
                return f->kind == FILE_COUNTER ? of_counter(f->event) : direction(has_event(p, f), false);
        switch (f->kind) {
        case FILE_PIPE_READ:
                return direction(file_ready(f, false), false) | (file_alone(f) ? READY_HANGUP : 0);
        case FILE_PIPE_BOTH:
                return direction(file_ready(f, false), file_ready(f, true));
        case FILE_PIPE_WRITE:
                return direction(false, file_ready(f, true)) | (file_alone(f) ? READY_ERROR : 0);
        case FILE_MASTER:
        case FILE_SLAVE:
                return direction(file_ready(f, false), file_ready(f, true)) |
                       (file_alone(f) ? READY_HANGUP : 0);
        case FILE_SOCKET:
                return of_socket(f);
        default:
                return direction(file_ready(f, false), file_ready(f, true));
        }
}

static void sooner(uint64_t *until, uint64_t at)
{
        if (at && (!*until || at < *until))
                *until = at;
}

static void stand(struct process *p, struct wait_queue *q, uint64_t *until)
{
        if (q && !wait_at(&p->call.waiter, q))
                sooner(until, clock_us() + LOOK_AGAIN_US);
}

void ready_wait(struct process *p, struct file *f, uint64_t *until)
{
        const struct watch *w = f->kind == FILE_SET ? f->event->first : NULL;

        stand(p, file_queue(f, false), until);
        stand(p, file_queue(f, true), until);
        if (f->kind == FILE_TIMER)
                sooner(until, f->event->timer.at);
        if (f->kind == FILE_SIGNALS)
                stand(p, &p->leader->waits.signal_readers, until);
        for (; w; w = w->next) {
                if (w->wanted)
                        ready_wait(p, w->file, until);
        }
}

bool ready_loops(const struct file *f, const struct file *set, unsigned depth)
{
        const struct watch *w = f->kind == FILE_SET ? f->event->first : NULL;

        if (f == set || depth > READY_SETS)
                return true;
        for (; w; w = w->next) {
                if (w->file->kind == FILE_SET && ready_loops(w->file, set, depth + 1))
                        return true;
        }
        return false;
}

static uint64_t events_of(struct file *f, bool write)
{
        const struct wait_queue *q = file_queue(f, write);

        return q ? q->events : 0;
}

/* Something has happened since it was reported. */
static bool is_news(const struct watch *w)
{
        return !w->told || w->seen[0] != events_of(w->file, false) || w->seen[1] != events_of(w->file, true);
}

static uint32_t found(struct process *p, const struct watch *w)
{
        uint32_t now = w->wanted ? ready_now(p, w->file) & (w->wanted | READY_ERROR | READY_HANGUP) : 0;

        return w->wanted & EDGE && !is_news(w) ? 0 : now;
}

static void note_told(struct event *set, struct watch *w)
{
        w->told = true;
        w->seen[0] = events_of(w->file, false);
        w->seen[1] = events_of(w->file, true);
        if (w->wanted & ONCE)
                w->wanted = 0;
        event_behind(set, w);
}

long ready_members(struct process *p, struct event *set, unsigned most, ready_tell *tell)
{
        struct watch *w = set->first, *next, *last = NULL;
        unsigned count = 0;

        for (struct watch *each = w; each; each = each->next)
                last = each;
        for (; w && count < most; w = next) {
                uint32_t now = found(p, w);

                next = w == last ? NULL : w->next; /* those that were reported go behind the last one */
                if (!now)
                        continue;
                if (tell && !tell(p, count, now, w->data))
                        return -SOS_EFAULT;
                count++;
                if (tell)
                        note_told(set, w);
        }
        return count;
}
