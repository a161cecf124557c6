/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking CNodes from the most significant bit down (spec abi.md 3.1). */
#include "cap/lookup.h"
#include "core/state.h"

word lookup_fault_words(struct lookup_fault f)
{
        static const uint8_t words[] = {0, 1, 2, 3, 4};

        return words[f.type];
}

/* A level of the walk. */
enum { LEVEL_COST = 24, LEVELS_CHEAP = 8 };

static __attribute__((noinline)) bool walk_fails(struct cap node, word address, word bits,
                                                 struct lookup_fault *f)
{
        word guard_bits = cnode_guard_bits(node), found = guard_bits + cnode_radix(node);

        if (guard_bits > bits ||
            (guard_bits && (address >> (bits - guard_bits) & ones(guard_bits)) != cnode_guard(node)))
                *f = (struct lookup_fault){LOOKUP_GUARD, bits, cnode_guard(node), guard_bits};
        else
                *f = (struct lookup_fault){LOOKUP_DEPTH, bits, found, 0};
        return false;
}

/* The address has the guard of `node`, and bits enough for it and an index. */
static inline bool fits(struct cap node, word address, word bits)
{
        word guard_bits = cnode_guard_bits(node);

        if (guard_bits + cnode_radix(node) > bits)
                return false;
        return !rarely(guard_bits != 0) ||
               (address >> (bits - guard_bits) & ones(guard_bits)) == cnode_guard(node);
}

bool lookup_bits(struct cap root, word address, word bits, struct slot **slot, word *left,
                 struct lookup_fault *f)
{
        word levels = 0;
        struct slot *s;

        if (cap_kind(root) != CAP_CNODE) {
                *f = (struct lookup_fault){.type = LOOKUP_INVALID_ROOT};
                return false;
        }
        do {
                if (!fits(root, address, bits))
                        return walk_fails(root, address, bits, f);
                bits -= cnode_guard_bits(root) + cnode_radix(root);
                s = &cnode_slots(root)[address >> bits & (bit(cnode_radix(root)) - 1)];
                root = s->cap;
                levels++;
        } while (bits > 0 && cap_kind(root) == CAP_CNODE);
        if (levels > LEVELS_CHEAP)
                this_core()->work += levels * LEVEL_COST;
        *slot = s;
        *left = bits;
        return true;
}

/* Further levels of a walk, of which `bits` are left. */
static __attribute__((noinline)) struct slot *lookup_further(struct cap node, word address, word bits)
{
        enum { FEW = 2 };

        for (word levels = 0; levels < FEW && fits(node, address, bits); levels++) {
                bits -= cnode_guard_bits(node) + cnode_radix(node);
                struct slot *s = &cnode_slots(node)[address >> bits & (bit(cnode_radix(node)) - 1)];
                node = s->cap;
                if (bits == 0 || cap_kind(node) != CAP_CNODE)
                        return s;
        }
        return NULL;
}

/* Straight for the commonest shape: a root with a guard, and CNodes without one that resolve what is left. */
struct slot *lookup_few(struct cap root, word address)
{
        if (cap_kind(root) != CAP_CNODE)
                return NULL;
        word radix = cnode_radix(root), left = 64 - cnode_guard_bits(root) - radix;
        /* With the right guard nothing is left above the index; a guard without bits is 0, wherever it is moved. */
        word index = (address ^ cnode_guard(root) << (left + radix) % 64) >> left;
        if (index >> radix)
                return NULL;
        struct slot *s = &cnode_slots(root)[index];
        struct cap node = s->cap;
        if (left == 0 || cap_kind(node) != CAP_CNODE)
                return s;
        if (cnode_guard_bits(node) || cnode_radix(node) != left)
                return lookup_further(node, address, left);
        return &cnode_slots(node)[address & (bit(left) - 1)];
}

bool lookup_expecting(const struct expected *x, struct cap root, word address, word bits, struct slot **slot,
                      word *left, struct lookup_fault *f)
{
        while (lookup_bits(root, address, bits, slot, left, f)) {
                if (*slot != x->slot || *left == 0 || cap_kind(x->cap) != CAP_CNODE)
                        return true;
                root = x->cap;
                bits = *left;
        }
        return false;
}

enum outcome(refuse_lookup)(struct refusal *why, word source, struct lookup_fault f)
{
        *why = (struct refusal){.error = REFUSE_LOOKUP,
                                .length = 1 + lookup_fault_words(f),
                                .detail = {source, f.type, f.left, f.found, f.width}};
        return REFUSED;
}

enum outcome lookup_far(struct cap root, word index, word depth, word source, struct slot **slot,
                        struct refusal *why)
{
        struct lookup_fault f;
        word left;

        *slot = lookup_here(root, index, depth);
        if (*slot)
                return DONE;
        if (cap_kind(root) != CAP_CNODE)
                return refuse_lookup(why, source, (struct lookup_fault){.type = LOOKUP_INVALID_ROOT});
        if (depth < 1 || depth > 64)
                return refuse(why, REFUSE_RANGE, 2, 1, 64);
        if (!lookup_bits(root, index, depth, slot, &left, &f))
                return refuse_lookup(why, source, f);
        if (left > 0)
                return refuse_lookup(why, source, (struct lookup_fault){LOOKUP_DEPTH, left, 0, 0});
        return DONE;
}
