/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is taken from a guest which has used it: translations of its addresses are forgotten, also those that the machine keeps
 * combined with the guest's own tables (spec el2.md 11.4). */
#include "guest.h"

static void finds(struct guest *g, word address, word value)
{
        guest_run(g, guest_access, address);
        is_done(g);
        EQ(g->c.x1, value);
}

/* The pages lie in the guest's space, which is ours: another one comes in the place of the first, and then it can only be read. */
static void replaced_under(struct guest *g)
{
        word here, there, first = map_new_page(&here), second = copied(map_new_page(&there), seL4_AllRights);

        *(volatile word *)here = 1;
        *(volatile word *)there = 2;
        finds(g, here, 1);
        OK(seL4_ARM_Page_Unmap(first));
        guest_run(g, guest_access, here);
        EQ(g->m.label, seL4_Fault_VMFault);
        EQ(g->m.mr[0], guest_load_at);
        EQ(g->m.mr[1], here);
        OK(map_at(second, here, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        guest_go(g);
        is_done(g);
        EQ(g->c.x1, 2);
        OK(map_at(second, here, seL4_CanRead, seL4_ARM_Default_VMAttributes));
        guest_run(g, guest_access, here);
        EQ(g->m.label, seL4_Fault_VMFault);
        EQ(g->m.mr[0], guest_store_at);
        EQ(g->c.x1, 2);
        EQ(g->m.mr[1], here);
}

TEST(el2_memory_taken_from_a_guest, "E2-17")
{
        struct guest g;

        guest_make(&g);
        replaced_under(&g);
}

/* With its own stage 1 on: blocks of 1 GiB, one to one. */
TEST(el2_memory_taken_behind_stage_1, "E2-17")
{
        static word table[512] __attribute__((aligned(4096)));
        static const word BLOCK = 0x701;
        struct guest g;

        for (word i = 0; i < 512; i++)
                table[i] = i << 30 | BLOCK;
        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_MAIR, 0xff);
        set_reg(g.vcpu, seL4_VCPUReg_TCR, 25 | 2ul << 32 | 1 << 23);
        set_reg(g.vcpu, seL4_VCPUReg_TTBR0, (word)table);
        set_reg(g.vcpu, seL4_VCPUReg_SCTLR, FRESH_SCTLR | 1);
        replaced_under(&g);
}
