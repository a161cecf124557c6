/* SPDX-License-Identifier: BSD-2-Clause */
/* Where traced threads stop, and how they go on; see tracee.h. */
#include "caps/stepping.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/signals/signal_queue.h"
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

static const struct core_watch nothing[TESSERA_WATCHPOINTS];

void tracee_unstep(struct process *p)
{
        if (p->tracee.mode == TRACEE_STEP && p->kernel.tcb.ut)
                core_debug(p->kernel.tcb.cap, false, nothing);
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

void tracee_stop_running(struct process *p, enum tracee_stop stop, int status)
{
        if (p->state == PROCESS_RUNNING && !signal_serves(p))
                p->job.halted = !seL4_TCB_Suspend(p->kernel.tcb.cap);
        p->tracee.inside = false; /* a call that waits begins again */
        tracee_stop(p, stop, status);
}

/* Interrupted, or with its process. */
static void trap(struct process *p)
{
        int with = p->leader->job.stopped;

        tracee_stop_running(p, TRACEE_TRAP, (with ? with : SIGNAL_TRAP) | TRACEE_STOPPED << STOPS_BYTE);
}

static void stop_at_call(struct process *p, enum tracee_stop stop)
{
        tracee_stop(p, stop, SIGNAL_TRAP | (p->tracee.options & TRACEE_TELLS_CALLS ? GOOD : 0));
}

static void stop_at_event(struct process *p, int event, seL4_Word message)
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

static bool is_due(const struct process *p)
{
        return signals_due(p) || p->tracee.interrupts || p->tracee.notifies;
}

/* What came while it stood in a call that begins again: true when the call does not. */
static bool takes_first(struct process *p)
{
        if (!is_due(p))
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
        stop_at_call(p, TRACEE_ENTRY);
        return false;
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

/* What Linux has in place of the result of a call that a signal has ended. */
static int restart_of(const struct call *c)
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

        if (!p->tracee.inside || p->tracee.mode != TRACEE_CALLS || !is_due(p) || signal_spares(p))
                return false;
        p->tracee.restarts = !moved;
        seal(p, moved ? (long)moved : -restart_of(&p->call));
        return true;
}

bool tracee_leaves(struct process *p)
{
        struct tracee *t = &p->tracee;
        struct call *c = &p->call;
        enum call_kind kind = c->result.kind;

        if (kind == CALL_GONE || p->job.held)
                return false;
        if (t->event) {
                int event = t->event;

                if (kind != CALL_WAITS)
                        signal_keep_result(p);
                stop_at_event(p, event, t->event_message);
                t->event_message = 0;
                t->event = 0;
                return true;
        }
        if (kind == CALL_WAITS) {
                if (!is_interrupted(p))
                        return false;
        } else if (t->inside && t->mode == TRACEE_CALLS) {
                seal(p, c->result.value);
        } else {
                t->inside = false;
                return false;
        }
        t->inside = false;
        stop_at_call(p, TRACEE_EXIT);
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
        stop_at_event(p, TRACEE_ENDS, (seL4_Word)status);
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

/* --- going on --- */

/* The signal that it goes on with, in place of the one that it has stopped for. */
static void inject(struct process *p, int signal)
{
        struct tracee *t = &p->tracee;
        struct signal_cause cause = t->cause;
        uint64_t flag = signal_flag(signal);

        if (cause.signal != signal)
                cause = (struct signal_cause){
                        .signal = signal, .code = SENT_BY_USER, .address = (seL4_Word)t->tracer};
        else if (cause.fault && (p->signals.blocked & flag || signal_ignored(p, signal)))
                t->dying = signal; /* its own doing cannot wait */
        if (signal == SIGNAL_KILL)
                t->dying = signal;
        p->signals.pending |= flag;
        signal_queue_return(&p->signals.queue, &cause);
        if (!(p->signals.blocked & flag))
                t->pass = signal;
}

/* A fault is not answered: its instruction is tried again, unless a signal or other registers come first. */
static void leave_fault(struct process *p)
{
        p->call.faulting = false;
        call_stops_waiting(&p->call);
        reply_cancel_client(call_replies(), (seL4_Word)p->pid);
        p->job.halted = !seL4_TCB_Suspend(p->kernel.tcb.cap);
        p->state = PROCESS_RUNNING;
}

/* Registers as before a call that may begin again; its tracer may have chosen other ones. */
static void restart(struct process *p)
{
        struct call *c = &p->call;
        seL4_UserContext r;

        p->tracee.restarts = false;
        if (seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &r) ||
            r.x0 != (seL4_Word)-restart_of(c) || r.pc != c->pc + CALL_INSTRUCTION)
                return;
        r.x0 = c->saved[0];
        r.pc = c->pc;
        seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &r);
        c->held = false;
}

