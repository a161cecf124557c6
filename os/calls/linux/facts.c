/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about the system, and calls that may succeed without doing anything here. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"
#include "sos/clock.h"

enum {
        RANDOM_PIECE = 256,
        RANDOM_MAX = 1 << 20,
        RLIMIT_FSIZE = 1,
        RLIMIT_STACK = 3,
        RLIMIT_CORE = 4,
        RLIMIT_NPROC = 6,
        RLIMIT_NOFILE = 7,
        RLIMIT_AS = 9,
        RLIMITS = 16,
        STACK_BYTES = 8 << 20
};

/* Programs that use these fall back to another way when the call is refused. */
long posix_not(struct process *p)
{
        (void)p;
        return -SOS_ENOSYS;
}

long posix_getrandom(struct process *p)
{
        enum { FLAGS = 7, EXCLUDE = 6 };
        size_t size = p->call.argument[1] < RANDOM_MAX ? p->call.argument[1] : RANDOM_MAX;
        unsigned char bytes[RANDOM_PIECE];

        if (p->call.argument[2] & ~(seL4_Word)FLAGS || (p->call.argument[2] & EXCLUDE) == EXCLUDE)
                return -SOS_EINVAL;
        while (p->call.progress < size) {
                size_t n = size - p->call.progress < sizeof(bytes) ? size - p->call.progress : sizeof(bytes);

                if (!call_goes_on(p, 2))
                        return CALL_NO_VALUE;
                file_random(bytes, n);
                if (!space_write(p->space, p->call.argument[0] + p->call.progress, bytes, n))
                        return -SOS_EFAULT;
                p->call.progress += n;
        }
        return (long)size;
}

/* The limits that a process stores as they were set. */
static struct process_limit *kept(const struct process *p, seL4_Word which)
{
        return which == RLIMIT_FSIZE ? &p->leader->limits.file_size
               : which == RLIMIT_AS  ? &p->leader->limits.memory
                                     : NULL;
}

/* What holds for every process (docs/limits.md).  Programs close all descriptors up to the limit before they start others, so
 * it must be the true one. */
static bool get_limit(const struct process *p, seL4_Word which, uint64_t limit[2])
{
        limit[0] = limit[1] = UINT64_MAX;
        switch (which) {
        case RLIMIT_STACK:
                limit[0] = limit[1] = STACK_BYTES;
                return true;
        case RLIMIT_FSIZE:
        case RLIMIT_AS:
                limit[0] = kept(p, which)->now;
                limit[1] = kept(p, which)->most;
                return true;
        case RLIMIT_NPROC:
                limit[0] = p->limits.limit;
                limit[1] = PROCESS_LARGEST;
                return true;
        case RLIMIT_NOFILE:
                limit[0] = p->files->limit;
                limit[1] = DESCRIPTORS;
                return true;
        case RLIMIT_CORE:
                limit[0] = limit[1] = 0;
                return true;
        default:
                return which < RLIMITS;
        }
}

/* The size of files and of memory, the numbers of processes and of descriptors can be changed; asking for what holds anyway is fine. */
static long set_limit(struct process *p, seL4_Word which, const uint64_t limit[2], const uint64_t old[2])
{
        struct process_limit *own = kept(p, which);

        if (limit[0] > limit[1])
                return -SOS_EINVAL;
        if (own) {
                *own = (struct process_limit){limit[0], limit[1]};
                return 0;
        }
        if (which == RLIMIT_NPROC && limit[1] == old[1] && limit[0] <= old[1]) {
                p->limits.limit = (unsigned)limit[0];
                return 0;
        }
        if (which == RLIMIT_NOFILE && limit[1] == old[1]) {
                p->files->limit = (unsigned)limit[0];
                return 0;
        }
        return limit[0] == old[0] && limit[1] == old[1] ? 0 : -SOS_EPERM;
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

long posix_sysinfo(struct process *p)
{
        struct swap_counts s = swap_counts();
        uint64_t words[14] = {clock_us() / 1000000,
                              0,
                              0,
                              0,
                              frame_total() * PAGE,
                              frame_available() * PAGE,
                              0,
                              0,
                              s.blocks * PAGE,
                              s.free * PAGE};

        for (unsigned i = 0; i < PROCESSES; i++)
                words[10] += process_lives(process_entry(i)); /* in the lower half */
        words[13] = 1;                                        /* bytes per unit, in the lower half */
        return space_write(p->space, p->call.argument[0], words, sizeof(words)) ? 0 : -SOS_EFAULT;
}
