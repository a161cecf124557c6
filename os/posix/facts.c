/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about the system, and calls that may succeed without doing anything here. */
#include "base/text.h"
#include "os/posix/posix.h"
#include "sos/clock.h"

enum {
        FIELD = 65,
        FIELDS = 6,
        RANDOM_PIECE = 256,
        RANDOM_MAX = 1 << 20,
        RLIMIT_STACK = 3,
        STACK_BYTES = 8 << 20
};

/* One user, no signals but the deadly ones, no permissions to change, nothing cached: accepted and done. */
long posix_zero(struct process *p)
{
        (void)p;
        return 0;
}

/* Programs that use these have another way when they are told no. */
long posix_not(struct process *p)
{
        (void)p;
        return -SOS_ENOSYS;
}

long posix_uname(struct process *p)
{
        static const char fields[FIELDS][FIELD] = {"Linux",   "tessera", "5.10.0", "Tessera starter OS",
                                                   "aarch64", ""};

        return space_write(p->space, p->argument[0], fields, sizeof(fields)) ? 0 : -SOS_EFAULT;
}

/* Good enough to vary hash tables; there is no source of entropy here. */
static void fill(unsigned char *bytes, size_t size)
{
        static uint64_t state;

        for (size_t i = 0; i < size; i++) {
                state = (state ^ clock_ticks()) * 6364136223846793005ull + 1442695040888963407ull;
                bytes[i] = (unsigned char)(state >> 56);
        }
}

long posix_getrandom(struct process *p)
{
        enum { FLAGS = 7 };
        size_t size = p->argument[1] < RANDOM_MAX ? p->argument[1] : RANDOM_MAX;
        unsigned char bytes[RANDOM_PIECE];

        if (p->argument[2] & ~(seL4_Word)FLAGS)
                return -SOS_EINVAL;
        for (size_t done = 0, n; done < size; done += n) {
                n = size - done < sizeof(bytes) ? size - done : sizeof(bytes);
                fill(bytes, n);
                if (!space_write(p->space, p->argument[0] + done, bytes, n))
                        return -SOS_EFAULT;
        }
        return (long)size;
}

long posix_prlimit(struct process *p)
{
        uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};

        if (p->argument[1] == RLIMIT_STACK)
                limit[0] = STACK_BYTES;
        if (p->argument[3] && !space_write(p->space, p->argument[3], limit, sizeof(limit)))
                return -SOS_EFAULT;
        return 0;
}

long posix_sysinfo(struct process *p)
{
        struct frame_counts f = frame_counts();
        uint64_t words[14] = {clock_us() / 1000000, 0, 0, 0, f.limit * PAGE, (f.limit - f.used) * PAGE};

        words[13] = 1; /* bytes per unit, in the lower half */
        return space_write(p->space, p->argument[0], words, sizeof(words)) ? 0 : -SOS_EFAULT;
}
