/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory becomes objects (spec objects.md 7).
 *
 * Level 4.  An untyped cap's watermark counts its used bytes; everything above it is free and, unless device memory,
 * zero once the cap has been reset.
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
        OBJECT_TYPES,
};

/* Everything a retype needs, already proved. */
struct retype {
        struct slot *untyped;
        struct slot *to; /* first of `count` empty slots */
        word type, size_bits, count;
};

/* Size of an object as a power of two. */
word object_bits(word type, word size_bits);

bool object_is_frame(word type);

/* Zero the used part of a childless untyped, from the top down; AGAIN when preempted, with the watermark following. */
enum outcome untyped_reset(struct slot *untyped);

/* Make the objects; the untyped has room for them.  Not preemptible. */
void retype_commit(const struct retype *p);
