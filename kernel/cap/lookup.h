/* SPDX-License-Identifier: BSD-2-Clause */
/* From a user's name to a slot (spec objects.md 3, abi.md 3).
 *
 * Level 5.  Reads only.  Cost: at most 64 CNode levels.
 */
#pragma once

#include "cap/kind.h"

enum lookup_failure {
        LOOKUP_OK = 0,
        LOOKUP_INVALID_ROOT = 1,
        LOOKUP_MISSING = 2,
        LOOKUP_DEPTH = 3,
        LOOKUP_GUARD = 4,
};

/* The public descriptor: type, bits left, then bits found, or guard and guard bits. */
struct lookup_fault {
        word type;
        word left;
        word found; /* depth: bits found; guard: the guard value */
        word width; /* guard: its width in bits */
};

/* Number of descriptor words, the type word included. */
word lookup_fault_words(struct lookup_fault f);

/* Resolve the low `bits` of `address` from `root`.  On success *slot is set and *left is the number of bits that were
 * not needed; otherwise the fault is filled in, and the result is false. */
bool lookup_bits(struct cap root, word address, word bits, struct slot **slot, word *left,
                 struct lookup_fault *f);

/* Whether one CNode resolves a cap address alone, as nearly all are; then the slot. */
static inline word lookup_near_index(struct cap root, word cptr)
{
        return cptr ^ cnode_guard(root) << cnode_radix(root);
}

static inline __attribute__((always_inline)) bool lookup_is_near(struct cap root, word cptr)
{
        return cap_is_whole_cnode(root) && lookup_near_index(root, cptr) >> cnode_radix(root) == 0;
}

static inline __attribute__((always_inline)) struct slot *lookup_near(struct cap root, word cptr)
{
        return &cnode_slots(root)[lookup_near_index(root, cptr)];
}

/* A cap address: all 64 bits, left-over bits ignored. */
static inline bool lookup_cap(struct cap root, word cptr, struct slot **slot, struct lookup_fault *f)
{
        word left;

        if (!lookup_is_near(root, cptr))
                return lookup_bits(root, cptr, 64, slot, &left, f);
        *slot = lookup_near(root, cptr);
        return true;
}

/* A slot that is empty, and the cap that will be in it when names are looked up; slot NULL: there is none. */
struct expected {
        const struct slot *slot;
        struct cap cap;
};

/* What lookup_bits will find once that slot is filled. */
bool lookup_expecting(const struct expected *x, struct cap root, word address, word bits, struct slot **slot,
                      word *left, struct lookup_fault *f);

static inline struct cap lookup_expected(const struct expected *x, const struct slot *s)
{
        return s == x->slot ? x->cap : s->cap;
}

/* A cap address that a few levels resolve, as in nearly all CSpaces of more than one CNode; NULL: ask lookup_bits. */
struct slot *lookup_few(struct cap root, word address);

/* A slot address (root, index, depth) of an invocation; `source` is the word reported first (1 source, 0 otherwise).
 * Refusals: FailedLookup, RangeError(1, 64). */
enum outcome lookup_far(struct cap root, word index, word depth, word source, struct slot **slot,
                        struct refusal *why);

/* The slot, if the CNode `root` resolves the address alone, as it nearly always does; NULL: ask lookup_far. */
static inline struct slot *lookup_here(struct cap root, word index, word depth)
{
        word radix = cnode_radix(root);

        if (cap_kind(root) != CAP_CNODE || cnode_guard_bits(root) + radix != depth)
                return NULL;
        index = (index << (64 - depth) >> (64 - depth)) ^ cnode_guard(root) << radix;
        return index >> radix == 0 ? &cnode_slots(root)[index] : NULL;
}

/* The same in nearly all cases: all 64 bits, and one CNode that resolves them. */
static inline enum outcome lookup_slot(struct cap root, word index, word depth, word source,
                                       struct slot **slot, struct refusal *why)
{
        if (depth != 64 || !lookup_is_near(root, index))
                return lookup_far(root, index, depth, source, slot, why);
        *slot = lookup_near(root, index);
        return DONE;
}

/* FailedLookup with descriptor `f`. */
enum outcome refuse_lookup(struct refusal *why, word source, struct lookup_fault f);
#if TESSERA_DEBUG
#define refuse_lookup(...) REFUSED_HERE(refuse_lookup(__VA_ARGS__))
#endif
