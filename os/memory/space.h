/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces of processes: regions say what may be where, pages say what is present.
 *
 * Pages appear when they are touched: zeroed, or filled from the file behind the region.  A frame with more than one
 * user is mapped read-only and copied at the first write.  Invariants:
 *      regions are page aligned, disjoint and in the lower half, and in the order of their addresses;
 *      a page that is mapped has a frame; one with a frame need not be mapped;
 *      a page is PAGE_WRITABLE only when it is dirty and its frame has one user or its region is shared;
 *      a page that is mapped is marked as touched.
 * Everything a space holds is given back when it ends.
 *
 * Work on many pages or regions is done in pieces, each of which ends when the server's piece ends (pace.h): functions with `some` in their
 * names
 * do one, and say whether that was the last.
 */
#pragma once

#include <stdbool.h>

#include "os/core/object.h"
#include "os/core/wait.h"
#include "os/memory/clock.h"
#include "os/memory/frame.h"
#include "os/memory/share.h"

enum space_access { SPACE_READ = 1, SPACE_WRITE = 2, SPACE_EXECUTE = 4 };

struct node;

/* REGION_FILE: a file in memory or in the archive, of which pages are copies; behind its end there are none.  REGION_MAPPED: the
 * same, but pages are the file's own frames. */
enum region_kind {
        REGION_MEMORY,
        REGION_STACK,
        REGION_HEAP,
        REGION_BUFFER,
        REGION_SHARED,
        REGION_FILE,
        REGION_MAPPED
};

/* Where memory is to be, as programs of Linux say it (os/calls/linux/memory/policy.c); zeros: nothing was said. */
struct memory_policy {
        uint16_t mode, nodes;
};

struct region {
        seL4_Word start, end;
        uint8_t access, kind;
        uint8_t never; /* access that it cannot be given; REGION_NO_LARGE and those that follow */
        struct memory_policy policy;
        union {
                const unsigned char *
                        file; /* bytes that belong at file_start; NULL: those of the program from file_offset on */
                struct share *
                        share; /* REGION_SHARED: its first page belongs at file_start; the region is a user */
                struct node *
                        node; /* REGION_FILE, REGION_MAPPED: file_offset belongs at file_start; the region keeps it open */
        };
        seL4_Word file_start, file_size, file_offset;
};

/* No pages of 2 MiB (large.h); a copy of the space is without it, or has it without what was written there; its pages stay in memory
 * (mlock), those of a copy do not; it grows down where it is touched (MAP_GROWSDOWN). */
enum {
        REGION_NO_LARGE = 8,
        REGION_NOT_COPIED = 16,
        REGION_WIPED = 32,
        REGION_LOCKED = 64,
        REGION_GROWS = 128
};

/* A page that is written is everybody's, and no copy is made. */
static inline bool region_common(const struct region *r)
{
        return r->kind == REGION_SHARED || r->kind == REGION_MAPPED;
}

static inline bool region_of_file(const struct region *r)
{
        return r->kind == REGION_FILE || r->kind == REGION_MAPPED;
}

#define SPACE_TOP 0x4000000000ull /* first address that processes cannot use */

/* Records of pages lie in leaves, 512 in a frame; leaf n is for the addresses from n << 21.  Tables, frames too, say where
 * the leaves are. */
struct leaf {
        frame_id pages;  /* 0: there is none */
        frame_id copies; /* slots of capabilities of their own, by page; 0: none has one */
        uint32_t
                table; /* the kernel's table for these addresses (map.c), 0: none; LEAF_LARGE: all its pages are one mapping */
        uint32_t groups; /* bit n: some of the records from LEAF_GROUP * n on may say something */
};

enum { SPACE_LEAF_BITS = 21, SPACE_LEAF_PAGES = 512, SPACE_TABLE_LEAVES = PAGE / sizeof(struct leaf) };
enum { LEAF_GROUP = 16 };
#define LEAF_LARGE UINT32_MAX
enum { SPACE_LEAVES = SPACE_TOP >> SPACE_LEAF_BITS, SPACE_TABLES = SPACE_LEAVES / SPACE_TABLE_LEAVES };

/* Regions lie in blocks, in order; a frame says where the blocks are.  Blocks are at least half full on average, so a space has
 * 9,000 regions at least. */
struct block {
        uint32_t first; /* page where its first region begins */
        frame_id frame;
        uint32_t count;
        uint32_t gap; /* pages: the most that are free between two of its regions */
};

enum { SPACE_BLOCKS = PAGE / sizeof(struct block), SPACE_BLOCK_REGIONS = PAGE / sizeof(struct region) };

/* A place among the regions; good until one comes or goes. */
struct region_place {
        uint32_t block, index;
};

