/* SPDX-License-Identifier: BSD-2-Clause */
/* Deleting caps without recursion and in bounded steps (spec objects.md 14.4, docs/bounded.md).
 *
 * The slot that held the last cap of a CNode or TCB holds a zombie until the container's slots are empty.  A container
 * met inside another is not descended into: its zombie is exchanged with the cap in its own first slot, which puts the
 * zombie where nobody can name it (a revoke of the untyped above finds it) and brings that cap up to be deleted next.
 *
 * A step, for the zombie z of a container with slots 0..n-1 of which `b` are still to do (the last slot first):
 *
 *   slot b-1 is empty              b falls past it and past further empty ones
 *   it holds a cap                 its share of its object goes; if that was the last cap of a queue (an endpoint with
 *                                  waiters, say) or of a container, a zombie stays in the slot, and a later step meets it
 *   it holds a zombie of a queue   some more waiters leave
 *   it holds a zombie of another   exchanged with slot 0 of that container: the inner zombie is now inside what it stands for,
 *   container                      which no CPtr reaches, and z's last slot holds the cap that was in that slot 0
 *   it is z itself                 z lies in the container that it stands for (by an exchange as above, or by a CNode that holds
 *                                  its own cap): exchanged with slot 0, where it is found last
 *   b is 0, or z alone is left     the zombie goes, and the memory of the container is free
 *
 * No step needs a stack, and between any two the caps form a legal state, so an interrupt can be served there.
 */
#include "cap/remove.h"
#include "cap/derive.h"
#include "core/panic.h"
#include "time/preempt.h"
#include "trace/trace.h"

/* Instructions: looking at an empty slot, deleting a cap. */
enum { EMPTY_COST = 5, CAP_COST = 150, EMPTY_STEP = 256 };

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
static inline __attribute__((always_inline)) void retire_as(struct slot *s, bool copy)
{
        struct cap c = s->cap;
        const struct kind *kind = &kinds[cap_kind(c)];
        bool last = !copy && kind->retire && slot_is_last(s);
        struct cap rest = kind->retire ? kind->retire(c, last) : cap_null();

        if (!cap_is_null(rest)) {
                s->cap = rest;
                return;
        }
        slot_clear(s);
        if (last && kind->kept && !slot_is_empty(kind->kept(c)))
                slot_move(s, kind->kept(c)->cap, kind->kept(c));
}

static void retire(struct slot *s)
{
        retire_as(s, false);
}

/* For a cap next to another cap to the same object, so that it is not the last. */
static void retire_copy(struct slot *s)
{
        retire_as(s, true);
}

/* Go on with the queue behind the zombie in `s`; AGAIN when it must stop. */
static enum outcome drain(struct slot *s)
{
        if (!cap_is_null(kinds[CAP_ZOMBIE].retire(s->cap, true)))
                return AGAIN;
        slot_clear(s);
        return DONE;
}

/* The number of slots left when the empty ones at the end are passed, but not more than one step of them. */
static word pass_empty(const struct slot *slots, word left)
{
        const struct slot *s = &slots[left], *stop = s - min_word(left, EMPTY_STEP);

        while (s != stop && s[-1].cap.a == 0)
                s--;
        return (word)(s - slots);
}

/* The last slot of the container behind the zombie in `s` is not empty.  Returns where the zombie is now. */
static struct slot *retire_last_slot(struct slot *s, enum outcome *outcome)
{
        struct slot *slots = zombie_slots(s->cap), *last = &slots[zombie_left(s->cap) - 1];

        if (last == s) {
                exchange(s, slots);
                return slots;
        }
        if (cap_kind(last->cap) != CAP_ZOMBIE) {
                retire(last);
                if (slot_is_empty(last))
                        s->cap = zombie_with_left(s->cap, zombie_left(s->cap) - 1);
        } else if (zombie_is_queue(last->cap)) {
                *outcome = drain(last);
        } else if (zombie_left(last->cap) > 0) {
                struct slot *inner = zombie_slots(last->cap);

                exchange(last, inner);
                return inner == s ? last : s;
        } else {
                slot_clear(last);
        }
        return s;
}

/* One step on the zombie of a container in `s`.  Returns where the zombie is now, or NULL when it is gone. */
static struct slot *zombie_step(struct slot *s, enum outcome *outcome)
{
        struct slot *slots = zombie_slots(s->cap);
        word left = zombie_left(s->cap), cost = CAP_COST;

        if (left == 0 || (left == 1 && slots == s)) {
                slot_clear(s);
                return NULL;
        }
        if (slots[left - 1].cap.a == 0) {
                word rest = pass_empty(slots, left);

                s->cap = zombie_with_left(s->cap, rest);
                cost = (left - rest) * EMPTY_COST;
        } else {
                s = retire_last_slot(s, outcome);
        }
        if (*outcome == DONE && preempt_point(cost))
                *outcome = AGAIN;
        return s;
}

/* What is behind the zombie in `s` goes, until it must stop. */
static __attribute__((noinline)) enum outcome empty(struct slot *s)
{
        enum outcome outcome = DONE;
        word steps = 0;

        for (; s && cap_kind(s->cap) == CAP_ZOMBIE && outcome == DONE; steps++) {
                if (zombie_is_queue(s->cap))
                        outcome = drain(s);
                else
                        s = zombie_step(s, &outcome);
        }
        trace(TESSERA_TRACE_EMPTY, this_core()->current, 0, steps, outcome == AGAIN);
        return outcome;
}

enum outcome slot_delete(struct slot *s)
{
        if (slot_is_empty(s))
                return DONE;
        if (cap_kind(s->cap) != CAP_ZOMBIE) {
                trace(TESSERA_TRACE_DELETE, this_core()->current, cap_kind(s->cap), cap_address(s->cap), 0);
                retire(s);
        }
        return cap_kind(s->cap) == CAP_ZOMBIE ? empty(s) : DONE;
}

/* The cap that `s` covers refers to the same object; the exception is untypeds, which cover other objects. */
static bool covers_copy(const struct slot *s, const struct slot *child)
{
        enum cap_kind kind = cap_kind(s->cap);

        return kind == cap_kind(child->cap) && kind != CAP_UNTYPED;
}

enum outcome slot_revoke(struct slot *s)
{
        word n = 0;

        enum outcome outcome = DONE;

        while (outcome == DONE && slot_has_child(s)) {
                struct slot *child = slot_next(s);

                n++;
                if (covers_copy(s, child))
                        retire_copy(child);
                else
                        outcome = slot_delete(child);
                if (outcome == DONE && preempt_point(CAP_COST))
                        outcome = AGAIN;
        }
        trace(TESSERA_TRACE_REVOKE, this_core()->current, 0, n, outcome == AGAIN);
        return outcome;
}

void slot_delete_now(struct slot *s)
{
        if (!slot_is_empty(s) && cap_kind(s->cap) != CAP_ZOMBIE)
                retire(s);
}
