/* SPDX-License-Identifier: BSD-2-Clause */
/* See signal.h.  What a handler interrupts lies in a frame on the program's stack, as Linux has it (the calls are in
 * sigcalls.c, which also takes the frame back). */
#include "os/process/signals/signal.h"
#include "base/text.h"
#include "os/memory/swap.h"
#include "os/process/charge.h"
#include "os/process/job.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/signals/signal_parts.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/tracee.h"
#include "os/process/vdso.h"
#include "os/process/vdso_page.h"
#include "sos/clock.h"

enum { INSTRUCTION = 4 };

static struct process *serving;

void signal_serving(struct process *p)
{
        serving = p;
}

bool signal_serves(const struct process *p)
{
        return serving == p;
}

struct process *signal_served(void)
{
        return serving;
}

static bool ignored_by_default(int signal)
{
        return signal == SIGNAL_CHLD || signal == SIGNAL_URG || signal == SIGNAL_WINCH ||
               signal == SIGNAL_CONT;
}

bool signal_ignored(const struct process *p, int signal)
{
        seL4_Word handler = p->kind.foreign ? p->handlers->action[signal - 1].handler : HANDLER_DEFAULT;

        return handler == HANDLER_IGNORE ||
               (handler == HANDLER_DEFAULT &&
                (ignored_by_default(signal) || (!p->kind.foreign && job_stops(signal))));
}

/* Those that could be taken now: the thread's own, and its process's. */
bool signal_interrupts(const struct process *p)
{
        for (uint64_t now = signals_due(p); now; now &= now - 1) {
                if (!signal_ignored(p, __builtin_ctzll(now) + 1))
                        return true;
        }
        return false;
}

/* Does that stack pointer lie on the stack for handlers? */
static bool on_stack(const struct signals *s, seL4_Word sp)
{
        return s->stack.size && !(s->stack.flags & SS_AUTODISARM) && sp > s->stack.sp &&
               sp - s->stack.sp <= s->stack.size;
}

struct frame_stack signal_stack(const struct process *p, seL4_Word sp)
{
        const struct signals *s = &p->signals;
        uint32_t state = on_stack(s, sp) ? SS_ONSTACK : s->stack.size ? 0 : SS_DISABLE;

        return (struct frame_stack){
                .sp = s->stack.sp, .flags = s->stack.flags | state, .size = s->stack.size};
}

long signal_set_stack(struct process *p, const struct frame_stack *stack, seL4_Word sp)
{
        uint32_t mode = stack->flags & ~SS_AUTODISARM;
        struct signals *s = &p->signals;

        if (on_stack(s, sp))
                return -SOS_EPERM;
        if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
                return -SOS_EINVAL;
        if (mode != SS_DISABLE && stack->size < SS_MIN)
                return -SOS_ENOMEM;
        s->stack.sp = mode == SS_DISABLE ? 0 : stack->sp;
        s->stack.size = mode == SS_DISABLE ? 0 : stack->size;
        s->stack.flags = stack->flags & SS_AUTODISARM;
        return 0;
}

/* Where the frame lies; 0 when it would leave the stack for handlers that it is nested on. */
static seL4_Word place_frame(const struct signals *s, const struct signal_action *a, seL4_Word sp)
{
        bool on = on_stack(s, sp), enter = !on && a->flags & SA_ONSTACK && s->stack.size;
        seL4_Word at = ((enter ? s->stack.sp + s->stack.size : sp) - FRAME_BYTES) & ~(seL4_Word)15;

        return (on || enter) && (at < s->stack.sp || at > s->stack.sp + s->stack.size) ? 0 : at;
}

/* Make the registers those of the handler's beginning; false when there is no stack for it. */
static bool enter_handler(struct process *p, const struct signal_cause *cause, seL4_UserContext *registers)
{
        struct signals *s = &p->signals;
        struct signal_action *a = &p->handlers->action[cause->signal - 1];
        seL4_Word at = place_frame(s, a, registers->sp);
        struct signal_frame f = {.stack = signal_stack(p, registers->sp),
                                 .mask = s->other_mask ? s->before : s->blocked,
                                 .fault_address = cause->fault ? cause->address : 0};

        signal_tell(cause, &f);
        if (!at || !frame_write(p, at, &f, registers))
                return false;
        s->other_mask = false;
        s->blocked = f.mask | a->mask | (a->flags & SA_NODEFER ? 0 : signal_flag(cause->signal));
        if (s->stack.flags & SS_AUTODISARM)
                s->stack.sp = s->stack.size = s->stack.flags = 0;
        registers->sp = at;
        registers->x0 = (seL4_Word)cause->signal;
        registers->x1 = at;
        registers->x2 = at + offsetof(struct signal_frame, flags);
        registers->x29 = at + FRAME_LINK;
        registers->x30 = a->flags & SA_RESTORER ? a->restorer : VDSO_START + VDSO_RETURN;
        registers->pc = a->handler;
        if (a->flags & SA_RESETHAND)
                a->handler = HANDLER_DEFAULT;
        return true;
}

