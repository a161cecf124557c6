/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces of processes: regions say what may be where, pages say what is there.
 *
 * Pages appear when they are touched: zeroed, or filled from the file behind the region.  A frame with more than one
 * user is mapped read-only and copied at the first write.  Invariants:
 *      regions are page aligned, disjoint and in the lower half; `count` entries, in no order;
 *      a page that is mapped has a frame; one with a frame need not be mapped;
 *      a page is PAGE_WRITABLE only when it is dirty and its frame has one user or its region is shared;
 *      a page that is mapped is marked as touched.
 * Everything a space holds is given back by space_destroy.
 */
#pragma once

#include <stdbool.h>

#include "os/init/frame.h"
#include "os/init/object.h"
#include "os/init/share.h"
#include "os/swap/clock.h"

enum { PAGE = 4096 };

enum space_access { SPACE_READ = 1, SPACE_WRITE = 2, SPACE_EXECUTE = 4 };

struct node;

/* REGION_FILE: a file in memory or in the archive, of which pages are copies; behind its end there are none. */
enum region_kind { REGION_MEMORY, REGION_STACK, REGION_HEAP, REGION_BUFFER, REGION_SHARED, REGION_FILE };

struct region {
        seL4_Word start, end;
        uint8_t access, kind;
        union {
                const unsigned char *
                        file; /* bytes that belong at file_start; NULL: those of the program from file_offset on */
                struct share *
                        share; /* REGION_SHARED: its first page belongs at file_start; the region is a user */
                struct node *node; /* REGION_FILE: file_offset belongs at file_start; the region keeps it open */
        };
        seL4_Word file_start, file_size, file_offset;
};

#define SPACE_TOP 0x4000000000ull /* first address that processes cannot use */

/* Records of pages lie in leaves, 512 in a frame; leaf n is for the addresses from n << 21.  Tables, frames too, say where
 * the leaves are. */
enum { SPACE_LEAF_BITS = 21, SPACE_LEAF_PAGES = 512, SPACE_TABLE_LEAVES = PAGE / sizeof(frame_id) };
enum {
        SPACE_LEAVES = SPACE_TOP >> SPACE_LEAF_BITS,
        SPACE_TABLES = SPACE_LEAVES / SPACE_TABLE_LEAVES,
        SPACE_REGIONS = PAGE / sizeof(struct region)
};

struct space {
        vspace_t vspace;
        struct node *program; /* kept open while pages may have to be filled from it */
        uint32_t users; /* processes: two between vfork and exec */
        uint32_t regions;
        uint32_t resident; /* pages with a frame */
        seL4_Word brk;     /* end of the heap that the program knows */
        struct region *region;
        frame_id table[SPACE_TABLES]; /* 0: none of its leaves is there */
};
_Static_assert(sizeof(struct space) <= PAGE, "a space lies in one frame");

/* NULL when memory is out. */
struct space *space_create(void);

/* One user more, one less; with the last one it goes. */
struct space *space_use(struct space *s);
void space_destroy(struct space *s);

/* A second space with the same content; both copy what they write from now on.  NULL when memory is out. */
struct space *space_fork(struct space *s);

/* Add a region (start and end are rounded to pages); false when it overlaps, is out of range or one too many. */
bool space_add(struct space *s, struct region r);

/* Remove or change whatever lies in [start, end); regions are cut at the borders. */
bool space_remove(struct space *s, seL4_Word start, seL4_Word end);
bool space_protect(struct space *s, seL4_Word start, seL4_Word end, uint8_t access);

struct region *space_find(struct space *s, seL4_Word va);

/* The lowest free range of `size` bytes at or above `from`; 0 when there is none. */
seL4_Word space_gap(struct space *s, seL4_Word from, seL4_Word size);

/* Move the end of a region (heap, stack start): true when it worked. */
bool space_resize(struct space *s, struct region *r, seL4_Word end);

/* A region more, or one less, refers to what lies behind it. */
void region_use(const struct region *r);
void region_drop(const struct region *r);

/* A file is this short now: its private copies behind the end go from every process. */
void space_file_cut(struct space *s, const struct node *n, uint64_t size);

/* SPACE_BEYOND: the file behind the region ends before the page.  SPACE_WAITS: the page or a frame for it is on its way; try again when the server is stirred.  SPACE_LOST: the page cannot
 * be read from swap. */
enum space_result { SPACE_OK, SPACE_BAD_ADDRESS, SPACE_BAD_ACCESS, SPACE_BEYOND, SPACE_NO_MEMORY, SPACE_WAITS, SPACE_LOST };

/* Make the page of `va` resident for this access, and with space_fault mapped as well. */
enum space_result space_touch(struct space *s, seL4_Word va, enum space_access access, void **data);
enum space_result space_fault(struct space *s, seL4_Word va, enum space_access access);

/* The capability through which a mapped page is mapped, seL4_CapNull when it is not. */
seL4_CPtr space_page_cap(struct space *s, seL4_Word va);

/* For the pager: the records of a leaf (NULL: none yet), the first leaf that is there from a number on (SPACE_LEAVES: none),
 * the record of a page (NULL: none yet), and taking mapping and touch from a page. */
struct page *space_leaf(const struct space *s, uint32_t number);
uint32_t space_next_leaf(const struct space *s, uint32_t number);
struct page *space_page(struct space *s, seL4_Word va);
void space_untouch(struct space *s, struct page *p, seL4_Word va);

/* Move a page to where none is; both addresses begin one.  False, and nothing has changed, when there is no memory for its
 * record. */
bool space_move_page(struct space *s, seL4_Word from, seL4_Word to);

/* Pages with a frame or a block of swap. */
uint32_t space_size(const struct space *s);

/* Copy to and from a process; false when an address is bad, or the page is not there yet (swap_awaited). */
bool space_read(struct space *s, seL4_Word va, void *to, seL4_Word size);
bool space_write(struct space *s, seL4_Word va, const void *from, seL4_Word size);

/* A NUL-terminated string of less than `size` bytes. */
bool space_read_string(struct space *s, seL4_Word va, char *to, seL4_Word size);
