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
        uint8_t kind;        /* enum cap_kind: whose label it is; CAP_KINDS: nobody's */
        uint8_t words, caps; /* that the message must have at least, else TruncatedMessage */
};

extern const struct invocation invocations[LABELS];

/* No row of the table: the label is the user's, or this kind has no such label, or there is nothing to invoke. */
enum outcome invocation_by_kind(struct request *r);

/* Check and commit what `r` asks for (spec objects.md 2.2). */
static inline enum outcome invocation_perform(struct request *r)
{
        if (r->label >= LABELS)
                return invocation_by_kind(r);
        const struct invocation *row = &invocations[r->label];
        if (row->kind != cap_kind(r->cap))
                return invocation_by_kind(r);
        if (r->length < row->words || r->extras < row->caps)
                return refuse_truncated(r);
        return row->perform(r);
}

/* The same in the first phase of a two-phase call. */
enum outcome invocation_perform_first(struct request *r);
