/* SPDX-License-Identifier: BSD-2-Clause */
/* How much of the memory the kernel keeps. */
#include "bench.h"

enum { KIB = 1024, SLOT_BITS = 5 };
static const word RAM = 0x40000000, RAM_END = 0x80000000;

/* RAM without all untyped memory, and without what belongs to the root task: its image, tables, CNode, boot information, IPC buffer,
 * thread and scheduling context. */
TEST(memory, "")
{
        const seL4_BootInfo *b = suite_boot;
        word kept = (RAM_END - RAM) / KIB, pages = 0;

        for (word i = 0; i < b->untyped.end - b->untyped.start; i++) {
                const seL4_UntypedDesc *u = &b->untypedList[i];

                if (!u->isDevice && u->paddr >= RAM && u->paddr < RAM_END)
                        kept -= (1ul << u->sizeBits) / KIB;
        }
        pages += b->userImageFrames.end - b->userImageFrames.start;
        pages += b->userImagePaging.end - b->userImagePaging.start;
        pages += 1; /* the IPC buffer */
        pages += (1ul << seL4_BootInfoFrameBits >> seL4_PageBits);
        pages += b->extraLen >> seL4_PageBits;
        kept -= (pages << seL4_PageBits) / KIB;
        kept -= (1ul << b->initThreadCNodeSizeBits << SLOT_BITS) / KIB;
        kept -= ((1ul << seL4_TCBBits) + (1ul << seL4_MinSchedContextBits)) / KIB;
        value("kernel-memory", kept);
}
