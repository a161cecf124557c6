/* SPDX-License-Identifier: BSD-2-Clause */
/* What the initial thread is told: the parts of the bootinfo frame that do not fall out of making the caps. */
#include "boot/boot.h"
#include "core/state.h"

void bootinfo_fill(struct boot *b)
{
        b->info->nodes = CORES;
        b->info->ipc_buffer = b->user.buffer;
        b->info->cnode_bits = b->h.options.cnode_bits;
        b->info->empty = (struct slot_region){b->next_slot, bit(b->h.options.cnode_bits)};
}

/* The device tree, byte for byte, as the only chunk. */
void bootinfo_extra(struct boot *b)
{
        word size = range_size(b->h.dtb);
        struct bootinfo_chunk *chunk = window(b->at.extra);

        if (size == 0)
                return;
        *chunk = (struct bootinfo_chunk){BOOTINFO_ID_FDT, sizeof(*chunk) + size};
        __builtin_memcpy(chunk + 1, window(b->h.dtb.start), size);
        b->info->extra_length = chunk->length;
}
