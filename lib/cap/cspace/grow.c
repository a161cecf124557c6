/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing a two-level CSpace by one leaf CNode, or a flat one by the books of as many slots.
 *
 * The leaf goes straight into its place in the top CNode and needs no ordinary slot.  If no bookkeeping page covers it
 * yet, one is made first: its frame capability and the tables that mapping it may need go to the reserve slots, which
 * are filled up again from the new leaf.  While this runs `growing` is set: the memory source must not ask for slots
 * (the ut library looks at it).
 *
 * A page that was made stays if the leaf then fails; the next attempt uses it.
 */
#include "inside.h"

#include <sel4/report.h>

void cspace_refill(cspace_t *c)
{
        if (c->bootstrap || !c->two_level) {
                return; /* derived CSpaces keep their books in the creator */
        }
        for (int i = 0; i < WATERMARK_SLOTS; i++) {
                if (c->reserve[i] == seL4_CapNull)
                        c->reserve[i] = cspace_take(c);
        }
}

static bool reserve_is_full(const cspace_t *c)
{
        for (int i = 0; i < WATERMARK_SLOTS; i++) {
                if (c->reserve[i] == seL4_CapNull)
                        return false;
        }
        return true;
}

/* Make bookkeeping page `n` with memory from `payer` and the slots given: 0..2 for tables, 3 for the frame.  Slots that
 * were used are set to 0. */
static bool make_page(cspace_t *c, cspace_t *payer, uint32_t n, seL4_CPtr slot[WATERMARK_SLOTS])
{
        const cspace_alloc_t *alloc = &payer->alloc;
        seL4_Word used = 0;
        seL4_CPtr cap;
        void *ut = alloc->alloc_4k_ut(alloc->cookie, &cap);
        struct cspace_page *page;

        if (!ut)
                return false;
        if (cspace_untyped_retype(payer, cap, slot[MAPPING_SLOTS], seL4_ARM_SmallPageObject, seL4_PageBits)) {
                alloc->free_4k_ut(alloc->cookie, ut);
                return false;
        }
        page = alloc->map_frame(alloc->cookie, slot[MAPPING_SLOTS], slot, &used);
        for (int i = 0; i < MAPPING_SLOTS; i++)
                slot[i] = used & (1ul << i) ? seL4_CapNull : slot[i];
        if (!page) {
                cspace_wipe(payer, slot[MAPPING_SLOTS]);
                alloc->free_4k_ut(alloc->cookie, ut);
                return false;
        }
        page->frame = slot[MAPPING_SLOTS];
        page->ut = ut;
        slot[MAPPING_SLOTS] = seL4_CapNull;
        c->page[n] = page;
        return true;
}

/* The creator pays with ordinary slots. */
static bool make_derived_page(cspace_t *c, uint32_t n)
{
        seL4_CPtr slot[WATERMARK_SLOTS];
        bool ok = true;

        for (int i = 0; i < WATERMARK_SLOTS; i++) {
                slot[i] = cspace_alloc_slot(c->bootstrap);
                ok = ok && slot[i] != seL4_CapNull;
        }
        ok = ok && make_page(c, c->bootstrap, n, slot);
        for (int i = 0; i < WATERMARK_SLOTS; i++) {
                if (slot[i] != seL4_CapNull)
                        cspace_put(c->bootstrap, slot[i]);
        }
        cspace_refill(c->bootstrap);
        return ok;
}

bool cspace_add_page(cspace_t *c, uint32_t n)
{
        if (c->bootstrap)
                return make_derived_page(c, n);
        return reserve_is_full(c) && make_page(c, c, n, c->reserve);
}

/* Memory with the CNode of leaf `n`, which is in its place in the top CNode; NULL: there is none. */
static void *make_leaf(cspace_t *c, uint32_t n)
{
        seL4_CPtr cap;
        void *ut = c->alloc.alloc_4k_ut(c->alloc.cookie, &cap);

        if (ut && seL4_Untyped_Retype(cap, seL4_CapTableObject, LEAF_BITS, c->root_cnode, 0, 0, n, 1)) {
                c->alloc.free_4k_ut(c->alloc.cookie, ut);
                return NULL;
        }
        return ut;
}

static bool add_leaf(cspace_t *c)
{
        uint32_t n = c->leaves;
        void *ut = NULL;

        if (!c->page[n / BOT_LVL_PER_NODE] && !cspace_add_page(c, n / BOT_LVL_PER_NODE))
                return false;
        if (!c->flat) {
                ut = make_leaf(c, n);
                if (!ut)
                        return false;
        }
        *cspace_leaf(c, n) = (struct leaf){.ut = ut};
        c->leaves++;
        cspace_leaf_changed(c, n);
        return true;
}

bool cspace_grow(cspace_t *c)
{
        bool ok;

        if (!c->two_level && !(c->add_level && c->add_level(c)))
                return false;
        if (c->growing || c->leaves >= cspace_leaf_limit(c))
                return false;
        c->growing = true;
        cspace_refill(c);
        ok = add_leaf(c);
        cspace_refill(c);
        c->growing = false;
        if (ok && c->alloc.replenish)
                c->alloc.replenish(c->alloc.cookie);
        return ok;
}

cspace_err_t cspace_reserve(cspace_t *c, size_t n)
{
        if (!cspace_alive(c, "cspace_reserve"))
                return CSPACE_ERROR;
        while (cspace_free_slots(c) < n) {
                if (!cspace_grow(c))
                        return CSPACE_ERROR;
        }
        return CSPACE_NOERROR;
}
