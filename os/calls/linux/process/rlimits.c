/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls about what a process may use (os/process/limits.h). */
#include "os/calls/linux/posix.h"

/* Programs close all descriptors up to the limit before they start others, so it must be the true one. */
static bool get_limit(const struct process *p, seL4_Word which, uint64_t limit[2])
{
        const struct process_limit *own;

        if (which >= LIMITS)
                return false;
        own = process_limit(p, (enum limit)which);
        limit[0] = which == LIMIT_PROCESSES     ? p->limits.limit
                   : which == LIMIT_DESCRIPTORS ? p->files->limit
                                                : own->now;
        limit[1] = which == LIMIT_PROCESSES     ? PROCESS_LARGEST
                   : which == LIMIT_DESCRIPTORS ? DESCRIPTORS
                                                : own->most;
        return true;
}

/* The tables of processes and of descriptors have a size: the higher limits of these stay. */
static long set_limit(struct process *p, seL4_Word which, const uint64_t limit[2], const uint64_t old[2])
{
        bool table = which == LIMIT_PROCESSES || which == LIMIT_DESCRIPTORS;

        if (limit[0] > limit[1])
                return -SOS_EINVAL;
        if (table && limit[1] != old[1])
                return -SOS_EPERM;
        if (which == LIMIT_PROCESSES)
                p->limits.limit = (unsigned)limit[0];
        else if (which == LIMIT_DESCRIPTORS)
                p->files->limit = (unsigned)limit[0];
        else
                *process_limit(p, (enum limit)which) = (struct process_limit){limit[0], limit[1]};
        if (which == LIMIT_CPU)
                limits_watch(p);
        return 0;
}

long posix_prlimit(struct process *p)
{
        struct process *target = p->call.argument[0] ? process_find((int)p->call.argument[0]) : p->leader;
        uint64_t old[2], limit[2];

        if (!target)
                return -SOS_ESRCH;
        if (!get_limit(target, p->call.argument[1], old))
                return -SOS_EINVAL;
        if (p->call.argument[2] && !space_read(p->space, p->call.argument[2], limit, sizeof(limit)))
                return -SOS_EFAULT;
        if (p->call.argument[3] && !space_write(p->space, p->call.argument[3], old, sizeof(old)))
                return -SOS_EFAULT;
        return p->call.argument[2] ? set_limit(target, p->call.argument[1], limit, old) : 0;
}

static long plain_limit(struct process *p, bool set)
{
        seL4_Word va = p->call.argument[1];
        uint64_t old[2], limit[2];

        if (!get_limit(p->leader, p->call.argument[0], old))
                return -SOS_EINVAL;
        if (!set)
                return space_write(p->space, va, old, sizeof(old)) ? 0 : -SOS_EFAULT;
        return space_read(p->space, va, limit, sizeof(limit))
                       ? set_limit(p->leader, p->call.argument[0], limit, old)
                       : -SOS_EFAULT;
}

long posix_getrlimit(struct process *p)
{
        return plain_limit(p, false);
}

long posix_setrlimit(struct process *p)
{
        return plain_limit(p, true);
}
