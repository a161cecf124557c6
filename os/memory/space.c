/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of an address space: finding, filling, mapping; see space.h.  Regions are in region.c, work on many pages in space_whole.c. */
#include "base/text.h"
#include "os/core/cores.h"
#include "os/files/node.h"
#include "os/memory/large.h"
#include "os/memory/map.h"
#include "os/memory/seen.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LEAF_BITS = SPACE_LEAF_BITS, LEAF_PAGES = SPACE_LEAF_PAGES, TABLE_LEAVES = SPACE_TABLE_LEAVES };

void space_untouch(struct space *s, struct page *p, seL4_Word va)
{
        space_unmap_page(s, p, va);
        p->touched = 0;
}

void space_drop_content(struct page *p)
{
        if (!p->frame && !p->swap)
                return;
        frame_drop(p->frame);
        swap_drop(p->swap);
        *p = (struct page){0};
}

static struct space *first;

struct space *space_first(void)
{
        return first;
}

/* The newest is the first in the list. */
struct space *space_since(uint64_t number)
{
        struct space *found = NULL;

        for (struct space *s = first; s && s->number >= number; s = s->next)
                found = s;
        return found;
}

static void enlist(struct space *s)
{
        static uint64_t last;

        s->number = ++last;
        s->next = first;
        if (first)
                first->before = s;
        first = s;
}

void space_unlist(struct space *s)
{
        *(s->before ? &s->before->next : &first) = s->next;
        if (s->next)
                s->next->before = s->before;
}

struct space *space_create(void)
{
        frame_id f = frame_take_zero(), blocks = f ? frame_take() : 0;
        struct space *s = (struct space *)frame_data(f);

        if (!blocks) {
                frame_drop(f);
                return NULL;
        }
        s->block = (struct block *)frame_data(blocks);
        s->users = 1;
        if (!vspace_create(&s->vspace, &root_cspace)) {
                enlist(s);
                return s;
        }
        frame_drop(blocks);
        frame_drop(f);
        return NULL;
}

struct space *space_use(struct space *s)
{
        s->users++;
        return s;
}

bool space_is_whole(const struct region *r, seL4_Word va)
{
        if (r->kind == REGION_FILE)
                return r->file_offset + (va - r->file_start) + PAGE <= r->node->size;
        return r->file_size && va >= r->file_start && va + PAGE <= r->file_start + r->file_size;
}

bool space_fill(struct space *s, const struct region *r, seL4_Word va, frame_id f)
{
        seL4_Word start = va > r->file_start ? va : r->file_start;
        seL4_Word end = r->file_start + r->file_size;

        if (end > va + PAGE)
                end = va + PAGE;
        if (r->kind == REGION_FILE)
                return node_read(r->node, r->file_offset + (va - r->file_start), frame_look(f), PAGE) >= 0;
        if (start >= end)
                return true;
        if (r->file)
                memcpy(frame_look(f) + (start - va), r->file + (start - r->file_start), end - start);
        else if (s->program)
                return node_read(s->program, r->file_offset + (start - r->file_start),
                                 frame_look(f) + (start - va), end - start) >= 0;
        return true;
}

static enum space_result missing(void)
{
        return swap_awaited() ? SPACE_WAITS : SPACE_NO_MEMORY;
}

/* The share, or the file, holds a user of the frame, too: evicting the page would free nothing. */
static bool take_shared(const struct region *r, struct page *p, seL4_Word va)
{
        frame_id f = r->kind == REGION_MAPPED
                             ? node_frame(r->node, (r->file_offset + va - r->file_start) / PAGE)
                             : share_frame(r->share, (va - r->file_start) / PAGE);

        frame_share(f);
        p->frame = f;
        p->common = 1;
        return f;
}

static bool take_own(struct space *s, const struct region *r, struct page *p, seL4_Word va)
{
        if (!(r->access & SPACE_WRITE) && space_share_file(s, r, p, va))
                return true;
        p->frame = space_is_whole(r, va) ? frame_take() : frame_take_page();
        if (p->frame && !space_fill(s, r, va, p->frame)) {
                frame_drop(p->frame);
                p->frame = 0;
        }
        if (!p->frame)
                return false;
        p->fixed = r->kind == REGION_BUFFER;
        return true;
}

