/* SPDX-License-Identifier: BSD-2-Clause */
/* See signal.h.  What a handler interrupts lies in a frame on the program's stack, as Linux has it (the calls are in
 * sigcalls.c, which also takes the frame back). */
#include "os/process/signal.h"
#include "base/text.h"
#include "os/memory/swap.h"
#include "os/process/signal_frame.h"
#include "sos/clock.h"

enum { HANDLER_DEFAULT = 0, HANDLER_IGNORE = 1, INSTRUCTION = 4 };

static struct {
        struct process *serving;
        int foreground;
} signals;

void signal_serving(struct process *p)
{
        signals.serving = p;
}

void signal_foreground(int group)
{
        signals.foreground = group;
}

static uint64_t flag(int signal)
{
        return 1ull << (signal - 1);
}

static bool ignored_by_default(int signal)
{
        return signal == SIGNAL_CHLD || signal == SIGNAL_URG || signal == SIGNAL_WINCH ||
               (signal >= SIGNAL_CONT && signal <= SIGNAL_STOP + 3); /* stop, by hand or for the terminal */
}

static bool ignored(const struct process *p, int signal)
{
        seL4_Word handler = p->foreign ? p->signals.action[signal - 1].handler : HANDLER_DEFAULT;

        return handler == HANDLER_IGNORE || (handler == HANDLER_DEFAULT && ignored_by_default(signal));
}

/* The lowest signal that can be taken now, 0 when there is none. */
static int next(const struct process *p)
{
        uint64_t now = p->signals.pending & ~p->signals.blocked;

        return now ? __builtin_ctzll(now) + 1 : 0;
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
        const struct signal_action *a = &s->action[cause->signal - 1];
        seL4_Word at = place_frame(s, a, registers->sp);
        struct signal_frame f = {.signal = (uint32_t)cause->signal,
                                 .code = cause->code,
                                 .address = cause->address,
                                 .stack = signal_stack(p, registers->sp),
                                 .mask = s->other_mask ? s->before : s->blocked,
                                 .fault_address = cause->address};

        if (!at || !frame_write(p, at, &f, registers))
                return false;
        s->other_mask = false;
        s->blocked = f.mask | a->mask | (a->flags & SA_NODEFER ? 0 : flag(cause->signal));
        if (s->stack.flags & SS_AUTODISARM)
                s->stack.sp = s->stack.size = s->stack.flags = 0;
        registers->sp = at;
        registers->x0 = (seL4_Word)cause->signal;
        registers->x1 = at;
        registers->x2 = at + offsetof(struct signal_frame, flags);
        registers->x29 = at + FRAME_LINK;
        registers->x30 = a->flags & SA_RESTORER ? a->restorer : SIGNAL_CODE;
        registers->pc = a->handler;
        if (a->flags & SA_RESETHAND)
                s->action[cause->signal - 1].handler = HANDLER_DEFAULT;
        return true;
}

/* Take one pending signal off; 0 when none is left that does anything. */
static int take(struct process *p)
{
        int signal;

        while ((signal = next(p)) != 0) {
                p->signals.pending &= ~flag(signal);
                if (!ignored(p, signal))
                        return signal;
        }
        return 0;
}

static bool deadly(const struct process *p, int signal)
{
        return signal == SIGNAL_KILL || p->signals.action[signal - 1].handler == HANDLER_DEFAULT;
}

/* Calls that begin anew after a handler that wants it (signal(7) of Linux): read, write, wait4 and their like. */
static bool restarts(const struct process *p, int signal)
{
        return p->signals.action[signal - 1].flags & SA_RESTART &&
               ((p->call.number >= 63 && p->call.number <= 68) || p->call.number == 260 ||
                p->call.number == 25);
}

/* Bytes that a transfer has moved before it waited: it ends with them, and is not begun anew. */
static seL4_Word moved(const struct call *c)
{
        return c->number >= 63 && c->number <= 68 ? c->progress : 0;
}

/* Registers as they shall be after the handler; those of CALL_SWITCHED are already. */
static void go_on(const struct process *p, int signal, seL4_UserContext *registers)
{
        const struct call *c = &p->call;

        if (c->result.kind == CALL_SWITCHED)
                return;
        registers->pc = c->pc;
        if (c->result.kind == CALL_WAITS && !moved(c) && restarts(p, signal))
                return;
        registers->pc += INSTRUCTION;
        if (c->result.kind != CALL_WAITS)
                registers->x0 = (seL4_Word)c->result.value;
        else
                registers->x0 = moved(c) ? moved(c) : (seL4_Word)-SOS_EINTR;
}

/* A signal ends a call that waits, but for those that cannot be left half done: these go on unless it is deadly. */
static bool spares(const struct process *p)
{
        uint64_t now = p->signals.pending & ~p->signals.blocked;

        if (p->call.result.kind != CALL_WAITS || (!p->call.whole && !p->call.more))
                return false;
        for (int signal = 1; now >> (signal - 1); signal++) {
                if (now & flag(signal) && !ignored(p, signal) && deadly(p, signal))
                        return false;
                if (signal == PROCESS_SIGNALS)
                        break;
        }
        return true;
}

static void end(struct process *p, int signal)
{
        process_kill(p, signal);
        call_gone(p);
}

