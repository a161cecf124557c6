/* SPDX-License-Identifier: BSD-2-Clause */
/* A capability as a value: 16 bytes, whose bits only this file and cap/cap_memory.h know.
 *
 *      a  63..59 kind   58..48 info (11 bits)   47..0 address, sign extended
 *      b  badge, guard, watermark or mapping, by kind
 *
 *      kind            address            info                              b
 *      endpoint        object             rights R W G P                    badge
 *      notification    object             rights R W                        badge
 *      reply           object             bit 0: grant                      -
 *      CNode           object | guard     bits 5..0 radix, 6: guard         guard value
 *                      width (low 6)      and radix make 64 bits
 *      TCB             object             -                                 -
 *      VCPU            object             -                                 -
 *      sched context   object             size bits                         -
 *      untyped         PHYSICAL base |    size bits, bit 6: device          watermark, bytes from the base
 *                      cleared / 16       bits 10..7: gap
 *      frame           PHYSICAL base      bits 1..0 rights R W, 3..2 size   ASID << 48 | address, 0: not mapped
 *                                         (0: 4K 1: 2M 2: 1G), 4: device
 *      page table      object             -                                 ASID << 48 | address, 0: not mapped
 *      VSpace          object             bit 0: 8 KiB, not 4               ASID, 0: none
 *      ASID pool       object             -                                 first ASID of the pool
 *      IRQ handler     -                  -                                 INTID
 *      SGI signal      -                  -                                 target << 32 | SGI
 *      sched control   -                  -                                 core
 *      SMC             -                  -                                 the one function, 0: any
 *      zombie          container or       radix of the CNode, 0: TCB,       slots still to be emptied
 *                      queue of threads   bit 6: queue, and its size bits
 *
 * `object` addresses are kernel virtual (inside the window).  Kinds are the public DebugCapIdentify numbers.
 * Rights use the public bits: 0 write, 1 read, 2 grant, 3 grant-reply.
 */
#pragma once

#include "core/cap_slot.h"
#include "core/word.h"
#include "layout.h"

enum cap_kind {
        CAP_NULL = 0,
        CAP_FRAME = 1,
        CAP_UNTYPED = 2,
        CAP_PAGE_TABLE = 3,
        CAP_ENDPOINT = 4,
        CAP_NOTIFICATION = 6,
        CAP_REPLY = 8,
        CAP_VSPACE = 9,
        CAP_CNODE = 10,
        CAP_ASID_CONTROL = 11,
        CAP_TCB = 12,
        CAP_ASID_POOL = 13,
        CAP_IRQ_CONTROL = 14,
        CAP_VCPU = 15, /* at EL2 only */
        CAP_IRQ_HANDLER = 16,
        CAP_ZOMBIE = 18,
        CAP_DOMAIN = 20,
        CAP_SCHED_CONTEXT = 22,
        CAP_SCHED_CONTROL = 24,
        CAP_SMC = 25,
        CAP_SGI_SIGNAL = 27,
        CAP_KINDS = 28,
};

enum {
        RIGHT_WRITE = 1,
        RIGHT_READ = 2,
        RIGHT_GRANT = 4,
        RIGHT_GRANT_REPLY = 8,
        RIGHTS_ALL = 15,
};

/* Sizes of objects, as powers of two; public numbers. */
enum {
        ENDPOINT_BITS = 4,
        REPLY_BITS = 5,
        SLOT_BITS = 5,
        NOTIFICATION_BITS = 6,
        TCB_BITS = 11,
        VCPU_BITS = 12,
        PAGE_BITS = 12, /* small frames, page tables, VSpaces, ASID pools */
        UNTYPED_BITS_MIN = 4,
        UNTYPED_BITS_MAX = 47,
        SCHED_CONTEXT_BITS_MIN = 7,
};

static inline struct cap cap_make(enum cap_kind kind, word address, word info, word b)
{
        return (struct cap){(word)kind << 59 | info << 48 | (address & ones(48)), b};
}

static inline enum cap_kind cap_kind(struct cap c)
{
        return (enum cap_kind)(c.a >> 59);
}

static inline word cap_info(struct cap c)
{
        return c.a >> 48 & ones(11);
}

static inline word cap_address(struct cap c)
{
        return (word)((int64_t)(c.a << 16) >> 16);
}

