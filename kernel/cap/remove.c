/* SPDX-License-Identifier: BSD-2-Clause */
/* Deleting caps without recursion and in bounded steps (spec objects.md 14.4).
 *
 * The slot that held the last cap of a CNode or TCB holds a zombie until the container's slots are empty.  A container
 * met inside another is not descended into: its zombie is exchanged with the cap in its own first slot, which puts the
 * zombie where nobody can name it (a revoke of the untyped above finds it) and brings that cap up to be deleted next.
 */
#include "cap/remove.h"
#include "cap/derive.h"
#include "core/panic.h"
#include "core/preempt.h"

static struct slot *zombie_slots(struct cap z)
{
        word base = cap_address(z);

        return (struct slot *)(cap_info(z) ? base : base + TCB_SLOTS_OFFSET);
}

static void exchange(struct slot *x, struct slot *y)
{
        if (slot_is_empty(y))
                slot_move(y, x->cap, x);
        else
                slot_swap(x, x->cap, y, y->cap);
}

/* Delete the object's share of a cap; the slot then holds what remains, usually nothing. */
static void retire(struct slot *s)
{
        const struct kind *kind = &kinds[cap_kind(s->cap)];
        struct cap rest = kind->retire ? kind->retire(s->cap, slot_is_last(s)) : cap_null();

        if (cap_is_null(rest))
                slot_clear(s);
        else
                s->cap = rest;
}

/* One step on the zombie in `s`.  Answers where the zombie is now, or NULL when it is gone. */
static struct slot *zombie_step(struct slot *s)
{
        word left = s->cap.b;
        struct slot *slots = zombie_slots(s->cap);

        if (left == 0 || (left == 1 && slots == s)) {
                slot_clear(s);
                return NULL;
        }
        struct slot *last = &slots[left - 1];
        if (last == s) {
                exchange(s, slots);
                return slots;
        }
        if (cap_kind(last->cap) == CAP_ZOMBIE && last->cap.b > 0) {
                struct slot *inner = zombie_slots(last->cap);

                exchange(last, inner);
                return inner == s ? last : s;
        }
        if (!slot_is_empty(last))
                retire(last);
        if (slot_is_empty(last))
                s->cap.b = left - 1;
        return s;
}

enum outcome slot_delete(struct slot *s)
{
        if (slot_is_empty(s))
                return DONE;
        if (cap_kind(s->cap) != CAP_ZOMBIE)
                retire(s);
        while (s && cap_kind(s->cap) == CAP_ZOMBIE) {
                s = zombie_step(s);
                if (s && preempt_point())
                        return AGAIN;
        }
        return DONE;
}

enum outcome slot_revoke(struct slot *s)
{
        while (slot_has_child(s)) {
                if (slot_delete(slot_next(s)) == AGAIN || preempt_point())
                        return AGAIN;
        }
        return DONE;
}

void slot_delete_now(struct slot *s)
{
        if (slot_is_empty(s))
                return;
        retire(s);
        while (cap_kind(s->cap) == CAP_ZOMBIE) {
                exchange(s, zombie_slots(s->cap));
                if (!slot_is_empty(s))
                        retire(s);
        }
}
