/* SPDX-License-Identifier: BSD-2-Clause */
/* See swap.h. */
#include "os/memory/swap.h"
#include "os/core/console.h"
#include "os/device/block.h"
#include "os/files/later.h"
#include "os/memory/blocks.h"
#include "os/memory/space_pages.h"

enum { TRANSFERS = 48, OUT_MAX = 16, SPARE_MAX = 256 };
enum { AHEAD_PART = 32, AHEAD_MIN = 4, AHEAD_MAX = 32 }; /* frames kept free: a part of the limit */

struct transfer {
        struct block_request request; /* first: a transfer is found by it */
        bool used;
        struct space *space; /* NULL: the page is gone */
        seL4_Word va;
        frame_id frame;
        uint32_t block;
};

static struct {
        uint64_t start; /* of the area on the disk */
        struct swap_blocks blocks;
        struct transfer transfer[TRANSFERS];
        unsigned in_transit, going_out; /* transfers; those that write */
        struct space *space;            /* the hand: the next page to be looked at */
        uint32_t leaf, page;
        bool awaited;
        struct wait_queue waiting;
        struct swap_counts counts;
} swap;
struct swap_recent swap_recent;

void swap_open(const struct disk_areas *areas)
{
        uint64_t count = areas->swap_blocks < PAGE_SWAP_MAX ? areas->swap_blocks : PAGE_SWAP_MAX;
        seL4_Word pages = ((count + 1) * sizeof(uint32_t) + PAGE - 1) / PAGE;
        void *entries = count ? vspace_new_pages(&root_vspace, 0, pages, VSPACE_RW) : NULL;

        if (!entries)
                return;
        swap.start = areas->swap;
        swap.counts.blocks = count;
        blocks_init(&swap.blocks, entries, (uint32_t)count);
}

void swap_share(uint32_t block)
{
        blocks_share(&swap.blocks, block);
}

void swap_drop(uint32_t block)
{
        blocks_drop(&swap.blocks, block);
}

static bool is_recent(frame_id f)
{
        for (unsigned i = 0; i < SWAP_RECENT; i++) {
                if (swap_recent.frame[i] == f)
                        return true;
        }
        return false;
}

/* --- transfers --- */

static struct transfer *take_transfer(void)
{
        for (unsigned i = 0; i < TRANSFERS; i++) {
                if (!swap.transfer[i].used)
                        return &swap.transfer[i];
        }
        return NULL;
}

/* The transfer becomes a user of frame and block. */
static void begin(struct transfer *t, enum block_operation operation,
                  void (*done)(struct block_request *, bool))
{
        t->used = true;
        t->request = (struct block_request){.operation = operation,
                                            .count = 1,
                                            .block = swap.start + t->block - 1,
                                            .paddr = frame_paddr(t->frame),
                                            .done = done};
        frame_share(t->frame);
        frame_record(t->frame)->pins++;
        swap_share(t->block);
        swap.in_transit++;
        block_submit(&t->request);
}

/* The page that the transfer was begun for, if it still has that frame. */
static struct page *page_of(const struct transfer *t)
{
        struct page *p = t->space ? space_page(t->space, t->va) : NULL;

        return p && p->frame == t->frame ? p : NULL;
}

static void end(struct transfer *t, bool good)
{
        frame_record(t->frame)->pins--;
        frame_drop(t->frame);
        if (good)
                swap_drop(t->block);
        else if (swap.counts.bad++ == 0)
                console_print("swap: the disk reports an error\n");
        t->used = false;
        swap.in_transit--;
        wait_wake(&swap.waiting);
}

static void evict(struct space *s, struct page *p)
{
        frame_drop(p->frame);
        p->frame = 0;
        p->files = 0;
        s->resident--;
        s->swapped += p->swap != 0;
}

/* A page that a process shares since a fork goes as the one does that was chosen: its content is in the same block, or where
 * it was before. */
