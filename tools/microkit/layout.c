/* SPDX-License-Identifier: BSD-2-Clause */
/* The layout: frames of regions, programs and stacks in the address spaces of the domains. */
#include "tools/microkit/microkit.h"

#include <sel4/sel4.h>
#include <string.h>

enum { PAGES_MAX = 1 << 20, SPACE_BITS = 12, SPACE_BITS_40 = 13 };

static unsigned frame_type(unsigned page_bits)
{
        return page_bits == PAGE_BITS ? (unsigned)seL4_ARM_SmallPageObject
                                      : (unsigned)seL4_ARM_LargePageObject;
}

/* A page of contents; the end of the file is padded. */
static const unsigned char *page_of(struct build *b, const struct file *f, uint64_t at)
{
        unsigned char *page;

        if (f->size - at >= PAGE_BYTES)
                return f->data + at;
        page = build_allocate(b, PAGE_BYTES);
        memcpy(page, f->data + at, f->size - at);
        return page;
}

static void copy_contents(struct build *b, struct region *r, struct object *frames)
{
        struct system_copy *c = add_record(b, PART_COPY);

        *c = (struct system_copy){.offset = b->pages.count * PAGE_BYTES,
                                  .bytes = r->bootinfo ? r->size : r->prefill.size,
                                  .page_bits = r->page_bits,
                                  .kind = r->bootinfo,
                                  .executable = 1};
        add_slot(b, PART_COPY, c, &c->slot, frames, 0);
        for (uint64_t at = 0; at < r->prefill.size; at += PAGE_BYTES)
                add_contents(b, page_of(b, &r->prefill, at));
}

static void lay_out_region(struct build *b, struct region *r)
{
        uint64_t count = r->size >> r->page_bits, filled = 0;
        struct object *frames;
        struct system_region *record;

        if (count > PAGES_MAX) {
                build_error(b, r->at, "'%s' has %llu pages, more than %d: use page_size=\"0x200000\"",
                            r->name, (unsigned long long)count, PAGES_MAX);
                build_stop(b);
        }
        if (r->has_paddr || r->floating) {
                frames = add_slots(b, count);
                r->index = (unsigned)b->part[PART_REGION].count;
                record = add_record(b, PART_REGION);
                *record = (struct system_region){.paddr = r->paddr,
                                                 .page_bits = r->page_bits,
                                                 .count = (uint32_t)count,
                                                 .flags = r->has_paddr ? 0 : REGION_FLOATING};
                strncpy(record->name, r->name, SYSTEM_NAME - 1);
                add_slot(b, PART_REGION, record, &record->slot, frames, 0);
                add_run(b, &r->runs, frames, count);
        } else if (r->page_bits == PAGE_BITS && r->bootinfo == 0) {
                for (; filled * PAGE_BYTES < r->prefill.size; filled++)
                        add_run(b, &r->runs, add_contents(b, page_of(b, &r->prefill, filled * PAGE_BYTES)),
                                1);
                if (filled < count)
                        add_run(b, &r->runs,
                                add_object(b, seL4_ARM_SmallPageObject, 0, PAGE_BITS, count - filled),
                                count - filled);
                return;
        } else {
                frames = add_object(b, frame_type(r->page_bits), 0, r->page_bits, count);
                add_run(b, &r->runs, frames, count);
        }
        if (r->prefill.size > 0 || r->bootinfo)
                copy_contents(b, r, frames);
}

/* Maps runs of frames one after the other; frames already mapped elsewhere are mapped through copies of their capabilities. */
static void map_runs(struct build *b, struct space *space, struct run *runs, uint64_t vaddr,
                     unsigned page_bits, uint32_t flags)
{
        for (struct run *r = runs; r != NULL; r = r->next) {
                struct system_map *m = add_record(b, PART_MAP);

                *m = (struct system_map){
                        .vaddr = vaddr, .count = (uint32_t)r->count, .page_bits = page_bits, .flags = flags};
                add_slot(b, PART_MAP, m, &m->slot, r->frames, 0);
                add_slot(b, PART_MAP, m, &m->copy, r->mapped ? add_slots(b, r->count) : NULL, 0);
                add_slot(b, PART_MAP, m, &m->vspace, space->vspace, 0);
                add_tables(b, space, vaddr, r->count << page_bits, page_bits);
                r->mapped = true;
                vaddr += r->count << page_bits;
        }
}

static void lay_out_segment(struct build *b, struct pd *p, struct segment *s)
{
        uint32_t flags = (s->write ? MAP_WRITE : 0) | (s->execute ? MAP_EXECUTE : 0);

        for (uint64_t i = 0; i < s->count;) {
                uint64_t n = 1;
                struct object *frames;

                if (s->page[i] != NULL) {
                        frames = add_contents(b, s->page[i]);
                        while (i + n < s->count && s->page[i + n] != NULL) {
                                add_contents(b, s->page[i + n]);
                                n++;
                        }
                } else {
                        while (i + n < s->count && s->page[i + n] == NULL)
                                n++;
                        frames = add_object(b, seL4_ARM_SmallPageObject, 0, PAGE_BITS, n);
                }
                add_run(b, &s->runs, frames, n);
                if (p->buffer >= s->start + i * PAGE_BYTES && p->buffer < s->start + (i + n) * PAGE_BYTES) {
                        p->buffer_frame = frames;
                        p->buffer_page = (p->buffer - s->start) / PAGE_BYTES - i;
                }
                i += n;
        }
        map_runs(b, &p->space, s->runs, s->start, PAGE_BITS, flags);
}

/* --- addresses that must not overlap ---------------------------------------------------------------------------------- */

