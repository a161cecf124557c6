/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges of an address space: filling, sharing, emptying, reserving. */
#include "inside.h"

#include <object/object.h>

int vspace_map(vspace_t *vspace, seL4_CPtr frame, seL4_Word vaddr, size_t size_bits, enum vspace_flags flags)
{
        seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(frame);

        if (address.error)
                return address.error;
        return vspace_enter(vspace, vaddr, size_bits,
                            (struct entry){.cap = (uint32_t)frame,
                                           .kind = VSPACE_PAGE,
                                           .flags = (uint8_t)(flags & ENTRY_FLAGS),
                                           .what = address.paddr});
}

/* A fresh frame of 2^size_bits bytes at `vaddr`. */
static int new_page(vspace_t *vspace, seL4_Word vaddr, size_t size_bits, enum vspace_flags flags)
{
        seL4_Word type = size_bits == seL4_PageBits ? seL4_ARM_SmallPageObject : seL4_ARM_LargePageObject;
        seL4_CPtr frame;
        ut_t *ut = ut_new_object(vspace->cspace, &frame, type, size_bits);
        int err;

        if (!ut)
                return VSPACE_NO_MEMORY;
        ut->user = (void *)1ul;
        err = vspace_enter(vspace, vaddr, size_bits,
                           (struct entry){.cap = (uint32_t)frame,
                                          .kind = VSPACE_PAGE,
                                          .flags = (uint8_t)(flags & ENTRY_FLAGS),
                                          .owner = ENTRY_OWNS_CAP | ENTRY_HAS_UT,
                                          .what = (uintptr_t)ut});
        if (err)
                ut_free_object(vspace->cspace, frame, ut);
        return err;
}

static size_t page_bits(seL4_Word vaddr, seL4_Word end, enum vspace_flags flags)
{
        seL4_Word large = 1ul << seL4_LargePageBits;

        return flags & VSPACE_LARGE && !(vaddr & (large - 1)) && end - vaddr >= large ? seL4_LargePageBits
                                                                                      : seL4_PageBits;
}

static void lower_hint(vspace_t *vspace, seL4_Word vaddr)
{
        if (vaddr < vspace->hint && vaddr >= vspace->window)
                vspace->hint = vaddr;
}

void *vspace_new_pages(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_flags flags)
{
        seL4_Word at, end;
        int err = seL4_NoError;

        if (!vaddr) {
                vaddr = vspace_find_free(vspace, count,
                                         flags & VSPACE_LARGE ? seL4_LargePageBits : seL4_PageBits);
        }
        if (!vaddr || !count || !shadow_covers(vspace, vaddr, count))
                return NULL;
        end = vaddr + (count << seL4_PageBits);
        for (at = vaddr; at < end && !err;) {
                size_t bits = page_bits(at, end, flags);

                err = new_page(vspace, at, bits, flags);
                if (err && bits != seL4_PageBits) {
                        bits = seL4_PageBits;
                        err = new_page(vspace, at, bits, flags);
                }
                at += err ? 0 : 1ul << bits;
        }
        if (err) {
                vspace_unmap(vspace, vaddr, (at - vaddr) >> seL4_PageBits);
                return NULL;
        }
        return (void *)vaddr;
}

/* The entries of that kind in a range become empty by `release`; what is of another kind, or only in part inside, stays, and the result
 * is an error. */
static int release_range(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_kind kind,
                         void (*release)(vspace_t *vspace, struct place at))
{
        seL4_Word end = vaddr + (count << seL4_PageBits);
        int result = seL4_NoError;

        if (!shadow_covers(vspace, vaddr, count))
                return seL4_InvalidArgument;
        lower_hint(vspace, vaddr);
        while (vaddr < end) {
                struct place at = shadow_find(vspace, vaddr);
                seL4_Word base = shadow_base(at);
                seL4_Word limit = base + (1ul << shadow_shift(at.table->level));

                if (shadow_kind(at) == kind && base >= vaddr && limit <= end)
                        release(vspace, at);
                else
                        result = seL4_InvalidArgument;
                vaddr = limit;
        }
        return result;
}

int vspace_unmap(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        return release_range(vspace, vaddr, count, VSPACE_PAGE, vspace_drop);
}

int vspace_free_pages(vspace_t *vspace, void *pages, size_t count)
{
        return vspace_unmap(vspace, (seL4_Word)pages, count);
}

