/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces and their halves: lists, splitting, joining.
 *
 * A free RAM piece is in the free list of its size.  A split RAM piece whose halves are both free is in the joinable
 * list of its size.  Device pieces are in no list.  Joining deletes the halves' capabilities, after which the kernel
 * lets the parent start from its beginning again.
 */
#include "inside.h"

#include <sel4/report.h>

struct ut_pool ut_pool;

void ut_list_push(struct ut_list *list, ut_t *piece)
{
        piece->prev = NULL;
        piece->next = list->first;
        if (list->first)
                list->first->prev = piece;
        list->first = piece;
        list->count++;
}

void ut_list_drop(struct ut_list *list, ut_t *piece)
{
        if (piece->prev)
                piece->prev->next = piece->next;
        else
                list->first = piece->next;
        if (piece->next)
                piece->next->prev = piece->prev;
        piece->next = piece->prev = NULL;
        list->count--;
}

bool ut_is_root(const ut_t *piece)
{
        return !piece->parent;
}

ut_t *ut_buddy(ut_t *piece)
{
        ut_t *first = piece->parent->child;

        return piece == first ? first + 1 : first;
}

bool ut_nested(void)
{
        return !ut_pool.cspace || ut_pool.cspace->growing;
}

void ut_became_free(ut_t *piece)
{
        piece->state = UT_FREE;
        if (piece->device)
                return;
        ut_list_push(&ut_pool.free[piece->size_bits], piece);
        if (!ut_is_root(piece) && ut_buddy(piece)->state == UT_FREE)
                ut_list_push(&ut_pool.joinable[piece->parent->size_bits], piece->parent);
}

/* The caller decides what it becomes instead. */
void ut_no_longer_free(ut_t *piece)
{
        if (piece->device)
                return;
        ut_list_drop(&ut_pool.free[piece->size_bits], piece);
        if (!ut_is_root(piece) && ut_buddy(piece)->state == UT_FREE)
                ut_list_drop(&ut_pool.joinable[piece->parent->size_bits], piece->parent);
}

static void adopt_halves(ut_t *piece, struct ut_pair *pair, const seL4_CPtr cap[2])
{
        for (unsigned i = 0; i < 2; i++) {
                pair->half[i] = (ut_t){
                        .cap = cap[i],
                        .paddr = piece->paddr + ((uintptr_t)i << (piece->size_bits - 1)),
                        .parent = piece,
                        .size_bits = (uint8_t)(piece->size_bits - 1),
                        .device = piece->device,
                        .state = UT_USED,
                };
        }
        piece->child = pair->half;
        piece->state = UT_SPLIT;
        ut_became_free(&pair->half[1]);
        ut_became_free(&pair->half[0]);
        ut_pool.splits++;
}

static bool retype_halves(const ut_t *piece, const seL4_CPtr cap[2])
{
        cspace_t *c = ut_pool.cspace;
        size_t bits = piece->size_bits - 1u;

        if (cspace_untyped_retype(c, piece->cap, cap[0], seL4_UntypedObject, bits))
                return false;
        if (cspace_untyped_retype(c, piece->cap, cap[1], seL4_UntypedObject, bits)) {
                cspace_wipe(c, cap[0]);
                return false;
        }
        return true;
}

/* Split a free piece.  Nothing has changed when this fails. */
bool ut_split(ut_t *piece)
{
        cspace_t *c = ut_pool.cspace;
        struct ut_pair *pair = ut_pair_new();
        seL4_CPtr cap[2] = {seL4_CapNull, seL4_CapNull};

        if (!pair)
                return false;
        ut_no_longer_free(piece); /* allocating slots may come back here for memory */
        piece->state = UT_USED;
        cap[0] = cspace_alloc_slot(c);
        cap[1] = cap[0] ? cspace_alloc_slot(c) : seL4_CapNull;
        if (cap[1] && retype_halves(piece, cap)) {
                adopt_halves(piece, pair, cap);
                return true;
        }
        cspace_free_slot(c, cap[0]);
        cspace_free_slot(c, cap[1]);
        ut_pair_free(pair);
        ut_became_free(piece);
        return false;
}

/* Take the halves out of the free lists, and with them the parent out of the joinable list. */
static void lift_halves(ut_t *half)
{
        for (unsigned i = 0; i < 2; i++) {
                ut_no_longer_free(&half[i]);
                half[i].state = UT_JOINING;
        }
}

/* Join the free halves of a split piece, which becomes free.  If the kernel refuses to delete the second capability after the first one is
 * gone, the piece stays joinable for another attempt, and its halves are no longer handed out. */
bool ut_join(ut_t *piece)
{
        ut_t *half = piece->child;
        struct ut_list *joinable = &ut_pool.joinable[piece->size_bits];

        if (half[0].state == UT_JOINING)
                ut_list_drop(joinable, piece);
        else
                lift_halves(half);
        if (half[0].cap && cspace_delete_and_free(ut_pool.cspace, half[0].cap)) {
                ut_became_free(&half[0]);
                ut_became_free(&half[1]);
                return false;
        }
        half[0].cap = seL4_CapNull;
        if (cspace_delete_and_free(ut_pool.cspace, half[1].cap)) {
                ut_list_push(joinable, piece);
                return false;
        }
        ut_pair_free((struct ut_pair *)half);
        piece->child = NULL;
        ut_became_free(piece);
        ut_pool.merges++;
        return true;
}
