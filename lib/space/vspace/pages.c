/* SPDX-License-Identifier: BSD-2-Clause */
/* One page: entering it into the kernel's tables and the shadow, and taking it out again. */
#include "inside.h"

#include <sel4/sel4_arch/mapping.h>

void (*vspace_device_hook)(uintptr_t paddr, int change);

static unsigned level_of(size_t size_bits)
{
        return size_bits == seL4_PageBits ? 3 : size_bits == seL4_LargePageBits ? 2 : 1;
}

static seL4_CapRights_t rights_of(enum vspace_flags flags)
{
        return seL4_CapRights_new(0, 0, (flags & (VSPACE_R | VSPACE_X)) != 0, (flags & VSPACE_W) != 0);
}

static seL4_ARM_VMAttributes attributes_of(enum vspace_flags flags)
{
        unsigned word = flags & VSPACE_DEVICE ? 0 : seL4_ARM_Default_VMAttributes;

        return (seL4_ARM_VMAttributes)(flags & VSPACE_X ? word : word | seL4_ARM_ExecuteNever);
}

/* One past the last byte of what is at this place. */
static seL4_Word end_of(struct place at)
{
        return shadow_base(at) + (1ul << shadow_shift(at.table->level));
}

static int map_entry(const vspace_t *vspace, const struct entry *entry, seL4_Word vaddr)
{
        return seL4_ARM_Page_Map(entry->cap, vspace->root, vaddr, rights_of(entry->flags),
                                 attributes_of(entry->flags));
}

/* The page's capability is not used: it may be gone, and invoking what is in the slot now may block for good.  Instead a range that begins
 * in the page and ends behind it is cleaned: that is refused if the page is mapped, and succeeds if nothing is.  The last page has no byte
 * behind it; it counts as live.  A refusal for lack of memory says nothing: ask again. */
bool vspace_is_live(const vspace_t *vspace, struct place at)
{
        seL4_Word vaddr = shadow_base(at);
        int err = seL4_NotEnoughMemory;

        if (end_of(at) >= seL4_UserTop)
                return true;
        for (int i = 0; i < CSPACE_ATTEMPTS && err == seL4_NotEnoughMemory; i++)
                err = (int)seL4_ARM_VSpace_Clean_Data(vspace->root, vaddr, end_of(at) + 1);
        return err == seL4_RangeError;
}

/* The caller of map_frame ended this mapping without us. */
static bool is_stale(const vspace_t *vspace, struct place at)
{
        const struct entry *entry = shadow_entry(at);

        return entry && entry->kind == VSPACE_PAGE && !(entry->owner & ENTRY_OWNS_CAP) &&
               !vspace_is_live(vspace, at);
}

static void forget_if_stale(vspace_t *vspace, seL4_Word vaddr)
{
        struct place at = shadow_find(vspace, vaddr);

        if (is_stale(vspace, at)) {
                vspace->pages--;
                shadow_release(vspace, at);
        }
}

size_t vspace_sweep(vspace_t *vspace)
{
        struct place at = {vspace->top, 0};
        size_t before = vspace->pages;

        if (!vspace->top)
                return 0;
        do {
                if (is_stale(vspace, at)) {
                        seL4_Word vaddr = shadow_base(at);

                        forget_if_stale(vspace, vaddr);
                        at = shadow_find(vspace, vaddr); /* tables may have gone */
                }
        } while (shadow_next(&at));
        return before - vspace->pages;
}

/* Map, making the tables that the kernel misses: it names the one by the address bits that a table of that level resolves,
 * 39, 30 or 21. */
static int map_with_tables(vspace_t *vspace, const struct entry *entry, struct place at)
{
        seL4_Word vaddr = shadow_base(at);
        int err = map_entry(vspace, entry, vaddr);

        for (int i = 1; i < SHADOW_LEVELS && err == seL4_FailedLookup; i++) {
                seL4_Word bits = seL4_MappingFailedLookupLevel();

                err = shadow_make_real(vspace, at, (unsigned)(48 - bits) / 9);
                err = err ? err : map_entry(vspace, entry, vaddr);
        }
        return err;
}

