/* SPDX-License-Identifier: BSD-2-Clause */
/* See debug.h.  Owns the records of those that are debugged. */
#include "os/process/debug.h"
#include "base/text.h"
#include "os/process/charge.h"
#include "os/process/debug_parts.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"

static struct debug records[DEBUGGED];

struct debug *debug_of(const struct process *debugger, int pid)
{
        for (unsigned i = 0; i < DEBUGGED; i++) {
                if (pid && records[i].pid == pid &&
                    (!debugger || records[i].debugger == debugger->leader->pid))
                        return &records[i];
        }
        return NULL;
}

static struct debug *unused(void)
{
        for (unsigned i = 0; i < DEBUGGED; i++) {
                if (!records[i].pid)
                        return &records[i];
        }
        return NULL;
}

struct process *debug_process(const struct debug *d)
{
        struct process *l = process_find(d->pid);

        return l && process_lives(l) && l->space ? l : NULL;
}

long debug_attach(struct process *debugger, struct process *target, bool hold)
{
        struct debug *d = unused();

        if (target == debugger->leader || target->driver || target->end.exiting || tracee_some(target) ||
            debug_of(NULL, target->pid))
                return -SOS_EPERM;
        if (!d)
                return -SOS_EAGAIN;
        *d = (struct debug){.pid = target->pid, .debugger = debugger->leader->pid};
        if (hold)
                debug_hold(target);
        return 0;
}

/* --- what the core does: its registers are the thread's, so each gets them --- */

static bool give(const struct debug *d, const struct process *t, bool step)
{
        return !thread_lives(t) || core_debug(t->kernel.tcb.cap, step, d->watch);
}

static bool give_all(const struct debug *d, struct process *l)
{
        struct process *t = l;
        bool all = true;

        do {
                all &= give(d, t, t->job.steps == STEPS_NEXT);
                t = t->ring.next;
        } while (t != l);
        return all;
}

static bool watches(const struct debug *d)
{
        bool some = false;

        for (unsigned i = 0; i < TESSERA_WATCHPOINTS; i++)
                some |= d->watch[i].control != 0;
        return some;
}

static void forget_watches(struct debug *d, struct process *l)
{
        struct process *t = l;

        memset(d->watch, 0, sizeof(d->watch));
        do {
                t->job.steps = STEPS_NOT;
                t = t->ring.next;
        } while (t != l);
        give_all(d, l);
}

long debug_watch(struct debug *d, seL4_Word which, seL4_Word address, seL4_Word control)
{
        struct process *l = debug_process(d);
        struct core_watch before;

        if (which >= TESSERA_WATCHPOINTS || !l)
                return -SOS_EINVAL;
        if (!core_debug(l->kernel.tcb.cap, false, d->watch))
                return -SOS_ENOSYS;
        before = d->watch[which];
        d->watch[which] = (struct core_watch){address, control};
        if (give_all(d, l))
                return 0;
        d->watch[which] = before;
        give_all(d, l);
        return -SOS_EINVAL;
}

bool debug_step(const struct debug *d, struct process *t)
{
        if (!give(d, t, true))
                return false;
        t->job.steps = STEPS_NEXT;
        return true;
}

void debug_new_thread(const struct process *t)
{
        const struct debug *d = debug_of(NULL, t->leader->pid);

        if (d && watches(d))
                give(d, t, false);
}

void debug_detach(struct debug *d)
{
        struct process *l = debug_process(d);

        while (l && d->breaks > 0 && !debug_unbreak(d, d->at[0].va))
                ;
        if (l)
                forget_watches(d, l);
        d->pid = 0;
        if (l)
                debug_release(l, NULL, 0);
}

/* --- holding --- */

/* One whose fault is just looked at waits for an answer, and needs nothing else. */
static void hold_but(struct process *l, const struct process *faulting)
{
        struct process *t = l;

        do {
                if (!t->job.held) {
                        t->job.held = true;
                        if (t != faulting && !l->job.stopped && t->state == PROCESS_RUNNING &&
                            !signal_serves(t))
                                t->job.halted = !seL4_TCB_Suspend(t->kernel.tcb.cap);
                }
                t = t->ring.next;
        } while (t != l);
}

void debug_hold(struct process *l)
{
        hold_but(l, NULL);
}

/* A step that another stop came before is not made later. */
static void begin_step(struct process *t)
{
        const struct debug *d = debug_of(NULL, t->leader->pid);

        if (t->job.steps == STEPS_BEGUN && d)
                give(d, t, false);
        t->job.steps = t->job.steps == STEPS_NEXT ? STEPS_BEGUN : STEPS_NOT;
}

static void release(struct process *t)
{
        if (!t->job.held)
                return;
        t->job.held = false;
        begin_step(t);
        if (t->leader->job.stopped)
                return;
        if (t->job.halted && t->state == PROCESS_RUNNING)
                charge_resume(t);
        t->job.halted = false;
        if (thread_lives(t))
                wait_ring(&t->call.waiter);
}

void debug_release(struct process *l, struct process *one, int signal)
{
        struct process *t = l;

        do {
                if (t->job.held && (!one || t == one)) {
                        t->job.passed = t->call.faulting ? signal : 0;
                        if (t->call.faulting && !signal)
                                t->call.fault.access = 0;
                        release(t);
                }
                t = t->ring.next;
        } while (t != l);
}

/* --- events --- */

static void tell(struct debug *d, struct debug_event event)
{
        struct process *debugger = process_find(d->debugger);

        d->event = event;
        if (debugger && process_lives(debugger))
                signal_send(debugger, SIGNAL_CHLD);
}

bool debug_waits(const struct debug *d)
{
        return d->event.kind != DEBUG_NOTHING;
}

struct debug_event debug_take(struct debug *d)
{
        struct debug_event e = d->event;

        d->event.kind = DEBUG_NOTHING;
        if (e.kind == DEBUG_ENDED)
                d->pid = 0;
        return e;
}

bool debug_stops(struct process *p, int signal, enum debug_why why, seL4_Word address)
{
        struct debug *d = debug_of(NULL, p->leader->pid);

        if (!d || p->job.passed == signal) {
                p->job.passed = 0;
                return false;
        }
        hold_but(p->leader, p);
        tell(d, (struct debug_event){DEBUG_SIGNAL, p->pid, signal, why, address});
        return true;
}

void debug_new_program(struct process *l)
{
        struct debug *d = debug_of(NULL, l->pid);

        if (!d)
                return;
        d->breaks = 0;
        l->job.held = true;
        forget_watches(d, l);
        tell(d, (struct debug_event){.kind = DEBUG_PROGRAM, .thread = l->pid, .value = SIGNAL_TRAP});
}

void debug_ended(struct process *l)
{
        struct debug *d = debug_of(NULL, l->pid);

        for (unsigned i = 0; i < DEBUGGED; i++) {
                if (records[i].pid && records[i].debugger == l->pid)
                        debug_detach(&records[i]);
        }
        if (d)
                tell(d,
                     (struct debug_event){.kind = DEBUG_ENDED, .thread = l->pid, .value = l->end.exit_code});
}
