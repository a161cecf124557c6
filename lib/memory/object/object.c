/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory, slot and object in one step. */
#include <object/object.h>
#include <sel4/report.h>

size_t ut_object_bits(seL4_Word type, size_t size_bits)
{
        switch (type) {
        case seL4_UntypedObject:
        case seL4_SchedContextObject:
                return size_bits;
        case seL4_CapTableObject:
                return size_bits + seL4_SlotBits;
        case seL4_TCBObject:
                return seL4_TCBBits;
        case seL4_EndpointObject:
                return seL4_EndpointBits;
        case seL4_NotificationObject:
                return seL4_NotificationBits;
        case seL4_ReplyObject:
                return seL4_ReplyBits;
        case seL4_ARM_SmallPageObject:
                return seL4_PageBits;
        case seL4_ARM_LargePageObject:
                return seL4_LargePageBits;
        case seL4_ARM_HugePageObject:
                return seL4_HugePageBits;
        case seL4_ARM_PageTableObject:
                return seL4_PageTableBits;
        case seL4_ARM_VSpaceObject:
                return seL4_VSpaceBits;
        case seL4_ARM_VCPUObject: /* a type of the hypervisor interface only; elsewhere the kernel refuses it */
                return seL4_VCPUBits;
        default:
                return 0;
        }
}

/* The kernel's refusal does not give the cause: report what occupies the place of the object. */
static void complain(const ut_t *piece, int err)
{
        char text[96];

        report("ut_new_object: %s; %s", report_error_name(err),
               object_explain(ut_paddr(piece), text, sizeof(text)));
}

ut_t *ut_new_object(cspace_t *cspace, seL4_CPtr *cptr, seL4_Word type, size_t size_bits)
{
        ut_t *piece = ut_alloc(ut_object_bits(type, size_bits), NULL);
        seL4_CPtr slot = piece ? cspace_alloc_slot(cspace) : seL4_CapNull;
        int err;

        if (slot) {
                err = cspace_untyped_retype(cspace, piece->cap, slot, type, size_bits);
                if (!err) {
                        *cptr = slot;
                        ut_set_type(piece, type);
                        return piece;
                }
                complain(piece, err);
        }
        if (slot)
                cspace_free_slot(cspace, slot);
        if (piece)
                ut_free(piece);
        *cptr = seL4_CapNull;
        return NULL;
}

enum ut_error ut_free_object(cspace_t *cspace, seL4_CPtr cptr, ut_t *piece)
{
        cspace_discard(cspace, cptr);
        return ut_free_checked(piece);
}

int kobj_new(kobj_t *object, cspace_t *cspace, seL4_Word type, size_t size_bits)
{
        *object = (kobj_t){.cspace = cspace, .type = type, .bits = ut_object_bits(type, size_bits)};
        object->ut = ut_new_object(cspace, &object->cptr, type, size_bits);
        return object->ut ? 0 : -1;
}

enum ut_error kobj_free(kobj_t *object)
{
        enum ut_error err;

        if (!object->ut) {
                report("kobj_free: no object, or freed already");
                return UT_NOT_USED;
        }
        cspace_discard(object->cspace, object->cptr);
        object->cptr = seL4_CapNull;
        err = ut_free_checked(object->ut);
        if (!err)
                object->ut = NULL;
        return err;
}
