/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about the system, and calls that may succeed without doing anything here. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"
#include "sos/clock.h"

enum { RANDOM_PIECE = 256, RANDOM_MAX = 1 << 20 };

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