/* A fresh page, or one whose content is in swap. */
static enum space_result make_resident(struct space *s, const struct region *r, struct page *p, seL4_Word va)
{
        if (p->coming || p->swap) {
                swap_in(s, p, va);
                return missing();
        }
        if (region_of_file(r) && r->file_offset + (va - r->file_start) >= node_mapped_end(r->node))
                return SPACE_BEYOND;
        if (region_common(r) ? !take_shared(r, p, va) : !take_own(s, r, p, va))
                return missing();
        s->resident++;
        p->fixed |= s->locks;
        return SPACE_OK;
}

static bool make_own(struct space *s, struct page *p, seL4_Word va)
{
        frame_id copy = frame_take();

        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_look(p->frame), PAGE);
        space_unmap_page(s, p, va);
        frame_drop(p->frame);
        p->frame = copy;
        return true;
}

/* The copy in swap, if there is one, is out of date now. */
static void make_dirty(struct page *p)
{
        swap_drop(p->swap);
        p->swap = 0;
        p->dirty = 1;
        p->files = 0;
}

enum space_result space_make_ready(struct space *s, const struct region *r, struct page *p, seL4_Word va,
                                   enum space_access access)
{
        if (p->lost)
                return SPACE_LOST;
        if (!p->frame || p->coming) {
                enum space_result result = make_resident(s, r, p, va);

                if (result != SPACE_OK)
                        return result;
        }
        swap_protect(p->frame);
        if (access == SPACE_WRITE && !region_common(r) && frame_shared(p->frame) && !make_own(s, p, va))
                return missing();
        if (access == SPACE_WRITE)
                make_dirty(p);
        p->touched = 1;
        return SPACE_OK;
}

enum space_result space_touch_record(struct space *s, seL4_Word va, enum space_access access, struct touch *t)
{
        t->region = space_find(s, va);
        if (!t->region)
                return SPACE_BAD_ADDRESS;
        if (access && !(t->region->access & access))
                return SPACE_BAD_ACCESS;
        va &= ~(seL4_Word)(PAGE - 1);
        t->leaf = space_make_leaf(s, va);
        if (!t->leaf)
                return missing();
        t->page = space_use_record(t->leaf, va);
        return space_make_ready(s, t->region, t->page, va, access);
}

/* Not one that was seen: apart, so that the others have nothing to do with it. */
static __attribute__((noinline)) enum space_result touch_unseen(struct space *s, seL4_Word va,
                                                                enum space_access access, void **data)
{
        struct touch t;
        enum space_result result = space_touch_record(s, va, access, &t);

        if (result != SPACE_OK)
                return result;
        seen_note(s, va, t.region, t.leaf);
        *data = (char *)frame_look(t.page->frame) + va % PAGE;
        return SPACE_OK;
}

enum space_result space_touch(struct space *s, seL4_Word va, enum space_access access, void **data)
{
        void *seen = space_seen(s, va, access);

        if (!seen)
                return touch_unseen(s, va, access, data);
        *data = seen;
        swap_protect(frame_of(seen));
        return SPACE_OK;
}

/* What a file has was made visible to instruction fetches at these addresses, and has not changed since, is so.  Else, with several cores,
 * it is mapped as data first, because others of the program may run it as soon as it is code.  (An emulator throws away what it has made of
 * code that is made visible.) */
static bool show_code(struct space *s, const struct touch *t, struct page *p, seL4_Word va, unsigned access)
{
        uint32_t as_is = space_is_files(s, p, va) ? (uint32_t)(va / PAGE) : 0;

        if (as_is && frame_record(p->frame)->code == as_is)
                return map_page(s, t->leaf, p, va, access);
        if (!map_page(s, t->leaf, p, va, cores_count() > 1 ? access & SPACE_WRITE : access) ||
            seL4_ARM_Page_Unify_Instruction(space_page_cap(s, va), 0, PAGE) ||
            (cores_count() > 1 && !map_page(s, t->leaf, p, va, access)))
                return false;
        if (as_is)
                frame_record(p->frame)->code = as_is;
        return true;
}

