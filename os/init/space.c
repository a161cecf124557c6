/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of an address space: finding, filling, mapping, copying; see space.h.  Regions are in region.c. */
#include "base/text.h"
#include "os/fs/node.h"
#include "os/init/space_pages.h"

enum { LEAF_BITS = 21, LEVELS = 4 };

static struct page *leaf_pages(const struct leaf *l)
{
        return frame_data(l->pages);
}

static struct page *find_page(struct space *s, seL4_Word va)
{
        for (uint32_t i = 0; i < s->leaves; i++) {
                if (s->leaf[i].number == va >> LEAF_BITS)
                        return &leaf_pages(&s->leaf[i])[va / PAGE % 512];
        }
        return NULL;
}

static struct page *make_page(struct space *s, seL4_Word va)
{
        struct page *p = find_page(s, va);
        frame_id f;

        if (p || s->leaves == SPACE_LEAVES)
                return p;
        f = frame_take_zero();
        if (!f)
                return NULL;
        s->leaf[s->leaves++] = (struct leaf){(uint32_t)(va >> LEAF_BITS), f};
        return find_page(s, va);
}

static void unmap_page(struct page *p)
{
        slot_delete(p->slot & ~SPACE_MAPPED_WRITABLE);
        p->slot = 0;
}

static void clear_page(struct space *s, struct page *p)
{
        if (!p->frame)
                return;
        unmap_page(p);
        frame_drop(p->frame);
        p->frame = 0;
        s->resident--;
}

void space_clear_range(struct space *s, seL4_Word start, seL4_Word end)
{
        for (uint32_t i = 0; i < s->leaves; i++) {
                struct page *p = leaf_pages(&s->leaf[i]);
                seL4_Word va = (seL4_Word)s->leaf[i].number << LEAF_BITS;

                for (int n = 0; n < 512; n++, va += PAGE) {
                        if (va >= start && va < end)
                                clear_page(s, &p[n]);
                }
        }
}

/* Mappings of the range go; the next touch maps them with the rights of then. */
void space_unmap_range(struct space *s, seL4_Word start, seL4_Word end)
{
        for (seL4_Word va = start; va < end; va += PAGE) {
                struct page *p = find_page(s, va);

                if (p && p->slot)
                        unmap_page(p);
        }
}

struct space *space_create(void)
{
        frame_id f = frame_take_zero(), regions = f ? frame_take_zero() : 0;
        struct space *s = frame_data(f);

        if (!regions) {
                if (f)
                        frame_drop(f);
                return NULL;
        }
        s->region = frame_data(regions);
        if (object_make(&s->vspace, seL4_ARM_VSpaceObject, seL4_VSpaceBits, SLOT_VSPACE) &&
            !seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, s->vspace.cap))
                return s;
        space_destroy(s);
        return NULL;
}

void space_destroy(struct space *s)
{
        space_clear_range(s, 0, SPACE_TOP);
        for (uint32_t i = 0; i < s->leaves; i++)
                frame_drop(s->leaf[i].pages);
        while (s->tables > 0)
                object_free(&s->table[--s->tables]);
        object_free(&s->vspace);
        if (s->program)
                node_close(s->program);
        frame_drop(frame_of(s->region));
        frame_drop(frame_of(s));
}

/* What the file holds of this page; the rest stays zero. */
static void fill_from_file(struct space *s, const struct region *r, seL4_Word va, unsigned char *data)
{
        seL4_Word start = va > r->file_start ? va : r->file_start;
        seL4_Word end = r->file_start + r->file_size;

        if (end > va + PAGE)
                end = va + PAGE;
        if (start >= end)
                return;
        if (r->file)
                memcpy(data + (start - va), r->file + (start - r->file_start), end - start);
        else if (s->program)
                node_read(s->program, r->file_offset + (start - r->file_start), data + (start - va),
                          end - start);
}

static bool make_resident(struct space *s, const struct region *r, struct page *p, seL4_Word va)
{
        p->frame = frame_take_zero();
        if (!p->frame)
                return false;
        fill_from_file(s, r, va, frame_data(p->frame));
        s->resident++;
        return true;
}

