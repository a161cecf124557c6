/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's one dispatch table: what each kind of capability does.
 *
 * Level 5.  Rows are defined in invoke/kinds.c; `cap` reaches objects only through them, so that deleting a cap
 * needs no knowledge of the rooms above.
 */
#pragma once

#include "cap/cap.h"
#include "cap/slot.h"
#include "core/state.h"

struct request;

/* How an operation ended. */
enum outcome {
        DONE,    /* effect complete (or none needed) */
        REFUSED, /* nothing happened; the refusal says why */
        AGAIN,   /* preempted with progress kept: the same instruction will run again */
        BLOCKED, /* the caller waits, or its result was already written */
};

/* Why a call is refused, in the public numbers (docs/spec/abi.md). */
enum refusal_code {
        REFUSE_ARGUMENT = 1,
        REFUSE_CAPABILITY,
        REFUSE_ILLEGAL,
        REFUSE_RANGE,
        REFUSE_ALIGNMENT,
        REFUSE_LOOKUP,
        REFUSE_TRUNCATED,
        REFUSE_DELETE_FIRST,
        REFUSE_REVOKE_FIRST,
        REFUSE_MEMORY,
};

/* Why an invocation was refused: a public error number and its detail words (spec abi.md 4.3). */
struct refusal {
        word error;
        word length;
        word detail[5];
};

struct kind {
        /* Perform an invocation of any label that has no row in invoke/invocations.c.  NULL: there is none. */
        enum outcome (*invoke)(struct request *r);

        /* What a copy holds, into *c; REFUSED with `why` when there can be none.  NULL: the cap as it is. */
        enum outcome (*derive)(const struct slot *from, struct cap *c, struct refusal *why);

        /* The cap is going.  `last`: no other cap to the object is left, so the object dies now.  What takes more than
         * one step returns the zombie that stands for it; everything else the null cap.  Never fails, bounded.  For the zombie of a queue
         * it continues, and returns the zombie when it must stop.  NULL: nothing to do. */
        struct cap (*retire)(struct cap c, bool last);

        /* The kernel's own slot that goes with the last cap, or NULL; `retire` has begun to delete it. */
        struct slot *(*kept)(struct cap c);
};

extern const struct kind kinds[CAP_KINDS];

/* Fill in why.  Out of line: there are many refusals in the code, and each is rare. */
void refusal_fill(struct refusal *why, enum refusal_code error, word length, word d0, word d1);

/* Say why, with up to two detail words; always REFUSED. */
static inline enum outcome refuse(struct refusal *why, enum refusal_code error, word length, word d0, word d1)
{
        refusal_fill(why, error, length, d0, d1);
        return REFUSED;
}

/* Debug builds remember which line refused: each function that refuses is hidden by a macro of the same name, here and in the other headers
 * that declare such functions. */
static inline void refused_at(const char *file, word line)
{
        kernel.refused_file = file;
        kernel.refused_line = line;
}

#if TESSERA_DEBUG
#define REFUSED_HERE(refusal) (refused_at(__FILE__, __LINE__), refusal)
#define refuse(...)           REFUSED_HERE(refuse(__VA_ARGS__))
#endif
