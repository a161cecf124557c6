/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: who owns which piece, and what was made of it.
 *
 * A buddy allocator over the untyped capabilities of the boot information.  A piece of 2^n bytes is either free, used,
 * or split into two halves; each piece has its own untyped capability, which is what makes it reusable on its own.
 *
 *      ut_t *ut = ut_alloc(seL4_TCBBits, &cspace);                           2^11 bytes
 *      cspace_untyped_retype(&cspace, ut->cap, slot, seL4_TCBObject, 0);     one object per piece
 *      ...
 *      cspace_delete_and_free(&cspace, slot);                                first the object,
 *      ut_free(ut);                                                          then its memory
 *
 * Invariants (ut_audit checks them, and checks that the kernel agrees)
 *      - the pieces of one boot untyped form a binary tree; leaves are free or used, inner nodes are split.
 *      - a free piece has no object in it: ut_free asks the kernel and refuses a piece that is still in use.
 *      - device memory is handed out by address only.
 *      - a call that fails has changed nothing.
 *
 * Splitting is lazy, so start-up costs one record per boot untyped whatever the amount of RAM.  Merging is lazy, too:
 * halves are joined when a larger piece is asked for and none is free (or by ut_merge), so that freeing two pieces of n
 * bytes allows one of 2n, and a loop of allocate and free neither splits nor merges.
 *
 * Cost: allocate and free are O(1) when a piece of the size is free; a split is one kernel call per level.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
        UT_MIN_BITS = 4,
        UT_MAX_BITS = 47,
        UT_RESERVE_PAGES = 24, /* free 4 KiB pieces kept for the CSpace library to grow with */
};

/* One piece.  Read cap, size_bits and user; leave the rest alone. */
typedef struct ut {
        seL4_CPtr cap;     /* the untyped capability of this piece */
        uintptr_t paddr;   /* physical address */
        struct ut *parent; /* NULL: a boot untyped */
        struct ut *child;  /* the first of two halves when split */
        struct ut *next, *prev;
        void *user; /* free for the owner of a used piece */
        uint8_t size_bits;
        uint8_t state; /* enum ut_state */
        uint8_t device;
        uint8_t touched; /* was handed out since it was made */
        uint8_t holds;   /* type of the object made of it, plus 1; 0: not known */
} ut_t;

typedef struct {
        uintptr_t start; /* physical */
        uintptr_t end;   /* one past the last byte */
} ut_region_t;

typedef struct {
        size_t total;   /* bytes of RAM under management */
        size_t free;    /* bytes not handed out */
        size_t peak;    /* most bytes ever handed out at once */
        size_t largest; /* the largest piece that could be had without merging */
        size_t free_pieces[UT_MAX_BITS + 1];
        size_t splits, merges; /* kernel work done so far */
} ut_stats_t;

enum ut_error {
        UT_OK = 0,
        UT_NOT_USED = 1,   /* freed twice, or never handed out */
        UT_IN_USE = 2,     /* the kernel says that an object is still there */
        UT_WRONG_SIZE = 3, /* the size given with ut_free is not that of the piece */
};

/* --- allocation --- */

/* A piece of 2^size_bits bytes, aligned to its size; UT_MIN_BITS <= size_bits <= the largest boot untyped.  `cspace`
 * is the CSpace that holds the untyped capabilities (NULL: the one given at start).  NULL when there is none. */
ut_t *ut_alloc(size_t size_bits, cspace_t *cspace);

/* A 4 KiB piece and, if `paddr` is not NULL, its physical address.  The CSpace library may call this while it grows. */
ut_t *ut_alloc_4k_untyped(uintptr_t *paddr);

/* The piece at exactly this physical address, RAM or device memory; NULL if it is not free or not ours. */
ut_t *ut_alloc_at(uintptr_t paddr, size_t size_bits, cspace_t *cspace);

/* The device page that contains `paddr`, or NULL.  Asked again it returns the same piece: keep the frame made of it and
 * copy its capability for further mappings. */
ut_t *ut_alloc_4k_device(uintptr_t paddr);

/* Give a piece back.  Every capability to the object made of it must be gone; if not, or if the piece is not in use,
 * this is reported and nothing changes. */
void ut_free(ut_t *piece);
enum ut_error ut_free_checked(ut_t *piece);

/* Give a piece back with everything in it, for the owner of the object: capabilities to it that others still hold (a thread, its IPC
 * buffer's) are revoked first.  What the kernel refuses is retried up to CSPACE_ATTEMPTS times and then reported, and the piece stays in
 * use; an invalid piece is reported as well.  Cost: that of ut_free, and of a Revoke if something is left. */
void ut_reclaim(ut_t *piece);

/* Record what was made of a piece in use: for reports and counts.  ut_new_object does it; it lasts until ut_free. */
void ut_set_type(ut_t *piece, seL4_Word type);

static inline uintptr_t ut_paddr(const ut_t *piece)
{
        return piece->paddr;
}

/* The record of the piece that holds `paddr`, at the finest division; NULL outside known memory. */
ut_t *ut_find(uintptr_t paddr);

/* --- accounting --- */

/* Bytes of RAM ever added; constant after start. */
size_t ut_size(void);
void ut_stats(ut_stats_t *stats);

/* Pieces in use: with an object of this type, and with one that nobody recorded. */
size_t ut_objects(seL4_Word type);
size_t ut_unnamed(void);

/* Boot untyped number i, in order of address; false when there is none.  `used` counts pieces in use.  O(its pieces). */
typedef struct {
        uintptr_t paddr;
        size_t bytes, used;
        bool device;
} ut_root_t;
bool ut_root(unsigned i, ut_root_t *root);

/* Bytes still available to allocators that respect the reserve (the frame table does): free RAM less `reserve`, by default 1/16 of RAM, so
 * that kernel objects can be made when all frames are in use. */
size_t ut_available(void);
void ut_set_reserve(size_t bytes);

/* Join all free halves now.  Returns the number of joins. */
size_t ut_merge(void);

/* Compare the records with themselves and with the kernel: each free piece that was ever used is asked for children.
 * Returns the number of contradictions, each reported.  O(pieces). */
unsigned ut_audit(void);

/* Fill the reserves that the CSpace library grows from; done by every allocation, and by the CSpace after growing. */
void ut_refill(void);

/* --- start-up (done by the bootstrap library) --- */

/* Begin with no memory.  `cspace` holds all untyped capabilities; `seed`, `seed_bytes` is zeroed static memory for the
 * first records (one needs 128 bytes per split and 64 per boot untyped). */
void ut_start(cspace_t *cspace, void *seed, size_t seed_bytes);

/* Add one untyped capability of any size.  0, or -1 when the records are full. */
int ut_add(seL4_CPtr cap, uintptr_t paddr, size_t size_bits, bool device);

/* The course's forms of the same. */
size_t ut_pages_for_region(ut_region_t region);
void ut_init(void *memory, ut_region_t region);
void ut_add_untyped_range(seL4_Word paddr, seL4_CPtr cap, size_t n, bool device);
