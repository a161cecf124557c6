/* SPDX-License-Identifier: BSD-2-Clause */
/* Work on many pages of an address space, in pieces: clearing, unmapping, moving, copying, ending; see space.h. */
#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/node.h"
#include "os/memory/map.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LEAF_BITS = SPACE_LEAF_BITS, LEAF_PAGES = SPACE_LEAF_PAGES };

static bool move_page(struct space *s, seL4_Word from, seL4_Word to)
{
        struct page *old = space_page(s, from), *new;

        if (!old || (!old->frame && !old->swap))
                return true;
        new = space_make_page(s, to);
        if (!new || (!old->frame && !old->swap))
                return new;
        space_unmap_page(s, old, from);
        *new = *old;
        *old = (struct page){0};
        swap_moved(s, from, to);
        return true;
}

/* A walk over the records that say anything, leaf by leaf. */
struct walk {
        struct space *s;
        seL4_Word at, end; /* where it is, and up to where it goes */
        bool moved;        /* a step was made: so it ends with the server's piece */
        struct leaf *leaf;
        struct page *pages; /* its records */
        seL4_Word stop;     /* where the leaf ends, or the walk */
};

static bool is_over(const struct walk *w)
{
        return w->moved && pace_is_over();
}

/* The next leaf in the range; false when there is none, or the piece is over. */
static bool enter_leaf(struct walk *w)
{
        uint32_t number = (uint32_t)(w->at >> LEAF_BITS), found;

        if (w->at >= w->end || is_over(w))
                return false;
        found = space_next_leaf(w->s, number);
        if (found != number)
                w->at = (seL4_Word)found << LEAF_BITS;
        if (w->at >= w->end)
                return false;
        w->leaf = space_leaf_place(w->s, found);
        w->pages = (struct page *)frame_data(w->leaf->pages);
        w->stop = ((seL4_Word)found + 1) << LEAF_BITS;
        w->stop = w->stop < w->end ? w->stop : w->end;
        return true;
}

/* The next record of this leaf; NULL behind the last, with `at` behind the leaf or at the end, or when the piece is over. */
static struct page *next_of_leaf(struct walk *w)
{
        struct page *p = w->pages;

        for (; w->at < w->stop; w->at += PAGE) {
                unsigned i = w->at / PAGE % LEAF_PAGES;

                if (!(w->leaf->groups >> i / LEAF_GROUP & 1)) {
                        w->at |= LEAF_GROUP * PAGE - PAGE;
                        continue;
                }
                if (p[i].frame || p[i].swap)
                        return is_over(w) ? NULL : &p[i];
        }
        w->at = w->stop;
        w->moved = true;
        return NULL;
}

/* The record that was found is dealt with. */
static void go_on(struct walk *w)
{
        w->at += PAGE;
        w->moved = true;
}

static bool done(const struct walk *w)
{
        return w->at >= w->end;
}

/* The leaf that the walk has just left goes, if all of it was cleared. */
static void drop_leaf(struct walk *w, seL4_Word start)
{
        if (w->at % (1ul << LEAF_BITS) || w->at - (1ul << LEAF_BITS) < start || w->at == 0)
                return;
        w->s->changes++;
        map_drop_table(w->leaf);
        frame_drop(w->leaf->pages);
        w->leaf->pages = w->leaf->groups = 0;
}

/* Some of the tables that say where leaves are; true: there are none any more. */
static bool drop_tables(struct space *s)
{
        bool dropped = false;

        for (uint32_t i = 0; i < SPACE_TABLES; i++) {
                if (!s->table[i])
                        continue;
                if (dropped && pace_is_over())
                        return false;
                frame_drop(s->table[i]);
                s->table[i] = 0;
                dropped = true;
        }
        return true;
}

