/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding every cap: from the slots that the kernel holds (of TCBs and interrupt lines), through CNodes and zombies,
 * and along the derivation lists, which also lead to containers that nobody can name any more.
 *
 * Lists: neighbours agree, every list has a beginning, so there is no cycle; an empty slot is all zero.
 */
#include "cap/derive.h"
#include "debug/check.h"
#include "debug/checker.h"

enum { TABLE_BITS = 17, TABLE = 1 << TABLE_BITS };

struct checker checker;

/* Hash set of the slots found. */
static struct slot *table[TABLE];

static struct {
        struct slot *slots;
        word count;
} further;

void check_from(struct slot *slots, word count)
{
        further.slots = slots;
        further.count = count;
}

void check_not_from(word start, word end)
{
        word slots = paddr_of(further.slots);

        if (further.count && slots >= start && slots < end)
                further.count = 0;
}

static word place_of(const struct slot *s)
{
        return ((word)s >> SLOT_BITS) * 0x9e3779b97f4a7c15 >> (64 - TABLE_BITS);
}

/* True when it was new. */
static bool add(struct slot *s)
{
        word i = place_of(s);

        while (table[i] && table[i] != s)
                i = (i + 1) % TABLE;
        if (table[i])
                return false;
        HOLDS(checker.caps < CHECKER_CAPS);
        table[i] = s;
        checker.cap[checker.caps++] = s;
        return true;
}

static void forget_last(void)
{
        for (word i = 0; i < checker.caps; i++) {
                word p = place_of(checker.cap[i]);

                while (table[p]) {
                        table[p] = NULL;
                        p = (p + 1) % TABLE;
                }
        }
        checker.caps = 0;
}

static void visit(struct slot *s)
{
        if (!slot_is_empty(s)) {
                add(s);
                return;
        }
        HOLDS(cap_is_clear(s->cap) && s->prev == NULL && s->link == 0);
}

static void visit_all(struct slot *s, word count)
{
        for (word i = 0; i < count; i++)
                visit(&s[i]);
}

/* Whatever the cap in `s` leads to. */
static void follow(const struct slot *s)
{
        struct cap c = s->cap;

        if (s->prev)
                visit(s->prev);
        if (slot_next(s))
                visit(slot_next(s));
        if (cap_kind(c) == CAP_CNODE)
                visit_all(cnode_slots(c), bit(cnode_radix(c)));
        if (cap_kind(c) == CAP_ZOMBIE && zombie_is_queue(c))
                return;
        if (cap_kind(c) == CAP_ZOMBIE && cap_info(c))
                visit_all(cap_object(c), bit(cap_info(c)));
        if (cap_kind(c) == CAP_ZOMBIE && !cap_info(c))
                visit_all(((struct thread *)cap_object(c))->slot, TCB_SLOTS);
}

static void check_links(const struct slot *s)
{
        struct slot *next = slot_next(s);

        HOLDS(((word)s & SLOT_MARKS) == 0);
        HOLDS(!next || (next->prev == s && !slot_is_empty(next)));
        HOLDS(!s->prev || (slot_next(s->prev) == s && !slot_is_empty(s->prev)));
        HOLDS(cap_kind(s->cap) < CAP_KINDS);
}

static void check_lists(void)
{
        word reached = 0;

        for (word i = 0; i < checker.caps; i++) {
                if (checker.cap[i]->prev)
                        continue;
                for (struct slot *s = checker.cap[i]; s; s = slot_next(s))
                        reached++;
        }
        HOLDS(reached == checker.caps);
}

static bool before(const struct found *x, const struct found *y)
{
        return x->start != y->start ? x->start < y->start : x->end > y->end;
}

/* Shell sort: no memory, fast enough for some thousand entries; stable order of equals is not needed. */
static void sort(struct found *f, word n)
{
        for (word gap = n / 2; gap > 0; gap /= 2) {
                for (word i = gap; i < n; i++) {
                        struct found moving = f[i];
                        word j = i;

                        for (; j >= gap && before(&moving, &f[j - gap]); j -= gap)
                                f[j] = f[j - gap];
                        f[j] = moving;
                }
        }
}

static void list_objects(void)
{
        checker.objects = checker.untypeds = 0;
        for (word i = 0; i < checker.caps; i++) {
                struct slot *s = checker.cap[i];
                word bits = cap_object_bits(s->cap), start = bits ? cap_object_paddr(s->cap) : 0;
                struct found f = {start, start + bit(bits), s};

                if (cap_kind(s->cap) == CAP_UNTYPED)
                        checker.untyped[checker.untypeds++] = f;
                else if (bits)
                        checker.object[checker.objects++] = f;
        }
        sort(checker.object, checker.objects);
        sort(checker.untyped, checker.untypeds);
}

/* The same object named by several caps is one object; anything else that overlaps is a disaster. */
static void merge_objects(void)
{
        word kept = 0;

        for (word i = 0; i < checker.objects; i++) {
                struct found *f = &checker.object[i], *last = kept ? &checker.object[kept - 1] : NULL;

                HOLDS(is_aligned(f->start, cap_object_bits(f->slot->cap)));
                if (last && same_object(last->slot->cap, f->slot->cap))
                        continue;
                HOLDS(!last || last->end <= f->start);
                checker.object[kept++] = *f;
        }
        checker.objects = kept;
}

bool object_exists(enum cap_kind kind, const void *address)
{
        word low = 0, high = checker.objects, paddr = paddr_of(address);

        while (low < high) {
                word middle = (low + high) / 2;

                if (checker.object[middle].start < paddr)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < checker.objects && checker.object[low].start == paddr &&
               cap_kind(checker.object[low].slot->cap) == kind;
}

void check_find_caps(void)
{
        forget_last();
        for (struct thread *t = kernel.threads; t; t = t->all_next)
                visit_all(t->slot, TCB_SLOTS);
        visit_all(kernel.irq, IRQ_LINES);
        visit_all(further.slots, further.count);
        for (word i = 0; i < checker.caps; i++)
                follow(checker.cap[i]);
        for (word i = 0; i < checker.caps; i++)
                check_links(checker.cap[i]);
        check_lists();
        list_objects();
        merge_objects();
}
