/* SPDX-License-Identifier: BSD-2-Clause */
/* Which slots are taken.
 *
 * A leaf has one bit per slot.  Above the leaves, `roomy` has one bit per leaf (set: a slot is free) and `roomy_words`
 * one bit per word of `roomy`, so that the lowest free slot is found with four find-first operations at most.
 */
#include "inside.h"

#include <sel4/report.h>

bool cspace_alive(const cspace_t *c, const char *call)
{
        if (c && c->magic == ALIVE)
                return true;
        report("%s: %s", call, c && c->magic == DESTROYED ? "this CSpace was destroyed" : "not a CSpace");
        return false;
}

static bool leaf_is_full(const struct leaf *leaf)
{
        return ~leaf->used[0] == 0 && ~leaf->used[1] == 0;
}

void cspace_leaf_changed(cspace_t *c, uint32_t n)
{
        if (leaf_is_full(cspace_leaf(c, n)))
                bf_clr_bit(c->roomy, n);
        else
                bf_set_bit(c->roomy, n);
        if (c->roomy[n / BF_WORD_BITS])
                bf_set_bit(c->roomy_words, n / BF_WORD_BITS);
        else
                bf_clr_bit(c->roomy_words, n / BF_WORD_BITS);
}

static unsigned long first_roomy(const cspace_t *c)
{
        enum { SUMMARY = sizeof(c->roomy_words) / sizeof(c->roomy_words[0]) };
        unsigned long word = bf_first_set(SUMMARY, c->roomy_words);

        if (word == SUMMARY * BF_WORD_BITS)
                return CSPACE_LEAVES_MAX;
        return word * BF_WORD_BITS + (unsigned long)__builtin_ctzl(c->roomy[word]);
}

/* The bit words that slot `slot` belongs to, or NULL if there is no such slot. */
static unsigned long *words_of(const cspace_t *c, seL4_CPtr slot)
{
        if (!c->two_level)
                return slot < LEAF_SLOTS ? (unsigned long *)c->single : NULL;
        return slot / LEAF_SLOTS < c->leaves ? cspace_leaf(c, (uint32_t)(slot / LEAF_SLOTS))->used : NULL;
}

/* Take the lowest free slot without growing. */
seL4_CPtr cspace_take(cspace_t *c)
{
        unsigned long n = 0;
        unsigned long bit;

        if (c->two_level) {
                n = first_roomy(c);
                if (n == CSPACE_LEAVES_MAX)
                        return seL4_CapNull;
        }
        unsigned long *used = c->two_level ? cspace_leaf(c, (uint32_t)n)->used : c->single;

        bit = bf_first_free(LEAF_WORDS, used);
        if (bit == LEAF_SLOTS)
                return seL4_CapNull;
        bf_set_bit(used, bit);
        c->used++;
        if (c->two_level)
                cspace_leaf_changed(c, (uint32_t)n);
        return n * LEAF_SLOTS + bit;
}

void cspace_put(cspace_t *c, seL4_CPtr slot)
{
        bf_clr_bit(words_of(c, slot), slot % LEAF_SLOTS);
        c->used--;
        if (c->two_level)
                cspace_leaf_changed(c, (uint32_t)(slot / LEAF_SLOTS));
}

seL4_CPtr cspace_alloc_slot(cspace_t *c)
{
        seL4_CPtr slot;

        if (!cspace_alive(c, "cspace_alloc_slot"))
                return seL4_CapNull;
        slot = cspace_take(c);
        if (slot == seL4_CapNull && cspace_grow(c))
                slot = cspace_take(c);
        return slot;
}

/* The first run of `n` clear bits in a leaf, or LEAF_SLOTS.  A bit stays set if enough bits behind it are clear: first one, then twice as
 * many each time. */
static unsigned find_run(const unsigned long *used, unsigned n)
{
        unsigned __int128 clear = ~((unsigned __int128)used[1] << BF_WORD_BITS | used[0]);
        unsigned long low;

        for (unsigned length = 1; length < n && clear;) {
                unsigned more = n - length < length ? n - length : length;

                clear &= clear >> more;
                length += more;
        }
        if (!clear)
                return LEAF_SLOTS;
        low = (unsigned long)clear;
        return (unsigned)(low ? __builtin_ctzl(low)
                              : BF_WORD_BITS + __builtin_ctzl((unsigned long)(clear >> BF_WORD_BITS)));
}
_Static_assert(LEAF_WORDS == 2, "a leaf's bits are one number");

