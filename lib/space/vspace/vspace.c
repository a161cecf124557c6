/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: making and unmaking.  Owns the list of them, and the ASID pools. */
#include "inside.h"

#include <object/object.h>
#include <sel4/layout.h>
#include <sel4/report.h>

enum { ASID_POOLS_MAX = 128 };

static vspace_t *all;
static vspace_t *own;

/* ASID pools: the boot pool, and those made when it was full.  Pools stay. */
static seL4_CPtr pool[ASID_POOLS_MAX] = {seL4_CapInitThreadASIDPool};
static unsigned pools = 1;

void vspace_set_own(vspace_t *vspace)
{
        own = vspace;
}

vspace_t *vspace_own(void)
{
        return own;
}

vspace_t *vspace_find(seL4_CPtr root)
{
        vspace_t *vspace = all;

        while (vspace && vspace->root != root)
                vspace = vspace->next;
        return vspace;
}

static void unlist(vspace_t *vspace)
{
        vspace_t **link = &all;

        while (*link && *link != vspace)
                link = &(*link)->next;
        if (*link)
                *link = vspace->next;
}

int vspace_adopt(vspace_t *vspace, cspace_t *cspace, seL4_CPtr root)
{
        *vspace = (vspace_t){
                .root = root,
                .cspace = cspace,
                .window = PAGES_START,
                .window_end = PAGES_END,
                .hint = PAGES_START,
        };
        if (shadow_open(vspace))
                return VSPACE_NO_MEMORY;
        vspace->next = all;
        all = vspace;
        return seL4_NoError;
}

static int add_pool(cspace_t *cspace)
{
        ut_t *ut = ut_alloc(seL4_ASIDPoolBits, NULL);
        seL4_CPtr slot = ut ? cspace_alloc_slot(cspace) : seL4_CapNull;
        int err = slot && pools < ASID_POOLS_MAX
                          ? (int)seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, ut->cap,
                                                               cspace->root_cnode, slot, seL4_WordBits)
                          : VSPACE_NO_MEMORY;

        if (err) {
                cspace_free_slot(cspace, slot);
                if (ut)
                        ut_free(ut);
                return err;
        }
        pool[pools++] = slot;
        return seL4_NoError;
}

static int assign_asid(vspace_t *vspace)
{
        int err = seL4_DeleteFirst;

        /* The newest pool has room unless it was filled; older ones may have got room again. */
        for (unsigned i = pools; i > 0 && err == seL4_DeleteFirst; i--)
                err = seL4_ARM_ASIDPool_Assign(pool[i - 1], vspace->root);
        if (err == seL4_DeleteFirst) {
                err = add_pool(vspace->cspace);
                if (!err)
                        err = seL4_ARM_ASIDPool_Assign(pool[pools - 1], vspace->root);
        }
        return err;
}

int vspace_create(vspace_t *vspace, cspace_t *cspace)
{
        seL4_CPtr root;
        ut_t *ut = ut_new_object(cspace, &root, seL4_ARM_VSpaceObject, seL4_VSpaceBits);
        int err;

        if (!ut)
                return VSPACE_NO_MEMORY;
        err = vspace_adopt(vspace, cspace, root);
        if (!err) {
                err = assign_asid(vspace);
                if (err)
                        vspace_forget(vspace);
        }
        if (err) {
                ut_free_object(cspace, root, ut);
                return err;
        }
        vspace->root_ut = ut;
        return seL4_NoError;
}

/* Empty the shadow; pages are dropped, or only forgotten. */
static void clear(vspace_t *vspace, bool drop)
{
        struct place at = {vspace->top, 0};

        if (!vspace->top->used[0] && !vspace->top->used[1])
                return;
        do {
                enum vspace_kind kind = shadow_kind(at);
                seL4_Word vaddr = shadow_base(at);

                if (kind != VSPACE_PAGE && kind != VSPACE_RESERVED)
                        continue;
                if (kind == VSPACE_PAGE && drop)
                        vspace_drop(vspace, at);
                else
                        shadow_release(vspace, at);
                at = shadow_find(vspace, vaddr); /* tables may have gone */
        } while (shadow_next(&at));
}

int vspace_forget(vspace_t *vspace)
{
        if (!vspace->top)
                return seL4_InvalidArgument;
        clear(vspace, false);
        shadow_close(vspace);
        unlist(vspace);
        return seL4_NoError;
}

int vspace_destroy(vspace_t *vspace)
{
        if (!vspace->root_ut) {
                report("vspace_destroy: not an address space made by vspace_create");
                return seL4_InvalidArgument;
        }
        if (vspace->threads) {
                report("vspace_destroy: %zu threads are still in the address space", vspace->threads);
                return seL4_RevokeFirst;
        }
        if (vspace->top) {
                clear(vspace, true);
                vspace_forget(vspace);
                cspace_discard(vspace->cspace, vspace->root);
        }
        if (ut_free_checked(vspace->root_ut)) {
                report("vspace_destroy: the address space is still referenced; destroy its threads first");
                return seL4_RevokeFirst;
        }
        vspace->root_ut = NULL;
        return seL4_NoError;
}
