/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of an address space: finding, filling, mapping; see space.h.  Regions are in region.c, work on many pages in space_whole.c. */
#include "base/text.h"
#include "os/files/node.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LEAF_BITS = SPACE_LEAF_BITS, LEAF_PAGES = SPACE_LEAF_PAGES, TABLE_LEAVES = SPACE_TABLE_LEAVES };

struct page *space_leaf(const struct space *s, uint32_t number)
{
        frame_id f = s->table[number / TABLE_LEAVES] ? space_leaves(s, number)[number % TABLE_LEAVES] : 0;

        return f ? (struct page *)frame_data(f) : NULL;
}

uint32_t space_next_leaf(const struct space *s, uint32_t number)
{
        while (number < SPACE_LEAVES && !space_leaf(s, number)) {
                if (s->table[number / TABLE_LEAVES])
                        number++;
                else
                        number = (number / TABLE_LEAVES + 1) * TABLE_LEAVES;
        }
        return number;
}

struct page *space_page(struct space *s, seL4_Word va)
{
        struct page *p = space_leaf(s, (uint32_t)(va >> LEAF_BITS));

        return p ? &p[va / PAGE % LEAF_PAGES] : NULL;
}

struct page *space_make_page(struct space *s, seL4_Word va)
{
        uint32_t number = (uint32_t)(va >> LEAF_BITS);
        frame_id *table = &s->table[number / TABLE_LEAVES], f;
        struct page *p = space_page(s, va);

        if (p)
                return p;
        if (!*table)
                *table = frame_take_zero();
        f = *table ? frame_take_zero() : 0;
        if (!f)
                return NULL;
        space_leaves(s, number)[number % TABLE_LEAVES] = f;
        return space_page(s, va);
}

void space_unmap_page(struct space *s, struct page *p, seL4_Word va)
{
        if (p->state != PAGE_UNMAPPED)
                vspace_unmap(&s->vspace, va, 1);
        p->state = PAGE_UNMAPPED;
}

void space_untouch(struct space *s, struct page *p, seL4_Word va)
{
        space_unmap_page(s, p, va);
        p->touched = 0;
}

static void drop_content(struct page *p)
{
        if (!p->frame && !p->swap)
                return;
        frame_drop(p->frame);
        swap_drop(p->swap);
        *p = (struct page){0};
}

void space_clear_page(struct space *s, struct page *p, seL4_Word va)
{
        space_unmap_page(s, p, va);
        s->resident -= p->frame != 0;
        drop_content(p);
}

static struct space *first;

struct space *space_first(void)
{
        return first;
}

static void enlist(struct space *s)
{
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
        frame_id f = frame_take_zero(), regions = f ? frame_take_zero() : 0;
        struct space *s = (struct space *)frame_data(f);

        if (!regions) {
                frame_drop(f);
                return NULL;
        }
        s->region = (struct region *)frame_data(regions);
        s->users = 1;
        if (!vspace_create(&s->vspace, &root_cspace)) {
                enlist(s);
                return s;
        }
        frame_drop(regions);
        frame_drop(f);
        return NULL;
}

struct space *space_use(struct space *s)
{
        s->users++;
        return s;
}

/* What the file holds of this page; the rest stays zero. */
static void fill_from_file(struct space *s, const struct region *r, seL4_Word va, unsigned char *data)
{
        seL4_Word start = va > r->file_start ? va : r->file_start;
        seL4_Word end = r->file_start + r->file_size;

        if (end > va + PAGE)
                end = va + PAGE;
        if (r->kind == REGION_FILE) {
                node_read(r->node, r->file_offset + (va - r->file_start), data, PAGE);
                return;
        }
        if (start >= end)
                return;
        if (r->file)
                memcpy(data + (start - va), r->file + (start - r->file_start), end - start);
        else if (s->program)
                node_read(s->program, r->file_offset + (start - r->file_start), data + (start - va),
                          end - start);
}

static enum space_result missing(void)
{
        return swap_awaited() ? SPACE_WAITS : SPACE_NO_MEMORY;
}

/* The share holds a user of the frame, too, so that it is never evicted. */
static bool take_shared(const struct region *r, struct page *p, seL4_Word va)
{
        frame_id f = share_frame(r->share, (va - r->file_start) / PAGE);

        frame_share(f);
        p->frame = f;
        return f;
}

static bool take_own(struct space *s, const struct region *r, struct page *p, seL4_Word va)
{
        p->frame = frame_take_zero();
        if (!p->frame)
                return false;
        fill_from_file(s, r, va, frame_data(p->frame));
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
        if (r->kind == REGION_FILE && r->file_offset + (va - r->file_start) >= r->node->size)
                return SPACE_BEYOND;
        if (r->kind == REGION_SHARED ? !take_shared(r, p, va) : !take_own(s, r, p, va))
                return missing();
        s->resident++;
        return SPACE_OK;
}

