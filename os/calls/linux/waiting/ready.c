/* SPDX-License-Identifier: BSD-2-Clause */
/* See ready.h. */
#include "os/calls/linux/waiting/ready.h"
#include "os/core/pace.h"
#include "os/files/mqueue.h"
#include "os/files/pty.h"
#include "os/net/socket.h"
#include "sos/clock.h"

#define READY_PEER_ENDS 0x2000u /* POLLRDHUP */
#define EDGE            (1u << 31)
#define ONCE            (1u << 30)

static struct {
        uint64_t last;   /* the number of the look that began last; none has 0 */
        uint64_t number; /* of the look that is taken */
        uint64_t walk;   /* the same, of walks down from a set */
        bool cut;
} looks;

void ready_look(struct process *p)
{
        if (!p->call.place)
                p->call.place = ++looks.last;
        looks.number = p->call.place;
        looks.cut = false;
}

bool ready_cut(void)
{
        return looks.cut;
}

void ready_looked(struct process *p)
{
        p->call.place = 0;
}

enum { IN = READY_IN | READY_IN_NORMAL, OUT = READY_OUT | READY_OUT_NORMAL };

static uint32_t direction(bool in, bool out)
{
        return (in ? IN : 0) | (out ? OUT : 0);
}

static uint32_t of_counter(const struct event *e)
{
        return direction(e->counter.count > 0, e->counter.count < UINT64_MAX - 1);
}

static uint32_t of_socket(const struct file *f, uint32_t wanted)
{
        unsigned signs = socket_signs(f->socket, (wanted & IN ? SOCKET_READABLE : 0) |
                                                         (wanted & OUT ? SOCKET_WRITABLE : 0));

        return direction(signs & SOCKET_READABLE, signs & SOCKET_WRITABLE) |
               (signs & SOCKET_OVER ? READY_HANGUP : 0) | (signs & SOCKET_FAILED ? READY_ERROR : 0) |
               (signs & SOCKET_AT_END ? READY_PEER_ENDS : 0);
}

/* Members of one set are looked at in one go (SET_WATCHES); then the piece may be over. */
static bool has_member(struct process *p, struct event *e)
{
        if (e->set.looked == looks.number || looks.cut)
                return e->set.looked == looks.number && e->set.found;
        e->set.found = ready_members(p, e, 1, NULL) > 0;
        if (looks.cut)
                return false;
        e->set.looked = looks.number;
        looks.cut = pace_is_over();
        return e->set.found;
}

static bool has_ended(int pid)
{
        const struct process *p = process_find(pid);

        return !p || p->state == PROCESS_ZOMBIE;
}

/* Is there anything to read? */
static bool has_event(struct process *p, struct file *f)
{
        const struct event *e = f->event;

        switch (f->kind) {
        case FILE_TIMER:
                return e->timer.at && clock_us() >= e->timer.at;
        case FILE_NOTICES:
                return e->notices.pipe->head != e->notices.pipe->tail;
        case FILE_PROCESS:
                return has_ended(e->process);
        case FILE_SIGNALS:
                return (p->signals.pending | p->leader->signals.common) & e->signals;
        default:
                return has_member(p, f->event);
        }
}

static uint32_t of_event(struct process *p, struct file *f)
{
        const struct mqueue *q = f->kind == FILE_QUEUE ? f->event->queue : NULL;

        if (q)
                return direction(q->count > 0, q->count < q->most);
        return f->kind == FILE_COUNTER ? of_counter(f->event) : direction(has_event(p, f), false);
}

/* What it reads in packets is worth more than bytes, where it is not bytes. */
static uint32_t of_master(struct file *f)
{
        return direction(file_ready(f, false), file_ready(f, true)) | (file_alone(f) ? READY_HANGUP : 0) |
               (f->pty->news ? READY_PRIORITY : 0);
}

static uint32_t all_now(struct process *p, struct file *f)
{
        if (f->event)
                return of_event(p, f);
        switch (f->kind) {
        case FILE_PIPE_READ:
                return direction(file_ready(f, false), false) | (file_alone(f) ? READY_HANGUP : 0);
        case FILE_PIPE_BOTH:
                return direction(file_ready(f, false), file_ready(f, true));
        case FILE_PIPE_WRITE:
                return direction(false, file_ready(f, true)) | (file_alone(f) ? READY_ERROR : 0);
        case FILE_MASTER:
                return of_master(f);
        case FILE_SLAVE:
                return direction(file_ready(f, false), file_ready(f, true)) |
                       (file_alone(f) ? READY_HANGUP : 0);
        default:
                return direction(file_ready(f, false), file_ready(f, true));
        }
}

uint32_t ready_now(struct process *p, struct file *f, uint32_t wanted)
{
        return (f->kind == FILE_SOCKET ? of_socket(f, wanted) : all_now(p, f)) &
               (wanted | READY_ERROR | READY_HANGUP);
}

static void sooner(uint64_t *until, uint64_t at)
{
        if (at && (!*until || at < *until))
                *until = at;
}

static void stand(struct process *p, struct wait_queue *q, uint64_t *until)
{
        if (q && !wait_at(&p->call.waiter, q))
                sooner(until, clock_us() + READY_AGAIN_US);
}

