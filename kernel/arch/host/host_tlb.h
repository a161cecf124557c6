/* SPDX-License-Identifier: BSD-2-Clause */
/* A pretended MMU and TLB, of which each core has one: translations are walked in page tables in RAM exactly as AArch64 does with a
 * granule of 4 KiB and four levels, and remembered for their ASID until the kernel says to forget them.  With the interface of EL2 they are
 * the tables of stage 2, of 40 or 44 bits.
 *
 * A remembered translation that the tables no longer contain is stale.  Real hardware would use it; here it fails the test.
 */
#pragma once

#include "core/word.h"

enum host_access { HOST_READ, HOST_WRITE, HOST_FETCH };

/* Where one access goes, or why it does not. */
struct host_translation {
        bool ok;
        word paddr;
        word level;    /* of the leaf, or where the walk ended */
        word leaf;     /* the descriptor */
        word syndrome; /* ESR_EL1 of the abort when not ok */
};

void host_tlb_reset(void);
void host_tlb_bits(word bits); /* of an ASID; 16 after a reset */

/* An access of user level in the current space, through the TLB. */
struct host_translation host_translate(word va, enum host_access how);

/* The same by walking the tables of `root`, remembering nothing. */
struct host_translation host_walk(word root, word va, enum host_access how);

/* The current user space: physical address of its root, 0 when there is none. */
word host_space_root(void);
word host_space_asid(void);

/* Called with a range that was forgotten in the current space, or with every range when the space changes, so that
 * whoever really mapped it can unmap it; may be NULL. */
extern void (*host_forget_hook)(word va, word size);

/* Called when a stale translation is found; must not return.  Default: print and abort. */
extern void (*host_stale_hook)(word asid, word va);

/* Compare everything remembered with the tables as they are now.  `root_of` returns the root table that the kernel has
 * for an ASID, 0: none. */
void host_tlb_check(word (*root_of)(word asid));
