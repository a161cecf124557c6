/* SPDX-License-Identifier: BSD-2-Clause */
/* Allocating and freeing pieces.
 *
 * The CSpace library asks for memory while it grows, and splitting asks for slots: the cycle is cut by a reserve.  While
 * the CSpace is growing (ut_nested) a 4 KiB piece comes from the free list or not at all, and outside of that every
 * call first fills the reserve to UT_RESERVE_PAGES pieces and UT_PAIRS_SPARE records.
 */
#include "inside.h"

#include <sel4/report.h>

static void hand_out(ut_t *piece)
{
        ut_no_longer_free(piece);
        piece->state = UT_USED;
        piece->touched = 1;
        piece->holds = 0;
        piece->user = NULL;
        ut_pool.objects[0]++;
        if (!piece->device) {
                ut_pool.used += 1ul << piece->size_bits;
                ut_pool.peak = ut_pool.used > ut_pool.peak ? ut_pool.used : ut_pool.peak;
        }
}

/* May a piece of this size be put together?  The last 4 KiB pieces stay apart. */
static bool may_join(size_t bits)
{
        return ut_pool.joinable[bits].first &&
               (bits != seL4_PageBits + 1 || ut_pool.free[seL4_PageBits].count >= ONE_GROWTH + 2);
}

/* Join everything up to `limit` bits that can be joined, smallest first.  Stops at a piece that the kernel refuses. */
static size_t join_below(size_t limit)
{
        size_t joined = 0;

        for (size_t bits = UT_MIN_BITS + 1; bits <= limit; bits++) {
                while (may_join(bits)) {
                        if (!ut_join(ut_pool.joinable[bits].first))
                                return joined;
                        joined++;
                }
        }
        return joined;
}

/* The last 4 KiB pieces are kept for the CSpace library to grow with. */
static bool is_spared(size_t size_bits)
{
        return size_bits == seL4_PageBits && !ut_nested() && ut_pool.free[size_bits].count <= ONE_GROWTH;
}

static ut_t *smallest_free(size_t size_bits)
{
        for (size_t bits = size_bits; bits <= UT_MAX_BITS; bits++) {
                if (ut_pool.free[bits].first && !is_spared(bits))
                        return ut_pool.free[bits].first;
        }
        return NULL;
}

/* A free piece of exactly this size, made by splitting if need be. */
static ut_t *find_piece(size_t size_bits)
{
        ut_t *piece = smallest_free(size_bits);

        if (!piece && !ut_nested()) {
                join_below(size_bits);
                piece = smallest_free(size_bits);
        }
        while (piece && piece->size_bits > size_bits) {
                if (ut_nested() || !ut_split(piece))
                        return NULL;
                /* Splitting may have used other pieces meanwhile: look again rather than trust the halves. */
                piece = smallest_free(size_bits);
        }
        return piece;
}

/* Reserve of 4 KiB pieces: count before memory may be needed with no way to get slots. */
static void refill_pages(void)
{
        while (ut_pool.free[seL4_PageBits].count < UT_RESERVE_PAGES) {
                ut_t *larger = smallest_free(seL4_PageBits + 1);

                if (!larger || !ut_split(larger))
                        return;
        }
}

static ut_t *take(size_t size_bits)
{
        ut_t *piece;

        ut_refill();
        piece = find_piece(size_bits);
        if (!piece)
                return NULL;
        hand_out(piece);
        return piece;
}

static bool is_ours(const cspace_t *cspace)
{
        if (!cspace || cspace == ut_pool.cspace)
                return true;
        report("ut_alloc: the untyped capabilities are kept in another CSpace");
        return false;
}

ut_t *ut_alloc(size_t size_bits, cspace_t *cspace)
{
        if (size_bits < UT_MIN_BITS || size_bits > UT_MAX_BITS || !is_ours(cspace))
                return NULL;
        return take(size_bits);
}

ut_t *ut_alloc_4k_untyped(uintptr_t *paddr)
{
        ut_t *piece = ut_alloc(seL4_PageBits, NULL);

        if (piece && paddr)
                *paddr = piece->paddr;
        return piece;
}

static bool contains(const ut_t *piece, uintptr_t paddr)
{
        return paddr >= piece->paddr && paddr - piece->paddr < 1ul << piece->size_bits;
}