static void stand_at(struct process *p, struct file *f, uint64_t *until)
{
        if (f->socket) { /* one queue for both */
                stand(p, &f->socket->changed, until);
                return;
        }
        stand(p, file_queue(f, false), until);
        stand(p, file_queue(f, true), until);
        if (f->kind == FILE_TIMER)
                sooner(until, f->event->timer.at);
        if (f->kind == FILE_SIGNALS)
                stand(p, &p->leader->waits.signal_readers, until);
}

/* Each try gets at least one member on. */
static bool stand_at_members(struct process *p, struct event *set, uint64_t *until)
{
        for (struct watch *w = set->set.first; w; w = w->next) {
                if (!w->wanted || w->stood == looks.number)
                        continue;
                if (!ready_wait(p, w->file, until))
                        return false;
                w->stood = looks.number;
                if (pace_is_over())
                        return false;
        }
        return true;
}

bool ready_wait(struct process *p, struct file *f, uint64_t *until)
{
        struct event *set = f->kind == FILE_SET ? f->event : NULL;

        if (f->kind == FILE_SOCKET) {
                stand_at(p, f, until);
                return true;
        }
        if (!set || set->set.entered != looks.number)
                stand_at(p, f, until);
        if (!set || set->set.stood == looks.number)
                return true;
        set->set.entered = looks.number;
        if (!stand_at_members(p, set, until))
                return false;
        set->set.stood = looks.number;
        return true;
}

/* Whatever is below `f` lies that deep, or has been seen there in this walk. */
static bool leads_back(const struct file *f, const struct file *set, unsigned depth)
{
        struct event *e = f->kind == FILE_SET ? f->event : NULL;

        if (f == set || depth > READY_SETS)
                return true;
        if (!e || (e->set.walked == looks.walk && e->set.walked_at >= depth))
                return false;
        e->set.walked = looks.walk;
        e->set.walked_at = depth;
        for (struct watch *w = e->set.first; w; w = w->next) {
                if (w->file->kind == FILE_SET && leads_back(w->file, set, depth + 1))
                        return true;
        }
        return false;
}

static void sink(const struct file *f, unsigned depth)
{
        struct event *e = f->event;

        if (e->set.above >= depth)
                return;
        e->set.above = depth;
        for (struct watch *w = e->set.first; w; w = w->next) {
                if (w->file->kind == FILE_SET)
                        sink(w->file, depth + 1);
        }
}

static bool would_loop(const struct file *f, const struct file *set)
{
        looks.walk++;
        return leads_back(f, set, set->event->set.above + 1);
}

/* How deep sets lie once others were closed, or have lost members.  There are no circles, so each lies below one that lies in none. */
static void measure_again(void)
{
        for (unsigned i = 0; i < FILES; i++) {
                if (file_entry(i)->kind == FILE_SET)
                        file_entry(i)->event->set.above = 0;
        }
        for (unsigned i = 0; i < FILES; i++) {
                const struct file *f = file_entry(i);

                for (struct watch *w = f->kind == FILE_SET && !f->watches ? f->event->set.first : NULL; w;
                     w = w->next) {
                        if (w->file->kind == FILE_SET)
                                sink(w->file, 1);
                }
        }
}

bool ready_loops(const struct file *f, const struct file *set)
{
        if (would_loop(f, set)) {
                measure_again();
                if (would_loop(f, set))
                        return true;
        }
        sink(f, set->event->set.above + 1);
        return false;
}

/* Something has happened since the last report. */
static bool is_news(const struct watch *w)
{
        return !w->told || w->seen[0] != file_events(w->file, false) ||
               w->seen[1] != file_events(w->file, true);
}

static uint32_t found(struct process *p, const struct watch *w)
{
        uint32_t now = w->wanted ? ready_now(p, w->file, w->wanted) : 0;

        return w->wanted & EDGE && !is_news(w) ? 0 : now;
}

static void note_told(struct watch *w)
{
        w->told = true;
        w->seen[0] = file_events(w->file, false);
        w->seen[1] = file_events(w->file, true);
        if (w->wanted & ONCE)
                w->wanted = 0;
}

/* Members that were told, on their way to the end of the order. */
struct told {
        struct watch *first, **end;
};

/* A member, which is linked in at `at`, is told; false when it cannot be. */
static bool tell_member(struct process *p, struct told *told, struct watch **at, uint32_t now,
                        ready_tell *tell, unsigned index)
{
        struct watch *w = *at;

        if (!tell(p, index, now, w->data))
                return false;
        note_told(w);
        *at = w->next;
        w->next = NULL;
        *told->end = w;
        told->end = &w->next;
        return true;
}

static void append(struct watch **at, struct watch *told)
{
        while (told && *at)
                at = &(*at)->next;
        if (told)
                *at = told;
}

long ready_members(struct process *p, struct event *set, unsigned most, ready_tell *tell)
{
        struct told told = {.end = &told.first};
        struct watch **at = &set->set.first;
        unsigned count = 0;
        bool good = true;

        while (*at && count < most && good && !looks.cut) {
                uint32_t now = found(p, *at);

                if (now && tell)
                        good = tell_member(p, &told, at, now, tell, count);
                else
                        at = &(*at)->next;
                count += now && good;
        }
        append(at, told.first);
        return good || count ? (long)count : -SOS_EFAULT; /* those that were told are told only once */
}