bool space_clear_some(struct space *s, seL4_Word start, seL4_Word end, seL4_Word *at)
{
        struct walk w = {.s = s, .at = *at, .end = end};
        struct page *p;

        while (enter_leaf(&w)) {
                while ((p = next_of_leaf(&w)) != NULL) {
                        map_remove(w.leaf, p, w.at / PAGE % LEAF_PAGES);
                        s->resident -= p->frame != 0;
                        s->swapped -= !p->frame && p->swap;
                        space_drop_content(p);
                        go_on(&w);
                }
                if (w.at == w.stop)
                        drop_leaf(&w, start);
        }
        *at = w.at;
        return done(&w);
}

/* Where that begins which a region has of a file behind `size` bytes; its end, or behind it: it has nothing. */
static seL4_Word behind_end(const struct region *r, const struct node *n, uint64_t size)
{
        uint64_t end = (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
        seL4_Word kept = end > r->file_offset ? end - r->file_offset : 0;

        if (!region_of_file(r) || r->node != n)
                return r->end;
        return r->file_start + kept > r->start ? r->file_start + kept : r->start;
}

bool space_file_cut_some(struct space *s, const struct node *n, uint64_t size, seL4_Word *at)
{
        struct region_place place;

        for (struct region *r = space_from(s, *at, &place); r; r = space_next(s, &place)) {
                seL4_Word start = behind_end(r, n, size);

                *at = start > *at ? start : *at;
                if (start < r->end && !space_clear_some(s, start, r->end, at))
                        return false;
                *at = r->end;
                if (pace_is_over())
                        return false;
        }
        return true;
}

bool space_unmap_some(struct space *s, seL4_Word end, seL4_Word *at)
{
        struct walk w = {.s = s, .at = *at, .end = end};
        struct page *p;

        while (enter_leaf(&w)) {
                while ((p = next_of_leaf(&w)) != NULL) {
                        map_remove(w.leaf, p, w.at / PAGE % LEAF_PAGES);
                        go_on(&w);
                }
        }
        *at = w.at;
        return done(&w);
}

enum space_copied space_move_some(struct space *s, seL4_Word from, seL4_Word to, seL4_Word size,
                                  seL4_Word *at)
{
        struct walk w = {.s = s, .at = from + *at, .end = from + size};
        bool moved = true;
        struct page *p;

        while (moved && enter_leaf(&w)) {
                while (moved && (p = next_of_leaf(&w)) != NULL) {
                        moved = move_page(s, w.at, to + (w.at - from));
                        if (moved)
                                go_on(&w);
                }
        }
        *at = w.at - from;
        return done(&w) ? SPACE_COPIED : moved ? SPACE_COPIES_ON : SPACE_COPY_FAILS;
}

void space_clear_range(struct space *s, seL4_Word start, seL4_Word end)
{
        for (seL4_Word at = start; !space_clear_some(s, start, end, &at);)
                ;
}

/* What is left when the pages have gone. */
static void end(struct space *s)
{
        if (s->program)
                node_rest(s->program);
        frame_drop(frame_of(s->block));
        frame_drop(frame_of(s));
        frame_come(-1);
}

bool space_end_some(struct space *s)
{
        bool gone;

        if (s->users > 1) {
                s->users--;
                return true;
        }
        if (!s->ending) {
                s->ending = true;
                frame_come(1);
                swap_forget(s);
                space_unlist(s);
                vspace_destroy(
                        &s->vspace); /* what is unmapped then is in no hardware any more, and needs no care for it */
        }
        gone = space_clear_some(s, 0, SPACE_TOP, &s->cleared) && drop_tables(s) && map_drop_upper(s) &&
               space_end_regions(s);
        if (gone)
                end(s);
        wait_wake(swap_queue());
        return gone;
}

void space_destroy(struct space *s)
{
        while (!space_end_some(s))
                ;
}

/* The child refers to the parent's frame and block; the parent loses its writable mapping.  A block that is being written
 * or read is not shared with its frame: the child's page is dirty, or still in swap. */
static void share_page(struct page *theirs, struct page *ours)
{
        bool transfer = theirs->frame && frame_record(theirs->frame)->pins;

        *ours = *theirs;
        ours->state = PAGE_UNMAPPED;
        ours->copied = 0;
        ours->coming = 0;
        if (theirs->coming)
                ours->frame = 0;
        else if (transfer)
                ours->swap = 0;
        ours->dirty |= ours->frame && transfer;
        frame_share(ours->frame);
        swap_share(ours->swap);
}

struct space *space_copy_begin(struct space *s)
{
        struct space *copy = space_create();

        if (!copy)
                return NULL;
        copy->brk = s->brk;
        copy->first_sp = s->first_sp;
        copy->uneven = s->uneven;
        copy->program = s->program;
        if (s->program)
                node_run(s->program);
        return copy;
}

/* What was writable is copied by whoever writes first: its mapping becomes read-only; a leaf with many such pages goes out of the
 * hardware as one, and comes back as it is touched. */
enum { MANY = 64 };

static void cut_many(struct leaf *leaf)
{
        const struct page *p = (const struct page *)frame_data(leaf->pages);
        unsigned writable = 0;

        for (unsigned i = 0; i < LEAF_PAGES; i++) {
                if (leaf->groups >> i / LEAF_GROUP & 1)
                        writable += p[i].state == PAGE_WRITABLE;
                else
                        i += LEAF_GROUP - 1;
        }
        if (writable >= MANY)
                map_cut(leaf);
}

static void make_readable(struct walk *w, struct page *p)
{
        const struct region *r = p->state == PAGE_WRITABLE ? space_find(w->s, w->at) : NULL;

        if (!r || region_common(r))
                return;
        if (!map_page(w->s, w->leaf, p, w->at, r->access & SPACE_EXECUTE))
                map_remove(w->leaf, p, w->at / PAGE % LEAF_PAGES);
}

/* What a device fills stays the parent's alone: the child gets a copy of what is there by now. */
static bool copy_filling(const struct page *theirs, struct space *to, struct page *ours)
{
        frame_id copy = frame_take();

        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_look(theirs->frame), PAGE);
        *ours = (struct page){.frame = copy, .touched = 1, .dirty = 1};
        to->resident++;
        return true;
}

