/* SPDX-License-Identifier: BSD-2-Clause */
/* What the initial thread is told: the parts of the bootinfo frame that making the caps does not already fill in. */
#include "boot/boot.h"
#include "core/state.h"
#include "tessera/extensions.h"

void bootinfo_fill(struct boot *b)
{
        b->info->nodes = kernel.cores;
        b->info->ipc_buffer = b->user.buffer;
        b->info->cnode_bits = b->h.options.cnode_bits;
        b->info->empty = (struct slot_region){b->next_slot, bit(b->h.options.cnode_bits)};
}

static void add_chunk(struct boot *b, word id, const void *content, word size)
{
        struct bootinfo_chunk head = {id, sizeof(head) + size};

        if (size == 0)
                return;
        char *end = (char *)window(b->at.extra) + b->info->extra_length;
        __builtin_memcpy(end, &head, sizeof(head));
        __builtin_memcpy(end + sizeof(head), content, size);
        b->info->extra_length += head.length;
}

word bootinfo_extra_size(const struct boot *b)
{
        word dtb = range_size(b->h.dtb), head = sizeof(struct bootinfo_chunk);

        return (dtb ? head + dtb : 0) + (kernel.extensions ? head + sizeof(word) : 0);
}

/* The device tree, byte for byte; behind it the extensions, if the image asked for them. */
void bootinfo_extra(struct boot *b)
{
        add_chunk(b, BOOTINFO_ID_FDT, window(b->h.dtb.start), range_size(b->h.dtb));
        add_chunk(b, TESSERA_BOOTINFO_ID, &kernel.extensions, kernel.extensions ? sizeof(word) : 0);
}

/* Switching off needs firmware to call; the others are a matter of the image and of the kernel. */
void bootinfo_extensions(const struct boot *b)
{
        word known = TESSERA_EXTENSIONS - (DEBUG_BUILD ? 0 : TESSERA_EXTENSION_REFUSALS);
        word wanted = b->h.options.extensions & known;
        uint32_t conduit = 0;

        for (word i = 0; i < b->h.device_count; i++)
                conduit |= b->h.device[i].flags & (HANDOVER_PSCI_HVC | HANDOVER_PSCI_SMC);
        if (!conduit)
                wanted &= ~(word)TESSERA_EXTENSION_POWER_OFF;
        if (!(b->h.options.exports & HANDOVER_EXPORT_PMU))
                wanted &= ~(word)TESSERA_EXTENSION_COUNTERS;
        if (hypervisor_face())
                wanted &= ~(word)TESSERA_EXTENSION_DEBUG;
        kernel.extensions = wanted;
        kernel.firmware_smc = conduit & HANDOVER_PSCI_SMC;
}
