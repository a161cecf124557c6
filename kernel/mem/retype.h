/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory becomes objects (spec objects.md 7).
 *
 * Level 10.  An untyped cap's watermark counts its used bytes; everything above it is free.  What free memory holds does
 * not matter: it is cleared when it becomes an object (cap/cap.h: untyped_clear_from).
 */
#pragma once

#include "cap/kind.h"

/* Public object types. */
enum object_type {
        OBJECT_UNTYPED,
        OBJECT_TCB,
        OBJECT_ENDPOINT,
        OBJECT_NOTIFICATION,
        OBJECT_CNODE,
        OBJECT_SCHED_CONTEXT,
        OBJECT_REPLY,
        OBJECT_HUGE_PAGE,
        OBJECT_VSPACE,
        OBJECT_SMALL_PAGE,
        OBJECT_LARGE_PAGE,
        OBJECT_PAGE_TABLE,
        OBJECT_VCPU, /* at EL2 only */
        OBJECT_TYPES,
};

/* Everything that a Retype needs, already checked. */
struct retype {
        struct slot *untyped;
        struct slot *to; /* first of `count` empty slots */
        word type, size_bits, count;
        word bits;       /* size of one */
        word first, end; /* retype_place: where they will be, from the untyped's base */
};

/* Size of an object as a power of two. */
word object_bits(word type, word size_bits);

bool object_is_frame(word type);

/* All of an untyped without children is free again.  Cost: constant. */
void untyped_reset(struct slot *untyped);

/* Where the objects go, by the present watermark. */
void retype_place(struct retype *p);

/* Clear the memory of the objects to be made, and ask whether there is time to make them, a long run of its own; AGAIN when
 * preempted, with the progress kept in the untyped cap.
 * Cost: about 3 per 64 bytes not yet clear. */
enum outcome retype_clear(const struct retype *p);

/* Make the objects; the untyped has room for them, and it is clear.  Not preemptible: at most 256 short turns. */
enum { RETYPE_OBJECT_COST = 12 };
void retype_commit(const struct retype *p);
