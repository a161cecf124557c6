/* SPDX-License-Identifier: BSD-2-Clause */
/* How traced threads go on; see tracee.h. */
#include "os/process/charge.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/tracee_parts.h"

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
            r.x0 != (seL4_Word)-tracee_restart_of(c) || r.pc != c->pc + CALL_INSTRUCTION)
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
                tracee_stop_at_call(p, TRACEE_EXIT);
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
                tracee_stop_at_event(l, TRACEE_EXEC, t->event_message ? t->event_message : (seL4_Word)l->pid);
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
        if (tracee_is_due(p))
                signal_interrupt(p);
        if (p->state == PROCESS_RUNNING && !process_halts(p))
                charge_resume(p);
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
        bool before = tracee_before_call(p);
        struct signal_cause sent = {.signal = signal, .code = SENT_BY_USER, .address = (seL4_Word)t->tracer};

        if (mode == TRACEE_STEP && !core_debug(p->kernel.tcb.cap, true, tracee_no_watch))
                return false;
        t->mode = (uint8_t)mode;
        t->stop = TRACEE_RUNS;
        t->untold = t->listens = false;
        if (p->call.faulting)
                leave_fault(p);
        if (before)
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