/* The handler's frame waits for the stack in swap, and the result of the call with it. */
static void hold(struct process *p, int signal)
{
        struct call *c = &p->call;

        p->signals.pending |= flag(signal);
        c->held = c->paging = true;
        c->held_result = c->result;
        call_waits(p, swap_queue());
}

void signal_after(struct process *p)
{
        enum call_kind kind = p->call.result.kind;
        seL4_UserContext registers;
        int signal = kind == CALL_GONE || spares(p) ? 0 : take(p);

        if (signal == 0) {
                if (kind != CALL_WAITS && kind != CALL_GONE && p->signals.other_mask) {
                        p->signals.blocked = p->signals.before;
                        p->signals.other_mask = false;
                }
                return;
        }
        if (deadly(p, signal) || seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers)) {
                end(p, signal);
                return;
        }
        go_on(p, signal, &registers);
        if (enter_handler(p, &(struct signal_cause){.signal = signal}, &registers) &&
            !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers))
                call_switched(p);
        else if (swap_awaited())
                hold(p, signal);
        else
                end(p, signal);
}

/* A process of Linux that is not in a call of its own: what it was about to ask is asked again after the handler. */
static void interrupt(struct process *p)
{
        seL4_UserContext registers;
        int signal = take(p);

        if (signal == 0)
                return;
        if (deadly(p, signal) || seL4_TCB_Suspend(p->tcb.cap) ||
            seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers)) {
                process_kill(p, signal);
        } else if (enter_handler(p, &(struct signal_cause){.signal = signal}, &registers)) {
                if (seL4_TCB_WriteRegisters(p->tcb.cap, true, 0, FRAME_REGISTERS, &registers))
                        process_kill(p, signal);
        } else if (swap_awaited()) {
                p->signals.pending |= flag(signal);
                wait_at(&p->call.waiter, swap_queue());
                seL4_TCB_Resume(p->tcb.cap);
        } else {
                process_kill(p, signal);
        }
}

void signal_late(struct process *p)
{
        if (p->foreign && next(p))
                interrupt(p);
}

bool signal_fault(struct process *p, const struct signal_cause *cause)
{
        seL4_UserContext registers;

        if (!p->foreign || p->signals.action[cause->signal - 1].handler <= HANDLER_IGNORE ||
            p->signals.blocked & flag(cause->signal))
                return false;
        return !seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers) &&
               enter_handler(p, cause, &registers) &&
               !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers);
}

void signal_send(struct process *p, int signal)
{
        if (!process_lives(p))
                return;
        if (ignored(p, signal) && !(p->signals.blocked & flag(signal)))
                return;
        p->signals.pending |= flag(signal);
        if (p == signals.serving)
                return;
        if (signal == SIGNAL_KILL || (!p->foreign && !ignored(p, signal)))
                process_kill(p, signal);
        else if (p->state == PROCESS_WAITING)
                wait_ring(&p->call.waiter);
        else
                interrupt(p);
}

void signal_child(struct process *parent, struct process *child)
{
        if (parent->foreign && parent->signals.action[SIGNAL_CHLD - 1].handler == HANDLER_IGNORE)
                process_forget(child);
        else
                signal_send(parent, SIGNAL_CHLD);
}

static bool group_lives(int group)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->group == group && process_lives(p))
                        return true;
        }
        return false;
}

int signal_foreground_group(void)
{
        struct process *shell = process_find(1), *child;

        if (signals.foreground && group_lives(signals.foreground))
                return signals.foreground;
        child = shell && shell->state == PROCESS_WAITING ? process_find((int)shell->call.argument[0]) : NULL;
        return child ? child->group : 0;
}

void signal_key(void)
{
        int group = signal_foreground_group();

        for (unsigned i = 0; group && i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state != PROCESS_FREE && p->group == group && p->pid != 1)
                        signal_send(p, SIGNAL_INT);
        }
}

void signal_alarm(struct process *p)
{
        struct signals *s = &p->signals;
        uint64_t now = clock_us();

        if (!s->alarm.at || now < s->alarm.at)
                return;
        alarm_set(&s->alarm, &p->call.waiter, s->interval_us ? now + s->interval_us : 0);
        signal_send(p, SIGNAL_ALRM);
}

bool signal_other_mask(struct process *p, seL4_Word va)
{
        uint64_t mask;

        if (!va || !p->call.first || p->signals.other_mask)
                return true;
        if (!space_read(p->space, va, &mask, sizeof(mask)))
                return false;
        p->signals.before = p->signals.blocked;
        p->signals.blocked = mask & ~(flag(SIGNAL_KILL) | flag(SIGNAL_STOP));
        p->signals.other_mask = true;
        return true;
}

void signals_for_exec(struct signals *s)
{
        for (int i = 0; i < PROCESS_SIGNALS; i++) {
                if (s->action[i].handler != HANDLER_IGNORE)
                        s->action[i] = (struct signal_action){0};
        }
        s->stack.sp = s->stack.size = s->stack.flags = 0;
}

void signals_for_fork(struct signals *child, const struct signals *parent)
{
        *child = *parent;
        child->pending = 0;
        child->alarm = (struct alarm){0};
        child->interval_us = 0;
}
