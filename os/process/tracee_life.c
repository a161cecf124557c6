/* SPDX-License-Identifier: BSD-2-Clause */
/* How tracing begins and ends, for a thread, its children, and its tracer; see tracee.h.  Owns the list of threads that have gone and whose
 * tracers have not heard of it: a record does not wait for that, unless it is a process's. */
#include "os/core/pace.h"
#include "os/process/debug.h"
#include "os/process/process_parts.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/tracee_parts.h"

enum {
        FLAG_SIGNAL = 0xff, /* of clone */
        FLAG_TRACED = 0x2000,
        FLAG_VFORK = 0x4000,
        FLAG_UNTRACED = 0x800000,
};

static struct {
        struct tracee_notice notice[TRACEE_NOTICES];
        unsigned count;   /* the first ones */
        unsigned threads; /* that are traced, and no leaders: each will take one */
} gone;

static bool is_leader(const struct process *p)
{
        return p->leader == p;
}

bool tracee_room(const struct process *tracer)
{
        return gone.count + gone.threads < TRACEE_NOTICES &&
               (!tracer || tracer->tracee.followed < TRACEE_SHARE);
}

bool tracee_some(const struct process *l)
{
        const struct process *t = l;

        do {
                if (t->tracee.tracer)
                        return true;
                t = t->ring.next;
        } while (t != l);
        return false;
}

static void follow(struct process *t, struct process *tracer)
{
        t->tracee.tracer = tracer->pid;
        tracer->tracee.followed++;
        gone.threads += !is_leader(t);
}

long tracee_begin(struct process *t, struct process *tracer, uint32_t options, bool seized)
{
        struct process *l = t->leader;
        unsigned followed = t->tracee.followed;

        if (t->tracee.tracer || !t->kind.foreign || !tracer->kind.foreign || l == tracer || l->end.exiting ||
            debug_of(NULL, l->pid))
                return -SOS_EPERM;
        if (!is_leader(t) && !tracee_room(tracer))
                return -SOS_EAGAIN;
        t->tracee = (struct tracee){.followed = followed, .options = options, .seized = seized};
        follow(t, tracer);
        return 0;
}

void tracee_begins_stopped(struct process *t)
{
        if (t->leader->job.stopped)
                tracee_group(t);
}

void tracee_forget(struct process *t)
{
        struct process *tracer = process_find(t->tracee.tracer);

        if (tracer && tracer->tracee.followed > 0)
                tracer->tracee.followed--;
        gone.threads -= !is_leader(t);
        t->tracee.tracer = 0;
}

void tracee_detach(struct process *t, int signal)
{
        tracee_unstep(t);
        tracee_forget(t);
        t->tracee.options = 0;
        t->tracee.interrupts = t->tracee.notifies = t->tracee.inside = t->tracee.new_program = false;
        t->tracee.event = 0;
        if (t->tracee.stop && thread_lives(t))
                tracee_go(t, TRACEE_CONT, signal);
        t->tracee.pass = 0;
}

/* --- children, and other programs --- */

static int event_of(seL4_Word flags)
{
        if (flags & FLAG_UNTRACED)
                return 0;
        return flags & FLAG_VFORK                     ? TRACEE_VFORK
               : (flags & FLAG_SIGNAL) != SIGNAL_CHLD ? TRACEE_CLONE
                                                      : TRACEE_FORK;
}

/* It stops before its first instruction. */
static void begin_child(struct process *child)
{
        if (child->tracee.seized) {
                tracee_stop(child, TRACEE_TRAP, SIGNAL_TRAP | TRACEE_STOPPED << 8);
                return;
        }
        child->tracee.cause = (struct signal_cause){.signal = SIGNAL_STOP, .code = SENT_BY_USER};
        tracee_stop(child, TRACEE_SIGNAL, SIGNAL_STOP);
}

void tracee_child(struct process *p, struct process *child, seL4_Word flags)
{
        struct tracee *t = &p->tracee;
        int event = event_of(flags);
        bool told = event && t->options & 1u << event;
        struct process *tracer = process_find(t->tracer);

        if (told) {
                t->event = event;
                t->event_message = (seL4_Word)child->pid;
        }
        if (tracer && (told || flags & FLAG_TRACED) && !tracee_begin(child, tracer, t->options, t->seized)) {
                child->tracee.mode = t->mode;
                begin_child(child);
        }
}

