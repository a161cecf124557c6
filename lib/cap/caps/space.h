/* SPDX-License-Identifier: BSD-2-Clause */
/* A CSpace as a record: the operations on capabilities read its root, cspace/cspace.h has the rest. */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cspace cspace_t;

/* Macros, because clients test for some of them with #ifdef. */
#define MAPPING_SLOTS                3                   /* tables one mapping may need */
#define WATERMARK_SLOTS              (MAPPING_SLOTS + 1) /* held back for growing: the tables and one bookkeeping frame */
#define CNODE_SIZE_BITS              12                  /* bytes of a leaf CNode, log2 */
#define INITIAL_TASK_CNODE_SIZE_BITS 18
#define INITIAL_TASK_CSPACE_BITS     20
#define INITIAL_TASK_CSPACE_SLOTS    (1 << INITIAL_TASK_CSPACE_BITS)
#define BOT_LVL_PER_NODE             169 /* leaves covered by one bookkeeping page */

#define CNODE_SLOT_BITS(x) ((x)-seL4_SlotBits)
#define CNODE_SLOTS(x)     (1ul << CNODE_SLOT_BITS(x))

/* Where a slot is recorded: bookkeeping page, leaf in it, slot in that; and words of a leaf's bits. */
#define NODE_INDEX(c)    ((c) / CNODE_SLOTS(CNODE_SIZE_BITS) / BOT_LVL_PER_NODE)
#define CNODE_INDEX(c)   ((c) / CNODE_SLOTS(CNODE_SIZE_BITS) % BOT_LVL_PER_NODE)
#define TOP_LVL_INDEX(c) ((c) >> CNODE_SLOT_BITS(CNODE_SIZE_BITS))
#define BOT_LVL_INDEX(c) ((c) & (CNODE_SLOTS(CNODE_SIZE_BITS) - 1))
#define BITFIELD_SIZE(x) (CNODE_SLOTS(x) / BF_WORD_BITS)

typedef enum { CSPACE_NOERROR = 0, CSPACE_ERROR = -1 } cspace_err_t;

/* Map a 4 KiB frame anywhere and return its address, or NULL.  Missing paging structures may be retyped into free_slots[0..2]; bit i of
 * *used says that slot i was taken. */
typedef void *(*cspace_map_frame_fn)(void *cookie, seL4_CPtr frame, seL4_CPtr free_slots[], seL4_Word *used);

/* A 4 KiB untyped: its handle (NULL if there is none) and, in *cap, its CPtr. */
typedef void *(*cspace_alloc_4k_ut_fn)(void *cookie, seL4_CPtr *cap);
typedef void (*cspace_free_4k_ut_fn)(void *cookie, void *untyped);

/* Optional: the frame that was mapped at `address` is about to be deleted; the address may be used again. */
typedef void (*cspace_unmap_frame_fn)(void *cookie, seL4_CPtr frame, void *address);

/* Optional: called after each growth, when slots can be allocated again: the place to refill reserves of memory. */
typedef void (*cspace_replenish_fn)(void *cookie);

/* Where a two-level CSpace gets memory from. */
typedef struct {
        cspace_map_frame_fn map_frame;
        cspace_alloc_4k_ut_fn alloc_4k_ut;
        cspace_free_4k_ut_fn free_4k_ut;
        void *cookie;
        cspace_unmap_frame_fn unmap_frame;
        cspace_replenish_fn replenish;
} cspace_alloc_t;

struct cspace_page;

enum {
        CSPACE_LEAVES_MAX = INITIAL_TASK_CSPACE_SLOTS / 128,
        CSPACE_PAGES_MAX = (CSPACE_LEAVES_MAX + BOT_LVL_PER_NODE - 1) / BOT_LVL_PER_NODE,
};

struct cspace {
        /* For clients to read. */
        seL4_CPtr root_cnode; /* in the creator's CSpace */
        bool two_level;
        int top_lvl_size_bits;    /* bytes of the top (or only) CNode, log2 */
        struct cspace *bootstrap; /* the creator; NULL for the root task's own */
        cspace_alloc_t alloc;

        /* cspace_create: called when root_cnode has become another capability, to which threads must be moved. */
        void (*moved)(struct cspace *c);

        /* Private. */
        bool (*add_level)(struct cspace *c);
        unsigned magic; /* alive, or why not */
        bool growing;
        uint32_t flat;   /* one CNode, with room for so many leaves' slots; 0: leaves are CNodes */
        uint32_t leaves; /* those that exist; they are numbered from 0 without a gap */
        uint32_t used;   /* slots handed out, reserves included */
        void *root_ut;   /* memory of the top CNode */
        seL4_CPtr root_ut_cap;
        seL4_CPtr reserve[WATERMARK_SLOTS];
        unsigned long single[2];                                /* one level: the slots */
        unsigned long roomy_words[CSPACE_LEAVES_MAX / 64 / 64]; /* which words of `roomy` are not 0 */
        unsigned long roomy[CSPACE_LEAVES_MAX / 64];            /* which leaves have a free slot */
        struct cspace_page *page[CSPACE_PAGES_MAX];
};
