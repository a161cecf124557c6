/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions of an address space; see space.h. */
#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/node.h"
#include "os/memory/space.h"
#include "os/memory/space_pages.h"

static seL4_Word down(seL4_Word va)
{
        return va & ~(seL4_Word)(PAGE - 1);
}

static seL4_Word up(seL4_Word va)
{
        return down(va + PAGE - 1);
}

/* --- blocks --- */

static struct region *at(const struct space *s, struct region_place place)
{
        return (struct region *)frame_data(s->block[place.block].frame) + place.index;
}

static struct region *there(const struct space *s, const struct region_place *place)
{
        return place->block < s->blocks ? at(s, *place) : NULL;
}

/* The one behind `r`, which is at that place. */
static inline struct region *behind(const struct space *s, struct region *r, struct region_place *place)
{
        if (++place->index < s->block[place->block].count)
                return r + 1;
        place->block++;
        place->index = 0;
        return there(s, place);
}

struct region *space_next(struct space *s, struct region_place *place)
{
        return behind(s, at(s, *place), place);
}

/* The last block that begins at or below `va`, or the first one. */
static uint32_t block_of(const struct space *s, seL4_Word va)
{
        uint32_t low = 0, high = s->blocks;

        while (low + 1 < high) {
                uint32_t middle = (low + high) / 2;

                if (s->block[middle].first <= va / PAGE)
                        low = middle;
                else
                        high = middle;
        }
        return low;
}

struct region *space_from(struct space *s, seL4_Word va, struct region_place *place)
{
        const struct block *b = s->block + (place->block = block_of(s, va));
        uint32_t low = 0, high = s->blocks ? b->count : 0;

        while (low < high) {
                uint32_t middle = (low + high) / 2;

                place->index = middle;
                if (at(s, *place)->end <= va)
                        low = middle + 1;
                else
                        high = middle;
        }
        place->index = low;
        if (s->blocks && low == b->count) {
                place->block++;
                place->index = 0;
        }
        return there(s, place);
}

static struct region *overlapping(struct space *s, seL4_Word start, seL4_Word end)
{
        struct region_place place;
        struct region *r = space_from(s, start, &place);

        return r && r->start < end ? r : NULL;
}

/* The region of `va`, if it is at that place. */
static inline struct region *known(struct space *s, struct region_place place, seL4_Word va)
{
        struct region *r;

        if (place.block >= s->blocks || place.index >= s->block[place.block].count)
                return NULL;
        r = at(s, place);
        return r->start <= va && va < r->end ? r : NULL;
}

/* Most look where somebody has just looked: calls that go back and forth between data and the stack, at two places. */
struct region *space_find(struct space *s, seL4_Word va)
{
        struct region_place before = s->last[0];
        struct region *r = known(s, before, va);

        if (r)
                return r;
        r = known(s, s->last[1], va);
        if (r)
                s->last[0] = s->last[1];
        else
                r = va < SPACE_TOP ? space_from(s, va, &s->last[0]) : NULL;
        s->last[1] = before;
        return r && r->start <= va ? r : NULL;
}

/* One more block at that place, for new regions. */
static bool add_block(struct space *s, uint32_t n)
{
        frame_id f = s->blocks < SPACE_BLOCKS ? frame_take() : 0;

        if (!f)
                return false;
        memmove(s->block + n + 1, s->block + n, (s->blocks - n) * sizeof(*s->block));
        s->block[n] = (struct block){.frame = f};
        s->blocks++;
        return true;
}

/* The upper half of a full block becomes one of its own. */
static bool split_block(struct space *s, uint32_t n)
{
        enum { HALF = SPACE_BLOCK_REGIONS / 2 };
        struct region *from = (struct region *)frame_data(s->block[n].frame) + HALF;

        if (!add_block(s, n + 1))
                return false;
        s->block[n + 1].count = s->block[n].count - HALF;
        memcpy(frame_data(s->block[n + 1].frame), from, s->block[n + 1].count * sizeof(*from));
        s->block[n].count = HALF;
        region_measure(&s->block[n]);
        region_measure(&s->block[n + 1]);
        return true;
}

static bool insert(struct space *s, struct region r)
{
        uint32_t n = block_of(s, r.start), i;
        struct region *first;
        struct block *b;

        if (!s->blocks && !add_block(s, 0))
                return false;
        if (s->block[n].count == SPACE_BLOCK_REGIONS && !split_block(s, n))
                return false;
        n = block_of(s, r.start);
        b = &s->block[n];
        first = (struct region *)frame_data(b->frame);
        for (i = b->count; i > 0 && first[i - 1].start > r.start; i--)
                first[i] = first[i - 1];
        first[i] = r;
        b->count++;
        region_measure_new(b, i);
        s->regions++;
        region_count(s, 1, &r);
        return true;
}

static void remove_at(struct space *s, struct region_place place)
{
        struct block *b = &s->block[place.block];
        struct region *first = (struct region *)frame_data(b->frame);

        s->changes++;
        if (first[place.index].start < s->taken)
                s->taken = first[place.index].start;
        region_count(s, -1, &first[place.index]);
        region_drop(&first[place.index]);
        s->regions--;
        b->count--;
        memmove(first + place.index, first + place.index + 1, (b->count - place.index) * sizeof(*first));
        if (b->count) {
                region_measure_gone(b, place.index);
                return;
        }
        frame_drop(b->frame);
        s->blocks--;
        memmove(b, b + 1, (s->blocks - place.block) * sizeof(*b));
}

