/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the checker share: every cap that exists, and every object, found again for each check.
 *
 * Level 14.  The tables are static and large; a kernel that never calls check_everything does not contain them.
 */
#pragma once

#include "cap/slot.h"
#include "core/panic.h"
#include "core/state.h"
#include "thread/thread.h"

/* In every build: the checker is only called by tests. */
#define HOLDS(x) MUST(x)

enum { CHECKER_CAPS = 1 << 15 };

/* An object (or an untyped area) that some cap names; one entry for each object, the area of an untyped per cap. */
struct found {
        word start, end;   /* physical */
        struct slot *slot; /* one cap to it */
};

struct checker {
        struct slot *cap[CHECKER_CAPS]; /* every full slot, once */
        word caps;
        struct found object[CHECKER_CAPS]; /* by address; untypeds are not among them */
        word objects;
        struct found
                untyped[CHECKER_CAPS]; /* by start, larger before smaller, ancestors before descendants */
        word untypeds;
};

extern struct checker checker;

/* The object of kind `kind` at `address` is named by a cap. */
bool object_exists(enum cap_kind kind, const void *address);

/* Steps, in order; each relies on those before it. */
void check_find_caps(void); /* check_find.c: fills `checker`; list structure */
void check_memory(void);    /* check_memory.c: ancestry, overlap, watermarks */
void check_threads(void);   /* check_threads.c: states, queues, who runs */
void check_bindings(void);  /* check_bindings.c: endpoints, notifications, replies, time */
void check_spaces(void);    /* check_spaces.c: page tables, ASIDs, interrupt lines */
void check_guests(void);    /* check_guests.c: virtual processors, who has the machine, modes */
