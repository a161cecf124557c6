/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals as far as a shell needs them: a handler may be called while its program waits in sigsuspend, when a child has
 * ended.  All other signals end the process that they are sent to.
 *
 * While the handler runs, what it interrupted is kept here, not on its stack; it returns through two instructions that
 * every Linux process finds at SIGNAL_RETURN.
 */
#include "os/posix/posix.h"

enum {
        CHILD = 17,
        STACK_ROOM = 512,
        INSTRUCTION = 4,
        CONTEXT_WORDS = sizeof(seL4_UserContext) / sizeof(seL4_Word)
};

long posix_sigaction(struct process *p)
{
        seL4_Word signal = p->argument[0], action[4] = {0}, old[4] = {0};

        if (signal == 0 || signal >= PROCESS_SIGNALS)
                return -SOS_EINVAL;
        old[0] = p->handler[signal];
        if (p->argument[2] && !space_write(p->space, p->argument[2], old, sizeof(old)))
                return -SOS_EFAULT;
        if (!p->argument[1])
                return 0;
        if (!space_read(p->space, p->argument[1], action, sizeof(action)))
                return -SOS_EFAULT;
        p->handler[signal] = action[0];
        return 0;
}

static bool call_handler(struct process *p)
{
        seL4_UserContext registers;

        if (seL4_TCB_ReadRegisters(p->tcb.cap, false, 0, CONTEXT_WORDS, &registers))
                return false;
        p->interrupted = registers;
        p->interrupted.pc = p->pc + INSTRUCTION;
        p->interrupted.x0 = (seL4_Word)-SOS_EINTR;
        registers.pc = p->handler[CHILD];
        registers.x0 = CHILD;
        registers.x30 = SIGNAL_RETURN;
        registers.sp = (registers.sp - STACK_ROOM) & ~(seL4_Word)15;
        return !seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, CONTEXT_WORDS, &registers);
}

long posix_sigsuspend(struct process *p)
{
        enum { HANDLER_FIRST = 2 }; /* 0: default, 1: ignore */

        if (!p->child_ended)
                return CALL_BLOCKS;
        p->child_ended = false;
        if (p->handler[CHILD] < HANDLER_FIRST || !call_handler(p))
                return -SOS_EINTR;
        return CALL_SWITCHED;
}

long posix_sigreturn(struct process *p)
{
        seL4_UserContext registers = p->interrupted;

        if (!p->foreign || seL4_TCB_WriteRegisters(p->tcb.cap, false, 0, CONTEXT_WORDS, &registers))
                return -SOS_ENOSYS;
        return CALL_SWITCHED;
}
