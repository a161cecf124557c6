/* SPDX-License-Identifier: BSD-2-Clause */
/* See at_once.h. */
#include "os/server/at_once.h"
#include "os/calls/linux/posix.h"
#include "os/core/service.h"
#include "os/core/signals.h"

/* The Linux thread whose system call a message is, if it may be served. */
static struct process *caller(seL4_Word badge, seL4_MessageInfo_t info)
{
        const seL4_Word others = SIGNAL_FLAG | BADGE_SERVICE | BADGE_FAULT;
        struct process *p;

        if ((badge & others) != BADGE_FAULT || seL4_MessageInfo_get_label(info) != seL4_Fault_UnknownSyscall)
                return NULL;
        p = process_of_badge(badge & ~BADGE_FAULT);
        return p && p->state == PROCESS_RUNNING && p->kind.foreign && !p->tracee.tracer && !p->filters.last &&
                               !p->filters.strict && !p->time.charged && !process_leaves(p)
                       ? p
                       : NULL;
}

struct process *serve_at_once(seL4_Word badge, seL4_MessageInfo_t info)
{
        struct process *p = caller(badge, info);
        long value;

        if (!p || !call_at_once(p, seL4_GetMR(seL4_UnknownSyscall_Syscall), &value))
                return NULL;
        p->leader->counts.calls++;
        seL4_SetMR(0, (seL4_Word)value);
        seL4_SetMR(CALL_SAVED, seL4_GetMR(CALL_SAVED) + CALL_INSTRUCTION);
        return p;
}
