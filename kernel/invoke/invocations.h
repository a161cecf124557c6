/* SPDX-License-Identifier: BSD-2-Clause */
/* From a request to the function that performs it.
 *
 * Level 13.
 */
#pragma once

#include "invoke/labels.h"
#include "invoke/request.h"

struct invocation {
        enum outcome (*perform)(struct request *r);
        uint16_t usual,
                least; /* INVOCATION_OF what the stubs send, and what must be there, else TruncatedMessage */
};

/* Whose label it is (CAP_KINDS: nobody's), and words and caps of the message, as in its info. */
#define INVOCATION_OF(kind, words, caps) ((words) | (caps) << 7 | (kind) << 9)

static inline enum cap_kind invocation_kind(const struct invocation *row)
{
        return (enum cap_kind)(row->least >> 9);
}

extern const struct invocation invocations[LABELS];

/* No row of the table: the label is the user's, or this kind has no such label, or there is nothing to invoke. */
enum outcome invocation_by_kind(struct request *r);

/* The message is not the usual one. */
enum outcome invocation_compare(struct request *r, const struct invocation *row);

/* Check and commit what `r` asks for (spec objects.md 2.2). */
static inline enum outcome invocation_perform(struct request *r)
{
        if (r->label >= LABELS)
                return invocation_by_kind(r);
        const struct invocation *row = &invocations[r->label];
        word has = INVOCATION_OF((word)cap_kind(r->cap), r->length, r->extras);
        return rarely(has != row->usual) ? invocation_compare(r, row) : row->perform(r);
}

/* The same in the first phase of a two-phase call. */
enum outcome invocation_perform_first(struct request *r);