/* A page that a call has looked into, so that the next one finds it at once (seen.h). */
struct seen_page {
        uint32_t where;   /* its number; in the lowest bits, what its region lets the program do */
        frame_id records; /* of its leaf, which say all the rest, */
        uint64_t changes; /* as long as the space has changed no more than that */
};

enum { SPACE_GONE = 4, SPACE_SEEN = 32 };

/* How large regions are together: all of them; without stacks; of the latter, memory of its own that the program may write, and what is
 * REGION_LOCKED. */
struct region_bytes {
        uint64_t all, bound, data, locked;
};

struct space {
        vspace_t vspace;
        struct node *program; /* kept open while pages may have to be filled from it */
        uint32_t users;       /* processes: two between vfork and exec */
        uint32_t blocks, regions;
        struct region_place
                last[2];   /* where space_find looked last, and before; they may say nothing any more */
        uint32_t upper;    /* the kernel's tables above those of leaves (map.c) */
        uint32_t resident; /* pages with a frame */
        uint32_t swapped;  /* pages without one whose content is in swap */
        struct region_bytes bytes;
        seL4_Word first_sp;          /* of its program: the number of its arguments lies there */
        struct space *next, *before; /* in the list of all that do not end */
        uint64_t number; /* it grows from space to space; a copy has a higher one than what it is of */
        const void
                *changing; /* the thread whose call changes its regions in pieces; all others keep off it */
        struct wait_queue changed; /* until that has been done */
        bool locks;                /* pages that come stay (mlockall) */
        bool locked;               /* pages of it were locked by a program */
        bool uneven;               /* some regions were REGION_NOT_COPIED or REGION_WIPED */
        bool fixed;                /* all its pages are there, and the pager leaves them alone */
        bool ending;               /* nobody uses it any more; it goes in pieces */
        seL4_Word cleared;         /* so far, then */
        seL4_Word brk;             /* end of the heap that the program knows */
        struct {
                seL4_Word start, end;
        } gone[SPACE_GONE];                /* regions that went last, for those who explain faults; */
        uint32_t gone_next;                /* where the next one is noted */
        seL4_Word taken;                   /* up to here nothing is free, from where programs get memory */
        struct seen_page seen[SPACE_SEEN]; /* of each, by the number of its page */
        uint64_t changes; /* how often a region went or got another access, or a leaf lost its records */
        struct block *block;
        frame_id table[SPACE_TABLES]; /* 0: it has no leaves */
        _Alignas(8) uint16_t some
                [SPACE_TABLES]; /* of each, bit n: some of the leaves from LEAF_GROUP * n on may be there */
};
_Static_assert(sizeof(struct space) <= PAGE, "a space lies in one frame");

/* The first of all spaces that do not end; the others follow by `next`. */
struct space *space_first(void);

/* The oldest of them with that number or a higher one; NULL: none.  Cost: those that are newer. */
struct space *space_since(uint64_t number);

/* NULL when out of memory. */
struct space *space_create(void);

/* One user more, one less; with the last one it goes, piece by piece.  True: it has gone, as far as this user is concerned. */
struct space *space_use(struct space *s);
bool space_end_some(struct space *s);

/* The same at once, for a space without much in it. */
void space_destroy(struct space *s);

/* A second space with the same content; both copy what they write from now on.  First the space (NULL when out of memory), then
 * its pages from *at on, which begins at 0, without what is not to be
 * copied (REGION_NOT_COPIED, REGION_WIPED); nobody runs in the first one meanwhile. */
enum space_copied { SPACE_COPIED, SPACE_COPIES_ON, SPACE_COPY_FAILS };
struct space *space_copy_begin(struct space *s);
enum space_copied space_copy_some(struct space *from, struct space *to, seL4_Word *at);

/* The first region that ends behind `va`, and so on; NULL behind the last. */
struct region *space_from(struct space *s, seL4_Word va, struct region_place *at);
struct region *space_next(struct space *s, struct region_place *at);

/* A copy of all regions of another space, piece by piece.  All of them go, in the same way; true: they have gone. */
enum space_copied space_copy_regions(struct space *to, const struct space *from);
bool space_end_regions(struct space *s);

/* Add a region (start and end are rounded to pages); false when it overlaps, is out of range or one too many. */
bool space_add(struct space *s, struct region r);

/* Cut the regions at both addresses; false when there are too many then.  The rest works on whole regions. */
bool space_split(struct space *s, seL4_Word start, seL4_Word end);

/* One of the regions removed last was there. */
bool space_was_there(const struct space *s, seL4_Word va);

/* The regions in [start, end), which was split off and has no pages any more, go, piece by piece; true: they have gone. */
bool space_drop_regions(struct space *s, seL4_Word start, seL4_Word end);

/* Remove or change whatever lies in [start, end); regions are cut at the borders.  The cost grows with the pages that are there.
 * After space_set_access pages have to be unmapped; in pieces, of a range that was split off, it begins at *at. */
