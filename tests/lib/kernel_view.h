/* SPDX-License-Identifier: BSD-2-Clause */
/* What the simulated hardware reads from the kernel's tables to check itself. */
#pragma once

#include "debug/check.h"
#include "thread/thread.h"
#include "vm/asid.h"

/* `asid` as the hardware uses it: with short ones, of several spaces the one that used it last. */
static inline word view_root_of_asid(word asid)
{
        const word *root = asid_root(kernel.asid_bits == ASID_SHORT ? kernel.asid_user[asid] : asid);

        return root ? paddr_of(root) : 0;
}

/* Called when the first thread has just been made: its CSpace root is where the checker starts. */
static inline void view_root_node(void)
{
        struct cap c = this_core()->current->slot[TCB_CSPACE].cap;

        check_from(cnode_slots(c), bit(cnode_radix(c)));
}