/* Map it, or change its mapping to the present rights. */
static bool show(struct space *s, const struct touch *t, struct page *p, seL4_Word va)
{
        bool own = region_common(t->region) || !frame_shared(p->frame);
        bool writable = t->region->access & SPACE_WRITE && p->dirty && own;
        unsigned access = t->region->access & SPACE_EXECUTE;
        bool transfer;

        if (frame_record(p->frame)->large) {
                if (large_map(s, t->leaf, t->region, p, va, writable))
                        return true;
                transfer = frame_record(p->frame)->pins;
                if (space_fills(p) || !make_own(s, p, va))
                        return false;
                if (transfer) /* its block is not written yet, and may never be */
                        make_dirty(p);
        }
        if (writable)
                access |= SPACE_WRITE;
        if (!(access & SPACE_EXECUTE))
                return map_page(s, t->leaf, p, va, access);
        return show_code(s, t, p, va, access);
}

/* Pages behind one that has faulted, when those before it are there: then others will follow, and come with it.  Each costs a
 * third of what it would cost alone; at most so many are there that nobody asks for. */
enum { AROUND = 16, PLENTY = 2048 };

static bool follows(const struct touch *t, seL4_Word va)
{
        return va > t->region->start && va / PAGE % LEAF_PAGES > 0 && t->page[-1].state != PAGE_UNMAPPED;
}

/* Nothing is left to do for this page that could wait. */
static bool comes_along(const struct page *p, enum space_access access)
{
        enum page_state enough = access == SPACE_WRITE ? PAGE_WRITABLE : PAGE_READABLE;

        return !p->swap && !p->coming && !p->lost && (p->state == PAGE_KEPT || p->state < enough);
}

static void around(struct space *s, struct touch *t, seL4_Word va, enum space_access access)
{
        seL4_Word end = va + AROUND * PAGE, leaf_end = (va | ((1ul << LEAF_BITS) - 1)) + 1;
        struct page *p = t->page;

        end = end < t->region->end ? end : t->region->end;
        end = end < leaf_end ? end : leaf_end;
        while ((va += PAGE) < end && comes_along(++p, access)) {
                space_use_record(t->leaf, va);
                if (space_make_ready(s, t->region, p, va, access) != SPACE_OK || !show(s, t, p, va))
                        return;
        }
}

enum space_result space_fault(struct space *s, seL4_Word va, enum space_access access)
{
        struct touch t;
        enum space_result result;

        if (va / PAGE % LEAF_PAGES == 0)
                large_fill(s, va & ~(seL4_Word)(PAGE - 1));
        result = space_touch_record(s, va, access, &t);

        va &= ~(seL4_Word)(PAGE - 1);
        if (result != SPACE_OK)
                return result;
        if (!show(s, &t, t.page, va))
                return missing();
        if (follows(&t, va) && frame_available() > PLENTY)
                around(s, &t, va, access);
        return SPACE_OK;
}

bool space_force(struct space *s, seL4_Word va, const void *from, seL4_Word size)
{
        struct touch t;
        enum space_result result = space_touch_record(s, va, 0, &t);
        bool mapped;

        if (result == SPACE_OK && region_common(t.region) && !(t.region->access & SPACE_WRITE))
                return false;
        if (result == SPACE_OK)
                result = space_make_ready(s, t.region, t.page, va & ~(seL4_Word)(PAGE - 1), SPACE_WRITE);
        if (result != SPACE_OK)
                return false;
        mapped = t.page->state == PAGE_READABLE || t.page->state == PAGE_WRITABLE ||
                 t.region->access & SPACE_EXECUTE;
        memcpy((char *)frame_look(t.page->frame) + va % PAGE, from, size);
        return !mapped || show(s, &t, t.page, va & ~(seL4_Word)(PAGE - 1));
}
