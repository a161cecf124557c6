/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages in the tables of the hardware: which capability maps a page, and the kernel's tables under an address space.
 *
 * A page is mapped through the capability that its frame lends, or, when another page has that, through a copy of its own, whose
 * slot is kept beside the records of its leaf.  Tables are made when the kernel reports them missing, and are freed with their leaf.
 *
 * A leaf whose pages are a large group (frame.h), all and in order, can be mapped as one.  When one of its pages is to be unmapped, all are; and
 * one that is to be mapped alone has to be copied first. */
#pragma once

#include "os/memory/space.h"

/* Map the page, or change the rights of its mapping; false when out of memory.  One call of the kernel, and one more for a copy. */
bool map_page(struct space *s, struct leaf *leaf, struct page *p, seL4_Word va, unsigned access);

/* Map the leaf of `p`, a page of a large group, as one, or let its mapping be; to be written when the region allows it and none of its
 * frames is shared, and these pages are dirty then.  False: that is not possible, or not for writing although the page is to be written.
 * Cost: some instructions per page, unless it is mapped already. */
bool map_large(struct space *s, struct leaf *leaf, const struct region *r, struct page *p, seL4_Word va,
               bool write);

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
