/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions of an address space; see space.h. */
#include "base/text.h"
#include "os/files/node.h"
#include "os/memory/space.h"
#include "os/memory/space_pages.h"

void region_use(const struct region *r)
{
        if (r->kind == REGION_SHARED)
                share_use(r->share);
        if (r->kind == REGION_FILE)
                node_open(r->node);
}

void region_drop(const struct region *r)
{
        if (r->kind == REGION_SHARED)
                share_drop(r->share);
        if (r->kind == REGION_FILE)
                node_close(r->node);
}

void space_file_cut(struct space *s, const struct node *n, uint64_t size)
{
        for (uint32_t i = 0; i < s->regions; i++) {
                const struct region *r = &s->region[i];
                seL4_Word end = ((size + PAGE - 1) & ~(uint64_t)(PAGE - 1)) - r->file_offset;

                if (r->kind != REGION_FILE || r->node != n)
                        continue;
                if (size <= r->file_offset)
                        end = 0;
                if (r->file_start + end < r->end)
                        space_clear_range(s, r->file_start + end > r->start ? r->file_start + end : r->start,
                                          r->end);
        }
}

static seL4_Word down(seL4_Word va)
{
        return va & ~(seL4_Word)(PAGE - 1);
}

static seL4_Word up(seL4_Word va)
{
        return down(va + PAGE - 1);
}

static struct region *overlapping(struct space *s, seL4_Word start, seL4_Word end)
{
        for (uint32_t i = 0; i < s->regions; i++) {
                if (s->region[i].start < end && start < s->region[i].end)
                        return &s->region[i];
        }
        return NULL;
}

struct region *space_find(struct space *s, seL4_Word va)
{
        return va < SPACE_TOP ? overlapping(s, va, va + 1) : NULL;
}

bool space_add(struct space *s, struct region r)
{
        r.start = down(r.start);
        if (r.end > SPACE_TOP || r.start >= r.end)
                return false;
        r.end = up(r.end);
        if (s->regions == SPACE_REGIONS || overlapping(s, r.start, r.end))
                return false;
        s->region[s->regions++] = r;
        return true;
}

/* Cut the region around `va` in two. */
static bool cut(struct space *s, seL4_Word va)
{
        struct region *r = space_find(s, va);

        if (!r || r->start == va)
                return true;
        if (s->regions == SPACE_REGIONS)
                return false;
        region_use(r);
        s->region[s->regions] = *r;
        s->region[s->regions++].start = va;
        r->end = va;
        return true;
}

bool space_split(struct space *s, seL4_Word start, seL4_Word end)
{
        return cut(s, start) && cut(s, end);
}

void space_drop_regions(struct space *s, seL4_Word start, seL4_Word end)
{
        struct region *r;

        while ((r = overlapping(s, start, end)) != NULL) {
                region_drop(r);
                *r = s->region[--s->regions];
        }
}

bool space_remove(struct space *s, seL4_Word start, seL4_Word end)
{
        if (!space_split(s, start, end))
                return false;
        space_clear_range(s, start, end);
        space_drop_regions(s, start, end);
        return true;
}

bool space_set_access(struct space *s, seL4_Word start, seL4_Word end, uint8_t access)
{
        if (!space_split(s, start, end))
                return false;
        for (uint32_t i = 0; i < s->regions; i++) {
                struct region *r = &s->region[i];

                if (r->start < end && start < r->end)
                        r->access = access;
        }
        return true;
}

seL4_Word space_gap(struct space *s, seL4_Word from, seL4_Word size)
{
        struct region *r;

        while (from < SPACE_TOP && size <= SPACE_TOP - from) {
                r = overlapping(s, from, from + size);
                if (!r)
                        return from;
                from = r->end;
        }
        return 0;
}

bool space_resize(struct space *s, struct region *r, seL4_Word end)
{
        seL4_Word old = r->end;

        end = up(end);
        if (end > SPACE_TOP || end < r->start || (end > old && overlapping(s, old, end)))
                return false;
        if (end < old)
                space_clear_range(s, end, old);
        r->end = end;
        return true;
}
