/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads: their numbers and their end. */
#include "os/calls/linux/posix.h"
#include "os/process/tracee.h"

long posix_getpid(struct process *p)
{
        return p->leader->pid;
}

long posix_gettid(struct process *p)
{
        return p->pid;
}

long posix_set_tid_address(struct process *p)
{
        p->end.clear_tid = p->call.argument[0];
        return p->pid;
}

long posix_getppid(struct process *p)
{
        int parent = p->leader->parent;

        return parent || p->leader->pid == 1 ? parent : 1; /* as orphans get elsewhere */
}

long posix_exit_group(struct process *p)
{
        int status = (int)(p->call.argument[0] & 0xff) << 8;

        if (p->tracee.tracer && tracee_ends(p, status))
                return call_waits(p, NULL);
        process_kill(p, status);
        return call_gone(p);
}

/* The caller alone; with the last thread the process ends, with the status that this one gives. */
long posix_exit(struct process *p)
{
        int status = (int)(p->call.argument[0] & 0xff) << 8;

        if (p->leader->ring.threads == 1)
                return posix_exit_group(p);
        if (p->tracee.tracer && tracee_ends(p, status))
                return call_waits(p, NULL);
        p->end.exit_code = status;
        thread_stop(p);
        return call_gone(p);
}
