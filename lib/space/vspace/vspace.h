/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: what is mapped where, and what each mapping is made of.
 *
 * A vspace_t shadows the hardware page tables of one address space.  For each page it knows the frame capability, its
 * physical memory and rights; for each table the capability and memory, so that tables appear on demand and vanish with
 * their last entry.  Nothing is ever mapped over something else: the kernel would replace silently, the library says
 * seL4_DeleteFirst.
 *
 *      void *p = vspace_new_pages(&vspace, 0, 3, VSPACE_RW);      three fresh zeroed pages somewhere
 *      ...
 *      vspace_free_pages(&vspace, p, 3);                          unmapped, deleted, slots and memory returned
 *
 *      vspace_share(&vspace, p, &other, 0x500000, 1, VSPACE_R);   one page in a second place (each with a capability of its own)
 *      vspace_unmap(&other, 0x500000, 1);
 *
 * Invariants (vspace_audit checks them)
 *      - each mapping has a frame capability of its own; the memory returns when the last mapping of a frame goes.
 *      - a table exists if and only if something is mapped or reserved below it.
 *      - a call that fails has changed nothing.
 *
 * Addresses are page aligned; counts are in 4 KiB pages.  Results: 0, a seL4_Error, or -1 (VSPACE_NO_MEMORY) for
 * out of memory or slots.  Cost per page: one slot, 16 bytes, one kernel call; lookups follow at most four pointers.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <shadow/space.h>
#include <ut/ut.h>

/* What is known about one page. */
typedef struct {
        enum vspace_kind kind;
        seL4_Word vaddr;  /* start of the page or reservation that holds the address asked for */
        size_t size_bits; /* 12, 21 or 30 */
        seL4_CPtr frame;  /* this mapping's capability */
        uintptr_t paddr;
        enum vspace_flags flags;
} vspace_mapping_t;

/* --- address spaces --- */

/* A new, empty address space with an ASID from the boot pool (or a further pool when that is full).  Pages "somewhere"
 * go to [PAGES_START, PAGES_END). */
int vspace_create(vspace_t *vspace, cspace_t *cspace);

/* Unmap everything, give all frames, tables and the VSpace itself back.  Threads in it must be destroyed first: while the
 * threads library has some in it this is refused, with seL4_RevokeFirst. */
int vspace_destroy(vspace_t *vspace);

/* Start records for an address space that exists already, such as the root task's own.  Its present contents are unknown: mark
 * them with vspace_reserve.  vspace_forget drops the records and the tables that the library made. */
int vspace_adopt(vspace_t *vspace, cspace_t *cspace, seL4_CPtr root);
int vspace_forget(vspace_t *vspace);

/* The books of the address space behind this capability, or NULL. */
vspace_t *vspace_find(seL4_CPtr root);

/* --- pages --- */

/* `count` fresh zeroed pages at `vaddr`, or somewhere in the window when vaddr is 0.  NULL on failure. */
void *vspace_new_pages(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_flags flags);
int vspace_free_pages(vspace_t *vspace, void *pages, size_t count);

/* Map an existing frame capability (4 KiB, 2 MiB or 1 GiB: size_bits) at `vaddr`.  The capability stays the caller's:
 * vspace_unmap only unmaps it. */
int vspace_map(vspace_t *vspace, seL4_CPtr frame, seL4_Word vaddr, size_t size_bits, enum vspace_flags flags);

/* Map a copy of `frame` (4 KiB), which stays untouched; unmapping deletes the copy. */
int vspace_map_copy(vspace_t *vspace, seL4_CPtr frame, seL4_Word vaddr, enum vspace_flags flags);

/* Unmap `count` pages.  Frames that the library made are deleted and their memory freed with the last mapping; frames of
 * the caller remain.  Pages that are not mapped are skipped: the result is then seL4_InvalidArgument. */
int vspace_unmap(vspace_t *vspace, seL4_Word vaddr, size_t count);

/* Show `count` pages (of 4 KiB) of `from` in `to` as well, each through a capability of its own.  `to_vaddr` 0: somewhere; the
 * address is returned in *at if `at` is not NULL. */
int vspace_share(vspace_t *from, const void *pages, size_t count, vspace_t *to, seL4_Word to_vaddr,
                 enum vspace_flags flags, seL4_Word *at);

/* Change the rights of whole pages, all of them or none. */
int vspace_protect(vspace_t *vspace, seL4_Word vaddr, size_t count, enum vspace_flags flags);

/* Keep `count` pages unmapped (a guard, or something else lives there); vspace_unreserve ends it. */
int vspace_reserve(vspace_t *vspace, seL4_Word vaddr, size_t count);
int vspace_unreserve(vspace_t *vspace, seL4_Word vaddr, size_t count);

/* A free range of `count` pages in the window, aligned to 2^align_bits; 0 when there is none.  Nothing is reserved. */
seL4_Word vspace_find_free(vspace_t *vspace, size_t count, size_t align_bits);

/* What is at `vaddr`? */
vspace_mapping_t vspace_lookup(vspace_t *vspace, seL4_Word vaddr);

/* Forget mappings of callers' frames that were ended with seL4_ARM_Page_Unmap or by deleting the frame, and free the
 * tables that are empty then.  Returns how many there were.  O(pages). */
size_t vspace_sweep(vspace_t *vspace);

/* Make instructions that were written to the pages visible (clean data, invalidate instructions). */
int vspace_sync_code(vspace_t *vspace, seL4_Word vaddr, size_t count);

/* Compare the books with themselves; the number of contradictions, each reported. */
unsigned vspace_audit(vspace_t *vspace);

/* Set once by bootstrap: the caller's own address space. */
void vspace_set_own(vspace_t *vspace);
vspace_t *vspace_own(void);
