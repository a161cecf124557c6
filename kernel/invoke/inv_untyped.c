/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped_Retype (spec objects.md 7.2).  Checks are numbered there. */
#include "cap/derive.h"
#include "invoke/invoke.h"
#include "mem/retype.h"
#include "trace/trace.h"

enum { FAN_OUT_LIMIT = 256 };

/* 3 to 7 */
static enum outcome check_type(struct request *r, struct retype *p)
{
        p->type = request_word(r, 0);
        p->size_bits = request_word(r, 1);
        if (p->type >= OBJECT_VCPU && (p->type > OBJECT_VCPU || !hypervisor_face()))
                return refuse_argument(r, 0);
        if (p->size_bits >= 64)
                return refuse_range(r, 0, UNTYPED_BITS_MAX);
        p->bits = object_bits(p->type, p->size_bits);
        if (p->bits > UNTYPED_BITS_MAX)
                return refuse_range(r, 0, UNTYPED_BITS_MAX);
        if (p->type == OBJECT_CNODE && p->size_bits == 0)
                return refuse_argument(r, 1);
        if (p->type == OBJECT_UNTYPED && p->size_bits < UNTYPED_BITS_MIN)
                return refuse_argument(r, 1);
        if (p->type == OBJECT_SCHED_CONTEXT && p->size_bits < SCHED_CONTEXT_BITS_MIN)
                return refuse_argument(r, 1);
        return DONE;
}

/* 8 to 13 */
static enum outcome check_destination(struct request *r, struct retype *p)
{
        word depth = request_word(r, 3), offset = request_word(r, 4);
        struct slot *node = r->extra[0];

        p->count = request_word(r, 5);
        if (depth != 0 && lookup_slot(node->cap, request_word(r, 2), depth, 0, &node, &r->why) != DONE)
                return REFUSED;
        if (cap_kind(node->cap) != CAP_CNODE)
                return refuse_lookup(&r->why, 0, (struct lookup_fault){LOOKUP_MISSING, depth, 0, 0});
        word slots = bit(cnode_radix(node->cap));
        if (offset >= slots)
                return refuse_range(r, 0, slots - 1);
        if (p->count < 1 || p->count > FAN_OUT_LIMIT)
                return refuse_range(r, 1, FAN_OUT_LIMIT);
        if (p->count > slots - offset)
                return refuse_range(r, 1, slots - offset);
        p->to = cnode_slots(node->cap) + offset;
        return slots_are_empty(p->to, p->count) ? DONE : refuse_delete_first(r);
}

enum outcome untyped_retype(struct request *r)
{
        struct retype p = {.untyped = r->slot};

        if (check_type(r, &p) != DONE || check_destination(r, &p) != DONE)
                return REFUSED;
        bool fresh = !slot_has_child(r->slot);
        word size = bit(untyped_bits(r->cap)), left = fresh ? size : size - untyped_used(r->cap);
        if (left >> p.bits < p.count)
                return refuse(&r->why, REFUSE_MEMORY, 1, left, 0);
        if (untyped_is_device(r->cap) && p.type != OBJECT_UNTYPED && !object_is_frame(p.type))
                return refuse_argument(r, 1);

        if (fresh)
                untyped_reset(r->slot);
        retype_place(&p);
        if (retype_clear(&p) == AGAIN)
                return AGAIN;
        retype_commit(&p);
        trace(TESSERA_TRACE_RETYPE, r->caller, p.type, p.count, p.bits);
        return DONE;
}
