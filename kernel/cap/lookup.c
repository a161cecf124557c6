/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking CNodes from the most significant bit down (spec abi.md 3.1). */
#include "cap/lookup.h"

word lookup_fault_words(struct lookup_fault f)
{
        static const uint8_t words[] = {0, 1, 2, 3, 4};

        return words[f.type];
}

bool lookup_bits(struct cap root, word address, word bits, struct slot **slot, word *left, struct lookup_fault *f)
{
        if (cap_kind(root) != CAP_CNODE) {
                *f = (struct lookup_fault){.type = LOOKUP_INVALID_ROOT};
                return false;
        }
        for (;;) {
                word guard_bits = cnode_guard_bits(root), radix = cnode_radix(root);

                if (guard_bits > bits ||
                    (guard_bits && (address >> (bits - guard_bits) & ones(guard_bits)) != root.b)) {
                        *f = (struct lookup_fault){LOOKUP_GUARD, bits, root.b, guard_bits};
                        return false;
                }
                if (guard_bits + radix > bits) {
                        *f = (struct lookup_fault){LOOKUP_DEPTH, bits, guard_bits + radix, 0};
                        return false;
                }
                bits -= guard_bits + radix;
                struct slot *s = &cnode_slots(root)[address >> bits & ones(radix)];
                if (bits == 0 || cap_kind(s->cap) != CAP_CNODE) {
                        *slot = s;
                        *left = bits;
                        return true;
                }
                root = s->cap;
        }
}

enum outcome refuse_lookup(struct refusal *why, word source, struct lookup_fault f)
{
        *why = (struct refusal){.error = 6,
                                .length = 1 + lookup_fault_words(f),
                                .detail = {source, f.type, f.left, f.found, f.width}};
        return REFUSED;
}

enum outcome lookup_slot(struct cap root, word index, word depth, word source, struct slot **slot,
                         struct refusal *why)
{
        struct lookup_fault f;
        word left;

        if (cap_kind(root) != CAP_CNODE)
                return refuse_lookup(why, source, (struct lookup_fault){.type = LOOKUP_INVALID_ROOT});
        if (depth < 1 || depth > 64)
                return refuse(why, 4, 2, 1, 64);
        if (!lookup_bits(root, index, depth, slot, &left, &f))
                return refuse_lookup(why, source, f);
        if (left > 0)
                return refuse_lookup(why, source, (struct lookup_fault){LOOKUP_DEPTH, left, 0, 0});
        return DONE;
}
