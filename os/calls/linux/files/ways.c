/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to read and write that a call has for itself (preadv2, pwritev2, io_submit). */
#include "os/calls/linux/posix.h"

enum way { HIGH_PRIORITY = 1, DATA_STAYS = 2, STAYS = 4, AT_ONCE = 8, AT_END = 16, WAYS = 31 };

/* Ways of preadv2 and pwritev2 that this file does not have: a file on the disk is written later, and a write to any file may wait. */
bool posix_lacks_ways(const struct file *f, seL4_Word ways, bool write)
{
        return ways & ~(seL4_Word)WAYS ||
               (write && f->kind == FILE_NODE &&
                (ways & AT_ONCE || (ways & (DATA_STAYS | STAYS) && f->node->kept)));
}

uint32_t posix_set_ways(struct file *f, seL4_Word ways)
{
        uint32_t flags = f->flags;

        f->flags |= (ways & AT_ONCE ? (uint32_t)O_NONBLOCK : 0) | (ways & AT_END ? (uint32_t)O_APPEND : 0);
        return flags;
}
