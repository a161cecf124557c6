/* SPDX-License-Identifier: BSD-2-Clause */
/* Where traced threads stop; see tracee.h. */
#include "os/process/numbers.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/tracee_parts.h"

enum {
        RESTARTS = 512, /* as Linux tells a tracer that a call was interrupted */
        RESTARTS_UNLESS_HANDLED = 514,
        RESTARTS_REST = 516,
        STOPS_BYTE = 8,
        GOOD = 0x80,
        MESSAGE_ENTRY = 1,
        MESSAGE_EXIT = 2
};

/* --- stopping --- */

static void tell(struct process *p)
{
        struct process *tracer = process_find(p->tracee.tracer);
        struct signal_cause cause = {.signal = SIGNAL_CHLD,
                                     .code = CHILD_TRAPPED,
                                     .address = (seL4_Word)p->pid,
                                     .value = (seL4_Word)p->tracee.status & 0x7f};

        if (!tracer || !process_lives(tracer))
                return;
        wait_wake(&tracer->waits.children);
        if (!(tracer->handlers->action[SIGNAL_CHLD - 1].flags & SA_NOCLDSTOP))
                signal_send_cause(tracer, &cause, false);
}

const struct core_watch tracee_no_watch[TESSERA_WATCHPOINTS];

void tracee_unstep(struct process *p)
{
        if (p->tracee.mode == TRACEE_STEP && p->kernel.tcb.ut)
                core_debug(p->kernel.tcb.cap, false, tracee_no_watch);
}

void tracee_stop(struct process *p, enum tracee_stop stop, int status)
{
        struct tracee *t = &p->tracee;

        tracee_unstep(p);
        t->stop = (uint8_t)stop;
        t->status = status;
        t->message = stop == TRACEE_ENTRY ? MESSAGE_ENTRY : stop == TRACEE_EXIT ? MESSAGE_EXIT : 0;
        t->untold = true;
        t->listens = t->interrupts = false;
        if (stop == TRACEE_TRAP)
                t->notifies = false;
        if (stop != TRACEE_SIGNAL)
                t->cause = (struct signal_cause){
                        .signal = status & 0x7f, .code = status, .address = (seL4_Word)p->pid};
        p->job.held = true;
        tell(p);
}

/* It stands between pieces of a call, which goes on with them. */
static bool has_pieces(const struct process *p)
{
        const struct call *c = &p->call;

        return c->result.kind == CALL_WAITS && !c->held && (c->more || c->whole || call_half_done(p));
}

void tracee_stop_running(struct process *p, enum tracee_stop stop, int status)
{
        if (p->state == PROCESS_RUNNING && !signal_serves(p))
                p->job.halted = !seL4_TCB_Suspend(p->kernel.tcb.cap);
        if (!has_pieces(p))
                p->tracee.inside = false; /* a call that waits begins again */
        tracee_stop(p, stop, status);
}

/* Interrupted, or with its process. */
static void trap(struct process *p)
{
        int with = p->leader->job.stopped;

        tracee_stop_running(p, TRACEE_TRAP, (with ? with : SIGNAL_TRAP) | TRACEE_STOPPED << STOPS_BYTE);
}

void tracee_stop_at_call(struct process *p, enum tracee_stop stop)
{
        tracee_stop(p, stop, SIGNAL_TRAP | (p->tracee.options & TRACEE_TELLS_CALLS ? GOOD : 0));
}

void tracee_stop_at_event(struct process *p, int event, seL4_Word message)
{
        tracee_stop(p, TRACEE_EVENT, SIGNAL_TRAP | event << STOPS_BYTE);
        p->tracee.message = message;
}

void tracee_group(struct process *p)
{
        struct tracee *t = &p->tracee;

        if (t->stop)
                *(t->seized ? &t->notifies : &t->group_due) = true;
        else if (t->seized)
                trap(p);
        else
                tracee_stop_running(p, TRACEE_GROUP, p->leader->job.stopped);
}

void tracees_continue(struct process *l)
{
        struct process *p = l;

        do {
                if (p->tracee.tracer && p->tracee.seized && thread_lives(p)) {
                        p->tracee.notifies = true;
                        if (!p->tracee.stop || p->tracee.listens)
                                tracee_interrupt(p);
                }
                p->tracee.group_due = false;
                p = p->ring.next;
        } while (p != l);
}

void tracee_interrupt(struct process *p)
{
        struct tracee *t = &p->tracee;

        t->interrupts = true;
        if (t->listens)
                trap(p);
        else if (t->stop || signal_serves(p))
                return;
        else if (p->state == PROCESS_WAITING && p->call.faulting)
                trap(p);
        else if (p->state == PROCESS_WAITING)
                wait_ring(&p->call.waiter);
        else if (p->state == PROCESS_RUNNING)
                trap(p);
}

void tracee_listen(struct process *p)
{
        p->tracee.listens = true;
        p->tracee.untold = false;
        if (p->tracee.notifies)
                trap(p);
}

/* --- calls --- */

bool tracee_in_call(const struct process *p)
{
        return p->state == PROCESS_WAITING && !p->call.faulting && !p->call.held;
}

bool tracee_is_due(const struct process *p)
{
        return signals_due(p) || p->tracee.interrupts || p->tracee.notifies;
}

/* What came while it stood in a call that begins again: true when the call does not. */
static bool takes_first(struct process *p)
{
        if (!tracee_is_due(p))
                return false;
        call_waits(p, NULL);
        signal_serving(p);
        signal_after(p);
        signal_serving(NULL);
        if (p->call.result.kind != CALL_WAITS || p->job.held || p->call.held)
                return true;
        call_answers(p, 0);
        return false;
}