static void evict_other(struct space *s, struct page *p, seL4_Word va, uint32_t block)
{
        if (p->dirty && !block)
                return;
        space_untouch(s, p, va);
        if (p->dirty) {
                swap_share(block);
                p->swap = block;
                p->dirty = 0;
        }
        evict(s, p);
}

/* The frame of a page that has a copy, or needs none.  After a fork it is that of others as well, at the same address, unless
 * they have moved it: then it stays theirs.  False: there is no free frame more, since it is shared, or others of its large group
 * are in use.  Cost: for a shared one it grows with the processes. */
static bool evict_frame(struct space *s, struct page *p, seL4_Word va)
{
        size_t before = frame_counts().used;
        frame_id f = p->frame;
        uint32_t block = p->swap, files = space_is_files(s, p, va);

        evict(s, p);
        for (struct space *other = space_first(); other && frame_users(f) > frame_record(f)->pins + files;
             other = other->next) {
                struct page *q = space_page(other, va);

                if (q && q->frame == f && !q->coming && !q->fixed && !q->common && !other->fixed)
                        evict_other(other, q, va, block);
        }
        if (files)
                space_leave_files(s, va);
        return frame_counts().used < before;
}

/* A page that was touched meanwhile stays, with its copy; one that has changed does not know the block any more.  A block
 * that could not be written keeps the transfer as its user, so that nobody gets it again. */
static void written(struct block_request *r, bool good)
{
        struct transfer *t = (struct transfer *)r;
        struct page *p = page_of(t);

        swap.going_out--;
        swap.counts.out++;
        if (p && p->swap == t->block && !good) {
                swap_drop(p->swap);
                p->swap = 0;
                p->dirty = 1;
        } else if (p && p->swap == t->block && !p->touched) {
                evict_frame(t->space, p, t->va);
        }
        end(t, good);
}

static void was_read(struct block_request *r, bool good)
{
        struct transfer *t = (struct transfer *)r;
        struct page *p = page_of(t);

        swap.counts.in++;
        if (p) {
                p->coming = 0;
                p->lost = !good;
                if (!good)
                        evict(t->space, p);
        }
        end(t, good);
}

void swap_in(struct space *s, struct page *p, seL4_Word va)
{
        struct transfer *t = p->coming ? NULL : take_transfer();
        frame_id f;

        swap.awaited |= swap_busy();
        if (!t)
                return;
        t->used = true; /* evicting for the frame may begin others */
        f = frame_take();
        t->used = f;
        if (!f)
                return;
        p->frame = f;
        p->coming = 1;
        s->resident++;
        s->swapped--;
        *t = (struct transfer){.space = s, .va = va, .frame = f, .block = p->swap};
        begin(t, BLOCK_READ, was_read);
        swap.awaited = true;
}

void swap_forget(const struct space *s)
{
        if (swap.space == s) {
                swap.space = s->next;
                swap.leaf = swap.page = 0;
        }
        for (unsigned i = 0; i < TRANSFERS; i++) {
                if (swap.transfer[i].space == s)
                        swap.transfer[i].space = NULL;
        }
}

void swap_moved(const struct space *s, seL4_Word from, seL4_Word to)
{
        for (unsigned i = 0; i < TRANSFERS; i++) {
                if (swap.transfer[i].used && swap.transfer[i].space == s && swap.transfer[i].va == from)
                        swap.transfer[i].va = to;
        }
}

/* --- the clock --- */

/* One transfer may be taken without being counted yet (swap_in). */
static bool has_room(void)
{
        return swap.blocks.free > 0 && swap.going_out < OUT_MAX && swap.in_transit + 1 < TRANSFERS;
}

static bool is_held(const struct space *s, const struct page *p, seL4_Word va)
{
        return p->frame && (s->fixed || p->common || frame_record(p->frame)->pins || is_recent(p->frame) ||
                            (space_is_files(s, p, va) && !space_files_can_leave(s, va)));
}