static inline struct cap cap_with_info(struct cap c, word info)
{
        c.a = (c.a & ~(ones(11) << 48)) | info << 48;
        return c;
}

static inline struct cap cap_null(void)
{
        return (struct cap){0, 0};
}

static inline bool cap_is_null(struct cap c)
{
        return cap_kind(c) == CAP_NULL;
}

/* The object behind an endpoint, notification, reply, TCB, scheduling context, table, pool or zombie cap. */
static inline void *cap_object(struct cap c)
{
        return (void *)cap_address(c);
}

static inline struct cap cap_for_object(enum cap_kind kind, const void *object, word info, word b)
{
        return cap_make(kind, (word)object, info, b);
}

/* Where two caps differ in kind and address. */
static inline word cap_difference(struct cap x, struct cap y)
{
        return (x.a ^ y.a) & ~(ones(11) << 48);
}

/* Endpoint and notification caps: rights; reply caps: RIGHT_GRANT or nothing. */
static inline word cap_rights(struct cap c)
{
        return cap_info(c) & RIGHTS_ALL;
}

/* SchedControl caps: which core's time. */
static inline word cap_core(struct cap c)
{
        return c.b;
}

/* Endpoint and notification caps; of SMC caps the function. */
static inline word cap_badge(struct cap c)
{
        return c.b;
}

static inline struct cap cap_with_badge(struct cap c, word badge)
{
        c.b = badge;
        return c;
}

/* Badge, guard, watermark or mapping, as it is: for those that print or compare it. */
static inline word cap_detail(struct cap c)
{
        return c.b;
}

/* The null cap, as in a cleared slot. */
static inline bool cap_is_clear(struct cap c)
{
        return c.a == 0 && c.b == 0;
}

/* CNode caps */
enum { CNODE_WHOLE = 64 };

static inline struct cap cap_cnode(const void *slots, word radix, word guard, word guard_bits)
{
        word info = radix | (guard_bits + radix == 64 ? CNODE_WHOLE : 0);

        return cap_make(CAP_CNODE, (word)slots | guard_bits, info, guard & ones(guard_bits));
}

static inline word cnode_radix(struct cap c)
{
        return cap_info(c) & 63;
}

/* A CNode cap that resolves all 64 bits of an address alone. */
static inline bool cap_is_whole_cnode(struct cap c)
{
        return c.a >> 54 == (CAP_CNODE << 5 | CNODE_WHOLE >> 6);
}

static inline word cnode_guard_bits(struct cap c)
{
        return c.a & 63;
}

static inline word cnode_guard(struct cap c)
{
        return c.b;
}

static inline struct slot *cnode_slots(struct cap c)
{
        return (struct slot *)(cap_address(c) & ~(word)63);
}

/* IRQ handler, SGI signal and SMC caps. */
static inline word irq_line(struct cap c)
{
        return c.b;
}

static inline word sgi_number(struct cap c)
{
        return c.b & ones(32);
}

static inline word sgi_target(struct cap c)
{
        return c.b >> 32;
}

static inline word smc_function(struct cap c)
{
        return c.b;
}

/* Where a TCB keeps its slots; thread/thread.h asserts it. */
enum { TCB_SLOTS_OFFSET = 480 };

/* Zombie caps: what is left of an object whose last cap is being deleted, and that takes more than one step: a CNode or TCB with slots, or
 * an endpoint or notification (whose queue is its first member) with waiting threads. */
enum { ZOMBIE_QUEUE = 64 };

static inline bool zombie_is_queue(struct cap c)
{
        return cap_info(c) & ZOMBIE_QUEUE;
}

static inline word zombie_left(struct cap c)
{
        return c.b;
}

static inline struct cap zombie_with_left(struct cap c, word left)
{
        c.b = left;
        return c;
}

static inline struct cap cap_zombie_queue(const void *queue, word bits)
{
        return cap_make(CAP_ZOMBIE, (word)queue, ZOMBIE_QUEUE | bits, 1);
}

static inline struct cap cap_zombie(const void *container, word radix, word left)
{
        return cap_make(CAP_ZOMBIE, (word)container, radix, left);
}

_Static_assert(sizeof(struct cap) == 16, "a slot is 32 bytes in public, half of it the cap");
