/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: making, filling, sharing, emptying, unmaking. */
#include "inside.h"

#include <object/object.h>
#include <sel4/layout.h>
#include <sel4/report.h>

enum { ASID_POOLS_MAX = 128 };

static vspace_t *all;
static vspace_t *own;

/* ASID pools: the boot pool, and those made when it was full.  Pools stay. */
static seL4_CPtr pool[ASID_POOLS_MAX] = {seL4_CapInitThreadASIDPool};
static unsigned pools = 1;

void vspace_set_own(vspace_t *vspace)
{
        own = vspace;
}

vspace_t *vspace_own(void)
{
        return own;
}

vspace_t *vspace_find(seL4_CPtr root)
{
        vspace_t *vspace = all;

        while (vspace && vspace->root != root) {
                vspace = vspace->next;
        }
        return vspace;
}

static void unlist(vspace_t *vspace)
{
        vspace_t **link = &all;

        while (*link && *link != vspace) {
                link = &(*link)->next;
        }
        if (*link) {
                *link = vspace->next;
        }
}

int vspace_adopt(vspace_t *vspace, cspace_t *cspace, seL4_CPtr root)
{
        *vspace = (vspace_t){
                .root = root,
                .cspace = cspace,
                .window = PAGES_START,
                .window_end = PAGES_END,
                .hint = PAGES_START,
        };
        if (shadow_open(vspace)) {
                return VSPACE_NO_MEMORY;
        }
        vspace->next = all;
        all = vspace;
        return seL4_NoError;
}

static int add_pool(cspace_t *cspace)
{
        ut_t *ut = ut_alloc(seL4_ASIDPoolBits, NULL);
        seL4_CPtr slot = ut ? cspace_alloc_slot(cspace) : seL4_CapNull;
        int err = slot && pools < ASID_POOLS_MAX
                          ? (int)seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, ut->cap,
                                                               cspace->root_cnode, slot, seL4_WordBits)
                          : VSPACE_NO_MEMORY;

        if (err) {
                cspace_free_slot(cspace, slot);
                if (ut) {
                        ut_free(ut);
                }
                return err;
        }
        pool[pools++] = slot;
        return seL4_NoError;
}

static int assign_asid(vspace_t *vspace)
{
        int err = seL4_DeleteFirst;

        /* The newest pool has room unless it was filled; older ones may have got room again. */
        for (unsigned i = pools; i > 0 && err == seL4_DeleteFirst; i--) {
                err = seL4_ARM_ASIDPool_Assign(pool[i - 1], vspace->root);
        }
        if (err == seL4_DeleteFirst) {
                err = add_pool(vspace->cspace);
                if (!err) {
                        err = seL4_ARM_ASIDPool_Assign(pool[pools - 1], vspace->root);
                }
        }
        return err;
}

int vspace_create(vspace_t *vspace, cspace_t *cspace)
{
        seL4_CPtr root;
        ut_t *ut = ut_new_object(cspace, &root, seL4_ARM_VSpaceObject, seL4_VSpaceBits);
        int err;

        if (!ut) {
                return VSPACE_NO_MEMORY;
        }
        err = vspace_adopt(vspace, cspace, root);
        if (!err) {
                err = assign_asid(vspace);
                if (err) {
                        vspace_forget(vspace);
                }
        }
        if (err) {
                ut_free_object(cspace, root, ut);
                return err;
        }
        vspace->root_ut = ut;
        return seL4_NoError;
}

/* Empty the shadow; pages are dropped, or only forgotten. */
static void clear(vspace_t *vspace, bool drop)
{
        struct place at = {vspace->top, 0};

        do {
                enum vspace_kind kind = shadow_kind(at);
                seL4_Word vaddr = shadow_base(at);

                if (kind != VSPACE_PAGE && kind != VSPACE_RESERVED) {
                        continue;
                }
                if (kind == VSPACE_PAGE && drop) {
                        vspace_drop(vspace, at);
                } else {
                        shadow_release(vspace, at);
                }
                at = shadow_find(vspace, vaddr); /* tables may have gone */
        } while (shadow_next(&at));
}

int vspace_forget(vspace_t *vspace)
{
        if (!vspace->top) {
                return seL4_InvalidArgument;
        }
        clear(vspace, false);
        shadow_close(vspace);
        unlist(vspace);
        return seL4_NoError;
}

int vspace_destroy(vspace_t *vspace)
{
        if (!vspace->root_ut) {
                report("vspace_destroy: not an address space made by vspace_create");
                return seL4_InvalidArgument;
        }
        if (vspace->threads) {
                report("vspace_destroy: %zu threads are still in the address space", vspace->threads);
                return seL4_RevokeFirst;
        }
        if (vspace->top) {
                clear(vspace, true);
                vspace_forget(vspace);
                cspace_discard(vspace->cspace, vspace->root);
        }
        if (ut_free_checked(vspace->root_ut)) {
                report("vspace_destroy: the address space is still referenced; destroy its threads first");
                return seL4_RevokeFirst;
        }
        vspace->root_ut = NULL;
        return seL4_NoError;
}

