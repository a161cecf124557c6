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
        c->two_level = c->flat = true;
        c->top_lvl_size_bits = cnode_size_bits;
        c->page[0] = &boot_page;
        c->leaves = (uint32_t)((limit + LEAF_SLOTS - 1) / LEAF_SLOTS);
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

void cspace_adopt_leaves(cspace_t *c, uint32_t leaves)
{
        c->flat = false;
        c->top_lvl_size_bits = INITIAL_TASK_CNODE_SIZE_BITS;
        for (uint32_t i = leaves; i < c->leaves; i++) {
                boot_page.leaf[i] = (struct leaf){.used = {~0ul, ~0ul}};
                cspace_leaf_changed(c, i);
        }
        c->leaves = leaves;
        cspace_refill(c);
}
