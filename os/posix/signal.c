/* SPDX-License-Identifier: BSD-2-Clause */
/* See signal.h.  What a handler interrupts lies in a frame on the program's stack, as Linux has it (the calls are in
 * sigcalls.c, which also takes the frame back). */
#include "os/posix/signal.h"
#include "base/text.h"
#include "os/posix/frame.h"
#include "os/posix/posix.h"
#include "os/swap/swap.h"
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

/* Make the registers those of the handler's beginning; false when there is no stack for it. */
static bool enter_handler(struct process *p, int signal, seL4_Word address, seL4_UserContext *registers)
{
        struct signals *s = &p->signals;
        const struct signal_action *a = &s->action[signal - 1];
        seL4_Word at = (registers->sp - SIGNAL_RED_ZONE - sizeof(struct signal_frame)) & ~(seL4_Word)15;
        struct signal_frame f = {.signal = (uint32_t)signal,
                                 .address = address,
                                 .mask = s->other_mask ? s->before : s->blocked,
                                 .fault_address = address};

        frame_keep(&f, registers);
        if (!space_write(p->space, at, &f, sizeof(f)))
                return false;
        s->other_mask = false;
        s->blocked = f.mask | a->mask | (a->flags & SA_NODEFER ? 0 : flag(signal));
        registers->sp = at;
        registers->x0 = (seL4_Word)signal;
        registers->x1 = at;
        registers->x2 = at + offsetof(struct signal_frame, flags);
        registers->x3 = a->handler;
        registers->pc = SIGNAL_CODE;
        if (a->flags & SA_RESETHAND)
                s->action[signal - 1].handler = HANDLER_DEFAULT;
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
               ((p->number >= 63 && p->number <= 68) || p->number == 260 || p->number == 25);
}

/* Registers as they shall be after the handler; those of CALL_SWITCHED are already. */
static void go_on(const struct process *p, int signal, long result, seL4_UserContext *registers)
{
        if (result == CALL_SWITCHED)
                return;
        registers->pc = p->pc;
        if (result == CALL_BLOCKS && restarts(p, signal))
                return;
        registers->pc += INSTRUCTION;
        registers->x0 = (seL4_Word)(result == CALL_BLOCKS ? -SOS_EINTR : result);
}

long signal_after(struct process *p, long result)
{
        seL4_UserContext registers;
        int signal = result == CALL_GONE ? 0 : take(p);

        if (signal == 0) {
                if (result != CALL_BLOCKS && result != CALL_GONE && p->signals.other_mask) {
                        p->signals.blocked = p->signals.before;
                        p->signals.other_mask = false;
                }
                return result;
        }
        if (deadly(p, signal) || seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers)) {
                server_end(p, signal);
                return CALL_GONE;
        }
        go_on(p, signal, result, &registers);
        if (enter_handler(p, signal, 0, &registers) &&
            !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers))
                return CALL_SWITCHED;
        if (swap_awaited()) {
                p->signals.pending |= flag(signal);
                p->held_result = result;
                p->held = p->paging = true;
                return CALL_BLOCKS;
        }
        server_end(p, signal);
        return CALL_GONE;
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
                server_end(p, signal);
        } else if (enter_handler(p, signal, 0, &registers)) {
                if (seL4_TCB_WriteRegisters(p->tcb.cap, true, 0, FRAME_REGISTERS, &registers))
                        server_end(p, signal);
        } else if (swap_awaited()) {
                p->signals.pending |= flag(signal);
                seL4_TCB_Resume(p->tcb.cap);
        } else {
                server_end(p, signal);
        }
}

void signal_late(struct process *p)
{
        if (p->foreign && next(p))
                interrupt(p);
}

bool signal_fault(struct process *p, seL4_Word address)
{
        seL4_UserContext registers;

        if (!p->foreign || p->signals.action[SIGNAL_SEGV - 1].handler <= HANDLER_IGNORE ||
            p->signals.blocked & flag(SIGNAL_SEGV))
                return false;
        return !seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers) &&
               enter_handler(p, SIGNAL_SEGV, address, &registers) &&
               !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, FRAME_REGISTERS, &registers);
}

void signal_send(struct process *p, int signal)
{
        if (p->state != PROCESS_RUNNING && p->state != PROCESS_WAITING)
                return;
        if (ignored(p, signal) && !(p->signals.blocked & flag(signal)))
                return;
        p->signals.pending |= flag(signal);
        if (p == signals.serving)
                return;
        if (signal == SIGNAL_KILL || (!p->foreign && !ignored(p, signal)))
                server_end(p, signal);
        else if (p->state == PROCESS_WAITING)
                server_stir();
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

                if (p->group == group && (p->state == PROCESS_RUNNING || p->state == PROCESS_WAITING))
                        return true;
        }
        return false;
}

int signal_foreground_group(void)
{
        struct process *shell = process_find(1), *child;

        if (signals.foreground && group_lives(signals.foreground))
                return signals.foreground;
        child = shell && shell->state == PROCESS_WAITING ? process_find((int)shell->argument[0]) : NULL;
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

unsigned long signal_alarms(void)
{
        unsigned long nearest = 0, now = clock_us();

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);
                struct signals *s = &p->signals;

                if (p->state == PROCESS_FREE || p->state == PROCESS_ZOMBIE || !s->alarm_us)
                        continue;
                if (now >= s->alarm_us) {
                        s->alarm_us = s->interval_us ? now + s->interval_us : 0;
                        signal_send(p, SIGNAL_ALRM);
                }
                if (s->alarm_us && (!nearest || s->alarm_us < nearest))
                        nearest = s->alarm_us;
        }
        return nearest;
}

bool signal_other_mask(struct process *p, seL4_Word va)
{
        uint64_t mask;

        if (!va || p->state != PROCESS_RUNNING || p->signals.other_mask)
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
}

void signals_for_fork(struct signals *child, const struct signals *parent)
{
        *child = *parent;
        child->pending = 0;
        child->alarm_us = child->interval_us = 0;
}
