/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation list: inserting, moving and removing slots.  Owns slot->cap, slot->prev and slot->link. */
#include "cap/slot.h"
#include "core/panic.h"

static void set_next(struct slot *s, struct slot *next)
{
        s->link = (word)next | (s->link & SLOT_MARKS);
}

void slot_fill(struct slot *to, struct cap cap)
{
        MUST(slot_is_empty(to));
        *to = (struct slot){cap, NULL, SLOT_ORIGINAL};
}

void slot_insert(struct slot *to, struct cap cap, struct slot *parent, word marks)
{
        struct slot *next = slot_next(parent);

        MUST(slot_is_empty(to));
        *to = (struct slot){cap, parent, (word)next | marks};
        set_next(parent, to);
        if (next)
                next->prev = to;
}

void slot_insert_row(struct slot *to, word n, struct cap cap, word step, struct slot *parent)
{
        struct slot *next = slot_next(parent), *last = to + n - 1;

        if (next)
                next->prev = to;
#pragma GCC unroll 4
        for (struct slot *s = to; s <= last; s++) {
                s->cap = cap;
                s->prev = s + 1;
                s->link = (word)next | SLOT_ORIGINAL;
                next = s;
                cap.a += step;
        }
        last->prev = parent;
        set_next(parent, last);
}

void slot_move(struct slot *to, struct cap cap, struct slot *from)
{
        struct slot *next = slot_next(from);

        MUST(slot_is_empty(to));
        *to = (struct slot){cap, from->prev, from->link};
        if (to->prev)
                set_next(to->prev, to);
        if (next)
                next->prev = to;
        *from = (struct slot){cap_null(), NULL, 0};
}

void slot_swap(struct slot *x, struct cap x_new, struct slot *y, struct cap y_new)
{
        struct slot spare __attribute__((aligned(32))) = {cap_null(), NULL, 0};

        slot_move(&spare, x_new, x);
        slot_move(x, y_new, y);
        slot_move(y, x_new, &spare);
}

void slot_clear(struct slot *s)
{
        struct slot *next = slot_next(s);

        if (s->prev)
                set_next(s->prev, next);
        if (next) {
                next->prev = s->prev;
                /* A copy of a deleted badged cap must not become a child of a later cap of equal badge. */
                next->link |= s->link & SLOT_APART;
        }
        *s = (struct slot){cap_null(), NULL, 0};
}
