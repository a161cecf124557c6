/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's own CSpace: records of what the kernel made at boot. */
#include "inside.h"

static struct cspace_page boot_page; /* before any memory can be mapped */

void cspace_clear(void *memory, size_t bytes)
{
        for (size_t i = 0; i < bytes; i++)
                ((volatile char *)memory)[i] = 0;
}

void cspace_adopt_boot(cspace_t *c, seL4_CPtr first_free, seL4_CPtr end, int cnode_size_bits)
{
        seL4_CPtr limit = end < BOT_LVL_PER_NODE * LEAF_SLOTS ? end : BOT_LVL_PER_NODE * LEAF_SLOTS;

        cspace_clear(c, sizeof(*c));
        cspace_clear(&boot_page, sizeof(boot_page));
        c->root_cnode = seL4_CapInitThreadCNode;
        c->two_level = true;
        c->top_lvl_size_bits = cnode_size_bits;
        c->page[0] = &boot_page;
        c->leaves = c->flat = (uint32_t)((limit + LEAF_SLOTS - 1) / LEAF_SLOTS);
        for (seL4_CPtr i = 0; i < c->leaves * (seL4_CPtr)LEAF_SLOTS; i++) {
                if (i < first_free || i >= limit) {
                        bf_set_bit(boot_page.leaf[i / LEAF_SLOTS].used, i % LEAF_SLOTS);
                        c->used++;
                }
        }
        for (uint32_t i = 0; i < c->leaves; i++)
                cspace_leaf_changed(c, i);
        c->magic = ALIVE;
}

/* Leaves from number `leaves` on, in which nothing was taken, are there no more. */
static void keep_leaves(cspace_t *c, uint32_t leaves)
{
        for (uint32_t i = leaves; i < c->leaves; i++) {
                boot_page.leaf[i] = (struct leaf){.used = {~0ul, ~0ul}};
                cspace_leaf_changed(c, i);
        }
        c->leaves = leaves;
        cspace_refill(c);
}

void cspace_adopt_leaves(cspace_t *c, uint32_t leaves)
{
        c->flat = 0;
        c->top_lvl_size_bits = INITIAL_TASK_CNODE_SIZE_BITS;
        keep_leaves(c, leaves);
}

void cspace_adopt_flat(cspace_t *c, uint32_t leaves, unsigned slot_bits)
{
        c->flat = 1u << (slot_bits - LEAF_BITS);
        c->top_lvl_size_bits = (int)slot_bits + seL4_SlotBits;
        keep_leaves(c, leaves);
}
