/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's operations on capabilities, addressed through a cspace_t: full-depth CPtrs on both sides. */
#include <caps/caps.h>
#include <sel4/report.h>

/* The whole CPtr counts, in every kind of CSpace. */
enum {
        FULL_DEPTH = seL4_WordBits,
        LEAF_BITS = CNODE_SLOT_BITS(CNODE_SIZE_BITS),
        LEAF_SLOTS = 1 << LEAF_BITS,
};

seL4_Error cspace_copy(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr,
                       seL4_CapRights_t rights)
{
        return seL4_CNode_Copy(dest->root_cnode, dest_cptr, FULL_DEPTH, src->root_cnode, src_cptr, FULL_DEPTH,
                               rights);
}

seL4_Error cspace_delete(cspace_t *cspace, seL4_CPtr cptr)
{
        return seL4_CNode_Delete(cspace->root_cnode, cptr, FULL_DEPTH);
}

seL4_Error cspace_mint(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr,
                       seL4_CapRights_t rights, seL4_Word badge)
{
        return seL4_CNode_Mint(dest->root_cnode, dest_cptr, FULL_DEPTH, src->root_cnode, src_cptr, FULL_DEPTH,
                               rights, badge);
}

seL4_Error cspace_move(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cptr)
{
        return seL4_CNode_Move(dest->root_cnode, dest_cptr, FULL_DEPTH, src->root_cnode, src_cptr,
                               FULL_DEPTH);
}

seL4_Error cspace_mutate(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr src_cap,
                         seL4_Word badge)
{
        return seL4_CNode_Mutate(dest->root_cnode, dest_cptr, FULL_DEPTH, src->root_cnode, src_cap,
                                 FULL_DEPTH, badge);
}

seL4_Error cspace_revoke(cspace_t *cspace, seL4_CPtr cptr)
{
        return seL4_CNode_Revoke(cspace->root_cnode, cptr, FULL_DEPTH);
}

seL4_Error cspace_save_reply_cap(cspace_t *cspace, seL4_CPtr cptr)
{
        (void)cspace;
        report("cspace_save_reply_cap(0x%lx): this kernel has reply objects instead; receive with one of "
               "them per "
               "client that has to wait",
               cptr);
        return seL4_IllegalOperation;
}

seL4_Error cspace_irq_control_get(cspace_t *dest, seL4_CPtr cptr, seL4_IRQControl irq_cap, seL4_Word irq,
                                  int level)
{
        seL4_Error err = seL4_IRQControl_GetTrigger(irq_cap, irq, (seL4_Word)level, dest->root_cnode, cptr,
                                                    FULL_DEPTH);

        /* A controller without trigger control has levels only. */
        if (err == seL4_IllegalOperation && !level)
                err = seL4_IRQControl_Get(irq_cap, irq, dest->root_cnode, cptr, FULL_DEPTH);
        return err;
}

seL4_Error cspace_untyped_retype_n(cspace_t *cspace, seL4_CPtr ut, seL4_CPtr target, seL4_Word type,
                                   size_t size_bits, unsigned n)
{
        /* Retype names the CNode that holds the slots, not the slots.  A depth of 0 names the root itself. */
        if (cspace->flat || !cspace->two_level)
                return seL4_Untyped_Retype(ut, type, size_bits, cspace->root_cnode, 0, 0, target, n);
        return seL4_Untyped_Retype(ut, type, size_bits, cspace->root_cnode, target >> LEAF_BITS,
                                   FULL_DEPTH - LEAF_BITS, target % LEAF_SLOTS, n);
}

seL4_Error cspace_untyped_retype(cspace_t *cspace, seL4_CPtr ut, seL4_CPtr target, seL4_Word type,
                                 size_t size_bits)
{
        return cspace_untyped_retype_n(cspace, ut, target, type, size_bits, 1);
}

static seL4_CapRights_t endpoint_rights(enum endpoint_role role)
{
        return role == ENDPOINT_SERVER        ? seL4_CapRights_new(0, 0, 1, 0)
               : role == ENDPOINT_CLIENT_CAPS ? seL4_CapRights_new(1, 1, 0, 1)
                                              : seL4_CapRights_new(1, 0, 0, 1);
}

seL4_Error endpoint_mint(cspace_t *dest, seL4_CPtr dest_cptr, cspace_t *src, seL4_CPtr endpoint,
                         enum endpoint_role role, seL4_Word badge)
{
        if (badge >> (seL4_WordBits - 1)) {
                report("endpoint_mint: a client's badge has bit 63, which marks notifications");
                return seL4_InvalidArgument;
        }
        return cspace_mint(dest, dest_cptr, src, endpoint, endpoint_rights(role), badge);
}
