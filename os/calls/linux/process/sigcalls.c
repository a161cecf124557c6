/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls about signals, and the frame that a handler comes back to. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"
#include "sos/clock.h"

enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2, MASK_BYTES = 8, INFO_BYTES = 128 };

static const uint64_t UNBLOCKABLE = 1ull << (SIGNAL_KILL - 1) | 1ull << (SIGNAL_STOP - 1);

long posix_sigaction(struct process *p)
{
        enum { HANDLER, FLAGS, RESTORER, MASK, WORDS };
        seL4_Word signal = p->call.argument[0], word[WORDS] = {0};
        struct signal_action *a = &p->handlers->action[signal - 1];

        if (!p->kind.foreign)
                return -SOS_ENOSYS;
        if (signal == 0 || signal > PROCESS_SIGNALS || p->call.argument[3] != MASK_BYTES)
                return -SOS_EINVAL;
        if ((signal == SIGNAL_KILL || signal == SIGNAL_STOP) && p->call.argument[1])
                return -SOS_EINVAL;
        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], word, sizeof(word)))
                return -SOS_EFAULT;
        seL4_Word old[WORDS] = {
                [HANDLER] = a->handler, [FLAGS] = a->flags, [RESTORER] = a->restorer, [MASK] = a->mask};
        if (p->call.argument[2] && !space_write(p->space, p->call.argument[2], old, sizeof(old)))
                return -SOS_EFAULT;
        if (p->call.argument[1])
                *a = (struct signal_action){word[HANDLER], word[FLAGS], word[RESTORER],
                                            word[MASK] & ~UNBLOCKABLE};
        return 0;
}

long posix_sigprocmask(struct process *p)
{
        uint64_t old = p->signals.blocked, mask = 0;

        if (!p->kind.foreign)
                return -SOS_ENOSYS;
        if (p->call.argument[3] != MASK_BYTES || (p->call.argument[1] && p->call.argument[0] > SIG_SETMASK))
                return -SOS_EINVAL;
        if (p->call.argument[1] && !space_read(p->space, p->call.argument[1], &mask, sizeof(mask)))
                return -SOS_EFAULT;
        if (p->call.argument[2] && !space_write(p->space, p->call.argument[2], &old, sizeof(old)))
                return -SOS_EFAULT;
        if (p->call.argument[1])
                p->signals.blocked = ~UNBLOCKABLE & (p->call.argument[0] == SIG_BLOCK     ? old | mask
                                                     : p->call.argument[0] == SIG_UNBLOCK ? old & ~mask
                                                                                          : mask);
        return 0;
}

long posix_sigpending(struct process *p)
{
        uint64_t set = (p->signals.pending | p->leader->signals.common) & p->signals.blocked;

        if (p->call.argument[1] > MASK_BYTES)
                return -SOS_EINVAL;
        return space_write(p->space, p->call.argument[0], &set, sizeof(set)) ? 0 : -SOS_EFAULT;
}

/* The record that programs know as siginfo. */
static bool put_info(struct process *p, seL4_Word va, const struct signal_cause *cause)
{
        struct signal_frame f = {0};

        signal_tell(cause, &f);
        return space_write(p->space, va, &f, INFO_BYTES);
}

/* Its place is there, and stays as it is. */
static bool can_put_info(struct process *p, seL4_Word va)
{
        char bytes[INFO_BYTES];

        return space_read(p->space, va, bytes, sizeof(bytes)) &&
               space_write(p->space, va, bytes, sizeof(bytes));
}

/* Signals of the set that are not pending wake it when they come, though they are blocked; another one that has a handler ends it. */
long posix_sigtimedwait(struct process *p)
{
        struct signal_cause cause;
        uint64_t set;
        long error = 0;

        if (p->call.argument[3] != MASK_BYTES)
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[0], &set, sizeof(set)))
                return -SOS_EFAULT;
        if (p->call.argument[2] && !p->call.end_us)
                error = posix_deadline(p, p->call.argument[2], false, false);
        if (error)
                return error;
        if (p->call.argument[1] && !can_put_info(p, p->call.argument[1]))
                return -SOS_EFAULT;
        if (signal_take(p, set & ~UNBLOCKABLE, &cause)) {
                if (p->call.argument[1])
                        put_info(p, p->call.argument[1], &cause);
                return cause.signal;
        }
        if (p->call.end_us && clock_us() >= p->call.end_us)
                return -SOS_EAGAIN;
        wait_at(&p->call.waiter, &p->leader->waits.signal_readers);
        return p->call.end_us ? call_until(p, p->call.end_us) : call_waits(p, NULL);
}

