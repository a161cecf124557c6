/* SPDX-License-Identifier: BSD-2-Clause */
/* What the clock does with a page that its hand has come to: second chance.  Pure.
 *
 * The processor notes neither use nor change of a page.  A page that was touched since the last round is unmapped and
 * spared, so that the next use faults; a page is mapped writable only after a write has faulted, so `dirty` is known.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* PAGE_KEPT: not in the hardware any more, but it still has the capability by which it was mapped. */
enum page_state { PAGE_UNMAPPED, PAGE_READABLE, PAGE_WRITABLE, PAGE_KEPT };

/* A page of an address space.  Where its content is:
 *      frame, not coming                       there
 *      frame, coming                           on its way from swap to the frame
 *      no frame, swap                          in swap
 *      neither                                 nowhere: zero, or what the file behind the region says
 * A frame that is present and not dirty equals the block `swap`, or, without one, what the region says. */
struct page {
        uint32_t frame : 24;
        uint32_t state : 2; /* enum page_state: how it is mapped */
        uint32_t touched : 1;
        uint32_t dirty : 1;
        uint32_t coming : 1;
        uint32_t lost : 1;   /* its block could not be read */
        uint32_t fixed : 1;  /* the kernel uses it, or it is locked: never evicted */
        uint32_t copied : 1; /* it is mapped through a copy of the frame's capability (map.h) */
        uint32_t swap : 25;  /* number of a block, 0: none */
        uint32_t common : 1; /* the frame belongs to the file or the share behind the region */
        uint32_t files : 1;  /* it is the file's, too, until somebody writes there */
};
_Static_assert(sizeof(struct page) == 8, "512 of them fill a frame");

enum { PAGE_SWAP_MAX = (1 << 25) - 1 };

enum clock_step {
        CLOCK_SKIP,  /* cannot be evicted now */
        CLOCK_SPARE, /* take the touch away */
        CLOCK_DROP,  /* the frame can go at once */
        CLOCK_WRITE, /* it goes when its content has been written */
};

/* `held`: evicting it would free nothing, or somebody works with its frame.  `room`: there is a block and a transfer to write it with.
 * `hurry`: touched pages are not spared. */
static inline enum clock_step clock_look(const struct page *p, bool held, bool room, bool hurry)
{
        if (!p->frame || p->coming || p->fixed || held)
                return CLOCK_SKIP;
        if (p->touched && !hurry)
                return CLOCK_SPARE;
        if (!p->dirty)
                return CLOCK_DROP;
        return room ? CLOCK_WRITE : CLOCK_SKIP;
}