bool tracee_enters(struct process *p)
{
        struct tracee *t = &p->tracee;
        struct call *c = &p->call;

        if (t->inside || c->held)
                return true;
        if (p->state == PROCESS_WAITING && takes_first(p))
                return false;
        t->inside = true;
        if (t->mode != TRACEE_CALLS)
                return true;
        c->paging = c->first; /* so that it still is */
        call_waits(p, NULL);
        tracee_stop_at_call(p, TRACEE_ENTRY);
        return false;
}

bool tracee_before_call(const struct process *p)
{
        const struct tracee *t = &p->tracee;

        return t->stop == TRACEE_ENTRY ||
               (t->stop == TRACEE_EVENT && t->status >> STOPS_BYTE == TRACEE_FILTER);
}

bool tracee_filtered(struct process *p, unsigned number)
{
        struct call *c = &p->call;

        if (!(p->tracee.options & 1u << TRACEE_FILTER))
                return false;
        c->told = true;
        c->paging = c->first; /* so that it still is */
        call_waits(p, NULL);
        tracee_stop_at_event(p, TRACEE_FILTER, number);
        return true;
}

/* Its registers become those behind the call, with that result. */
static void seal(struct process *p, long value)
{
        struct call *c = &p->call;
        seL4_UserContext r;

        if (c->result.kind != CALL_SWITCHED &&
            !seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &r)) {
                r.pc = c->pc + CALL_INSTRUCTION;
                r.x0 = (seL4_Word)value;
                seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &r);
        }
        call_switched(p);
        signal_keep_result(p);
}

int tracee_restart_of(const struct call *c)
{
        switch (c->number) {
        case LINUX_PPOLL:
        case LINUX_PSELECT6:
        case LINUX_RT_SIGSUSPEND:
        case LINUX_MSGRCV:
        case LINUX_MSGSND:
                return RESTARTS_UNLESS_HANDLED;
        case LINUX_NANOSLEEP:
        case LINUX_CLOCK_NANOSLEEP:
                return RESTARTS_REST;
        default:
                return RESTARTS;
        }
}

/* A call that waits is about to be interrupted, which its tracer sees as its end. */
static bool is_interrupted(struct process *p)
{
        seL4_Word moved = signal_moved(&p->call);

        if (!p->tracee.inside || p->tracee.mode != TRACEE_CALLS || !tracee_is_due(p) || signal_spares(p))
                return false;
        p->tracee.restarts = !moved;
        seal(p, moved ? (long)moved : -tracee_restart_of(&p->call));
        return true;
}

/* Its registers are final, if it stops there. */
static bool stop_behind(struct process *p)
{
        bool told = p->tracee.inside && p->tracee.mode == TRACEE_CALLS;

        p->tracee.inside = false;
        if (!told)
                return false;
        seal(p, p->call.result.value);
        tracee_stop_at_call(p, TRACEE_EXIT);
        return true;
}

/* What its call has caused is told before that it ends. */
static void tell_event(struct process *p)
{
        struct tracee *t = &p->tracee;

        if (p->call.result.kind != CALL_WAITS)
                signal_keep_result(p);
        tracee_stop_at_event(p, t->event, t->event_message);
        t->event_message = 0;
        t->event = 0;
}

bool tracee_leaves(struct process *p)
{
        enum call_kind kind = p->call.result.kind;

        if (kind == CALL_GONE || p->job.held)
                return false;
        if (p->tracee.event) {
                tell_event(p);
                return true;
        }
        if (kind != CALL_WAITS)
                return stop_behind(p);
        if (!is_interrupted(p))
                return false;
        p->tracee.inside = false;
        tracee_stop_at_call(p, TRACEE_EXIT);
        return true;
}

/* --- signals --- */

bool tracee_traps(struct process *p)
{
        struct tracee *t = &p->tracee;

        if (t->interrupts || t->notifies)
                trap(p);
        return p->job.held;
}

uint64_t tracee_wanted(struct process *p)
{
        struct tracee *t = &p->tracee;

        if (t->pass && !(p->signals.pending & signal_flag(t->pass)))
                t->pass = 0;
        return t->pass ? signal_flag(t->pass) : ~p->signals.blocked;
}

bool tracee_signal(struct process *p, const struct signal_cause *cause)
{
        if (p->tracee.pass == cause->signal || cause->signal == SIGNAL_KILL) {
                p->tracee.pass = 0;
                return false;
        }
        p->tracee.cause = *cause;
        tracee_stop_running(p, TRACEE_SIGNAL, cause->signal);
        return true;
}

bool tracee_fault(struct process *p, const struct signal_cause *cause)
{
        p->tracee.cause = *cause;
        tracee_stop(p, TRACEE_SIGNAL, cause->signal);
        return true;
}

/* A thread that is about to end tells its tracer, and ends when it is let go. */
bool tracee_ends(struct process *p, int status)
{
        struct tracee *t = &p->tracee;

        if (!(t->options & 1u << TRACEE_ENDS) || t->told_exit || process_leaves(p))
                return false;
        t->told_exit = true;
        tracee_stop_at_event(p, TRACEE_ENDS, (seL4_Word)status);
        return true;
}

bool tracee_dies(struct process *p, int signal)
{
        if (signal == SIGNAL_KILL || !tracee_ends(p, signal))
                return false;
        p->tracee.dying = signal;
        if (signal_serves(p))
                signal_keep_result(p);
        else if (p->state == PROCESS_RUNNING)
                p->job.halted = !seL4_TCB_Suspend(p->kernel.tcb.cap);
        return true;
}
