/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of pieces of memory, as readv and its kin get them: whether all of one can be used. */
#include "os/calls/linux/posix.h"

long posix_check_vectors(struct process *p, seL4_Word list, seL4_Word count, bool *bytes)
{
        enum { SOME = 32, VECTOR = 2 * sizeof(seL4_Word) };
        seL4_Word vectors[SOME][2], some;

        *bytes = false;
        if (count > POSIX_VECTORS_MAX)
                return -SOS_EINVAL;
        for (seL4_Word i = 0; i < count; i += some) {
                some = count - i < SOME ? count - i : SOME;
                if (!space_read(p->space, list + i * VECTOR, vectors, some * VECTOR))
                        return -SOS_EFAULT;
                for (seL4_Word v = 0; v < some; v++) {
                        if ((long)vectors[v][1] < 0)
                                return -SOS_EINVAL;
                        *bytes |= vectors[v][1] > 0;
                }
        }
        return 0;
}
