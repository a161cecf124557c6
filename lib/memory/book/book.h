/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for the libraries' own records: pages, and small records cut from them.
 *
 * A root task has no heap.  A bookkeeping page is a 4 KiB untyped made into a frame and mapped in a window of the
 * caller's address space (BOOK_WINDOW of sel4/layout.h); it can be given back.  A pool cuts pages into records of one size and gives
 * a page back as soon as its last record is free.
 *
 * Mapping the window is a hook, because a test on the host has no window; making frames is another one, because that part keeps its own
 * records here.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/layout.h>

struct book_page {
        void *memory; /* 4096 bytes, zeroed when new */
        seL4_CPtr frame;
        struct ut *ut; /* the piece of memory that the frame was made of */
};

/* Where pages come from: a small frame and its piece (NULL: out of memory or slots), and back; `map` and `unmap` show and hide a frame
 * (see cspace_map_frame_fn). */
struct book_source {
        struct ut *(*make)(cspace_t *cspace, seL4_CPtr *frame);
        void (*give_back)(cspace_t *cspace, seL4_CPtr frame, struct ut *piece);
        cspace_map_frame_fn map;
        cspace_unmap_frame_fn unmap;
        void *cookie;
};

/* Begin; `cspace` pays the slots. */
void book_start(cspace_t *cspace, const struct book_source *source);

/* One zeroed page; 0, or -1 without memory or slots. */
int book_get(struct book_page *page);
void book_put(struct book_page *page);

/* Records of `bytes` each (16..1024, a multiple of 16; 16-byte aligned, zeroed). */
struct book_pool {
        size_t bytes;
        struct book_slab *partial; /* pages with a free record */
        size_t records, pages;
};

void *book_new(struct book_pool *pool);
void book_free(struct book_pool *pool, void *record);

/* Pages in use by pools and by book_get. */
size_t book_pages(void);
