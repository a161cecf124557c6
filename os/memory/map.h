/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages in the tables of the hardware: which capability maps a page, and the kernel's tables under an address space.
 *
 * A page is mapped through the capability that its frame lends, or, when another page has that, through a copy of its own, whose
 * slot is kept beside the records of its leaf.  Tables are made when the kernel reports them missing, and are freed with their leaf. */
#pragma once

#include "os/memory/space.h"

/* Map the page, or change the rights of its mapping; false when out of memory.  One call of the kernel, and one more for a copy. */
bool map_page(struct space *s, struct leaf *leaf, struct page *p, seL4_Word va, unsigned access);

/* Map a whole leaf, from `va` on, through a capability to 2 MiB, or change the rights of that mapping; false when out of memory. */
bool map_whole(struct space *s, struct leaf *leaf, seL4_CPtr cap, seL4_Word va, bool write);

/* The capability through which a page is mapped, or was. */
seL4_CPtr map_cap(const struct leaf *leaf, const struct page *p, unsigned index);

/* It is no longer mapped, and has no capability. */
void map_remove(struct leaf *leaf, struct page *p, unsigned index);

/* No page of the leaf is in the hardware any more; they keep their capabilities (PAGE_KEPT), and can be mapped again. */
void map_cut(struct leaf *leaf);

/* The kernel's table of a leaf without mapped pages goes; and those above them all, with the space, piece by piece (true: all
 * have gone). */
void map_drop_table(struct leaf *leaf);
bool map_drop_upper(struct space *s);

/* Empty slots that are kept for copies. */
unsigned map_spare_slots(void);
