/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame table: 4 KiB frames that are mapped in the server and known by a small number.
 *
 * Frame n lies at FRAME_DATA + n * 4096 in the server.  Free frames are kept in a list (last in, first out) and given
 * back to ut beyond a surplus of FRAME_SURPLUS; allocated ones form a list in order of age, which is the clock list of a
 * pager.  Frames leave the reserve of ut alone (ut_available), so kernel objects can still be made when frames are out.
 *
 * A frame counts its users, for sharing and copy-on-write: alloc_frame makes the first one, free_frame takes one away.
 * Cost: O(1); a call of the kernel only for frames that come from ut or go back to it.
 */
#pragma once

#include <sel4/layout.h>
#include <vspace/vspace.h>

typedef size_t frame_ref_t;

enum { NULL_FRAME = 0, FRAME_TABLE_MAX = 1 << 19, FRAME_SURPLUS = 64 };

typedef enum { NO_LIST = 1, FREE_LIST = 2, ALLOCATED_LIST = 3 } list_id_t;

typedef struct frame {
        seL4_CPtr sos_page; /* the server's capability; copy it for other mappings */
        ut_t *ut;
        uint32_t prev, next;
        uint8_t list_id;
        uint8_t spare;
        uint16_t pins;  /* for the owner: not to be evicted while it is not 0 */
        uint32_t users; /* 0: free */
        void *owner;    /* for the owner: in which space, and where there; NULL in a fresh frame */
        seL4_Word owner_vaddr;
} frame_t;

/* Once.  `vspace` is the server's own VSpace capability.  `limit` frames at most (0: FRAME_TABLE_MAX). */
void frame_table_init(cspace_t *cspace, seL4_CPtr vspace);
void frame_table_limit(size_t limit);
cspace_t *frame_table_cspace(void);

/* A frame with undefined contents, or one full of zeros, with one user; NULL_FRAME at the limit, or without memory. */
frame_ref_t alloc_frame(void);
frame_ref_t alloc_zeroed_frame(void);

/* Add a user; remove one, and free the frame with the last.  NULL_FRAME is ignored; a free frame is refused and reported. */
void frame_share(frame_ref_t frame);
void free_frame(frame_ref_t frame);
uint32_t frame_users(frame_ref_t frame);

/* Frames allocated, frames ready in the free list, and the limit. */
struct frame_counts {
        size_t used, free, limit;
};
struct frame_counts frame_counts(void);

unsigned char *frame_data(frame_ref_t frame);

/* The frame that holds the address `data`, which frame_data gave. */
frame_ref_t frame_of(const void *data);
seL4_ARM_Page frame_page(frame_ref_t frame);
frame_t *frame_from_ref(frame_ref_t frame);

/* The oldest allocated frame and the one after `frame`: the clock list. */
frame_ref_t frame_oldest(void);
frame_ref_t frame_next(frame_ref_t frame);

/* Give all free frames back to ut; returns how many. */
size_t frame_table_trim(void);
