/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls about what a process may use (os/process/limits.h). */
#include "os/calls/linux/posix.h"

/* The tables of processes and of descriptors have a size, which is the most of their higher limits. */
static uint64_t table_end(seL4_Word which)
{
        return which == LIMIT_PROCESSES     ? PROCESS_LARGEST + PROCESS_THREADS
               : which == LIMIT_DESCRIPTORS ? DESCRIPTORS
                                            : UINT64_MAX;
}

/* Programs close all descriptors up to the limit before they start others, so it must be the true one. */
bool posix_get_limit(const struct process *p, seL4_Word which, uint64_t limit[2])
{
        const struct process_limit *own;

        if (which >= LIMITS)
                return false;
        own = process_limit(p, (enum limit)which);
        limit[0] = which == LIMIT_PROCESSES     ? p->limits.limit
                   : which == LIMIT_DESCRIPTORS ? p->files->limit
                                                : own->now;
        limit[1] = own->most < table_end(which) ? own->most : table_end(which);
        return true;
}

/* For a limit of time it must be known what has been used: false when that has pieces left. */
static bool is_known(struct process *p, struct process *target, seL4_Word which)
{
        return which != LIMIT_CPU || posix_counted(p, target->leader);
}

static long set_limit(const struct process *by, struct process *p, seL4_Word which, const uint64_t limit[2])
{
        if (limit[0] > limit[1])
                return -SOS_EINVAL;
        if (limit[1] > table_end(which) ||
            (limit[1] > process_limit(p, (enum limit)which)->most && !user_can(&by->user, CAPABLE_LIMITS)))
                return -SOS_EPERM;
        if (which == LIMIT_PROCESSES)
                p->limits.limit = (unsigned)limit[0];
        else if (which == LIMIT_DESCRIPTORS)
                p->files->limit = (unsigned)limit[0];
        *process_limit(p, (enum limit)which) = (struct process_limit){limit[0], limit[1]};
        if (which == LIMIT_CPU)
                limits_watch(p);
        return 0;
}

/* Whose limits a call is about, and may be. */
static long find_target(struct process *p, struct process **target)
{
        *target = p->call.argument[0] ? process_find((int)p->call.argument[0]) : p->leader;
        if (!*target || !process_lives(*target))
                return -SOS_ESRCH;
        return user_may_look(p, *target, CAPABLE_LIMITS) ? 0 : -SOS_EPERM;
}

long posix_prlimit(struct process *p)
{
        struct process *target;
        uint64_t old[2], limit[2];
        long error = find_target(p, &target);

        if (error)
                return error;
        if (!posix_get_limit(target, p->call.argument[1], old))
                return -SOS_EINVAL;
        if (p->call.argument[2] && !is_known(p, target, p->call.argument[1]))
                return CALL_NO_VALUE;
        if (p->call.argument[2] && !space_read(p->space, p->call.argument[2], limit, sizeof(limit)))
                return -SOS_EFAULT;
        if (p->call.argument[3] && !space_write(p->space, p->call.argument[3], old, sizeof(old)))
                return -SOS_EFAULT;
        return p->call.argument[2] ? set_limit(p, target, p->call.argument[1], limit) : 0;
}

static long plain_limit(struct process *p, bool set)
{
        seL4_Word va = p->call.argument[1];
        uint64_t old[2], limit[2];

        if (!posix_get_limit(p->leader, p->call.argument[0], old))
                return -SOS_EINVAL;
        if (!set)
                return space_write(p->space, va, old, sizeof(old)) ? 0 : -SOS_EFAULT;
        if (!is_known(p, p, p->call.argument[0]))
                return CALL_NO_VALUE;
        return space_read(p->space, va, limit, sizeof(limit))
                       ? set_limit(p, p->leader, p->call.argument[0], limit)
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
