/* SPDX-License-Identifier: BSD-2-Clause */
/* Accounting: sums, and the comparison of the records with themselves and with the kernel. */
#include "inside.h"

#include <sel4/report.h>

size_t ut_size(void)
{
        return ut_pool.total;
}

size_t ut_available(void)
{
        size_t free = ut_pool.total - ut_pool.used;

        return free > ut_pool.reserve ? free - ut_pool.reserve : 0;
}

void ut_set_reserve(size_t bytes)
{
        ut_pool.reserve = bytes;
}

void ut_stats(ut_stats_t *stats)
{
        *stats = (ut_stats_t){
                .total = ut_pool.total,
                .free = ut_pool.total - ut_pool.used,
                .peak = ut_pool.peak,
                .splits = ut_pool.splits,
                .merges = ut_pool.merges,
        };
        for (size_t bits = 0; bits <= UT_MAX_BITS; bits++) {
                stats->free_pieces[bits] = ut_pool.free[bits].count;
                if (ut_pool.free[bits].count)
                        stats->largest = 1ul << bits;
        }
}

void ut_set_type(ut_t *piece, seL4_Word type)
{
        if (piece->state != UT_USED || type >= seL4_ObjectTypeCount)
                return;
        ut_pool.objects[piece->holds]--;
        piece->holds = (uint8_t)(type + 1);
        ut_pool.objects[piece->holds]++;
}

size_t ut_objects(seL4_Word type)
{
        return type < seL4_ObjectTypeCount ? ut_pool.objects[type + 1] : 0;
}

size_t ut_unnamed(void)
{
        return ut_pool.objects[0];
}

struct sums {
        size_t free, used;
        size_t pieces[UT_MAX_BITS + 1];
        size_t objects[UT_TYPES];
        unsigned wrong;
};

static void complain(struct sums *sums, const ut_t *piece, const char *what)
{
        report("ut_audit: 2^%u bytes at 0x%lx (0x%lx): %s", piece->size_bits, (unsigned long)piece->paddr,
               piece->cap, what);
        sums->wrong++;
}

/* A free piece that has children in the kernel was handed out behind our back, or freed too early. */
static void ask_kernel(struct sums *sums, const ut_t *piece)
{
        switch (cspace_probe_untyped(ut_pool.cspace, piece->cap)) {
        case seL4_NoError:
                break;
        case seL4_NotEnoughMemory:
                complain(sums, piece, "no slot to ask the kernel with");
                break;
        case seL4_RevokeFirst:
                complain(sums, piece, "free, but an object lives in it");
                break;
        default:
                complain(sums, piece, "no untyped capability");
        }
}

static void audit_leaf(struct sums *sums, const ut_t *piece)
{
        size_t *sum = piece->state == UT_FREE ? &sums->free : &sums->used;

        if (piece->state != UT_FREE && piece->state != UT_USED) {
                complain(sums, piece, "neither free nor used");
                return;
        }
        sums->objects[piece->holds] += piece->state == UT_USED;
        if (!piece->device) {
                *sum += 1ul << piece->size_bits;
                sums->pieces[piece->size_bits] += piece->state == UT_FREE;
        }
        if (piece->state == UT_FREE && piece->touched)
                ask_kernel(sums, piece);
}

static void audit_halves(struct sums *sums, const ut_t *piece)
{
        for (unsigned i = 0; i < 2; i++) {
                const ut_t *half = &piece->child[i];

                if (half->parent != piece || half->size_bits + 1 != piece->size_bits ||
                    half->paddr != piece->paddr + ((uintptr_t)i << half->size_bits)) {
                        complain(sums, half, "not a half of its parent");
                }
        }
}

/* The piece after `piece` in the tree of one boot untyped, parents first; NULL at the end.  Going down only where
 * `into`. */
static const ut_t *next_piece(const ut_t *piece, bool into)
{
        if (into)
                return piece->child;
        while (piece->parent && piece == &piece->parent->child[1])
                piece = piece->parent;
        return piece->parent ? piece + 1 : NULL;
}

static void audit_root(struct sums *sums, const ut_t *piece)
{
        while (piece) {
                bool into = false;

                if (piece->state == UT_SPLIT && piece->child[0].state == UT_JOINING) {
                        sums->free += 1ul << piece->size_bits;
                } else if (piece->state == UT_SPLIT) {
                        audit_halves(sums, piece);
                        into = true;
                } else {
                        audit_leaf(sums, piece);
                }
                piece = next_piece(piece, into);
        }
}

bool ut_root(unsigned i, ut_root_t *root)
{
        const ut_t *piece = i < ut_pool.roots ? ut_pool.root[i] : NULL;

        if (!piece)
                return false;
        *root = (ut_root_t){.paddr = piece->paddr, .bytes = 1ul << piece->size_bits, .device = piece->device};
        while (piece) {
                bool into = piece->state == UT_SPLIT && piece->child[0].state != UT_JOINING;

                root->used += piece->state == UT_USED ? 1ul << piece->size_bits : 0;
                piece = next_piece(piece, into);
        }
        return true;
}

static void audit_types(struct sums *sums)
{
        for (unsigned i = 0; i < UT_TYPES; i++) {
                if (sums->objects[i] != ut_pool.objects[i]) {
                        report("ut_audit: %zu pieces hold a %s in the tree, %zu counted", sums->objects[i],
                               report_type_name(i - 1ul), ut_pool.objects[i]);
                        sums->wrong++;
                }
        }
}

unsigned ut_audit(void)
{
        struct sums sums = {0};

        for (unsigned i = 0; i < ut_pool.roots; i++)
                audit_root(&sums, ut_pool.root[i]);
        audit_types(&sums);
        if (sums.used != ut_pool.used || sums.free + sums.used != ut_pool.total) {
                report("ut_audit: %zu bytes used in the tree, %zu counted", sums.used, ut_pool.used);
                sums.wrong++;
        }
        for (size_t bits = 0; bits <= UT_MAX_BITS; bits++) {
                if (sums.pieces[bits] != ut_pool.free[bits].count) {
                        report("ut_audit: %zu free pieces of 2^%zu in the tree, %zu in the list",
                               sums.pieces[bits], bits, ut_pool.free[bits].count);
                        sums.wrong++;
                }
        }
        return sums.wrong;
}
