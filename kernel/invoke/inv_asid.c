/* SPDX-License-Identifier: BSD-2-Clause */
/* Pools of address-space identifiers (spec vspace.md 4 and 5).  Checks are numbered there. */
#include "arch/arch.h"
#include "cap/derive.h"
#include "invoke/inv_vm.h"
#include "invoke/invoke.h"
#include "vm/asid.h"

/* Everything a new pool needs, already proved. */
struct plan {
        struct slot *untyped, *to;
        word first; /* its first number */
};

static enum outcome check_pool_memory(struct request *r, const struct slot *untyped)
{
        struct cap c = untyped->cap;

        if (cap_kind(c) != CAP_UNTYPED || untyped_bits(c) != PAGE_BITS || untyped_is_device(c))
                return refuse_capability(r, 1);
        return slot_has_child(untyped) ? refuse_revoke_first(r) : DONE;
}

static enum outcome check_make_pool(struct request *r, struct plan *p)
{
        p->first = asid_pool_find_place();
        if (p->first == ASID_NO_POOL)
                return refuse_delete_first(r);
        p->untyped = r->extra[0];
        if (check_pool_memory(r, p->untyped) != DONE)
                return REFUSED;
        struct cap root = r->extra[1]->cap;
        if (lookup_slot(root, request_word(r, 0), request_word(r, 1), 0, &p->to, &r->why) != DONE)
                return REFUSED;
        return slot_is_empty(p->to) ? DONE : refuse_delete_first(r);
}

enum outcome asid_make_pool(struct request *r)
{
        struct plan p;

        if (check_make_pool(r, &p) != DONE)
                return REFUSED;
        struct asid_pool *pool = window(untyped_base(p.untyped->cap));
        arch_clear(pool, sizeof(*pool));
        p.untyped->cap = cap_untyped(paddr_of(pool), PAGE_BITS, false, sizeof(*pool));
        asid_pool_add(pool, p.first);
        slot_insert(p.to, cap_for_object(CAP_ASID_POOL, pool, 0, p.first), p.untyped, 0);
        return DONE;
}

static enum outcome check_assign(struct request *r, word *asid)
{
        struct cap vspace = r->extra[0]->cap;

        if (cap_kind(vspace) != CAP_VSPACE || vspace_asid(vspace) != 0)
                return refuse_capability(r, 1);
        const struct asid_pool *pool = kernel.asid_pool[pool_first_asid(r->cap) >> ASID_POOL_BITS];
        if (!pool)
                return refuse_lookup(&r->why, 0, (struct lookup_fault){.type = LOOKUP_INVALID_ROOT});
        if (pool != cap_object(r->cap))
                return refuse_capability(r, 0);
        *asid = asid_find_free(pool, pool_first_asid(r->cap));
        return *asid != 0 ? DONE : refuse_delete_first(r);
}

enum outcome asid_assign(struct request *r)
{
        word asid = 0;

        if (check_assign(r, &asid) != DONE)
                return REFUSED;
        struct slot *vspace = r->extra[0];
        asid_bind(asid, cap_object(vspace->cap));
        vspace->cap = vspace_with_asid(vspace->cap, asid);
        return DONE;
}