int vspace_map(vspace_t *vspace, seL4_CPtr frame, seL4_Word vaddr, size_t size_bits, enum vspace_flags flags)
{
        seL4_ARM_Page_GetAddress_t address = seL4_ARM_Page_GetAddress(frame);

        if (address.error) {
                return address.error;
        }
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

        if (!ut) {
                return VSPACE_NO_MEMORY;
        }
        ut->user = (void *)1ul;
        err = vspace_enter(vspace, vaddr, size_bits,
                           (struct entry){.cap = (uint32_t)frame,
                                          .kind = VSPACE_PAGE,
                                          .flags = (uint8_t)(flags & ENTRY_FLAGS),
                                          .owner = ENTRY_OWNS_CAP | ENTRY_HAS_UT,
                                          .what = (uintptr_t)ut});
        if (err) {
                ut_free_object(vspace->cspace, frame, ut);
        }
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
        if (vaddr < vspace->hint && vaddr >= vspace->window) {
                vspace->hint = vaddr;
        }
}

void *vspace_new_pages(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_flags flags)
{
        seL4_Word at, end;
        int err = seL4_NoError;

        if (!vaddr) {
                vaddr = vspace_find_free(vspace, count,
                                         flags & VSPACE_LARGE ? seL4_LargePageBits : seL4_PageBits);
        }
        if (!vaddr || !count || !shadow_covers(vspace, vaddr, count)) {
                return NULL;
        }
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

/* One step of unmapping at `vaddr`; *next is where to go on. */
static int unmap_at(vspace_t *vspace, seL4_Word vaddr, seL4_Word end, seL4_Word *next)
{
        struct place at = shadow_find(vspace, vaddr);
        seL4_Word base = shadow_base(at);
        seL4_Word limit = base + (1ul << shadow_shift(at.table->level));

        *next = limit < end ? limit : end;
        if (shadow_kind(at) != VSPACE_PAGE || base < vaddr || limit > end) {
                return seL4_InvalidArgument; /* nothing there, or only a part of a large page is meant */
        }
        vspace_drop(vspace, at);
        return seL4_NoError;
}

int vspace_unmap(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        seL4_Word end = vaddr + (count << seL4_PageBits);
        int result = seL4_NoError;

        if (!shadow_covers(vspace, vaddr, count)) {
                return seL4_InvalidArgument;
        }
        lower_hint(vspace, vaddr);
        while (vaddr < end) {
                int err = unmap_at(vspace, vaddr, end, &vaddr);
                result = result ? result : err;
        }
        return result;
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

        if (!copy) {
                return VSPACE_NO_MEMORY;
        }
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

int vspace_share(vspace_t *from, const void *pages, size_t count, vspace_t *to, seL4_Word to_vaddr,
                 enum vspace_flags flags, seL4_Word *at)
{
        seL4_Word base = to_vaddr ? to_vaddr : vspace_find_free(to, count, seL4_PageBits);
        int err = base ? seL4_NoError : VSPACE_NO_MEMORY;
        size_t done;

        if (!shadow_covers(from, (seL4_Word)pages, count) || (base && !shadow_covers(to, base, count))) {
                err = seL4_InvalidArgument;
        }

        for (done = 0; done < count && !err; done += !err) {
                struct place place = shadow_find(from, (seL4_Word)pages + (done << seL4_PageBits));

                err = shadow_kind(place) == VSPACE_PAGE && place.table->level == SHADOW_LEVELS - 1
                              ? share_page(shadow_entry(place), from->cspace, to,
                                           base + (done << seL4_PageBits), flags)
                              : seL4_InvalidArgument;
        }
        if (err && done) {
                vspace_unmap(to, base, done);
        }
        if (at) {
                *at = err ? 0 : base;
        }
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

                if (!(vaddr & (size - 1)) && end - vaddr >= size) {
                        break;
                }
                level++;
        }
        return level;
}

int vspace_reserve(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        seL4_Word end = vaddr + (count << seL4_PageBits);
        seL4_Word next = vaddr;

        if (!shadow_covers(vspace, vaddr, count)) {
                return seL4_InvalidArgument;
        }
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
        seL4_Word end = vaddr + (count << seL4_PageBits);
        int result = seL4_NoError;

        if (!shadow_covers(vspace, vaddr, count)) {
                return seL4_InvalidArgument;
        }
        lower_hint(vspace, vaddr);
        while (vaddr < end) {
                struct place at = shadow_find(vspace, vaddr);
                seL4_Word base = shadow_base(at);
                seL4_Word limit = base + (1ul << shadow_shift(at.table->level));

                if (shadow_kind(at) == VSPACE_RESERVED && base >= vaddr && limit <= end) {
                        shadow_release(vspace, at);
                } else {
                        result = seL4_InvalidArgument;
                }
                vaddr = limit;
        }
        return result;
}
