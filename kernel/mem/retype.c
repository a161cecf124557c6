/* SPDX-License-Identifier: BSD-2-Clause */
/* Clearing memory and making objects in it.
 *
 * Memory is cleared when it becomes an object and at no other time.  All of it is cleared before the first object is made,
 * in steps; the untyped cap remembers how far that got, so that nothing is cleared twice, whether the interrupted caller continues or
 * another caller asks for something else.  Making the objects is one short loop.
 */
#include "mem/retype.h"
#include "arch/arch.h"
#include "core/panic.h"
#include "thread/thread.h"
#include "time/preempt.h"
#include "vcpu/vcpu.h"

/* Bytes cleared between two preemption points, as a power of two, and what 64 of them cost; at EL2, where the SIMD registers may be
 * closed, more. */
enum { CLEAR_STEP = 15, LINE = 64, LINE_COST_X4 = 13, EL2_CLEAR_STEP = 14, EL2_LINE_COST_X4 = 34 };

/* A destination slot that was already found empty. */
enum { SLOT_CHECK_COST = 4 };

/* Types that have no entry are as large as the user says. */
#define FIXED_BITS(vspace_bits)                                                                              \
        [OBJECT_TCB] = TCB_BITS, [OBJECT_ENDPOINT] = ENDPOINT_BITS,                                          \
        [OBJECT_NOTIFICATION] = NOTIFICATION_BITS, [OBJECT_REPLY] = REPLY_BITS,                              \
        [OBJECT_HUGE_PAGE] = PAGE_BITS + 18, [OBJECT_LARGE_PAGE] = PAGE_BITS + 9,                            \
        [OBJECT_VSPACE] = (vspace_bits), [OBJECT_SMALL_PAGE] = PAGE_BITS, [OBJECT_PAGE_TABLE] = PAGE_BITS,   \
        [OBJECT_VCPU] = VCPU_BITS

word object_bits(word type, word size_bits)
{
        /* With the interface of EL1, and with spaces of 40 and of 44 bits at EL2; rows of 16 bytes, whose place the face says. */
        static const union {
                uint8_t row[3][16], at[48];
        } fixed = {.row = {{FIXED_BITS(PAGE_BITS)}, {FIXED_BITS(PAGE_BITS + 1)}, {FIXED_BITS(PAGE_BITS)}}};
        word bits = fixed.at[interface_row() + type];

        if (bits)
                return bits;
        return type == OBJECT_CNODE ? size_bits + SLOT_BITS : size_bits;
}

bool object_is_frame(word type)
{
        return type == OBJECT_SMALL_PAGE || type == OBJECT_LARGE_PAGE || type == OBJECT_HUGE_PAGE;
}

void untyped_reset(struct slot *untyped)
{
        struct cap c = untyped->cap;

        /* A watermark of 0 may come with memory that is clear already. */
        if (untyped_used(c) != 0)
                untyped->cap = cap_untyped(untyped_base(c), untyped_bits(c), untyped_is_device(c), 0);
}

void retype_place(struct retype *p)
{
        p->first = align_up(untyped_used(p->untyped->cap), p->bits);
        p->end = p->first + (p->count << p->bits);
}

static inline word clear_step(void)
{
        return hypervisor_face() ? EL2_CLEAR_STEP : CLEAR_STEP;
}

static word clear_cost(word bytes)
{
        return bytes / LINE * (hypervisor_face() ? EL2_LINE_COST_X4 : LINE_COST_X4) / 4;
}

/* Little memory, and nobody was interrupted on this untyped: at once. */
static void clear_little(word paddr, word bytes, bool clean)
{
        (clean ? arch_clear_to_memory : arch_clear)(window(paddr), bytes);
        this_core()->work += clear_cost(bytes);
}

/* How far clearing got is kept in the cap. */
static enum outcome keep(struct slot *untyped, bool extends, word at, word bits)
{
        struct cap c = untyped->cap;

        untyped->cap = extends ? untyped_extended(c, at) : untyped_with_clear(c, at, bits);
        return AGAIN;
}

/* From `at` until `end`; `more` is the work that comes behind it.  A known part that begins at or below `at` is extended, even over a
 * gap, so callers that alternate never undo each other's progress.  One that begins above is skipped when it is reached. */