/* `process`: of which a thread is meant; 0 when it is a process. */
static long queue_to(struct process *target, const struct signal_cause *cause, int process)
{
        if (!target || target->state == PROCESS_FREE || (process && target->leader->pid != process))
                return -SOS_ESRCH;
        return !cause->signal || signal_send_cause(target, cause, process != 0) ? 0 : -SOS_EAGAIN;
}

/* Only to itself may it say that the system or tkill did it. */
static bool may_queue(const struct process *p, const struct process *target, const struct signal_cause *cause)
{
        if ((cause->code >= 0 || cause->code == SENT_TO_THREAD) && (!target || target->leader != p->leader))
                return false;
        return !target || posix_may_signal(p, target, (seL4_Word)cause->signal);
}

/* To a process, or to one of its threads; the caller says why, but not that the system or tkill did it to another process. */
long posix_sigqueue(struct process *p)
{
        bool thread = p->call.number % SOS_POSIX == LINUX_RT_TGSIGQUEUEINFO;
        const seL4_Word *a = p->call.argument + thread;
        struct process *target = thread ? thread_find((int)a[0]) : process_find((int)a[0]);
        struct signal_frame f = {0};
        struct signal_cause cause;

        if ((int)a[0] <= 0 || (thread && (int)p->call.argument[0] <= 0) || a[1] > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        if (!space_read(p->space, a[2], &f, INFO_BYTES))
                return -SOS_EFAULT;
        cause = (struct signal_cause){
                .signal = (int)a[1], .code = (int)f.code, .address = f.address, .value = f.more[0]};
        if (!may_queue(p, target, &cause))
                return -SOS_EPERM;
        return queue_to(target, &cause, thread ? (int)p->call.argument[0] : 0);
}

/* Only a signal ends it, and then signal_after sends the answer. */
long posix_sigsuspend(struct process *p)
{
        if (p->call.argument[1] != MASK_BYTES)
                return -SOS_EINVAL;
        return signal_other_mask(p, p->call.argument[0]) ? call_waits(p, NULL) : -SOS_EFAULT;
}

long posix_sigaltstack(struct process *p)
{
        struct frame_stack old, new;
        seL4_UserContext registers;
        long error = 0;

        if (!p->kind.foreign ||
            seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers))
                return -SOS_ENOSYS;
        old = signal_stack(p, registers.sp);
        if (p->call.argument[0] && !space_read(p->space, p->call.argument[0], &new, sizeof(new)))
                return -SOS_EFAULT;
        if (p->call.argument[0])
                error = signal_set_stack(p, &new, registers.sp);
        if (error || !p->call.argument[1] || space_write(p->space, p->call.argument[1], &old, sizeof(old)))
                return error;
        return -SOS_EFAULT;
}

/* A program that calls this without a frame, or with a damaged one, cannot continue: it gets a fault, as on Linux. */
static long no_frame(struct process *p, seL4_Word address)
{
        struct signal_cause cause = {
                .signal = SIGNAL_SEGV, .code = SEGV_MISSING, .address = address, .fault = true};

        if (swap_awaited())
                return -SOS_EFAULT;
        if (signal_fault(p, &cause))
                return call_switched(p);
        process_kill(p, SIGNAL_SEGV);
        return call_gone(p);
}

long posix_sigreturn(struct process *p)
{
        seL4_UserContext registers;
        struct signal_frame f;

        if (!p->kind.foreign ||
            seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers))
                return -SOS_ENOSYS;
        if (!frame_read(p, registers.sp, &f, &registers))
                return no_frame(p, registers.sp);
        p->signals.blocked = f.mask & ~UNBLOCKABLE;
        signal_set_stack(p, &f.stack, registers.sp);
        return seL4_TCB_WriteRegisters(p->kernel.tcb.cap, false, 0, FRAME_REGISTERS, &registers)
                       ? -SOS_EFAULT
                       : call_switched(p);
}
