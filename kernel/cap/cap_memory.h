/* SPDX-License-Identifier: BSD-2-Clause */
/* Caps of memory and of what is made of it: untyped, frames, tables, VSpaces, ASID pools; and the memory behind any cap.
 * cap/cap.h draws the bits. */
#pragma once

#include "cap/cap.h"

/* Untyped caps; the watermark is the number of used bytes from the base. */
static inline struct cap cap_untyped(word paddr, word bits, bool device, word watermark)
{
        return cap_make(CAP_UNTYPED, paddr, bits | (word)device << 6, watermark);
}

static inline word untyped_bits(struct cap c)
{
        return cap_info(c) & 63;
}

/* The watermark: bytes from the base that are used. */
static inline word untyped_used(struct cap c)
{
        return c.b;
}

static inline struct cap untyped_with_used(struct cap c, word bytes)
{
        c.b = bytes;
        return c;
}

static inline word untyped_base(struct cap c)
{
        return align_down(cap_address(c), untyped_bits(c));
}

/* What is known of the free part during a Retype: the bytes from untyped_clear_from to untyped_clear_to, counted from the base, are zero
 * and clean to memory.  Both are 0 when nothing is known.  The gap is what aligns the first object, if too big to be cleared with it. */
enum { GAP_BITS_MIN = 15, GAP_BITS_MAX = GAP_BITS_MIN + 15 };

static inline word untyped_clear_to(struct cap c)
{
        return (cap_address(c) & ones(untyped_bits(c))) << UNTYPED_BITS_MIN;
}

static inline word untyped_clear_from(struct cap c)
{
        word gap = cap_info(c) >> 7 & 15;

        if (untyped_clear_to(c) == 0)
                return 0;
        return gap ? align_up(untyped_used(c), GAP_BITS_MIN + gap) : untyped_used(c);
}

/* Whether clearing for objects of that size starts at the watermark or at the first object. */
static inline bool untyped_has_gap(word object_bits)
{
        return object_bits > GAP_BITS_MIN && object_bits <= GAP_BITS_MAX;
}

static inline struct cap untyped_extended(struct cap c, word to)
{
        c.a = (c.a & ~ones(untyped_bits(c))) | to >> UNTYPED_BITS_MIN;
        return c;
}

static inline struct cap untyped_with_clear(struct cap c, word to, word object_bits)
{
        word gap = untyped_has_gap(object_bits) ? object_bits - GAP_BITS_MIN : 0;

        return untyped_extended(cap_with_info(c, (cap_info(c) & 127) | gap << 7), to);
}

static inline bool untyped_is_device(struct cap c)
{
        return cap_info(c) >> 6 & 1;
}

/* Frame caps: level 0, 1, 2 = 4 KiB, 2 MiB, 1 GiB. */
static inline struct cap cap_frame(word paddr, word level, word rights, bool device)
{
        return cap_make(CAP_FRAME, paddr, rights | level << 2 | (word)device << 4, 0);
}

static inline word frame_rights(struct cap c)
{
        return cap_info(c) & 3;
}

/* Its rights within a mask of the user's.  A frame that cannot be read cannot be written either. */
static inline word frame_rights_within(struct cap c, word mask)
{
        word kept = frame_rights(c) & mask;

        return kept & RIGHT_READ ? kept : 0;
}

static inline word frame_level(struct cap c)
{
        return cap_info(c) >> 2 & 3;
}

static inline word frame_bits(struct cap c)
{
        return PAGE_BITS + 9 * frame_level(c);
}

static inline bool frame_is_device(struct cap c)
{
        return cap_info(c) >> 4 & 1;
}

/* Frame and page-table caps: where the cap says it is mapped.  ASID 0 means not mapped. */
static inline word mapped_asid(struct cap c)
{
        return c.b >> 48;
}

static inline word mapped_va(struct cap c)
{
        return c.b & ones(48);
}

static inline struct cap cap_mapped(struct cap c, word asid, word va)
{
        c.b = asid << 48 | va;
        return c;
}

/* VSpace caps: 0, none; ASID pool caps: the first one of the pool. */
static inline word vspace_asid(struct cap c)
{
        return c.b;
}

static inline word pool_first_asid(struct cap c)
{
        return c.b;
}

static inline struct cap vspace_with_asid(struct cap c, word asid)
{
        c.b = asid;
        return c;
}

/* Size in bits of the memory behind a cap; 0 for kinds without memory. */
static inline word cap_object_bits(struct cap c)
{
        switch (cap_kind(c)) {
        case CAP_UNTYPED:
                return untyped_bits(c);
        case CAP_FRAME:
                return frame_bits(c);
        case CAP_ENDPOINT:
                return ENDPOINT_BITS;
        case CAP_NOTIFICATION:
                return NOTIFICATION_BITS;
        case CAP_REPLY:
                return REPLY_BITS;
        case CAP_TCB:
                return TCB_BITS;
        case CAP_CNODE:
                return cnode_radix(c) + SLOT_BITS;
        case CAP_ZOMBIE:
                if (zombie_is_queue(c))
                        return cap_info(c) & ~(word)ZOMBIE_QUEUE;
                return cap_info(c) ? cap_info(c) + SLOT_BITS : TCB_BITS;
        case CAP_SCHED_CONTEXT:
                return cap_info(c);
        case CAP_VSPACE:
                return PAGE_BITS + cap_info(c);
        case CAP_PAGE_TABLE:
        case CAP_ASID_POOL:
        case CAP_VCPU:
                return PAGE_BITS;
        default:
                return 0;
        }
}

/* Physical base of the memory behind a cap that has any. */
static inline word cap_object_paddr(struct cap c)
{
        switch (cap_kind(c)) {
        case CAP_UNTYPED:
                return untyped_base(c);
        case CAP_FRAME:
                return cap_address(c);
        case CAP_CNODE:
                return paddr_of(cnode_slots(c));
        default:
                return paddr_of(cap_object(c));
        }
}
