/* SPDX-License-Identifier: BSD-2-Clause */
/* Swap: frames are taken from pages that are not used, and their content comes back when it is wanted.
 *
 * Candidates are the pages of all processes (clock.h), in the order of a hand that goes round through their page
 * records.  Never evicted are: frames that several pages share after a fork (until one user is left), IPC buffers, page
 * records and other frames of the system, files in memory, frames under transfer, and the SWAP_RECENT frames that the server
 * touched last.  So a pointer that space_touch gave stays good for the next SWAP_RECENT - 1 touches and any number of
 * allocations.
 *
 * Frames are kept free ahead of need (swap_keep_ahead).  Nothing here waits: a page or frame that is on its way makes
 * `swap_awaited` true; waiters in `swap_queue` are woken when a transfer has ended.  Transfers hold a user
 * of their own on frame and block, so a process may end at any moment.  Without a swap area
 * nothing is evicted: programs would only lose their code to those who fill the memory.
 */
#pragma once

#include "os/device/label.h"
#include "os/memory/space.h"

void swap_open(const struct disk_areas *areas);

/* Evict a page whose frame is free at once; pages that must be written first are begun on the way.  False: none. */
bool swap_make_room(void);

/* Begin to evict when few frames are free.  Called for each frame that is taken. */
void swap_keep_ahead(void);

/* Begin to bring a page back, unless it is on its way already, and make `swap_awaited` true.  It stays false only when there
 * is no frame and nothing will ever free one. */
void swap_in(struct space *s, struct page *p, seL4_Word va);

/* This frame is being worked with: one of those that were last.  Only swap.c reads them. */
enum { SWAP_RECENT = 4 };
extern struct swap_recent {
        frame_id frame[SWAP_RECENT];
        unsigned next;
} swap_recent;
static inline void swap_protect(frame_id f)
{
        swap_recent.frame[swap_recent.next++ % SWAP_RECENT] = f;
}

/* The block of a page gets a user more, or one less. */
void swap_share(uint32_t block);
void swap_drop(uint32_t block);

/* The space is about to go: transfers forget it.  One of its pages has another address now: they know it. */
void swap_forget(const struct space *s);
void swap_moved(const struct space *s, seL4_Word from, seL4_Word to);

/* Transfers are under way, so memory may come. */
bool swap_busy(void);

/* Has anything failed since the last call of swap_listen because a page or frame is still on its way? */
void swap_listen(void);
bool swap_awaited(void);

/* Something did: there will be memory without a transfer. */
void swap_await(void);

/* Where to wait for it. */
struct wait_queue *swap_queue(void);

struct swap_counts {
        uint64_t blocks, free;          /* 4 KiB each */
        uint64_t in, out, dropped, bad; /* pages read, written, evicted without writing; blocks that failed */
};
struct swap_counts swap_counts(void);
