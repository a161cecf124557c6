/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, widening and unmaking CSpaces for others.
 *
 * A root CNode capability carries a guard of zeros for all bits that its levels do not use, so that every CPtr counts
 * with its full 64 bits.  Retype makes capabilities without a guard; the guard comes with a Mutate into the final slot.
 */
#include <cspace/inside.h>
#include <sel4/report.h>

/* A CNode of 2^12 bytes with its guard, in a new slot of the creator. */
static bool make_root(cspace_t *c, seL4_Word guard_bits)
{
        cspace_t *by = c->bootstrap;
        seL4_CPtr raw = cspace_alloc_slot(by);
        seL4_CPtr root = cspace_alloc_slot(by);
        seL4_CPtr cap = seL4_CapNull;
        void *ut = raw && root ? by->alloc.alloc_4k_ut(by->alloc.cookie, &cap) : NULL;
        bool made = ut && !cspace_untyped_retype(by, cap, raw, seL4_CapTableObject, LEAF_BITS);

        if (made && !cspace_mutate(by, root, by, raw, seL4_CNode_CapData_new(0, guard_bits).words[0])) {
                cspace_put(by, raw);
                c->root_cnode = root;
                c->root_ut = ut;
                c->root_ut_cap = cap;
                return true;
        }
        if (made)
                cspace_wipe(by, raw);
        if (ut)
                by->alloc.free_4k_ut(by->alloc.cookie, ut);
        if (raw)
                cspace_put(by, raw);
        if (root)
                cspace_put(by, root);
        return false;
}

static bool can_create(const cspace_t *bootstrap, const cspace_t *target, const char *call)
{
        if (!cspace_alive(bootstrap, call))
                return false;
        if (!target || !bootstrap->alloc.alloc_4k_ut || !bootstrap->alloc.map_frame) {
                report("%s: the creator has no source of memory", call);
                return false;
        }
        return true;
}

static void drop_pages(cspace_t *c)
{
        cspace_t *by = c->bootstrap;

        for (int i = 0; i < CSPACE_PAGES_MAX && c->page[i]; i++) {
                seL4_CPtr frame = c->page[i]->frame;
                void *ut = c->page[i]->ut;

                if (by->alloc.unmap_frame)
                        by->alloc.unmap_frame(by->alloc.cookie, frame, c->page[i]);
                cspace_discard(by, frame);
                by->alloc.free_4k_ut(by->alloc.cookie, ut);
                c->page[i] = NULL;
        }
}

int cspace_create_one_level(cspace_t *bootstrap, cspace_t *target)
{
        if (!can_create(bootstrap, target, "cspace_create_one_level"))
                return CSPACE_ERROR;
        cspace_clear(target, sizeof(*target));
        target->bootstrap = bootstrap;
        target->top_lvl_size_bits = CNODE_SIZE_BITS;
        if (!make_root(target, seL4_WordBits - LEAF_BITS))
                return CSPACE_ERROR;
        bf_set_bit(target->single, seL4_CapNull);
        target->used = 1;
        target->magic = ALIVE;
        return CSPACE_NOERROR;
}

/* The only CNode becomes leaf 0 of a new top CNode: same objects, same numbers, another root. */
static bool add_level(cspace_t *c)
{
        cspace_t *by = c->bootstrap;
        seL4_CPtr old = c->root_cnode;
        struct leaf first = {.used = {c->single[0], c->single[1]}, .ut = c->root_ut};
        seL4_CPtr first_cap = c->root_ut_cap;

        if (!cspace_add_page(c, 0))
                return false;
        if (!make_root(c, seL4_WordBits - 2 * LEAF_BITS)) {
                drop_pages(c);
                return false;
        }
        if (seL4_CNode_Mutate(c->root_cnode, 0, FULL_DEPTH - LEAF_BITS, by->root_cnode, old, FULL_DEPTH,
                              seL4_CNode_CapData_new(0, 0).words[0])) {
                cspace_discard(by, c->root_cnode);
                by->alloc.free_4k_ut(by->alloc.cookie, c->root_ut);
                c->root_cnode = old;
                c->root_ut = first.ut;
                c->root_ut_cap = first_cap;
                drop_pages(c);
                return false;
        }
        cspace_put(by, old);
        *cspace_leaf(c, 0) = first;
        c->leaves = 1;
        c->two_level = true;
        cspace_leaf_changed(c, 0);
        if (c->moved)
                c->moved(c);
        return true;
}

