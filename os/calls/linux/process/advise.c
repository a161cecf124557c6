/* SPDX-License-Identifier: BSD-2-Clause */
/* Advice about another process's memory, and hurrying one that ends. */
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"

enum { PIDFD, LIST, COUNT, ADVICE, FLAGS };

/* What may be said of the memory of others are hints, and no page of theirs needs to move for them; the ranges are looked at. */
static bool is_hint(seL4_Word advice)
{
        enum { WILL_NEED = 3, COLD = 20, PAGE_OUT = 21, COLLAPSE = 25 };

        return advice == WILL_NEED || advice == COLD || advice == PAGE_OUT || advice == COLLAPSE;
}

static struct process *target_of(struct process *p, long *error)
{
        int pid = posix_pidfd_process(p, p->call.argument[PIDFD], NULL);
        struct process *target = pid > 0 ? process_find(pid) : NULL;

        *error = pid < 0 ? pid : target ? 0 : -SOS_ESRCH;
        return target;
}

/* One range of the list: its bytes, or -SOS_E*. */
static long range(struct process *p, struct process *target, seL4_Word i)
{
        seL4_Word vector[2], end;
        struct region_place at;
        const struct region *r;

        if (!space_read(p->space, p->call.argument[LIST] + i * sizeof(vector), vector, sizeof(vector)))
                return -SOS_EFAULT;
        end = vector[0] + vector[1];
        if (vector[0] % PAGE || end < vector[0] || end > SPACE_TOP)
                return -SOS_EINVAL;
        r = space_from(target->space, vector[0], &at);
        return vector[1] && (!r || r->start > vector[0]) ? -SOS_ENOMEM : (long)vector[1];
}

/* The bytes of all ranges, or of those before the first that is wrong; in pieces: p->call.vector ranges with p->call.progress bytes. */
static long look_over(struct process *p, struct process *target, seL4_Word count)
{
        while (p->call.vector < count) {
                long bytes = range(p, target, p->call.vector);

                if (bytes < 0)
                        return p->call.progress ? (long)p->call.progress : bytes;
                p->call.progress += (seL4_Word)bytes;
                if (++p->call.vector < count && pace_is_over())
                        return call_pauses(p);
        }
        return (long)p->call.progress;
}

long posix_process_madvise(struct process *p)
{
        seL4_Word count = p->call.argument[COUNT];
        struct process *target;
        long error;
        bool some;

        if ((uint32_t)p->call.argument[FLAGS])
                return -SOS_EINVAL;
        error = posix_check_vectors(p, p->call.argument[LIST], count, &some);
        if (error)
                return error;
        target = target_of(p, &error);
        if (error)
                return error;
        if (!is_hint((uint32_t)p->call.argument[ADVICE]))
                return -SOS_EINVAL;
        if (!process_lives(target) || !target->space)
                return -SOS_ESRCH;
        if (!user_may_look(p, target, CAPABLE_TRACE))
                return -SOS_EACCES;
        return look_over(p, target, count);
}

/* A process that ends gives its memory back in any case, before others run; one that does not end is not touched. */
long posix_process_mrelease(struct process *p)
{
        const struct process *target;
        long error;

        if ((uint32_t)p->call.argument[1])
                return -SOS_EINVAL;
        target = target_of(p, &error);
        if (error)
                return error;
        if (target->state == PROCESS_ZOMBIE)
                return -SOS_ESRCH;
        return target->end.exiting || target->state == PROCESS_ENDING ? 0 : -SOS_EINVAL;
}