static bool make_own(struct space *s, struct page *p, seL4_Word va)
{
        frame_id copy = frame_take();

        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_data(p->frame), PAGE);
        space_unmap_page(s, p, va);
        frame_drop(p->frame);
        p->frame = copy;
        return true;
}

/* The copy in swap, if there is one, is no copy any more. */
static void make_dirty(struct page *p)
{
        swap_drop(p->swap);
        p->swap = 0;
        p->dirty = 1;
}

static enum space_result make_ready(struct space *s, const struct region *r, struct page *p, seL4_Word va,
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
        if (access == SPACE_WRITE && r->kind != REGION_SHARED && frame_shared(p->frame) &&
            !make_own(s, p, va))
                return missing();
        if (access == SPACE_WRITE)
                make_dirty(p);
        p->touched = 1;
        return SPACE_OK;
}

static enum space_result touch(struct space *s, seL4_Word va, enum space_access access, struct page **page,
                               struct region **region)
{
        struct region *r = space_find(s, va);
        struct page *p;

        if (!r)
                return SPACE_BAD_ADDRESS;
        if (!(r->access & access))
                return SPACE_BAD_ACCESS;
        va &= ~(seL4_Word)(PAGE - 1);
        p = space_make_page(s, va);
        if (!p)
                return missing();
        *page = p;
        *region = r;
        return make_ready(s, r, p, va, access);
}

enum space_result space_touch(struct space *s, seL4_Word va, enum space_access access, void **data)
{
        struct region *r;
        struct page *p;
        enum space_result result = touch(s, va, access, &p, &r);

        if (result == SPACE_OK)
                *data = (char *)frame_data(p->frame) + va % PAGE;
        return result;
}

/* Map it, or map it anew with the rights of now. */
static bool map_page(struct space *s, struct page *p, seL4_Word va, const struct region *r)
{
        bool own = r->kind == REGION_SHARED || !frame_shared(p->frame);
        bool writable = r->access & SPACE_WRITE && p->dirty && own;
        bool code = r->access & SPACE_EXECUTE;
        unsigned flags = VSPACE_R | (writable ? VSPACE_W : 0) | (code ? VSPACE_X : 0);
        int error = p->state == PAGE_UNMAPPED
                            ? vspace_map_copy(&s->vspace, frame_page(p->frame), va, (enum vspace_flags)flags)
                            : vspace_protect(&s->vspace, va, 1, (enum vspace_flags)flags);

        if (error)
                return false;
        p->state = writable ? PAGE_WRITABLE : PAGE_READABLE;
        return !code || !vspace_sync_code(&s->vspace, va, 1);
}

enum space_result space_fault(struct space *s, seL4_Word va, enum space_access access)
{
        struct region *r;
        struct page *p;
        enum space_result result = touch(s, va, access, &p, &r);

        va &= ~(seL4_Word)(PAGE - 1);
        if (result == SPACE_OK && !map_page(s, p, va, r))
                return SPACE_NO_MEMORY;
        return result;
}

seL4_CPtr space_page_cap(struct space *s, seL4_Word va)
{
        return vspace_lookup(&s->vspace, va).frame;
}

static bool copy(struct space *s, seL4_Word va, void *bytes, seL4_Word size, enum space_access access)
{
        for (char *at = bytes; size > 0;) {
                seL4_Word n = PAGE - va % PAGE < size ? PAGE - va % PAGE : size;
                void *data;

                if (space_touch(s, va, access, &data) != SPACE_OK)
                        return false;
                if (access == SPACE_WRITE)
                        memcpy(data, at, n);
                else
                        memcpy(at, data, n);
                at += n;
                va += n;
                size -= n;
        }
        return true;
}

bool space_read(struct space *s, seL4_Word va, void *to, seL4_Word size)
{
        return copy(s, va, to, size, SPACE_READ);
}

bool space_write(struct space *s, seL4_Word va, const void *from, seL4_Word size)
{
        return copy(s, va, (void *)from, size, SPACE_WRITE);
}

bool space_read_string(struct space *s, seL4_Word va, char *to, seL4_Word size)
{
        while (size > 0) {
                seL4_Word n = PAGE - va % PAGE < size ? PAGE - va % PAGE : size;
                void *data;

                if (space_touch(s, va, SPACE_READ, &data) != SPACE_OK)
                        return false;
                for (seL4_Word i = 0; i < n; i++) {
                        to[i] = ((char *)data)[i];
                        if (!to[i])
                                return true;
                }
                to += n;
                va += n;
                size -= n;
        }
        return false;
}

uint32_t space_size(const struct space *s)
{
        uint32_t size = 0, number = 0;

        while ((number = space_next_leaf(s, number)) < SPACE_LEAVES) {
                const struct page *p = space_leaf(s, number++);

                for (int n = 0; n < LEAF_PAGES; n++)
                        size += p[n].frame || p[n].swap;
        }
        return size;
}