static bool copy_page(struct walk *w, struct page *theirs, struct space *to)
{
        struct page *ours = space_make_page(to, w->at);

        if (!ours)
                return false;
        if (theirs->frame && frame_record(theirs->frame)->filling)
                return copy_filling(theirs, to, ours);
        make_readable(w, theirs);
        share_page(theirs, ours);
        to->resident += ours->frame != 0;
        to->swapped += !ours->frame && ours->swap;
        return true;
}

/* Behind the pages, *at counts the regions, by their addresses: those that are not to be copied go again. */
static bool leave_out(struct space *to, seL4_Word *at)
{
        struct region_place place;
        struct region *r;

        while ((r = space_from(to, *at - SPACE_TOP, &place)) != NULL) {
                *at = SPACE_TOP + r->end;
                if (r->never & REGION_NOT_COPIED)
                        space_drop_regions(to, r->start, r->end);
                if (pace_is_over())
                        return false;
        }
        return true;
}

static bool is_copied(const struct walk *w)
{
        const struct region *r = w->s->uneven ? space_find(w->s, w->at) : NULL;

        return !r || !(r->never & (REGION_NOT_COPIED | REGION_WIPED));
}

enum space_copied space_copy_some(struct space *from, struct space *to, seL4_Word *at)
{
        struct walk w = {.s = from, .at = *at, .end = SPACE_TOP};
        enum space_copied regions = space_copy_regions(to, from);
        struct page *p;

        if (regions != SPACE_COPIED)
                return regions;
        while (enter_leaf(&w)) {
                if (w.at % (1ul << LEAF_BITS) == 0)
                        cut_many(w.leaf);
                while ((p = next_of_leaf(&w)) != NULL) {
                        if (is_copied(&w) && !copy_page(&w, p, to)) {
                                *at = w.at;
                                return SPACE_COPY_FAILS;
                        }
                        go_on(&w);
                }
        }
        *at = w.at;
        return done(&w) && (!to->uneven || leave_out(to, at)) ? SPACE_COPIED : SPACE_COPIES_ON;
}