static void check_space(struct build *b, struct pd *p)
{
        uint64_t limit = p->stack_top - p->stack_size;

        for (struct segment *s = p->program->segments; s != NULL; s = s->next) {
                uint64_t end = s->start + s->count * PAGE_BYTES;

                if (end > limit)
                        build_error(b, p->image_at,
                                    "'%s' ends at 0x%llx, beyond 0x%llx, where its stack begins", p->path,
                                    (unsigned long long)end, (unsigned long long)limit);
                for (struct map *m = p->maps; m != NULL; m = m->next)
                        if (m->vaddr < end && s->start < m->vaddr + m->region->size)
                                build_error(b, m->at,
                                            "'%s' at 0x%llx overlaps the program '%s', which has 0x%llx to "
                                            "0x%llx",
                                            m->region->name, (unsigned long long)m->vaddr, p->path,
                                            (unsigned long long)s->start, (unsigned long long)end);
        }
        for (struct map *m = p->maps; m != NULL; m = m->next) {
                if (m->vaddr + m->region->size > limit)
                        build_error(b, m->at,
                                    "'%s' ends at 0x%llx, beyond 0x%llx, where the stack of '%s' begins",
                                    m->region->name, (unsigned long long)(m->vaddr + m->region->size),
                                    (unsigned long long)limit, p->name);
                if (p->buffer >= m->vaddr && p->buffer < m->vaddr + m->region->size)
                        build_error(b, m->at, "'%s' overlaps the IPC buffer of '%s' at 0x%llx",
                                    m->region->name, p->name, (unsigned long long)p->buffer);
        }
}

static void map_regions(struct build *b, struct space *space, struct map *maps)
{
        for (struct map *m = maps; m != NULL; m = m->next) {
                bool filled = m->region->prefill.size > 0 || m->region->bootinfo;
                uint32_t flags = (m->write ? MAP_WRITE : 0) | (m->execute ? MAP_EXECUTE : 0) |
                                 (m->cached ? 0 : MAP_UNCACHED) | (filled && !m->cached ? MAP_CLEAN : 0);

                map_runs(b, space, m->region->runs, m->vaddr, m->region->page_bits, flags);
        }
}

static struct object *add_space(struct build *b)
{
        unsigned bits = b->board.space_bits == 40 ? SPACE_BITS_40 : SPACE_BITS;

        return add_object(b, seL4_ARM_VSpaceObject, 0, bits, 1);
}

static void lay_out_space(struct build *b, struct pd *p)
{
        uint64_t pages = p->stack_size / PAGE_BYTES;

        for (struct segment *s = p->program->segments; s != NULL; s = s->next)
                lay_out_segment(b, p, s);
        add_run(b, &p->stack, add_object(b, seL4_ARM_SmallPageObject, 0, PAGE_BITS, pages), pages);
        map_runs(b, &p->space, p->stack, p->stack_top - p->stack_size, PAGE_BITS, MAP_WRITE);
        if (p->buffer_frame == NULL) {
                struct run *run = NULL;

                p->buffer_frame = add_object(b, seL4_ARM_SmallPageObject, 0, PAGE_BITS, 1);
                map_runs(b, &p->space, add_run(b, &run, p->buffer_frame, 1), p->buffer, PAGE_BITS, MAP_WRITE);
        }
        map_regions(b, &p->space, p->maps);
}

/* Addresses that are known only at the start are written into the contents then. */
static void add_patches(struct build *b, struct pd *p)
{
        for (struct setvar *v = p->setvars; v != NULL; v = v->next) {
                uint64_t address, size;
                const unsigned char *page;
                struct system_patch *x;

                if (v->kind != SET_PADDR || !v->region->floating ||
                    !program_symbol(p->program, v->symbol, &address, &size))
                        continue;
                if (address % PAGE_BYTES > PAGE_BYTES - size) {
                        build_error(b, v->at, "the variable '%s' lies across two pages: align it to 8 bytes",
                                    v->symbol);
                        continue;
                }
                page = program_page(b, p->program, address);
                x = add_record(b, PART_PATCH);
                x->region = v->region->index;
                for (uint64_t i = 0; i < b->pages.count; i++)
                        if (((const unsigned char *const *)b->pages.data)[i] == page)
                                x->offset = i * PAGE_BYTES + address % PAGE_BYTES;
        }
}

static int by_address(const struct region *a, const struct region *b)
{
        return (a->paddr > b->paddr) - (a->paddr < b->paddr);
}

/* Regions with addresses ascend: each splits the memory below it. */
static void sort_regions(struct build *b)
{
        struct region *sorted = NULL, *next;

        for (struct region *r = b->system.regions; r != NULL; r = next) {
                struct region **at = &sorted;

                next = r->next;
                while (*at != NULL && by_address(*at, r) <= 0)
                        at = &(*at)->next;
                r->next = *at;
                *at = r;
        }
        b->system.regions = sorted;
}

void system_lay_out(struct build *b)
{
        struct system *s = &b->system;

        for (struct pd *p = s->pds; p != NULL; p = p->next)
                check_space(b, p);
        if (b->errors > 0)
                return;
        sort_regions(b);
        b->page_tables = add_object(b, seL4_ARM_PageTableObject, 0, seL4_PageTableBits, 0);
        for (struct region *r = s->regions; r != NULL; r = r->next)
                if (r->used)
                        lay_out_region(b, r);
        for (struct pd *p = s->pds; p != NULL;
             p = p->next == NULL && p != s->monitor ? s->monitor : p->next) {
                p->space.vspace = add_space(b);
                lay_out_space(b, p);
                add_patches(b, p);
        }
        for (struct machine *m = s->machines; m != NULL; m = m->next) {
                m->space.vspace = add_space(b);
                map_regions(b, &m->space, m->maps);
        }
        lay_out_capabilities(b);
        objects_number(b);
}