int vspace_enter(vspace_t *vspace, seL4_Word vaddr, size_t size_bits, struct entry entry)
{
        struct place at;
        int err;

        if (vaddr & ((1ul << size_bits) - 1))
                return seL4_AlignmentError;
        if (!shadow_covers(vspace, vaddr, 1))
                return seL4_InvalidArgument;
        forget_if_stale(vspace, vaddr);
        err = shadow_make(vspace, vaddr, level_of(size_bits), &at);
        if (err)
                return err;
        err = map_with_tables(vspace, &entry, at);
        if (err) {
                shadow_release(vspace, at);
                return err;
        }
        shadow_fill(at, entry);
        vspace->pages++;
        return seL4_NoError;
}

static void unmap_only(seL4_CPtr frame)
{
        for (int i = 0; i < CSPACE_ATTEMPTS && seL4_ARM_Page_Unmap(frame); i++) {
        }
}

/* Take out the page at `at` with everything that belongs to it. */
void vspace_drop(vspace_t *vspace, struct place at)
{
        struct entry entry = *shadow_entry(at);
        ut_t *ut = entry.owner & ENTRY_HAS_UT ? (ut_t *)entry.what : NULL;

        if (entry.owner & ENTRY_OWNS_CAP) {
                cspace_discard(vspace->cspace, entry.cap);
        } else if (vspace_is_live(vspace, at)) { /* else the slot may hold something else by now */
                unmap_only(entry.cap);
        }
        if (ut) {
                uintptr_t users = (uintptr_t)ut->user - 1;

                ut->user = (void *)users;
                if (!users)
                        ut_reclaim(ut); /* a thread may hold the frame as its IPC buffer */
        } else if (entry.owner & ENTRY_OWNS_CAP && vspace_device_hook) {
                vspace_device_hook(entry.what, -1);
        }
        vspace->pages--;
        shadow_release(vspace, at);
}

static bool are_whole_pages(const vspace_t *vspace, seL4_Word vaddr, seL4_Word end)
{
        while (vaddr < end) {
                struct place at = shadow_find(vspace, vaddr);

                if (shadow_kind(at) != VSPACE_PAGE || shadow_base(at) != vaddr || end_of(at) > end)
                        return false;
                vaddr = end_of(at);
        }
        return true;
}

/* The rights that it had stay in `before`. */
static int change(const vspace_t *vspace, struct place at, unsigned flags)
{
        struct entry *entry = shadow_entry(at);
        struct entry wanted = *entry;
        int err;

        wanted.flags = (uint8_t)((flags & ENTRY_FLAGS) | (entry->flags & VSPACE_DEVICE));
        wanted.before = entry->flags;
        err = map_entry(vspace, &wanted, shadow_base(at));
        if (!err)
                *entry = wanted;
        return err;
}

static void change_back(const vspace_t *vspace, seL4_Word vaddr, seL4_Word end)
{
        while (vaddr < end) {
                struct place at = shadow_find(vspace, vaddr);

                for (int i = 0; i < CSPACE_ATTEMPTS && change(vspace, at, shadow_entry(at)->before); i++) {
                }
                vaddr = end_of(at);
        }
}

int vspace_protect(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_flags flags)
{
        seL4_Word end = vaddr + (count << seL4_PageBits);

        if (!shadow_covers(vspace, vaddr, count) || !are_whole_pages(vspace, vaddr, end))
                return seL4_InvalidArgument;
        for (seL4_Word next = vaddr; next < end;) {
                struct place at = shadow_find(vspace, next);
                int err = change(vspace, at, flags);

                if (err) {
                        change_back(vspace, vaddr, next);
                        return err;
                }
                next = end_of(at);
        }
        return seL4_NoError;
}

int vspace_sync_code(vspace_t *vspace, seL4_Word vaddr, size_t count)
{
        seL4_Word end = vaddr + (count << seL4_PageBits);

        if (!shadow_covers(vspace, vaddr, count))
                return seL4_InvalidArgument;
        while (vaddr < end) {
                struct place at = shadow_find(vspace, vaddr);
                seL4_Word size = 1ul << shadow_shift(at.table->level);
                int err = shadow_kind(at) == VSPACE_PAGE
                                  ? (int)seL4_ARM_Page_Unify_Instruction(shadow_entry(at)->cap, 0, size)
                                  : seL4_InvalidArgument;

                if (err)
                        return err;
                vaddr = shadow_base(at) + size;
        }
        return seL4_NoError;
}