void tracee_vfork_done(struct process *p, int child)
{
        if (p->tracee.options & 1u << TRACEE_VFORK_DONE) {
                p->tracee.event = TRACEE_VFORK_DONE;
                p->tracee.event_message = (seL4_Word)child;
        }
}

/* A thread becomes its process's only one, under the leader's number. */
void tracee_moves(struct process *from, struct process *to)
{
        unsigned followed = to->tracee.followed;
        struct process *tracer = process_find(from->tracee.tracer);

        if (to->tracee.tracer)
                tracee_forget(to);
        to->job.held = to->job.halted = false; /* where the leader has stopped is no more */
        to->tracee = (struct tracee){.followed = followed};
        if (!tracer)
                return;
        tracee_forget(from);
        to->tracee = from->tracee;
        to->tracee.followed = followed;
        to->tracee.event_message = (seL4_Word)from->pid;
        follow(to, tracer);
}

/* --- ends --- */

static void tell(struct process *tracer, int pid, int status)
{
        int signal = status & 0x7f;
        struct signal_cause cause = {.signal = SIGNAL_CHLD,
                                     .code = signal ? CHILD_KILLED : CHILD_EXITED,
                                     .address = (seL4_Word)pid,
                                     .value = (seL4_Word)(signal ? signal : status >> 8)};

        if (!process_lives(tracer))
                return;
        wait_wake(&tracer->waits.children);
        signal_send_cause(tracer, &cause, false);
}

void tracee_thread_gone(struct process *t)
{
        struct process *tracer = process_find(t->tracee.tracer);
        const struct process *l = t->leader;
        int status = l->end.exiting ? l->end.exit_code : t->end.exit_code;

        tracee_forget(t);
        if (!tracer || !process_lives(tracer))
                return;
        gone.notice[gone.count++] = (struct tracee_notice){
                .thread = t->pid, .tracer = tracer->pid, .group = l->group, .status = status};
        tracer->tracee.followed++;
        tell(tracer, t->pid, status);
}

bool tracee_gone(struct process *l)
{
        struct process *tracer = process_find(l->tracee.tracer);

        if (!tracer || tracer->pid == l->parent)
                return false;
        tell(tracer, l->pid, l->end.exit_code);
        return true;
}

void tracee_reaped(struct process *l)
{
        struct process *parent = process_find(l->parent);

        tracee_forget(l);
        if (parent) {
                wait_wake(&parent->waits.children);
                signal_child(parent, l);
        } else {
                process_forget(l);
        }
}

struct tracee_notice *tracee_notice(const struct process *tracer, int pid)
{
        for (unsigned i = 0; i < gone.count; i++) {
                struct tracee_notice *n = &gone.notice[i];

                if (n->tracer == tracer->pid &&
                    (pid == -1 || (pid > 0 ? n->thread == pid : n->group == (pid ? -pid : tracer->group))))
                        return n;
        }
        return NULL;
}

void tracee_noticed(struct process *tracer, struct tracee_notice *n)
{
        tracer->tracee.followed--;
        gone.count--;
        for (; n < &gone.notice[gone.count]; n++)
                *n = n[1];
}

static void lose(struct process *t)
{
        if (t->state == PROCESS_ZOMBIE) {
                tracee_reaped(t);
        } else if (t->tracee.options & TRACEE_KILL && thread_lives(t)) {
                tracee_forget(t);
                process_kill(t, SIGNAL_KILL);
        } else {
                tracee_detach(t, 0);
        }
}

static void drop_notices(struct process *tracer)
{
        unsigned kept = 0;

        for (unsigned i = 0; i < gone.count; i++) {
                if (gone.notice[i].tracer == tracer->pid)
                        tracer->tracee.followed--;
                else
                        gone.notice[kept++] = gone.notice[i];
        }
        gone.count = kept;
}

bool tracees_lose(struct process *tracer)
{
        if (!tracer->tracee.followed)
                return true;
        drop_notices(tracer);
        for (unsigned i = 0; i < TASKS && tracer->tracee.followed > 0; i++) {
                struct process *t = thread_any(i);

                if (t->state == PROCESS_FREE || t->tracee.tracer != tracer->pid)
                        continue;
                lose(t);
                if (pace_is_over())
                        return !tracer->tracee.followed;
        }
        return true;
}
