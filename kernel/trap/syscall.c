/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls: a number becomes an invocation, a receive, or both (spec ipc.md 2, 3, 4). */
#include "trap/syscall.h"
#include "door/local.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "irq/irq.h"
#include "sched/sched.h"
#include "time/clock.h"
#include "time/preempt.h"
#include "time/sched_context.h"
#include "trap/leave.h"
#include "trap/receive.h"
#include "trap/short.h"
#include "trap/traced.h"
#include "trap/trap.h"

void raise_cap_fault(struct thread *t, word cptr, bool receiving, struct lookup_fault f)
{
        t->fault = (struct fault){.type = FAULT_CAP, .cap = {cptr, receiving, f}};
        fault_raise(t);
}

/* Where a system call begins again when it must stop. */
static void stop(struct thread *t)
{
        t->state = RESTARTING;
        sched_preempted();
        irq_handle();
}

/* One phase; a first one must not be repeated. */
static void do_receive(struct thread *t, struct receive *how, bool second_phase)
{
        if (how->found || receive_find(t, how, &message_none) == DONE) {
                receive(t, how);
                return;
        }
        if (second_phase)
                thread_keep_progress(t, &(struct progress){PROGRESS_RECEIVES, t->context.x[REG_BADGE],
                                                           t->context.restart, 1});
        stop(t);
}

static void one_phase(struct thread *t, bool with_reply, bool blocking)
{
        struct receive how;

        how.with_reply = with_reply;
        how.blocking = blocking;
        how.found = false;
        do_receive(t, &how, false);
}

/* ReplyRecv, NBSendRecv, NBSendWait: the first phase, unless that is done and the receive phase had to stop. */
static void two_phases(struct thread *t, word cptr, bool with_reply)
{
        struct progress p = {PROGRESS_RECEIVES, t->context.x[REG_BADGE], t->context.restart, 0};
        struct receive how;

        how.with_reply = with_reply;
        how.blocking = true;
        how.found = false;
        if (t->interrupted && t->fault.progress.what == PROGRESS_RECEIVES)
                thread_go_on(t, &p);
        if (p.at || request_perform(t, cptr, MODE_FIRST, &how))
                do_receive(t, &how, true);
}

static void unknown_syscall(struct thread *t)
{
        t->fault.type = FAULT_UNKNOWN_SYSCALL;
        fault_raise(t);
}

/* A Yield gives up the whole head, so everything due has to be merged into it first.  False: stopped. */
static __attribute__((noinline)) bool catch_up(struct thread *t)
{
        while (t->sc->behind) {
                sc_catch_up(t->sc);
                if (preempt_point(REFILL_MERGES_COST)) {
                        stop(t);
                        return false;
                }
        }
        return true;
}

static void dispatch(struct thread *t, int64_t number)
{
        const word *x = t->context.x;

        switch (number) {
        case SYS_CALL:
                request_perform(t, x[REG_BADGE], MODE_CALL, NULL);
                break;
        case SYS_SEND:
                request_perform(t, x[REG_BADGE], MODE_SEND, NULL);
                break;
        case SYS_NBSEND:
                request_perform(t, x[REG_BADGE], MODE_NBSEND, NULL);
                break;
        case SYS_REPLY_RECV:
                two_phases(t, x[REG_REPLY], true);
                break;
        case SYS_NBSEND_RECV:
                two_phases(t, x[REG_SECOND], true);
                break;
        case SYS_NBSEND_WAIT:
                two_phases(t, x[REG_REPLY], false);
                break;
        case SYS_RECV:
        case SYS_NBRECV:
                one_phase(t, true, number == SYS_RECV);
                break;
        case SYS_WAIT:
        case SYS_NBWAIT:
                one_phase(t, false, number == SYS_WAIT);
                break;
        case SYS_YIELD:
                if (!rarely(t->sc->behind != 0) || catch_up(t))
                        sched_yield_turn();
                break;
        default:
                unknown_syscall(t);
        }
}

__attribute__((noinline)) struct context *long_way(struct thread *t, int64_t number)
{
        if (is_local())
                return door_again();
        if (t->flags & THREAD_LONG_WAYS) {
                if (rarely(t->flags & THREAD_TRACED))
                        traced_entry(t, number);
                if (t->flags & THREAD_SVC_FAULTS)
                        number = SYS_NONE;
        }
        if (DEBUG_BUILD && debug_call(t, (word)number))
                return &t->context;
        if (number < SYS_YIELD || number >= SYS_NONE) {
                struct thread *handler = short_handler(this_core(), t);

                if (handler) {
                        t->fault.type = FAULT_UNKNOWN_SYSCALL;
                        return short_fault(this_core(), t, handler);
                }
        }
        clock_account();
        if (sched_gate())
                dispatch(t, number);
        return leave();
}

struct context *trap_syscall(void)
{
        struct thread *t = this_core()->current;
        word cptr = t->context.x[REG_BADGE], info = t->context.x[REG_INFO];
        int64_t number = (int64_t)t->context.x[REG_SYSCALL];

        if (number == SYS_CALL)
                return trap_call(cptr, info, t);
        if (number == SYS_REPLY_RECV)
                return trap_reply_recv(cptr, info, t);
        return trap_other_syscall(cptr, info, t, number);
}
