/* SPDX-License-Identifier: BSD-2-Clause */
/* Ancestry and memory: every cap with memory descends from the untypeds that its memory lies in, no object reaches
 * over the watermark of such an untyped, and what an untyped cap says is clear above its watermark is zero.
 */
#include "cap/derive.h"
#include "debug/checker.h"

enum { DEPTH = 256, SCAN = 1024 };

/* The ancestors of the cap at which the walk along a list stands. */
static struct {
        const struct slot *slot[DEPTH];
        word depth;
} line;

static bool is_ancestor(const struct slot *s)
{
        for (word i = 0; i < line.depth; i++) {
                if (line.slot[i] == s)
                        return true;
        }
        return false;
}

static void check_below(const struct slot *untyped, const struct slot *s)
{
        word base = untyped_base(untyped->cap), start = cap_object_paddr(s->cap);

        HOLDS(start + bit(cap_object_bits(s->cap)) <= base + untyped_used(untyped->cap));
}

/* Every untyped that contains the memory of `s`, except its own descendants, stands above it. */
static void check_ancestors(const struct slot *s)
{
        word bits = cap_object_bits(s->cap), start = bits ? cap_object_paddr(s->cap) : 0,
             end = start + bit(bits);

        for (word i = 0; bits && i < checker.untypeds; i++) {
                const struct found *u = &checker.untyped[i];
                bool equal = cap_kind(s->cap) == CAP_UNTYPED && u->start == start && u->end == end;

                if (u->start > start)
                        return;
                if (u->start <= start && end <= u->end && !equal)
                        HOLDS(is_ancestor(u->slot));
                HOLDS(end <= u->start || u->end <= start || u->end >= end || cap_kind(s->cap) == CAP_UNTYPED);
        }
}

static void walk(const struct slot *s)
{
        line.depth = 0;
        for (; s; s = slot_next(s)) {
                while (line.depth && !slot_covers(line.slot[line.depth - 1], s))
                        line.depth--;
                check_ancestors(s);
                for (word i = 0; i < line.depth; i++) {
                        if (cap_kind(line.slot[i]->cap) == CAP_UNTYPED)
                                check_below(line.slot[i], s);
                }
                HOLDS(line.depth < DEPTH);
                line.slot[line.depth++] = s;
        }
}

static void check_zero(word paddr, word size)
{
        const word *w = window(paddr);
        word seen = 0;

        for (word i = 0; i < size / sizeof(word); i++)
                seen |= w[i];
        HOLDS(seen == 0);
}

static void check_untyped(struct cap c)
{
        word size = bit(untyped_bits(c)), from = untyped_clear_from(c), to = untyped_clear_to(c);
        word start = untyped_base(c) + from, left = to - from;

        HOLDS(untyped_used(c) <= size && to <= size && from <= to);
        if (to == 0)
                return;
        HOLDS(!untyped_is_device(c) && untyped_used(c) < to);
        check_zero(start, min_word(left, SCAN));
        if (left > SCAN)
                check_zero(start + left - SCAN, SCAN);
}

/* Caps to one object are neighbours, so that the last one can be recognised. */
static void check_families(void)
{
        word families = 0;

        for (word i = 0; i < checker.caps; i++) {
                const struct slot *s = checker.cap[i];
                bool counts = cap_object_bits(s->cap) && cap_kind(s->cap) != CAP_UNTYPED;

                families += counts && !(s->prev && same_object(s->prev->cap, s->cap));
        }
        HOLDS(families == checker.objects);
}

void check_memory(void)
{
        for (word i = 0; i < checker.caps; i++) {
                if (!checker.cap[i]->prev)
                        walk(checker.cap[i]);
        }
        for (word i = 0; i < checker.untypeds; i++)
                check_untyped(checker.untyped[i].slot->cap);
        check_families();
}