/* A program that has just begun stops once or twice before its first instruction. */
static bool begins_stopped(struct process *p)
{
        struct tracee *t = &p->tracee;
        bool inside = t->inside;

        if (!t->tracer)
                return false;
        t->inside = false;
        if (inside && t->mode == TRACEE_CALLS) {
                stop_at_call(p, TRACEE_EXIT);
                return true;
        }
        if (!t->new_program)
                return false;
        t->new_program = false;
        t->cause = (struct signal_cause){
                .signal = SIGNAL_TRAP, .code = SENT_BY_USER, .address = (seL4_Word)p->pid};
        tracee_stop(p, TRACEE_SIGNAL, SIGNAL_TRAP);
        return true;
}

void tracee_program(struct process *l)
{
        struct tracee *t = &l->tracee;

        if (t->options & 1u << TRACEE_EXEC) {
                stop_at_event(l, TRACEE_EXEC, t->event_message ? t->event_message : (seL4_Word)l->pid);
        } else {
                t->new_program = !t->seized;
                begins_stopped(l);
        }
        t->event_message = 0;
}

/* It runs, but was suspended. */
static void run(struct process *p)
{
        if (begins_stopped(p) || process_halts(p))
                return;
        p->job.halted = false;
        if (is_due(p))
                signal_interrupt(p);
        if (p->state == PROCESS_RUNNING && !process_halts(p))
                seL4_TCB_Resume(p->kernel.tcb.cap);
}

static void go(struct process *p)
{
        struct tracee *t = &p->tracee;

        if (t->dying) {
                process_kill(p, t->dying);
        } else if (t->group_due && t->tracer && p->leader->job.stopped) {
                t->group_due = false;
                tracee_group(p);
        } else if (p->state == PROCESS_WAITING) {
                wait_ring(&p->call.waiter);
        } else if (p->state == PROCESS_RUNNING) {
                run(p);
        }
}

/* A call of that number is none, and its result is what its tracer has put there. */
static void skip_call(struct call *c)
{
        if ((uint32_t)c->number != UINT32_MAX)
                return;
        c->held = true;
        c->held_result = (struct call_result){CALL_ANSWERS, (long)c->saved[0]};
}

bool tracee_go(struct process *p, enum tracee_mode mode, int signal)
{
        struct tracee *t = &p->tracee;
        enum tracee_stop stop = (enum tracee_stop)t->stop;
        struct signal_cause sent = {.signal = signal, .code = SENT_BY_USER, .address = (seL4_Word)t->tracer};

        if (mode == TRACEE_STEP && !core_debug(p->kernel.tcb.cap, true, nothing))
                return false;
        t->mode = (uint8_t)mode;
        t->stop = TRACEE_RUNS;
        t->untold = t->listens = false;
        if (p->call.faulting)
                leave_fault(p);
        if (stop == TRACEE_ENTRY)
                skip_call(&p->call);
        if (t->restarts)
                restart(p);
        if (stop == TRACEE_SIGNAL && signal)
                inject(p, signal);
        else if ((stop == TRACEE_ENTRY || stop == TRACEE_EXIT) && signal)
                signal_send_cause(p, &sent, true);
        p->job.held = false;
        if (thread_lives(p))
                go(p);
        return true;
}