/* One block, at the same place. */
static bool copy_block(struct space *to, const struct block *from)
{
        struct block *b = &to->block[to->blocks];
        struct region *r;

        if (!add_block(to, to->blocks))
                return false;
        r = (struct region *)frame_data(b->frame);
        memcpy(r, frame_data(from->frame), from->count * sizeof(*r));
        b->first = from->first;
        b->count = from->count;
        b->gap = from->gap;
        for (uint32_t i = 0; i < from->count; i++) {
                r[i].never &= (uint8_t)~REGION_LOCKED;
                region_use(&r[i]);
                region_count(to, 1, &r[i]);
        }
        to->regions += from->count;
        return true;
}

enum space_copied space_copy_regions(struct space *to, const struct space *from)
{
        while (to->blocks < from->blocks) {
                if (!copy_block(to, &from->block[to->blocks]))
                        return SPACE_COPY_FAILS;
                if (pace_is_over())
                        break;
        }
        to->taken = from->taken;
        return to->blocks < from->blocks ? SPACE_COPIES_ON : SPACE_COPIED;
}

/* From the last on. */
bool space_end_regions(struct space *s)
{
        while (s->blocks) {
                struct block *b = &s->block[s->blocks - 1];

                region_drop((const struct region *)frame_data(b->frame) + --b->count);
                s->regions--;
                if (!b->count) {
                        frame_drop(b->frame);
                        s->blocks--;
                }
                if (pace_is_over())
                        break;
        }
        return !s->blocks;
}

/* --- regions --- */

bool space_add(struct space *s, struct region r)
{
        r.start = down(r.start);
        if (r.end > SPACE_TOP || r.start >= r.end)
                return false;
        r.end = up(r.end);
        r.never |= s->locks ? REGION_LOCKED : 0;
        return !overlapping(s, r.start, r.end) && insert(s, r);
}

/* Cut the region around `va` in two. */
static bool cut(struct space *s, seL4_Word va)
{
        struct region *r = space_find(s, va), rest;

        if (!r || r->start == va)
                return true;
        rest = *r;
        rest.start = va;
        region_count(s, -1, &rest);
        r->end = va;
        if (insert(s, rest)) {
                region_use(&rest);
                return true;
        }
        space_find(s, va - 1)->end = rest.end;
        region_count(s, 1, &rest);
        return false;
}

bool space_split(struct space *s, seL4_Word start, seL4_Word end)
{
        return cut(s, start) && cut(s, end);
}

bool space_drop_regions(struct space *s, seL4_Word start, seL4_Word end)
{
        struct region_place place;
        struct region *r;

        while ((r = space_from(s, start, &place)) != NULL && r->start < end) {
                s->gone[s->gone_next].start = r->start;
                s->gone[s->gone_next].end = r->end;
                s->gone_next = (s->gone_next + 1) % SPACE_GONE;
                remove_at(s, place);
                if (pace_is_over())
                        break;
        }
        return !overlapping(s, start, end);
}

static bool same_content(const struct region *a, const struct region *b)
{
        return a->node == b->node && a->file_start == b->file_start && a->file_size == b->file_size &&
               a->file_offset == b->file_offset;
}

static bool same_marks(const struct region *a, const struct region *b)
{
        return a->never == b->never && a->policy.mode == b->policy.mode && a->policy.nodes == b->policy.nodes;
}

/* Can both be described by one region? */
static bool alike(const struct region *a, const struct region *b)
{
        bool parts = a->kind == REGION_MEMORY || region_common(a) || a->kind == REGION_FILE;
        bool plain = a->kind == REGION_MEMORY && !a->file_size && !b->file_size;

        return a->end == b->start && a->kind == b->kind && a->access == b->access && parts &&
               same_marks(a, b) && (plain || same_content(a, b));
}

void region_join(struct space *s, seL4_Word va)
{
        struct region_place place, next;
        struct region *r = va ? space_from(s, va - 1, &place) : NULL, *n;

        next = place;
        n = r ? space_next(s, &next) : NULL;
        if (!n || !alike(r, n))
                return;
        r->end = n->end;
        region_count(s, 1, n);
        remove_at(s, next);
}

bool space_remove(struct space *s, seL4_Word start, seL4_Word end)
{
        if (!space_split(s, start, end))
                return false;
        space_clear_range(s, start, end);
        while (!space_drop_regions(s, start, end))
                ;
        return true;
}

bool space_set_access_some(struct space *s, seL4_Word end, uint8_t access, seL4_Word *at)
{
        struct region_place place;
        struct region *r;

        while ((r = space_from(s, *at, &place)) != NULL && r->start < end) {
                seL4_Word start = r->start;

                s->changes++;
                region_count(s, -1, r);
                r->access = access;
                region_count(s, 1, r);
                *at = r->end;
                region_join(s, start);
                if (*at < end && pace_is_over())
                        return false;
        }
        *at = end;
        region_join(s, end);
        return true;
}

bool space_set_access(struct space *s, seL4_Word start, seL4_Word end, uint8_t access)
{
        if (!space_split(s, start, end))
                return false;
        while (!space_set_access_some(s, end, access, &start))
                ;
        return true;
}

bool space_resize(struct space *s, struct region *r, seL4_Word end)
{
        seL4_Word old = r->end;

        end = up(end);
        if (end > SPACE_TOP || end < r->start || (end > old && overlapping(s, old, end)))
                return false;
        if (end < old)
                space_clear_range(s, end, old);
        if (end < s->taken && end < old)
                s->taken = end;
        region_grows(s, r, end - old);
        r->end = end;
        region_measure(&s->block[block_of(s, r->start)]);
        return true;
}