/* The boot untyped that holds `paddr`: binary search. */
static ut_t *find_root(uintptr_t paddr)
{
        unsigned low = 0;
        unsigned high = ut_pool.roots;

        while (low < high) {
                unsigned middle = (low + high) / 2;

                if (contains(ut_pool.root[middle], paddr))
                        return ut_pool.root[middle];
                if (ut_pool.root[middle]->paddr > paddr)
                        high = middle;
                else
                        low = middle + 1;
        }
        return NULL;
}

ut_t *ut_find(uintptr_t paddr)
{
        ut_t *piece = find_root(paddr);

        while (piece && piece->state == UT_SPLIT)
                piece = contains(&piece->child[0], paddr) ? &piece->child[0] : &piece->child[1];
        return piece;
}

/* Split along the path to `paddr` until the piece has the size asked for. */
static ut_t *descend(uintptr_t paddr, size_t size_bits)
{
        ut_t *piece = ut_find(paddr);

        while (piece && piece->state == UT_FREE && piece->size_bits > size_bits) {
                ut_refill();
                piece = ut_find(paddr);
                if (piece->state != UT_FREE || piece->size_bits <= size_bits)
                        break;
                if (!ut_split(piece))
                        return NULL;
                piece = ut_find(paddr);
        }
        return piece && piece->size_bits == size_bits ? piece : NULL;
}

ut_t *ut_alloc_at(uintptr_t paddr, size_t size_bits, cspace_t *cspace)
{
        ut_t *piece;

        if (size_bits < UT_MIN_BITS || size_bits > UT_MAX_BITS || !is_ours(cspace) ||
            paddr & ((1ul << size_bits) - 1)) {
                return NULL;
        }
        piece = descend(paddr, size_bits);
        if (!piece || piece->state != UT_FREE)
                return NULL;
        hand_out(piece);
        return piece;
}

ut_t *ut_alloc_4k_device(uintptr_t paddr)
{
        uintptr_t page = paddr & ~(uintptr_t)0xfff;
        ut_t *piece = find_root(page);

        if (!piece || !piece->device)
                return NULL;
        piece = descend(page, seL4_PageBits);
        if (!piece)
                return NULL;
        if (piece->state == UT_FREE)
                hand_out(piece);
        return piece;
}

/* Has the kernel an object in this piece?  Where that cannot be asked, the next Retype finds out. */
static bool is_full(const ut_t *piece)
{
        return cspace_probe_untyped(ut_pool.cspace, piece->cap) == seL4_RevokeFirst;
}

static bool is_known(const ut_t *piece)
{
        return piece && piece->state != UT_UNUSED && ut_find(piece->paddr) == piece;
}

static void becomes_free(ut_t *piece)
{
        ut_pool.objects[piece->holds]--;
        if (!piece->device)
                ut_pool.used -= 1ul << piece->size_bits;
        ut_became_free(piece);
}

enum ut_error ut_free_checked(ut_t *piece)
{
        if (!is_known(piece) || piece->state != UT_USED) {
                report("ut_free: %s", piece && piece->state == UT_FREE ? "this piece is free already"
                                                                       : "not a piece in use");
                return UT_NOT_USED;
        }
        if (!ut_nested() && is_full(piece)) {
                report("ut_free: 2^%u bytes at 0x%lx still hold an object (%s); delete its capabilities "
                       "first",
                       piece->size_bits, (unsigned long)piece->paddr, report_type_name(piece->holds - 1ul));
                return UT_IN_USE;
        }
        becomes_free(piece);
        return UT_OK;
}

void ut_reclaim(ut_t *piece)
{
        bool asks = is_known(piece) && piece->state == UT_USED && !ut_nested();

        for (int i = 0; asks && i < CSPACE_ATTEMPTS; i++) {
                if (!cspace_probe_untyped(ut_pool.cspace, piece->cap)) {
                        becomes_free(piece);
                        return;
                }
                (void)cspace_revoke(ut_pool.cspace, piece->cap);
        }
        ut_free(piece);
}

void ut_free(ut_t *piece)
{
        (void)ut_free_checked(piece);
}

size_t ut_merge(void)
{
        size_t joined = join_below(UT_MAX_BITS);

        ut_pairs_trim();
        return joined;
}

void ut_refill(void)
{
        if (ut_pool.refilling || ut_nested())
                return;
        ut_pool.refilling = true;
        refill_pages();
        while (ut_pool.spares < UT_PAIRS_SPARE) {
                if (!ut_pair_more())
                        break;
        }
        ut_pool.refilling = false;
}
