/* SPDX-License-Identifier: BSD-2-Clause */
/* Work on many pages of an address space, in pieces: clearing, unmapping, moving, copying, ending; see space.h. */
#include "base/text.h"
#include "os/files/node.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LEAF_BITS = SPACE_LEAF_BITS, LEAF_PAGES = SPACE_LEAF_PAGES, TABLE_LEAVES = SPACE_TABLE_LEAVES };

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

/* What a piece may cost, in units of about 20 instructions, and what the pages cost. */
enum { PIECE = 5000, RECORD = 4, MAPPING = 600, CONTENT = 300, LEAF = 2500, TABLES = 8 };

/* The record at *at, or behind it, before `end`; NULL when there is none, or the piece is over. */
static struct page *next_record(const struct space *s, seL4_Word *at, seL4_Word end, unsigned *cost)
{
        while (*at < end && *cost < PIECE) {
                uint32_t number = (uint32_t)(*at >> LEAF_BITS);
                struct page *leaf = space_leaf(s, number);

                *cost += RECORD;
                if (leaf)
                        return &leaf[*at / PAGE % LEAF_PAGES];
                number = s->table[number / TABLE_LEAVES] ? number + 1
                                                         : (number / TABLE_LEAVES + 1) * TABLE_LEAVES;
                *at = (seL4_Word)number << LEAF_BITS;
        }
        return NULL;
}

static unsigned cost_of(const struct page *p)
{
        return (p->state != PAGE_UNMAPPED ? MAPPING : 0) + (p->frame || p->swap ? CONTENT : 0);
}

/* The leaf behind which `at` is goes, if all of it was cleared; the cost. */
static unsigned drop_leaf(struct space *s, seL4_Word start, seL4_Word at)
{
        uint32_t number = (uint32_t)((at - 1) >> LEAF_BITS);

        if (at % (1ul << LEAF_BITS) || at - (1ul << LEAF_BITS) < start)
                return 0;
        frame_drop(space_leaves(s, number)[number % TABLE_LEAVES]);
        space_leaves(s, number)[number % TABLE_LEAVES] = 0;
        return LEAF;
}

/* Some of the tables that say where leaves are; true: there are none any more. */
static bool drop_tables(struct space *s)
{
        unsigned left = TABLES;

        for (uint32_t i = 0; i < SPACE_TABLES; i++) {
                if (s->table[i] && left-- == 0)
                        return false;
                frame_drop(s->table[i]);
                s->table[i] = 0;
        }
        return true;
}

bool space_clear_some(struct space *s, seL4_Word start, seL4_Word end, seL4_Word *at)
{
        unsigned cost = 0;
        struct page *p;

        while ((p = next_record(s, at, end, &cost)) != NULL) {
                cost += cost_of(p);
                space_clear_page(s, p, *at);
                *at += PAGE;
                cost += drop_leaf(s, start, *at);
        }
        return *at >= end;
}

bool space_unmap_some(struct space *s, seL4_Word end, seL4_Word *at)
{
        unsigned cost = 0;
        struct page *p;

        while ((p = next_record(s, at, end, &cost)) != NULL) {
                cost += p->state != PAGE_UNMAPPED ? MAPPING : 0;
                space_unmap_page(s, p, *at);
                *at += PAGE;
        }
        return *at >= end;
}

enum space_copied space_move_some(struct space *s, seL4_Word from, seL4_Word to, seL4_Word size,
                                  seL4_Word *at)
{
        seL4_Word va = from + *at;
        unsigned cost = 0;
        struct page *p;

        while ((p = next_record(s, &va, from + size, &cost)) != NULL) {
                cost += cost_of(p);
                if (!move_page(s, va, to + (va - from)))
                        break;
                va += PAGE;
        }
        *at = va - from;
        return va >= from + size ? SPACE_COPIED : p ? SPACE_COPY_FAILS : SPACE_COPIES_ON;
}

void space_clear_range(struct space *s, seL4_Word start, seL4_Word end)
{
        for (seL4_Word at = start; !space_clear_some(s, start, end, &at);)
                ;
}

/* Its pages have gone. */
static void end(struct space *s)
{
        vspace_destroy(&s->vspace);
        for (uint32_t i = 0; i < s->regions; i++)
                region_drop(&s->region[i]);
        if (s->program)
                node_close(s->program);
        frame_drop((frame_id)frame_of(s->region));
        frame_drop((frame_id)frame_of(s));
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
        }
        gone = space_clear_some(s, 0, SPACE_TOP, &s->cleared) && drop_tables(s);
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
        bool transfer = theirs->frame && frame_from_ref(theirs->frame)->pins;

        *ours = *theirs;
        ours->state = PAGE_UNMAPPED;
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
        memcpy(copy->region, s->region, s->regions * sizeof(*s->region));
        copy->regions = s->regions;
        for (uint32_t i = 0; i < s->regions; i++)
                region_use(&s->region[i]);
        copy->brk = s->brk;
        copy->program = s->program;
        if (s->program)
                node_open(s->program);
        return copy;
}

enum space_copied space_copy_some(struct space *from, struct space *to, seL4_Word *at)
{
        enum { SHARING = 15 };
        unsigned cost = 0;
        struct page *theirs;

        while ((theirs = next_record(from, at, SPACE_TOP, &cost)) != NULL) {
                struct page *ours = theirs->frame || theirs->swap ? space_make_page(to, *at) : theirs;

                if (!ours)
                        return SPACE_COPY_FAILS;
                if (ours != theirs && (theirs->frame || theirs->swap)) {
                        cost += SHARING + (theirs->state == PAGE_WRITABLE ? MAPPING : 0);
                        if (theirs->state == PAGE_WRITABLE)
                                space_unmap_page(from, theirs, *at);
                        share_page(theirs, ours);
                        to->resident += ours->frame != 0;
                }
                *at += PAGE;
        }
        return *at >= SPACE_TOP ? SPACE_COPIED : SPACE_COPIES_ON;
}