static seL4_CPtr take_run(cspace_t *c, uint32_t leaf, unsigned n)
{
        unsigned long *used = c->two_level ? cspace_leaf(c, leaf)->used : c->single;
        unsigned first = find_run(used, n);

        if (first == LEAF_SLOTS)
                return seL4_CapNull;
        for (unsigned i = 0; i < n; i++)
                bf_set_bit(used, first + i);
        c->used += n;
        if (c->two_level)
                cspace_leaf_changed(c, leaf);
        return leaf * (seL4_CPtr)LEAF_SLOTS + first;
}

/* The first leaf from number `i` on that has a free slot; a number behind all when there is none. */
static uint32_t next_roomy(const cspace_t *c, uint32_t i)
{
        while (c->two_level && i < c->leaves && !bf_get_bit(c->roomy, i))
                i = c->roomy[i / BF_WORD_BITS] ? i + 1 : (i / BF_WORD_BITS + 1) * BF_WORD_BITS;
        return i;
}

seL4_CPtr cspace_alloc_slots(cspace_t *c, unsigned n)
{
        uint32_t leaves;

        if (!cspace_alive(c, "cspace_alloc_slots") || n < 1 || n > LEAF_SLOTS / 2)
                return seL4_CapNull;
        leaves = c->two_level ? c->leaves : 1;
        for (uint32_t i = next_roomy(c, 0); i < leaves; i = next_roomy(c, i + 1)) {
                seL4_CPtr first = take_run(c, i, n);
                if (first != seL4_CapNull)
                        return first;
        }
        return cspace_grow(c) ? take_run(c, c->leaves - 1, n) : seL4_CapNull;
}

static bool is_reserve(const cspace_t *c, seL4_CPtr slot)
{
        for (int i = 0; i < WATERMARK_SLOTS; i++) {
                if (c->reserve[i] == slot)
                        return true;
        }
        return false;
}

/* May this slot be given back?  NULL if so, else the reason. */
static const char *objection(const cspace_t *c, seL4_CPtr slot)
{
        const unsigned long *used = words_of(c, slot);

        if (!used)
                return "no such slot";
        if (!bf_get_bit(used, slot % LEAF_SLOTS))
                return "it is free already";
        return is_reserve(c, slot) ? "it is reserved for growing" : NULL;
}

bool cspace_is_allocated(const cspace_t *c, seL4_CPtr slot)
{
        return slot != seL4_CapNull && c->magic == ALIVE && !objection(c, slot);
}

bool cspace_is_occupied(const cspace_t *c, seL4_CPtr slot)
{
        /* Moving a slot onto itself fails at the destination if that is occupied, otherwise at the source: no effect. */
        return seL4_CNode_Move(c->root_cnode, slot, FULL_DEPTH, c->root_cnode, slot, FULL_DEPTH) ==
               seL4_DeleteFirst;
}

cspace_err_t cspace_free_slot_checked(cspace_t *c, seL4_CPtr slot)
{
        const char *why;

        if (!cspace_alive(c, "cspace_free_slot"))
                return CSPACE_ERROR;
        if (slot == seL4_CapNull)
                return CSPACE_NOERROR;
        why = objection(c, slot);
        if (!why && cspace_is_occupied(c, slot))
                why = "it still holds a capability";
        if (why) {
                report("cspace_free_slot(0x%lx): %s", slot, why);
                return CSPACE_ERROR;
        }
        cspace_put(c, slot);
        cspace_refill(c);
        return CSPACE_NOERROR;
}

void cspace_free_slot(cspace_t *c, seL4_CPtr slot)
{
        (void)cspace_free_slot_checked(c, slot);
}

void cspace_free_emptied(cspace_t *c, seL4_CPtr first, unsigned n)
{
        if (!cspace_alive(c, "cspace_free_emptied"))
                return;
        for (unsigned i = 0; i < n; i++) {
                const char *why = (first + i) / LEAF_SLOTS == first / LEAF_SLOTS ? objection(c, first + i)
                                                                                 : "it lies in another leaf";
                if (why) {
                        report("cspace_free_emptied(0x%lx): %s", first + i, why);
                        return;
                }
        }
        for (unsigned i = 0; i < n; i++)
                cspace_put(c, first + i);
        cspace_refill(c);
}