void signal_tell(const struct signal_cause *cause, struct signal_frame *f)
{
        f->signal = (uint32_t)cause->signal;
        f->code = (uint32_t)cause->code;
        f->error = (uint32_t)cause->error;
        f->address = cause->address;
        f->more[0] = cause->value;
}

bool signal_take(struct process *p, uint64_t set, struct signal_cause *cause)
{
        struct signals *own = &p->signals, *common = &p->leader->signals;
        uint64_t now = (own->pending | common->common) & set;
        bool kill = now & signal_flag(SIGNAL_KILL), own_call = own->pending & set & signal_flag(SIGNAL_SYS);
        int signal = kill ? SIGNAL_KILL : own_call ? SIGNAL_SYS : now ? __builtin_ctzll(now) + 1 : 0;

        *cause = (struct signal_cause){.signal = signal};
        if (!now)
                return false;
        if (own->pending & signal_flag(signal)) {
                if (!signal_queue_take(&own->queue, cause))
                        own->pending &= ~signal_flag(signal);
        } else if (!signal_queue_take(&common->common_queue, cause)) {
                common->common &= ~signal_flag(signal);
        }
        return true;
}

static bool deadly(const struct process *p, int signal)
{
        return signal == SIGNAL_KILL || p->handlers->action[signal - 1].handler == HANDLER_DEFAULT;
}

/* Take one pending signal off; false when none is left that does anything but stop the process. */
static bool take(struct process *p, struct signal_cause *cause)
{
        while (!process_halts(p) && !(p->tracee.tracer && tracee_traps(p)) &&
               signal_take(p, p->tracee.tracer ? tracee_wanted(p) : ~p->signals.blocked, cause)) {
                if (p->tracee.tracer && tracee_signal(p, cause))
                        return false;
                if (signal_ignored(p, cause->signal))
                        continue;
                if (!job_stops(cause->signal) || !deadly(p, cause->signal))
                        return true;
                job_stop(p->leader, cause->signal);
        }
        return false;
}

/* The signal cannot be taken yet. */
static void put_back(struct process *p, const struct signal_cause *cause)
{
        p->signals.pending |= signal_flag(cause->signal);
        signal_queue_return(&p->signals.queue, cause);
        p->tracee.pass = cause->signal; /* its tracer knows of it */
}

/* read, write, and their like with vectors and places. */
static bool is_transfer(const struct call *c)
{
        return c->number >= LINUX_READ && c->number <= LINUX_PWRITE64;
}

/* Of a stream, one may have moved a part. */
static bool is_message(const struct call *c)
{
        return c->number == LINUX_SENDTO || c->number == LINUX_RECVFROM || c->number == LINUX_SENDMSG ||
               c->number == LINUX_RECVMSG;
}

/* Calls that restart after a handler with SA_RESTART (signal(7) of Linux): read, write, wait4 and their like. */
static bool restarts(const struct process *p, int signal)
{
        static const uint16_t calls[] = {LINUX_FCNTL,   LINUX_IOCTL,   LINUX_FLOCK,    LINUX_WAITID,
                                         LINUX_ACCEPT,  LINUX_SENDTO,  LINUX_RECVFROM, LINUX_SENDMSG,
                                         LINUX_RECVMSG, LINUX_ACCEPT4, LINUX_WAIT4};
        seL4_Word number = p->call.number;
        bool known = is_transfer(&p->call) || (number == LINUX_FUTEX && !p->call.argument[3]);

        if (number == LINUX_FUTEX && p->call.futex.owner)
                return true; /* a lock, whatever the handler wants */
        for (unsigned i = 0; i < sizeof(calls) / sizeof(*calls); i++)
                known |= number == calls[i];
        return known && p->handlers->action[signal - 1].flags & SA_RESTART;
}

seL4_Word signal_moved(const struct call *c)
{
        return is_transfer(c) || is_message(c) ? c->progress : 0;
}

