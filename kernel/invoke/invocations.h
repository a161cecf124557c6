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
        union {
                struct {
                        uint16_t usual; /* INVOCATION_OF what the stubs send */
                        uint16_t least; /* and of what is required, else TruncatedMessage */
                };
                word message; /* both, read together with the previous word */
        };
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

/* INVOCATION_OF a message with that info for the cap `c`: the counts of words and caps are laid out as in an info. */
static inline word invocation_of(struct cap c, word info)
{
        return (info & ones(9)) | (word)cap_kind(c) << 9;
}

/* Check and carry out what `r` asks for (spec objects.md 2.2); `has` describes the message. */
static inline enum outcome invocation_perform_known(struct request *r, word label, word has)
{
        if (label >= LABELS)
                return invocation_by_kind(r);
        const struct invocation *row = &invocations[label];
        not_before(row);
        enum outcome (*perform)(struct request *) = row->perform;
        word message = row->message;
        together(perform, message);
        return rarely(has != (uint16_t)message) ? invocation_compare(r, row) : perform(r);
}

static inline enum outcome invocation_perform(struct request *r)
{
        return invocation_perform_known(r, r->label,
                                        INVOCATION_OF((word)cap_kind(r->cap), r->length, r->extras));
}

/* The same in the first phase of a two-phase call. */
enum outcome invocation_perform_first(struct request *r);
