/* SPDX-License-Identifier: BSD-2-Clause */
/* The lecture's mapping calls. */
#include <aos/mapping.h>
#include <book/book.h>
#include <sel4/report.h>
#include <sel4/sel4_arch/mapping.h>

/* Books for address spaces that were made with plain kernel calls. */
static struct book_pool books = {.bytes = (sizeof(vspace_t) + 15) & ~15ul};

vspace_t *vspace_of(cspace_t *cspace, seL4_CPtr root)
{
        vspace_t *vspace = vspace_find(root);

        if (vspace || !cspace)
                return vspace;
        vspace = book_new(&books);
        if (vspace && vspace_adopt(vspace, cspace, root)) {
                book_free(&books, vspace);
                return NULL;
        }
        if (vspace)
                vspace->automatic = true;
        return vspace;
}

static enum vspace_flags flags_of(seL4_CapRights_t rights, seL4_ARM_VMAttributes attr)
{
        unsigned flags = 0;

        flags |= seL4_CapRights_get_capAllowRead(rights) ? VSPACE_R : 0;
        flags |= seL4_CapRights_get_capAllowWrite(rights) ? VSPACE_W : 0;
        flags |= attr & seL4_ARM_ExecuteNever ? 0 : VSPACE_X;
        flags |= attr & seL4_ARM_PageCacheable ? 0 : VSPACE_DEVICE;
        return (enum vspace_flags)flags;
}

seL4_Error map_frame(cspace_t *cspace, seL4_CPtr frame, seL4_CPtr root, seL4_Word vaddr,
                     seL4_CapRights_t rights, seL4_ARM_VMAttributes attr)
{
        vspace_t *vspace = vspace_of(cspace, root);
        int err = vspace ? vspace_map(vspace, frame, vaddr, seL4_PageBits, flags_of(rights, attr))
                         : VSPACE_NO_MEMORY;

        if (err == seL4_FailedLookup && vspace->automatic) {
                /* The VSpace capability was deleted and its slot holds a new, empty one: start again. */
                vspace_forget(vspace);
                err = vspace_adopt(vspace, cspace, root);
                vspace->automatic = true;
                err = err ? err : vspace_map(vspace, frame, vaddr, seL4_PageBits, flags_of(rights, attr));
        }
        return (seL4_Error)err;
}

static int add_table(cspace_t *cspace, seL4_CPtr root, seL4_Word vaddr, seL4_CPtr slot, ut_t **ut)
{
        int err;

        *ut = ut_alloc_4k_untyped(NULL);
        if (!*ut)
                return VSPACE_NO_MEMORY;
        err = cspace_untyped_retype(cspace, (*ut)->cap, slot, seL4_ARM_PageTableObject, seL4_PageTableBits);
        if (!err) {
                err = seL4_ARM_PageTable_Map(slot, root, vaddr, seL4_ARM_Default_VMAttributes);
                if (err)
                        cspace_wipe(cspace, slot);
        }
        if (err)
                ut_free(*ut);
        else
                ut_set_type(*ut, seL4_ARM_PageTableObject);
        return err;
}

seL4_Error map_frame_cspace(cspace_t *cspace, seL4_CPtr frame, seL4_CPtr root, seL4_Word vaddr,
                            seL4_CapRights_t rights, seL4_ARM_VMAttributes attr,
                            seL4_CPtr free_slots[MAPPING_SLOTS], seL4_Word *used)
{
        ut_t *made[MAPPING_SLOTS];
        int tables = 0;
        int err = seL4_ARM_Page_Map(frame, root, vaddr, rights, attr);

        if (!cspace)
                return err ? (seL4_Error)VSPACE_NO_MEMORY : seL4_NoError;
        while (err == seL4_FailedLookup && tables < MAPPING_SLOTS) {
                err = add_table(cspace, root, vaddr, free_slots[tables], &made[tables]);
                if (err)
                        break;
                tables++;
                err = seL4_ARM_Page_Map(frame, root, vaddr, rights, attr);
        }
        if (!err) {
                *used = (1ul << tables) - 1;
                return seL4_NoError;
        }
        while (tables--) {
                cspace_wipe(cspace, free_slots[tables]);
                ut_free(made[tables]);
        }
        *used = 0;
        return (seL4_Error)err;
}
