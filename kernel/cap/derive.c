/* SPDX-License-Identifier: BSD-2-Clause */
/* Ancestry and the making of copies (spec objects.md 4 and 5). */
#include "cap/derive.h"

/* Kinds of which each object has an address of its own and nothing else in the cap tells objects apart. */
static bool named_by_address(enum cap_kind kind)
{
        const word set = bit(CAP_ENDPOINT) | bit(CAP_NOTIFICATION) | bit(CAP_REPLY) | bit(CAP_TCB) |
                         bit(CAP_SCHED_CONTEXT) | bit(CAP_PAGE_TABLE) | bit(CAP_VSPACE) | bit(CAP_ASID_POOL) |
                         bit(CAP_VCPU);

        return set >> kind & 1;
}

/* The rest of the comparison, given that kind and address agree. */
static __attribute__((noinline)) bool same_otherwise(const struct cap *x, const struct cap *y)
{
        switch (cap_kind(*x)) {
        case CAP_NULL:
        case CAP_UNTYPED:
        case CAP_ZOMBIE:
                return false;
        case CAP_IRQ_HANDLER:
        case CAP_SGI_SIGNAL:
                return x->b == y->b;
        case CAP_FRAME:
                return frame_level(*x) == frame_level(*y) && frame_is_device(*x) == frame_is_device(*y);
        default: /* a CNode, or the one of its kind */
                return true;
        }
}

/* By reference: a cap passed by value would be loaded twice. */
static inline bool name_same_object(const struct cap *x, const struct cap *y)
{
        word differ = cap_difference(*x, *y);

        /* Of six low bits only endpoints and replies use two as address; CNode caps keep the width of their guard there. */
        if (differ & ~ones(6))
                return false;
        return named_by_address(cap_kind(*x)) ? differ == 0 : same_otherwise(x, y);
}

bool same_object(struct cap x, struct cap y)
{
        return name_same_object(&x, &y);
}

/* Untypeds of any size, zombies, and caps without memory. */
static __attribute__((cold, noinline)) bool untyped_covers_range(struct cap untyped, struct cap c)
{
        word bits = cap_object_bits(c);

        if (bits == 0)
                return false;
        word base = untyped_base(untyped), start = cap_object_paddr(c);
        return start >= base && start + bit(bits) <= base + bit(untyped_bits(untyped));
}

/* An object or a frame lies in an untyped as a whole or not at all, so where it starts tells. */
static bool untyped_covers(struct cap untyped, struct cap c)
{
        bool frame = cap_kind(c) == CAP_FRAME;

        if (!frame && !named_by_address(cap_kind(c)) && cap_kind(c) != CAP_CNODE)
                return untyped_covers_range(untyped, c);
        word start = frame ? cap_address(c) : paddr_of(cap_object(c));
        return start - untyped_base(untyped) < bit(untyped_bits(untyped));
}

bool slot_covers(const struct slot *above, const struct slot *below)
{
        struct cap a = above->cap, b = below->cap;

        if (!(above->link & SLOT_ORIGINAL))
                return false;
        switch (cap_kind(a)) {
        case CAP_UNTYPED:
                return untyped_covers(a, b);
        case CAP_ENDPOINT:
        case CAP_NOTIFICATION:
                if (!name_same_object(&above->cap, &below->cap))
                        return false;
                return cap_badge(a) == 0 || (cap_badge(a) == cap_badge(b) && !(below->link & SLOT_APART));
        case CAP_SGI_SIGNAL:
                return name_same_object(&above->cap, &below->cap) && !(below->link & SLOT_APART);
        case CAP_IRQ_CONTROL:
                return cap_kind(b) == CAP_IRQ_HANDLER || cap_kind(b) == CAP_SGI_SIGNAL;
        default:
                return name_same_object(&above->cap, &below->cap);
        }
}

bool slot_has_child(const struct slot *s)
{
        const struct slot *next = slot_next(s);

        return next && slot_covers(s, next);
}

bool slot_is_last(const struct slot *s)
{
        const struct slot *next = slot_next(s);

        return !(s->prev && name_same_object(&s->prev->cap, &s->cap)) &&
               !(next && name_same_object(&next->cap, &s->cap));
}

struct cap cap_masked(struct cap c, word rights)
{
        switch (cap_kind(c)) {
        case CAP_ENDPOINT:
        case CAP_NOTIFICATION:
        case CAP_REPLY:
                return cap_with_info(c, cap_info(c) & rights);
        case CAP_FRAME:
                return cap_with_info(c, (cap_info(c) & ~(word)(RIGHT_READ | RIGHT_WRITE)) |
                                                frame_rights_within(c, rights));
        default:
                return c;
        }
}

struct cap cap_with_data(struct cap c, word data, bool badging)
{
        word guard_bits = data & 63;

        switch (cap_kind(c)) {
        case CAP_ENDPOINT:
        case CAP_NOTIFICATION:
        case CAP_SMC:
                if (!badging || cap_badge(c) != 0)
                        return cap_null();
                return cap_with_badge(c, data);
        case CAP_CNODE:
                if (guard_bits + cnode_radix(c) > 64)
                        return cap_null();
                return cap_cnode(cnode_slots(c), cnode_radix(c), data >> 6, guard_bits);
        default:
                return c;
        }
}

enum outcome cap_derive(const struct slot *from, struct cap c, struct cap *copy, struct refusal *why)
{
        const struct kind *kind = &kinds[cap_kind(c)];

        *copy = c;
        return kind->derive ? kind->derive(from, copy, why) : DONE;
}

void slot_insert_derived(struct slot *to, struct cap cap, struct slot *from)
{
        word marks = 0;

        switch (cap_kind(cap)) {
        case CAP_UNTYPED:
                /* The copy takes over all that is free; the source has nothing left to give. */
                from->cap = untyped_with_clear(from->cap, 0, 0);
                from->cap = untyped_with_used(from->cap, bit(untyped_bits(from->cap)));
                marks = SLOT_ORIGINAL;
                break;
        case CAP_ENDPOINT:
        case CAP_NOTIFICATION:
                if (cap_badge(cap) != cap_badge(from->cap))
                        marks = SLOT_ORIGINAL | SLOT_APART;
                break;
        default:
                break;
        }
        slot_insert(to, cap, from, marks);
}