static void write_out(struct space *s, struct page *p, seL4_Word va)
{
        struct transfer *t = take_transfer();

        p->swap = blocks_take(&swap.blocks);
        p->dirty = 0;
        *t = (struct transfer){.space = s, .va = va, .frame = p->frame, .block = p->swap};
        swap.going_out++;
        begin(t, BLOCK_WRITE, written);
}

/* Move the hand to the next leaf that exists; false: it has gone past the last one. */
static bool next_leaf(void)
{
        swap.page = 0;
        swap.leaf++;
        while (swap.space) {
                swap.leaf = space_next_leaf(swap.space, swap.leaf);
                if (swap.leaf < SPACE_LEAVES)
                        return true;
                swap.space = swap.space->next;
                swap.leaf = 0;
        }
        swap.space = space_first();
        return false;
}

/* The page under the hand, which goes on; NULL when that is no page any more.  `rounds` counts how often it came round. */
static struct page *next(struct space **s, seL4_Word *va, unsigned *rounds)
{
        struct page *leaf = swap.space ? space_leaf(swap.space, swap.leaf) : NULL;

        if (!leaf || swap.page >= SPACE_LEAF_PAGES) {
                *rounds += !next_leaf();
                return NULL;
        }
        *s = swap.space;
        *va = ((seL4_Word)swap.leaf << SPACE_LEAF_BITS) + (seL4_Word)swap.page * PAGE;
        return leaf + swap.page++;
}

/* Go on to the next page that can be evicted, and begin.  CLOCK_SKIP: there is none.  After SPARE_MAX pages that were
 * spared the next is taken as it is, so the cost is bounded; for a few pages two rounds are enough for anything. */
static enum clock_step advance(void)
{
        unsigned rounds = 0, spared = 0;
        struct space *s;
        seL4_Word va;

        while (rounds < 3) {
                struct page *p = next(&s, &va, &rounds);
                enum clock_step step =
                        p ? clock_look(p, is_held(s, p, va), has_room(), spared >= SPARE_MAX) : CLOCK_SKIP;

                if (step == CLOCK_SKIP)
                        continue;
                space_untouch(s, p, va);
                if (step == CLOCK_SPARE) {
                        spared++;
                        continue;
                }
                if (step == CLOCK_WRITE) {
                        write_out(s, p, va);
                        return step;
                }
                swap.counts.dropped++;
                if (evict_frame(s, p, va))
                        return step;
        }
        return CLOCK_SKIP;
}

/* --- waiting --- */

bool swap_busy(void)
{
        return swap.in_transit > 0;
}

struct wait_queue *swap_queue(void)
{
        return &swap.waiting;
}

void swap_listen(void)
{
        swap.awaited = false;
}

void swap_await(void)
{
        swap.awaited = true;
}

bool swap_awaited(void)
{
        return swap.awaited;
}

/* --- free frames --- */

static seL4_Word ahead(void)
{
        seL4_Word part = frame_counts().limit / AHEAD_PART;

        return part < AHEAD_MIN ? AHEAD_MIN : part > AHEAD_MAX ? AHEAD_MAX : part;
}

void swap_keep_ahead(void)
{
        seL4_Word wanted;

        if (!swap.counts.blocks)
                return;
        wanted = ahead();
        if (frame_available() + swap.going_out >= wanted)
                return;
        while (frame_available() + swap.going_out < 2 * wanted &&
               (later_make_room(false) || advance() != CLOCK_SKIP))
                ;
}

bool swap_make_room(void)
{
        enum clock_step step;

        if (!swap.counts.blocks)
                return false;
        do
                step = advance();
        while (step == CLOCK_WRITE && swap.going_out < ahead());
        swap.awaited |= step != CLOCK_DROP && swap_busy();
        return step == CLOCK_DROP;
}

struct swap_counts swap_counts(void)
{
        struct swap_counts c = swap.counts;

        c.free = swap.blocks.free;
        return c;
}