seL4_Error cspace_delete_and_free(cspace_t *c, seL4_CPtr slot)
{
        const char *why;
        seL4_Error err;

        if (!cspace_alive(c, "cspace_delete_and_free"))
                return seL4_InvalidArgument;
        if (slot == seL4_CapNull)
                return seL4_NoError;
        why = objection(c, slot);
        if (why) {
                report("cspace_delete_and_free(0x%lx): %s", slot, why);
                return seL4_InvalidArgument;
        }
        err = cspace_delete(c, slot);
        if (err == seL4_NoError) {
                cspace_put(c, slot);
                cspace_refill(c);
        }
        return err;
}

void cspace_wipe(cspace_t *c, seL4_CPtr slot)
{
        int i = 0;

        while (cspace_delete(c, slot)) {
                if (++i == CSPACE_ATTEMPTS) {
                        report("cspace_wipe: the capability at 0x%lx cannot be deleted", slot);
                        return;
                }
        }
}

void cspace_discard(cspace_t *c, seL4_CPtr slot)
{
        if (slot == seL4_CapNull)
                return;
        cspace_wipe(c, slot);
        cspace_free_slot(c, slot);
}

seL4_Error cspace_probe_untyped(cspace_t *c, seL4_CPtr slot)
{
        seL4_CPtr probe = cspace_alloc_slot(c);
        seL4_Error err = seL4_NotEnoughMemory;

        if (!probe)
                return seL4_NotEnoughMemory;
        for (int i = 0; i < CSPACE_ATTEMPTS && err && err != seL4_RevokeFirst; i++)
                err = cspace_copy(c, probe, c, slot, seL4_AllRights);
        if (!err)
                cspace_wipe(c, probe);
        cspace_put(c, probe);
        return err;
}

size_t cspace_free_slots(const cspace_t *c)
{
        return (c->two_level ? c->leaves : 1u) * (size_t)LEAF_SLOTS - c->used;
}

size_t cspace_used_slots(const cspace_t *c)
{
        return c->used;
}

size_t cspace_own_slots(const cspace_t *c)
{
        size_t n = 0;

        if (c->bootstrap || !c->two_level) {
                return 0; /* the creator pays */
        }
        for (int i = 0; i < WATERMARK_SLOTS; i++)
                n += c->reserve[i] != seL4_CapNull;
        for (int i = 0; i < CSPACE_PAGES_MAX; i++)
                n += c->page[i] && c->page[i]->frame;
        return n;
}

size_t cspace_capacity(const cspace_t *c)
{
        return c->two_level || c->add_level ? cspace_leaf_limit(c) * (size_t)LEAF_SLOTS : LEAF_SLOTS;
}

static unsigned audit_slots(const cspace_t *c, seL4_CPtr first, const unsigned long *used)
{
        unsigned wrong = 0;

        for (unsigned i = 0; i < LEAF_SLOTS; i++) {
                if (!bf_get_bit(used, i) && cspace_is_occupied(c, first + i)) {
                        report("cspace_audit: slot 0x%lx is free but holds a capability", first + i);
                        wrong++;
                }
        }
        return wrong;
}

unsigned cspace_audit(const cspace_t *c, uint32_t leaf)
{
        unsigned wrong = 0;

        if (!cspace_alive(c, "cspace_audit"))
                return 1;
        if (!c->two_level)
                return audit_slots(c, 0, c->single);
        if (leaf >= c->leaves)
                return 0;
        if (bf_get_bit(c->roomy, leaf) == leaf_is_full(cspace_leaf(c, leaf))) {
                report("cspace_audit: leaf %u: summary bit is wrong", leaf);
                wrong++;
        }
        return wrong + audit_slots(c, leaf * (seL4_CPtr)LEAF_SLOTS, cspace_leaf(c, leaf)->used);
}

unsigned cspace_audit_all(const cspace_t *c)
{
        unsigned wrong = 0;
        size_t used = 0;
        uint32_t leaves = c->two_level ? c->leaves : 1;

        for (uint32_t i = 0; i < leaves; i++) {
                const unsigned long *words = c->two_level ? cspace_leaf(c, i)->used : c->single;
                used += (size_t)__builtin_popcountl(words[0]) + (size_t)__builtin_popcountl(words[1]);
                wrong += cspace_audit(c, i);
        }
        if (used != c->used) {
                report("cspace_audit: %zu slots are marked, %u were counted", used, c->used);
                wrong++;
        }
        return wrong;
}