/* Show a page, whose capability is in `cspace`, in `to`. */
static int share_page(const struct entry *page, cspace_t *cspace, vspace_t *to, seL4_Word vaddr,
                      enum vspace_flags flags)
{
        seL4_CPtr copy = cspace_alloc_slot(to->cspace);
        struct entry entry = *page;
        int err;

        if (!copy)
                return VSPACE_NO_MEMORY;
        err = cspace_copy(to->cspace, copy, cspace, page->cap, seL4_AllRights);
        if (!err) {
                entry.cap = (uint32_t)copy;
                entry.owner |= ENTRY_OWNS_CAP;
                entry.flags = (uint8_t)((flags & ENTRY_FLAGS) | (page->flags & VSPACE_DEVICE));
                err = vspace_enter(to, vaddr, seL4_PageBits, entry);
        }
        if (err) {
                cspace_discard(to->cspace, copy);
                return err;
        }
        if (entry.owner & ENTRY_HAS_UT) {
                ut_t *ut = (ut_t *)entry.what;
                ut->user = (void *)((uintptr_t)ut->user + 1);
        } else if (vspace_device_hook) {
                vspace_device_hook(entry.what, 1);
        }
        return seL4_NoError;
}

/* Show what is at `vaddr` of `from` in `to`. */
static int share_at(vspace_t *from, seL4_Word vaddr, vspace_t *to, seL4_Word to_vaddr,
                    enum vspace_flags flags)
{
        struct place place = shadow_find(from, vaddr);
        bool small = shadow_kind(place) == VSPACE_PAGE && place.table->level == SHADOW_LEVELS - 1;

        return small ? share_page(shadow_entry(place), from->cspace, to, to_vaddr, flags)
                     : seL4_InvalidArgument;
}

int vspace_share(vspace_t *from, const void *pages, size_t count, vspace_t *to, seL4_Word to_vaddr,
                 enum vspace_flags flags, seL4_Word *at)
{
        seL4_Word base = to_vaddr ? to_vaddr : vspace_find_free(to, count, seL4_PageBits);
        int err = base ? seL4_NoError : VSPACE_NO_MEMORY;
        size_t done;

        if (!shadow_covers(from, (seL4_Word)pages, count) || (base && !shadow_covers(to, base, count)))
                err = seL4_InvalidArgument;
        for (done = 0; done < count && !err; done += !err)
                err = share_at(from, (seL4_Word)pages + (done << seL4_PageBits), to,
                               base + (done << seL4_PageBits), flags);
        if (err && done)
                vspace_unmap(to, base, done);
        if (at)
                *at = err ? 0 : base;
        return err;
}

int vspace_map_copy(vspace_t *vspace, seL4_CPtr frame, seL4_Word vaddr, enum vspace_flags flags)
{
        seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(frame);
        struct entry entry = {.cap = (uint32_t)frame, .kind = VSPACE_PAGE, .what = address.paddr};

        return address.error ? (int)address.error : share_page(&entry, vspace->cspace, vspace, vaddr, flags);
}

/* The largest aligned piece of a reservation at `vaddr`, as a level of the tables. */
static unsigned reserve_level(seL4_Word vaddr, seL4_Word end)
{
        unsigned level = 0;

        while (level < SHADOW_LEVELS - 1) {
                seL4_Word size = 1ul << shadow_shift(level);

                if (!(vaddr & (size - 1)) && end - vaddr >= size)
                        break;
                level++;
        }
        return level;
}

int vspace_reserve(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        seL4_Word end = vaddr + (count << seL4_PageBits);
        seL4_Word next = vaddr;

        if (!shadow_covers(vspace, vaddr, count))
                return seL4_InvalidArgument;
        while (next < end) {
                unsigned level = reserve_level(next, end);
                struct place at;
                int err = shadow_make(vspace, next, level, &at);

                if (err) {
                        vspace_unreserve(vspace, vaddr, (next - vaddr) >> seL4_PageBits);
                        return err;
                }
                shadow_fill(at, (struct entry){.kind = VSPACE_RESERVED});
                next += 1ul << shadow_shift(level);
        }
        return seL4_NoError;
}

int vspace_unreserve(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        return release_range(vspace, vaddr, count, VSPACE_RESERVED, shadow_release);
}
