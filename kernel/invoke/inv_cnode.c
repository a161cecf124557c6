/* SPDX-License-Identifier: BSD-2-Clause */
/* CNode invocations (spec objects.md 6).  Checks are numbered there. */
#include "cap/derive.h"
#include "cap/remove.h"
#include "invoke/invoke.h"
#include "invoke/labels.h"
#include "ipc/endpoint.h"

/* Everything a transfer needs, already proved. */
struct plan {
        struct slot *from, *to;
        struct cap cap;
};

static enum outcome cancel_badged_sends(struct request *r, const struct slot *target)
{
        struct cap c = target->cap;

        if (cap_kind(c) != CAP_ENDPOINT || cap_rights(c) != RIGHTS_ALL)
                return refuse_illegal(r);
        if (c.b != 0)
                endpoint_cancel_badged(cap_object(c), c.b);
        return DONE;
}

/* 4 to 7: the source of Copy, Mint, Move and Mutate. */
static enum outcome find_source(struct request *r, struct plan *p)
{
        if (r->length < 4 || r->extras < 1)
                return refuse_truncated(r);
        if (!slot_is_empty(p->to))
                return refuse_delete_first(r);
        word depth = request_word(r, 3);
        if (lookup_slot(r->extra[0]->cap, request_word(r, 2), depth, 1, &p->from, &r->why) != DONE)
                return REFUSED;
        if (slot_is_empty(p->from))
                return refuse_lookup(&r->why, 1, (struct lookup_fault){LOOKUP_MISSING, depth, 0, 0});
        return DONE;
}

static enum outcome check_derived(struct request *r, struct plan *p)
{
        bool mint = r->label == LABEL_CNODE_MINT;

        if (r->length < (mint ? 6u : 5u))
                return refuse_truncated(r);
        struct cap c = cap_masked(p->from->cap, request_word(r, 4));
        if (mint)
                c = cap_with_data(c, request_word(r, 5), true);
        if (cap_derive(p->from, c, &p->cap, &r->why) != DONE)
                return REFUSED;
        return cap_is_null(p->cap) ? refuse_illegal(r) : DONE;
}

static enum outcome check_moved(struct request *r, struct plan *p)
{
        p->cap = p->from->cap;
        if (r->label == LABEL_CNODE_MOVE)
                return DONE;
        if (r->length < 5)
                return refuse_truncated(r);
        p->cap = cap_with_data(p->cap, request_word(r, 4), false);
        return cap_is_null(p->cap) ? refuse_illegal(r) : DONE;
}

static enum outcome transfer(struct request *r, struct slot *to)
{
        struct plan p = {.to = to};
        bool copies = r->label == LABEL_CNODE_COPY || r->label == LABEL_CNODE_MINT;

        if (find_source(r, &p) != DONE)
                return REFUSED;
        if ((copies ? check_derived(r, &p) : check_moved(r, &p)) != DONE)
                return REFUSED;
        if (copies)
                slot_insert_derived(p.to, p.cap, p.from);
        else
                slot_move(p.to, p.cap, p.from);
        return DONE;
}

static enum outcome rotate(struct request *r, struct slot *to)
{
        struct slot *from, *pivot;

        if (r->length < 8 || r->extras < 2)
                return refuse_truncated(r);
        word from_depth = request_word(r, 7), pivot_depth = request_word(r, 4);
        if (lookup_slot(r->extra[1]->cap, request_word(r, 6), from_depth, 1, &from, &r->why) != DONE)
                return REFUSED;
        if (lookup_slot(r->extra[0]->cap, request_word(r, 3), pivot_depth, 1, &pivot, &r->why) != DONE)
                return REFUSED;
        if (pivot == from || pivot == to)
                return refuse_illegal(r);
        if (from != to && !slot_is_empty(to))
                return refuse_delete_first(r);
        if (slot_is_empty(from))
                return refuse_lookup(&r->why, 1, (struct lookup_fault){LOOKUP_MISSING, from_depth, 0, 0});
        if (slot_is_empty(pivot))
                return refuse_lookup(&r->why, 0, (struct lookup_fault){LOOKUP_MISSING, pivot_depth, 0, 0});
        struct cap from_cap = cap_with_data(from->cap, request_word(r, 5), false);
        struct cap pivot_cap = cap_with_data(pivot->cap, request_word(r, 2), false);
        if (cap_is_null(from_cap) || cap_is_null(pivot_cap))
                return refuse_illegal(r);

        if (from == to) {
                slot_swap(from, from_cap, pivot, pivot_cap);
        } else {
                slot_move(to, pivot_cap, pivot);
                slot_move(pivot, from_cap, from);
        }
        return DONE;
}

enum outcome invoke_cnode(struct request *r)
{
        struct slot *target;

        if (r->label < LABEL_CNODE_REVOKE || r->label > LABEL_CNODE_ROTATE)
                return refuse_illegal(r);
        if (r->length < 2)
                return refuse_truncated(r);
        if (lookup_slot(r->cap, request_word(r, 0), request_word(r, 1), 0, &target, &r->why) != DONE)
                return REFUSED;
        switch (r->label) {
        case LABEL_CNODE_REVOKE:
                return slot_revoke(target);
        case LABEL_CNODE_DELETE:
                return slot_delete(target);
        case LABEL_CNODE_CANCEL_BADGED_SENDS:
                return cancel_badged_sends(r, target);
        case LABEL_CNODE_ROTATE:
                return rotate(r, target);
        default:
                return transfer(r, target);
        }
}
