/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers as the real processor holds them, and a thread in a VSpace that is taken from it. */
#include "obj_common.h"

enum { ALL = 36, SVC = 0xd4000001, B_TO_SELF = 0x14000000, STORED = 34, CODE_ADDRESS = 0x600000 };

extern char store_registers[], stored_loop[];
word stored_registers[STORED]; /* x0-x30, sp, tpidr_el0, tpidrro_el0 */

/* Stores everything it finds and loops with the registers as they were.  The two that it needs for the address were kept
 * in the thread-id register meanwhile, so this works with whatever was written to them. */
__asm__(".text\n"
        ".balign 16\n"
        "store_registers:\n"
        "mrs x18, tpidr_el0\n" /* x18 is not compared */
        "msr tpidr_el0, x17\n"
        "ldr x17, =stored_registers\n"
        "str x18, [x17, #256]\n"
        "mrs x18, tpidr_el0\n"
        "stp x0, x1, [x17]\n"
        "stp x2, x3, [x17, #16]\n"
        "stp x4, x5, [x17, #32]\n"
        "stp x6, x7, [x17, #48]\n"
        "stp x8, x9, [x17, #64]\n"
        "stp x10, x11, [x17, #80]\n"
        "stp x12, x13, [x17, #96]\n"
        "stp x14, x15, [x17, #112]\n"
        "stp x16, x18, [x17, #128]\n"
        "stp x19, x20, [x17, #152]\n"
        "stp x21, x22, [x17, #168]\n"
        "stp x23, x24, [x17, #184]\n"
        "stp x25, x26, [x17, #200]\n"
        "stp x27, x28, [x17, #216]\n"
        "stp x29, x30, [x17, #232]\n"
        "mov x18, sp\n"
        "str x18, [x17, #248]\n"
        "mrs x18, tpidrro_el0\n"
        "str x18, [x17, #264]\n"
        "stored_loop: b stored_loop\n"
        ".ltorg\n");

/* Where the machine's register stands in the context. */
static word context_index(word x)
{
        if (x <= 8)
                return 3 + x;
        if (x <= 15)
                return 17 + x - 9;
        if (x <= 18)
                return 12 + x - 16;
        return x <= 28 ? 24 + x - 19 : 15 + x - 29;
}

TEST(obj_each_register_in_its_place, "OBJ-17.8")
{
        word tcb = sample(S_TCB), context[ALL], after[ALL];

        for (word i = 0; i < ALL; i++)
                context[i] = 0x1111000000000000 + i;
        context[0] = (word)store_registers;
        context[1] &= ~15ul;
        OK(seL4_TCB_Configure(tcb, ROOT, 0, VSPACE, 0, 0, 0));
        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, LOW, new_sc(10000, 10000), 0));
        OK(seL4_TCB_WriteRegisters(tcb, 1, 0, ALL, (seL4_UserContext *)context));
        sleep_us(500);
        for (word x = 0; x <= 30; x++) {
                if (x != 18)
                        EQ(stored_registers[x], context[context_index(x)]);
        }
        EQ(stored_registers[31], context[1]);
        EQ(stored_registers[32], context[34]);
        EQ(stored_registers[33], context[35]);
        OK(seL4_TCB_ReadRegisters(tcb, 1, 0, ALL, (seL4_UserContext *)after));
        EQ(after[0], (word)stored_loop);
        for (word x = 0; x <= 30; x++) {
                if (x != 17 && x != 18)
                        EQ(after[context_index(x)], context[context_index(x)]);
        }
}

TEST(obj_pc_is_at_the_svc, "OBJ-17.9")
{
        static struct agent a;

        agent_make(&a, LOW);
        does_call(&a, new_endpoint(), info_word(1, 0, 0));
        agent_run(&a);
        EQ(*(volatile uint32_t *)agent_pc(&a), SVC);
}

static void code_page(word frame)
{
        word address = new_page_address();

        OK(map_at(frame, address, seL4_ReadWrite, seL4_ARM_Default_VMAttributes));
        *(volatile uint32_t *)address = B_TO_SELF;
        OK(seL4_ARM_Page_Unify_Instruction(frame, 0, 64));
        OK(seL4_ARM_Page_Unmap(frame));
}

/* A thread loops in a space of its own until the cap to that is revoked under it. */
TEST(obj_vspace_root_revoked, "OBJ-14.3.r2")
{
        word tcb = sample(S_TCB), space = sample(S_VSPACE), frame = new_frame(), ep = new_endpoint();
        seL4_UserContext c = {.pc = CODE_ADDRESS};
        seL4_Error error;

        code_page(frame);
        while ((error = seL4_ARM_Page_Map(frame, space, CODE_ADDRESS, seL4_AllRights,
                                          seL4_ARM_Default_VMAttributes)) == seL4_FailedLookup)
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), space, CODE_ADDRESS, 0));
        OK(error);
        OK(seL4_TCB_SetSpace(tcb, ep, ROOT, 0, space, 0));
        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, LOW, new_sc(10000, 10000), ep));
        OK(seL4_TCB_WriteRegisters(tcb, 1, 0, 1, &c));
        sleep_us(500);
        CHECK(!poll_now(ep, new_reply()).any); /* it runs */
        OK(seL4_CNode_Revoke(AT(space)));
        struct message m = poll_message(ep, new_reply());
        CHECK(m.any);
        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.mr[seL4_VMFault_IP], CODE_ADDRESS);
        EQ(m.mr[seL4_VMFault_PrefetchFault], 1);
}