static enum outcome clear_in_steps(struct slot *untyped, word at, word end, word bits, word more)
{
        struct cap c = untyped->cap;
        word from = untyped_clear_from(c), to = untyped_clear_to(c), step = clear_step();
        bool extends = to > 0 && from <= at;

        if (extends)
                at = to;
        while (at < end) {
                word stop = min_word(end, align_down(at, step) + bit(step)), bytes;

                if (at < from)
                        stop = min_word(stop, from);
                bytes = stop - at;
                arch_clear_to_memory(window(untyped_base(c) + at), bytes);
                at = stop == from ? to : stop;
                if (preempt_point(clear_cost(bytes)))
                        return keep(untyped, extends, at, bits);
        }
        /* The last step is kept, too: otherwise who gets less time at once than it and this take never comes to an end. */
        return preempt_unkept(more) ? keep(untyped, extends, at, bits) : DONE;
}

enum outcome retype_clear(const struct retype *p)
{
        struct cap c = p->untyped->cap;
        word more = p->count * RETYPE_OBJECT_COST;

        if (p->type == OBJECT_UNTYPED || untyped_is_device(c))
                return preempt_unkept(more) ? AGAIN : DONE;
        /* Checking the slots of many objects, perhaps through several CNodes, has already taken long; no whole step is added to it. */
        if (preempt_unkept(p->count * SLOT_CHECK_COST))
                return AGAIN;
        if (p->end - p->first > bit(clear_step()) || untyped_clear_to(c) > 0)
                return clear_in_steps(p->untyped, untyped_has_gap(p->bits) ? p->first : untyped_used(c),
                                      p->end, p->bits, more);
        clear_little(untyped_base(c) + p->first, p->end - p->first, object_is_frame(p->type));
        return preempt_unkept(more) ? AGAIN : DONE;
}

/* The first cap to a new object at `paddr`; the next object's differs in the address alone. */
static struct cap object_cap(const struct retype *p, word paddr, bool device)
{
        void *object = window(paddr);

        if (object_is_frame(p->type)) /* 12, 21, 30 bits are the levels 0, 1, 2 */
                return cap_frame(paddr, (p->bits - PAGE_BITS) >> 3, RIGHT_READ | RIGHT_WRITE, device);
        switch (p->type) {
        case OBJECT_UNTYPED:
                return cap_untyped(paddr, p->size_bits, device, 0);
        case OBJECT_TCB:
                return cap_for_object(CAP_TCB, object, 0, 0);
        case OBJECT_ENDPOINT:
                return cap_for_object(CAP_ENDPOINT, object, RIGHTS_ALL, 0);
        case OBJECT_NOTIFICATION:
                return cap_for_object(CAP_NOTIFICATION, object, RIGHT_READ | RIGHT_WRITE, 0);
        case OBJECT_CNODE:
                return cap_cnode(object, p->size_bits, 0, 0);
        case OBJECT_SCHED_CONTEXT:
                return cap_for_object(CAP_SCHED_CONTEXT, object, p->size_bits, 0);
        case OBJECT_REPLY:
                return cap_for_object(CAP_REPLY, object, RIGHT_GRANT, 0);
        case OBJECT_VCPU:
                return cap_for_object(CAP_VCPU, object, 0, 0);
        case OBJECT_VSPACE:
                return cap_for_object(CAP_VSPACE, object, p->bits - PAGE_BITS, 0);
        default:
                return cap_for_object(CAP_PAGE_TABLE, object, 0, 0);
        }
}

void retype_commit(const struct retype *p)
{
        struct cap c = p->untyped->cap;
        word first = untyped_base(c) + p->first, known = untyped_clear_to(c);

        MUST(p->end <= bit(untyped_bits(c)));
        c = untyped_with_used(c, p->end);
        p->untyped->cap = known > 0 && known <= p->end ? untyped_with_clear(c, 0, 0) : c;
        if (p->type == OBJECT_TCB)
                thread_init_row(window(first), p->count);
        for (word i = 0; p->type == OBJECT_VCPU && i < p->count; i++)
                vcpu_init(window(first + (i << VCPU_BITS)));
        slot_insert_row(p->to, p->count, object_cap(p, first, untyped_is_device(c)), bit(p->bits),
                        p->untyped);
}
