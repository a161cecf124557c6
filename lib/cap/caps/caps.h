/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's operations on capabilities, addressed through CSpaces: full-depth CPtrs on both sides, results straight from the kernel.
 * They must be called in the CSpace that created the CSpaces named (cspace/cspace.h, which includes this header).
 *
 * Results: 0 (seL4_NoError), or the error of the kernel.
 */
#pragma once

#include <caps/space.h>
#include <sel4/sel4.h>
#include <stddef.h>

seL4_Error cspace_copy(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr,
                       seL4_CapRights_t rights);
seL4_Error cspace_delete(cspace_t *cspace, seL4_CPtr cptr);
seL4_Error cspace_mint(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr,
                       seL4_CapRights_t rights, seL4_Word badge);
seL4_Error cspace_move(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr);
seL4_Error cspace_mutate(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cap,
                         seL4_Word badge);
seL4_Error cspace_revoke(cspace_t *cspace, seL4_CPtr cptr);

/* Reply capabilities belong to kernels without MCS.  Always seL4_IllegalOperation here: a server saves nothing, it uses
 * one reply object per client it keeps waiting. */
seL4_Error cspace_save_reply_cap(cspace_t *cspace, seL4_CPtr cptr);

/* An IRQ handler capability for line `irq`; `level` is 1 for an edge-triggered line, 0 for a level-triggered one. */
seL4_Error cspace_irq_control_get(cspace_t *dest, seL4_CPtr cptr, seL4_IRQControl irq_cap, seL4_Word irq,
                                  int level);

/* Make one object from `ut` in slot `target`.  `size_bits` counts slots for CNodes and bytes for untypeds, frames and
 * scheduling contexts (log2 each); other types have one size and ignore it. */
seL4_Error cspace_untyped_retype(cspace_t *cspace, seL4_CPtr ut, seL4_CPtr target, seL4_Word type,
                                 size_t size_bits);

/* The same for `n` neighbouring slots of one leaf. */
seL4_Error cspace_untyped_retype_n(cspace_t *cspace, seL4_CPtr ut, seL4_CPtr target, seL4_Word type,
                                   size_t size_bits, unsigned n);

/* --- copies of endpoints: what each side needs and nothing else --- */

enum endpoint_role {
        ENDPOINT_CLIENT, /* call: Write to send, GrantReply to be answered; no Read: others' messages stay others' */
        ENDPOINT_CLIENT_CAPS, /* and pass capabilities on: Grant */
        ENDPOINT_SERVER,      /* receive */
};

/* Mint a copy for that role.  Kernel errors; seL4_InvalidArgument for a badge with bit 63, which marks notifications. */
seL4_Error endpoint_mint(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr endpoint,
                         enum endpoint_role role, seL4_Word badge);