bool space_remove(struct space *s, seL4_Word start, seL4_Word end);
bool space_set_access(struct space *s, seL4_Word start, seL4_Word end, uint8_t access);
bool space_set_access_some(struct space *s, seL4_Word end, uint8_t access, seL4_Word *at);

/* Take the content of pages, or only their mappings, from *at on up to `end`. */
bool space_clear_some(struct space *s, seL4_Word start, seL4_Word end, seL4_Word *at);
bool space_unmap_some(struct space *s, seL4_Word end, seL4_Word *at);

struct region *space_find(struct space *s, seL4_Word va);

/* The lowest free range of `size` bytes at or above `from`; 0 when there is none. */
seL4_Word space_gap(struct space *s, seL4_Word from, seL4_Word size);

/* Move the end of a region (heap, stack start): true when it worked. */
bool space_resize(struct space *s, struct region *r, seL4_Word end);

/* The region above `va` grows down to it: one that may, to so many bytes at most, by so many; true when it worked.  A gap stays above
 * a region that does not grow and that the program can touch, as on Linux. */
enum { SPACE_GUARD_PAGES = 256 };
bool space_grow_down(struct space *s, seL4_Word va, seL4_Word most, seL4_Word by);

/* A record says nothing any more; it is not mapped. */
void space_drop_content(struct page *p);

/* Regions up to `end`, at which one was split, from *at on lose marks (REGION_NO_LARGE and its like) and get others, in pieces; true: all
 * have. */
bool region_mark_some(struct space *s, seL4_Word end, uint8_t lost, uint8_t got, seL4_Word *at);

/* They get that policy, in the same way. */
bool region_policy_some(struct space *s, seL4_Word end, const struct memory_policy *policy, seL4_Word *at);

/* A region more, or one less, refers to what lies behind it. */
void region_use(const struct region *r);
void region_drop(const struct region *r);

/* A file is about to be this short: what a space has mapped of it behind the end goes, from *at on, which begins at 0; true: it has
 * gone. */
bool space_file_cut_some(struct space *s, const struct node *n, uint64_t size, seL4_Word *at);

/* SPACE_BEYOND: the file behind the region ends before the page.  SPACE_WAITS: the page or a frame for it is on its way; try again
 * when the server is stirred.  SPACE_LOST: the page cannot be read from swap. */
enum space_result {
        SPACE_OK,
        SPACE_BAD_ADDRESS,
        SPACE_BAD_ACCESS,
        SPACE_BEYOND,
        SPACE_NO_MEMORY,
        SPACE_WAITS,
        SPACE_LOST
};

/* Make the page of `va` resident for this access, and with space_fault mapped as well. */
enum space_result space_touch(struct space *s, seL4_Word va, enum space_access access, void **data);
enum space_result space_fault(struct space *s, seL4_Word va, enum space_access access);

/* The capability through which a mapped page is mapped, seL4_CapNull when it is not. */
seL4_CPtr space_page_cap(struct space *s, seL4_Word va);

/* For the pager: the records of a leaf (NULL: none yet), the first existing leaf from a number on (SPACE_LEAVES: none),
 * the record of a page (NULL: none yet), and taking mapping and touch from a page. */
struct page *space_leaf(const struct space *s, uint32_t number);
struct leaf *space_leaf_place(const struct space *s, uint32_t number);
uint32_t space_next_leaf(const struct space *s, uint32_t number);
struct page *space_page(struct space *s, seL4_Word va);
void space_untouch(struct space *s, struct page *p, seL4_Word va);

/* Move pages to where none are; all addresses begin one.  From *at on, which counts from `from`, up to `size`.  It fails when there
 * is no memory for a record, and can go on later. */
enum space_copied space_move_some(struct space *s, seL4_Word from, seL4_Word to, seL4_Word size,
                                  seL4_Word *at);

/* For one that must not wait for memory, ever: all its pages are made resident and mapped, and stay so.  False: not all could be.  And
 * whatever its program can write is as it was at the start; nobody runs in it meanwhile. */
bool space_fix(struct space *s);
void space_renew(struct space *s);

/* Pages with a frame or a block of swap. */
static inline uint32_t space_size(const struct space *s)
{
        return s->resident + s->swapped;
}

/* Copy to and from a process; false when an address is bad, or the page is not in memory yet (swap_awaited). */
bool space_read(struct space *s, seL4_Word va, void *to, seL4_Word size);
bool space_write(struct space *s, seL4_Word va, const void *from, seL4_Word size);

/* The same for one that may write what the program may only read, within a page: what others share is copied first, and instructions
 * are seen as such.  It is false, too, where all that map the memory would see it and may only read it. */
bool space_force(struct space *s, seL4_Word va, const void *from, seL4_Word size);

/* A NUL-terminated string of less than `size` bytes. */
bool space_read_string(struct space *s, seL4_Word va, char *to, seL4_Word size);
