/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the CSpace library share with each other and with lib/cap/derive. */
#pragma once

#include <cspace/cspace.h>

enum {
        LEAF_BITS = CNODE_SIZE_BITS - seL4_SlotBits,
        LEAF_SLOTS = 1 << LEAF_BITS,
        LEAF_WORDS = LEAF_SLOTS / BF_WORD_BITS,
        ALIVE = 0x43537063,     /* "CSpc" */
        LINGERING = 0x4353676f, /* destroyed, but its root CNode is still referenced */
        DESTROYED = 0x43536465,
};

struct leaf {
        unsigned long used[LEAF_WORDS];
        void *ut; /* memory of the leaf CNode */
};

struct cspace_page {
        seL4_CPtr frame; /* in the CSpace that pays: the creator, or this one when bootstrapped */
        void *ut;
        struct leaf leaf[BOT_LVL_PER_NODE];
};

_Static_assert(sizeof(struct cspace_page) <= 4096, "a bookkeeping page is one frame");

static inline struct leaf *cspace_leaf(const cspace_t *c, uint32_t n)
{
        return &c->page[n / BOT_LVL_PER_NODE]->leaf[n % BOT_LVL_PER_NODE];
}

/* Leaves that the top CNode has room for. */
static inline uint32_t cspace_leaf_limit(const cspace_t *c)
{
        return c->flat ? c->flat : 1u << CNODE_SLOT_BITS(c->top_lvl_size_bits);
}

/* The whole CPtr counts, in every kind of CSpace. */
enum { FULL_DEPTH = seL4_WordBits };

bool cspace_alive(const cspace_t *c, const char *call);
seL4_CPtr cspace_take(cspace_t *c);
void cspace_put(cspace_t *c, seL4_CPtr slot);
void cspace_leaf_changed(cspace_t *c, uint32_t n);
bool cspace_grow(cspace_t *c);
void cspace_refill(cspace_t *c);
bool cspace_add_page(cspace_t *c, uint32_t n);
void cspace_clear(void *memory, size_t bytes);