static bool make_own(struct page *p)
{
        frame_id copy = frame_take();

        if (!copy)
                return false;
        memcpy(frame_data(copy), frame_data(p->frame), PAGE);
        unmap_page(p);
        frame_drop(p->frame);
        p->frame = copy;
        return true;
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
        p = make_page(s, va);
        if (!p || (!p->frame && !make_resident(s, r, p, va & ~(seL4_Word)(PAGE - 1))))
                return SPACE_NO_MEMORY;
        if (access == SPACE_WRITE && frame_users(p->frame) > 1 && !make_own(p))
                return SPACE_NO_MEMORY;
        *page = p;
        *region = r;
        return SPACE_OK;
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

static bool add_table(struct space *s, seL4_Word va)
{
        struct object *o = &s->table[s->tables];

        if (s->tables == SPACE_TABLES ||
            !object_make(o, seL4_ARM_PageTableObject, seL4_PageTableBits, SLOT_TABLE))
                return false;
        s->tables++;
        return !seL4_ARM_PageTable_Map(o->cap, s->vspace.cap, va, seL4_ARM_Default_VMAttributes);
}

static bool map_cap(struct space *s, seL4_CPtr cap, seL4_Word va, const struct region *r, bool writable)
{
        seL4_Word attributes = seL4_ARM_Default_VMAttributes;
        seL4_Error error = seL4_FailedLookup;

        if (!(r->access & SPACE_EXECUTE))
                attributes |= seL4_ARM_ExecuteNever;
        for (int level = 0; level < LEVELS && error == seL4_FailedLookup; level++) {
                error = seL4_ARM_Page_Map(cap, s->vspace.cap, va, writable ? seL4_ReadWrite : seL4_CanRead,
                                          (seL4_ARM_VMAttributes)attributes);
                if (error == seL4_FailedLookup && !add_table(s, va))
                        return false;
        }
        if (!error && r->access & SPACE_EXECUTE)
                error = seL4_ARM_Page_Unify_Instruction(cap, 0, PAGE);
        return !error;
}

static bool map_page(struct space *s, struct page *p, seL4_Word va, const struct region *r)
{
        bool writable = r->access & SPACE_WRITE && frame_users(p->frame) == 1;
        seL4_CPtr slot = p->slot & ~SPACE_MAPPED_WRITABLE;

        if (!slot) {
                slot = slot_take(SLOT_FRAME);
                if (slot == seL4_CapNull)
                        return false;
                p->slot = (uint32_t)slot;
                if (seL4_CNode_Copy(seL4_CapInitThreadCNode, slot, seL4_WordBits, seL4_CapInitThreadCNode,
                                    frame_cap(p->frame), seL4_WordBits, seL4_AllRights))
                        return false;
        }
        if (!map_cap(s, slot, va, r, writable)) {
                unmap_page(p);
                return false;
        }
        p->slot = (uint32_t)slot | (writable ? SPACE_MAPPED_WRITABLE : 0);
        return true;
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
        struct page *p = find_page(s, va);

        return p ? p->slot & ~SPACE_MAPPED_WRITABLE : seL4_CapNull;
}

/* The child refers to the parent's frames; the parent loses its writable mappings. */
static bool share_leaf(struct space *from, struct space *to, const struct leaf *l)
{
        struct page *theirs = leaf_pages(l), *ours = make_page(to, (seL4_Word)l->number << LEAF_BITS);

        if (!ours)
                return false;
        for (int i = 0; i < 512; i++) {
                if (!theirs[i].frame)
                        continue;
                if (theirs[i].slot & SPACE_MAPPED_WRITABLE)
                        unmap_page(&theirs[i]);
                frame_share(theirs[i].frame);
                ours[i].frame = theirs[i].frame;
        }
        to->resident = from->resident;
        return true;
}

struct space *space_fork(struct space *s)
{
        struct space *copy = space_create();

        if (!copy)
                return NULL;
        memcpy(copy->region, s->region, s->regions * sizeof(*s->region));
        copy->regions = s->regions;
        copy->brk = s->brk;
        copy->program = s->program;
        if (s->program)
                node_open(s->program);
        for (uint32_t i = 0; i < s->leaves; i++) {
                if (!share_leaf(s, copy, &s->leaf[i])) {
                        space_destroy(copy);
                        return NULL;
                }
        }
        return copy;
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
        for (; size > 0; size--, va++, to++) {
                void *data;

                if (space_touch(s, va, SPACE_READ, &data) != SPACE_OK)
                        return false;
                *to = *(char *)data;
                if (!*to)
                        return true;
        }
        return false;
}