/* Registers as they are to be after the handler; those of CALL_SWITCHED are that already. */
static void go_on(const struct process *p, int signal, seL4_UserContext *registers)
{
        const struct call *c = &p->call;

        if (c->result.kind == CALL_SWITCHED)
                return;
        registers->pc = c->pc;
        if (c->result.kind == CALL_WAITS && !signal_moved(c) && restarts(p, signal))
                return;
        registers->pc += INSTRUCTION;
        if (c->result.kind != CALL_WAITS)
                registers->x0 = (seL4_Word)c->result.value;
        else
                registers->x0 = signal_moved(c) ? signal_moved(c) : (seL4_Word)-SOS_EINTR;
}

bool signal_spares(const struct process *p)
{
        uint64_t now = signals_due(p);

        if (p->call.result.kind != CALL_WAITS || (!p->call.whole && !p->call.more))
                return false;
        if (p->tracee.tracer && call_half_done(p))
                return !(now & signal_flag(SIGNAL_KILL)); /* a tracer may let it live */
        for (int signal = 1; now >> (signal - 1); signal++) {
                if (now & signal_flag(signal) && !signal_ignored(p, signal) && deadly(p, signal))
                        return false;
                if (signal == PROCESS_SIGNALS)
                        break;
        }
        return true;
}

static void end(struct process *p, int signal)
{
        if (p->tracee.tracer && tracee_dies(p, signal))
                return;
        process_kill(p, signal);
        call_gone(p);
}

void signal_keep_result(struct process *p)
{
        struct call *c = &p->call;

        c->held = true;
        c->held_result = c->result;
        call_waits(p, NULL);
}

/* The handler's frame waits for the stack in swap, and the result of the call with it. */
static void hold(struct process *p, const struct signal_cause *cause)
{
        struct call *c = &p->call;

        put_back(p, cause);
        signal_keep_result(p);
        call_stops_waiting(c);
        c->paging = true;
        call_waits(p, swap_queue());
}

/* A call has ended, and no signal is taken. */
static void without(struct process *p)
{
        if (process_halts(p)) {
                signal_keep_result(p);
        } else if (p->signals.other_mask) {
                p->signals.blocked = p->signals.before;
                p->signals.other_mask = false;
        }
}

void signal_after(struct process *p)
{
        enum call_kind kind = p->call.result.kind;
        seL4_UserContext registers;
        struct signal_cause cause;

        if (kind == CALL_GONE)
                return;
        if ((!signals_due(p) && !p->tracee.tracer) || signal_spares(p) || !take(p, &cause)) {
                if (kind != CALL_WAITS)
                        without(p);
                return;
        }
        if (deadly(p, cause.signal) ||
            seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers)) {
                end(p, cause.signal);
                return;
        }
        go_on(p, cause.signal, &registers);
        if (enter_handler(p, &cause, &registers) &&
            !seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers))
                call_switched(p);
        else if (swap_awaited())
                hold(p, &cause);
        else
                end(p, cause.signal);
}

/* A process of Linux that is not in a call of its own: what it was about to ask is asked again after the handler. */
void signal_interrupt(struct process *p)
{
        seL4_UserContext registers;
        struct signal_cause cause;

        if (!take(p, &cause))
                return;
        if (deadly(p, cause.signal) || seL4_TCB_Suspend(p->kernel.tcb.cap) ||
            seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers)) {
                if (!p->tracee.tracer || !tracee_dies(p, cause.signal))
                        process_kill(p, cause.signal);
        } else if (enter_handler(p, &cause, &registers)) {
                if (seL4_TCB_WriteRegisters(p->kernel.tcb.cap, !p->charge.rests, 0, FRAME_REGISTERS,
                                            &registers))
                        process_kill(p, cause.signal);
        } else if (swap_awaited()) {
                put_back(p, &cause);
                wait_at(&p->call.waiter, swap_queue());
                charge_resume(p);
        } else {
                process_kill(p, cause.signal);
        }
}

void signal_late(struct process *p)
{
        if (p->kind.foreign && signals_due(p))
                signal_interrupt(p);
}

bool signal_fault(struct process *p, const struct signal_cause *cause)
{
        seL4_UserContext registers;

        if (!p->kind.foreign || p->handlers->action[cause->signal - 1].handler <= HANDLER_IGNORE ||
            p->signals.blocked & signal_flag(cause->signal))
                return false;
        return !seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers) &&
               enter_handler(p, cause, &registers) &&
               !seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers);
}

bool signal_other_mask(struct process *p, seL4_Word va)
{
        uint64_t mask;

        if (!va || !p->call.first || p->signals.other_mask)
                return true;
        if (!space_read(p->space, va, &mask, sizeof(mask)))
                return false;
        p->signals.before = p->signals.blocked;
        p->signals.blocked = mask & ~(signal_flag(SIGNAL_KILL) | signal_flag(SIGNAL_STOP));
        p->signals.other_mask = true;
        return true;
}
