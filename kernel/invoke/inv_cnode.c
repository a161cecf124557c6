/* SPDX-License-Identifier: BSD-2-Clause */
/* CNode invocations (spec objects.md 6).  Checks are numbered there. */
#include "cap/derive.h"
#include "cap/remove.h"
#include "invoke/invoke.h"
#include "ipc/endpoint.h"
#include "time/preempt.h"

/* What Copy, Mint, Move and Mutate have in common. */
struct plan {
        struct slot *from, *to; /* in registers from one function to the next */
};

/* 1 to 3: the slot that each of these invocations names first. */
static inline __attribute__((always_inline)) enum outcome find_target(struct request *r, struct slot **target)
{
        return lookup_slot(r->cap, request_word(r, 0), request_word(r, 1), 0, target, &r->why);
}

enum outcome cnode_revoke(struct request *r)
{
        struct slot *target;

        return find_target(r, &target) == DONE ? slot_revoke(target) : REFUSED;
}

enum outcome cnode_delete(struct request *r)
{
        struct slot *target;

        return find_target(r, &target) == DONE ? slot_delete(target) : REFUSED;
}

__attribute__((cold)) enum outcome cnode_cancel_badged_sends(struct request *r)
{
        struct slot *target;

        if (find_target(r, &target) != DONE)
                return REFUSED;
        struct cap c = target->cap;
        if (cap_kind(c) != CAP_ENDPOINT || cap_rights(c) != RIGHTS_ALL)
                return refuse_illegal(r);
        return cap_badge(c) != 0 ? endpoint_cancel_badged(cap_object(c), cap_badge(c)) : DONE;
}

/* 1 to 7: an empty target, and the source of Copy, Mint, Move and Mutate; no target: refused. */
static __attribute__((noinline)) struct plan find_far_both(struct request *r)
{
        struct plan p, none = {NULL, NULL};

        if (find_target(r, &p.to) != DONE)
                return none;
        if (r->length < 4 || r->extras < 1) {
                refuse_truncated(r);
                return none;
        }
        if (!slot_is_empty(p.to)) {
                refuse_delete_first(r);
                return none;
        }
        word depth = request_word(r, 3);
        if (lookup_slot(r->extra[0]->cap, request_word(r, 2), depth, 1, &p.from, &r->why) != DONE)
                return none;
        if (!slot_is_empty(p.from))
                return p;
        refuse_lookup(&r->why, 1, (struct lookup_fault){LOOKUP_MISSING, depth, 0, 0});
        return none;
}

/* The same where each is resolved by one CNode and nothing is refused, as nearly always. */
static struct plan find_both(struct request *r)
{
        const word *m = &r->caller->context.x[REG_MESSAGE];
        word to = m[0], to_depth = m[1], from = m[2], from_depth = m[3];

        if (r->length < 4 || r->extras < 1 || to_depth != 64 || from_depth != 64)
                return find_far_both(r);
        struct cap into = r->cap, root = r->extra[0]->cap;
        if (!lookup_is_near(into, to) || !lookup_is_near(root, from))
                return find_far_both(r);
        struct plan p = {lookup_near(root, from), lookup_near(into, to)};
        return !slot_is_empty(p.to) || slot_is_empty(p.from) ? find_far_both(r) : p;
}

static __attribute__((noinline)) enum outcome insert_changed(struct request *r, struct plan p, struct cap c)
{
        struct cap copy;

        if (cap_derive(p.from, c, &copy, &r->why) != DONE)
                return REFUSED;
        if (cap_is_null(copy))
                return refuse_illegal(r);
        slot_insert_derived(p.to, copy, p.from);
        return DONE;
}

/* The copy of `c`, which the source holds, perhaps with fewer rights or a badge. */
static enum outcome insert_copy(struct request *r, struct plan p, struct cap c)
{
        if (cap_is_null(c) || kinds[cap_kind(c)].derive)
                return insert_changed(r, p, c);
        slot_insert_derived(p.to, c, p.from);
        return DONE;
}

enum outcome cnode_copy(struct request *r)
{
        struct plan p = find_both(r);

        if (!p.to)
                return REFUSED;
        if (r->length < 5)
                return refuse_truncated(r);
        return insert_copy(r, p, cap_masked(p.from->cap, request_word(r, 4)));
}

enum outcome cnode_mint(struct request *r)
{
        struct plan p = find_both(r);

        if (!p.to)
                return REFUSED;
        if (r->length < 6)
                return refuse_truncated(r);
        struct cap c = cap_masked(p.from->cap, request_word(r, 4));
        return insert_copy(r, p, cap_with_data(c, request_word(r, 5), true));
}

enum outcome cnode_move(struct request *r)
{
        struct plan p = find_both(r);

        if (!p.to)
                return REFUSED;
        slot_move(p.to, p.from->cap, p.from);
        return DONE;
}

enum outcome cnode_mutate(struct request *r)
{
        struct plan p = find_both(r);

        if (!p.to)
                return REFUSED;
        if (r->length < 5)
                return refuse_truncated(r);
        struct cap c = cap_with_data(p.from->cap, request_word(r, 4), false);
        if (cap_is_null(c))
                return refuse_illegal(r);
        slot_move(p.to, c, p.from);
        return DONE;
}

__attribute__((cold)) enum outcome cnode_rotate(struct request *r)
{
        struct slot *to, *from, *pivot;

        if (find_target(r, &to) != DONE)
                return REFUSED;
        if (r->length < 8 || r->extras < 2)
                return refuse_truncated(r);
        word from_depth = request_word(r, 7), pivot_depth = request_word(r, 4);
        if (lookup_slot(r->extra[1]->cap, request_word(r, 6), from_depth, 1, &from, &r->why) != DONE)
                return REFUSED;
        if (preempt_unkept(0))
                return AGAIN;
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