int cspace_create(cspace_t *bootstrap, cspace_t *target)
{
        int err = cspace_create_one_level(bootstrap, target);

        if (!err) {
                target->alloc = bootstrap->alloc;
                target->add_level = add_level;
        }
        return err;
}

/* Does anything still refer to the root CNode whose own capability is gone?  Where that cannot be asked, the next Retype finds out. */
static bool root_is_referenced(cspace_t *c)
{
        return cspace_probe_untyped(c->bootstrap, c->root_ut_cap) == seL4_RevokeFirst;
}

static cspace_err_t drop_root(cspace_t *c)
{
        cspace_t *by = c->bootstrap;

        if (root_is_referenced(c)) {
                report("cspace_destroy: the root CNode is still referenced; destroy the threads in this "
                       "CSpace first");
                c->magic = LINGERING;
                return CSPACE_ERROR;
        }
        by->alloc.free_4k_ut(by->alloc.cookie, c->root_ut);
        c->magic = DESTROYED;
        return CSPACE_NOERROR;
}

/* Deleting cannot fail for good, but it may be refused once: try again like cspace_wipe. */
static cspace_err_t delete_leaf(const cspace_t *c, uint32_t n)
{
        for (int i = 0; i < CSPACE_ATTEMPTS; i++) {
                if (!seL4_CNode_Delete(c->root_cnode, n, FULL_DEPTH - LEAF_BITS))
                        return CSPACE_NOERROR;
        }
        report("cspace_destroy: leaf %u cannot be deleted", n);
        return CSPACE_ERROR;
}

static cspace_err_t drop_leaves(cspace_t *c)
{
        while (c->leaves) {
                uint32_t n = c->leaves - 1;

                if (delete_leaf(c, n))
                        return CSPACE_ERROR;
                c->alloc.free_4k_ut(c->alloc.cookie, cspace_leaf(c, n)->ut);
                c->leaves--;
        }
        return CSPACE_NOERROR;
}

cspace_err_t cspace_destroy_checked(cspace_t *c)
{
        if (c && c->magic == LINGERING) {
                /* A CNode whose last capability was in a thread lives on unreachably until its untyped is revoked. */
                cspace_revoke(c->bootstrap, c->root_ut_cap);
                return drop_root(c);
        }
        if (!cspace_alive(c, "cspace_destroy"))
                return CSPACE_ERROR;
        if (!c->bootstrap) {
                report("cspace_destroy: the root task's own CSpace cannot be destroyed");
                return CSPACE_ERROR;
        }
        if (drop_leaves(c))
                return CSPACE_ERROR;
        cspace_discard(c->bootstrap, c->root_cnode);
        drop_pages(c);
        return drop_root(c);
}

void cspace_destroy(cspace_t *c)
{
        (void)cspace_destroy_checked(c);
}

static bool first_leaf(cspace_t *c)
{
        if (!cspace_grow(c))
                return false;
        bf_set_bit(cspace_leaf(c, 0)->used, seL4_CapNull);
        c->used = 1;
        return true;
}

int cspace_create_two_level(cspace_t *bootstrap, cspace_t *target, cspace_alloc_t cspace_alloc)
{
        if (!can_create(bootstrap, target, "cspace_create_two_level"))
                return CSPACE_ERROR;
        if (!cspace_alloc.alloc_4k_ut || !cspace_alloc.free_4k_ut) {
                report("cspace_create_two_level: no source of memory to grow from");
                return CSPACE_ERROR;
        }
        cspace_clear(target, sizeof(*target));
        target->bootstrap = bootstrap;
        target->alloc = cspace_alloc;
        target->two_level = true;
        target->top_lvl_size_bits = CNODE_SIZE_BITS;
        if (!make_root(target, seL4_WordBits - 2 * LEAF_BITS))
                return CSPACE_ERROR;
        target->magic = ALIVE;
        if (!first_leaf(target)) {
                cspace_destroy(target);
                return CSPACE_ERROR;
        }
        return CSPACE_NOERROR;
}
