/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations on VCPUs that another core has, most of them while their guests run (spec smp.md 17.3, 17.5). */
#include "guests.h"

static struct guest g, h;
static volatile word words[8];

/* It computes on core 2, and TPIDR_EL1 is the address of its word. */
static void computes(void)
{
        words[0] = 0;
        guest_on(&g, 2);
        guest_start(&g, guest_computes, (word)words, 0, 0);
        CHECK(counts_up(&words[0]));
}

/* It is a thread at EL0 now, which cannot read TPIDR_EL1. */
static void is_native(void)
{
        guest_await(&g);
        EQ(g.m.label, seL4_Fault_UserException);
        EQ(g.m.mr[seL4_UserException_Number], 0x02000000);
}

TEST(smp_registers_of_a_running_guest, "SMP-17.3")
{
        computes();
        for (word i = 0; i < 20; i++) {
                EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), words);
                EQ(reg(g.vcpu, seL4_VCPUReg_SCTLR), FRESH_SCTLR);
                EQ(reg(g.vcpu, seL4_VCPUReg_CNTV_CTL), 0);
                CHECK(counts_up(&words[0]));
        }
        set_reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1, 1);
        guest_await(&g);
        is_done(&g);
        EQ(g.m.mr[0], 2); /* it noticed */
        EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), 1);
}

TEST(smp_vcpu_of_a_running_guest_is_deleted, "SMP-17.3")
{
        computes();
        OK(seL4_CNode_Delete(AT(g.vcpu)));
        is_native();
        h = g;
        computes(); /* another one finds nothing of it there */
        EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), words);
}

TEST(smp_vcpu_of_a_running_guest_is_moved, "SMP-17.3")
{
        computes();
        guest_on(&h, 3);
        OK(seL4_ARM_VCPU_SetTCB(g.vcpu, tcb_of(&h)));
        is_native();
        EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), words);
        OK(seL4_CNode_Delete(AT(h.vcpu)));
        h.vcpu = g.vcpu;
        guest_start(&h, guest_tpidr, 5, 0, 0);
        guest_await(&h);
        is_done(&h);
        EQ(h.m.mr[0], words);
}

/* A native thread that runs on another core becomes a guest: at once, EL1 is what it finds. */
TEST(smp_a_running_thread_becomes_a_guest, "SMP-17.3")
{
        struct helper *n = &g.a.h;
        word vcpu = new_vcpu();

        agent_make(&g.a, LOW);
        agent_watch(&g.a);
        g.reply = new_reply();
        OK(place(n->sc, 2));
        helper_start(n, counts, (word)n, 0);
        CHECK(moves(n));
        OK(seL4_ARM_VCPU_SetTCB(vcpu, n->tcb));
        CHECK(moves(n));
        set_reg(vcpu, seL4_VCPUReg_VMPIDR_EL2, 0x80000007);
        guest_start(&g, guest_identity, 0, 0, 0);
        guest_await(&g);
        is_done(&g);
        EQ(g.m.mr[0], 4);
        EQ(g.m.mr[1], 0x80000007);
}

TEST(smp_thread_of_a_running_guest_is_deleted, "SMP-17.3")
{
        computes();
        OK(seL4_CNode_Delete(AT(tcb_of(&g))));
        CHECK(stands(&words[0]));
        EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), words);
        guest_on(&h, 1);
        OK(seL4_ARM_VCPU_SetTCB(g.vcpu, tcb_of(&h)));
        guest_start(&h, guest_tpidr, 5, 0, 0);
        guest_await(&h);
        EQ(h.m.mr[0], words);
}

TEST(smp_a_running_guest_is_suspended, "SMP-17.3")
{
        computes();
        OK(seL4_TCB_Suspend(tcb_of(&g)));
        CHECK(stands(&words[0]));
        EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), words);
        OK(seL4_TCB_Resume(tcb_of(&g)));
        CHECK(counts_up(&words[0]));
        OK(seL4_SchedContext_Unbind(g.a.h.sc));
        CHECK(stands(&words[0]));
        OK(place(g.a.h.sc, 3));
        OK(seL4_SchedContext_Bind(g.a.h.sc, tcb_of(&g)));
        CHECK(counts_up(&words[0]));
}

/* Its system calls are made once each, even if it is stopped at the door: CopyRegisters stops the thread on core 3 first; while it waits
 * for that, the guest comes to the door with a call; then the guest is stopped. */
TEST(smp_a_guest_is_stopped_while_it_calls, "SMP-17.3")
{
        static struct helper there;
        word ntfn = new_notification();

        words[0] = 0;
        words[1] = (word)seL4_SysSend;
        words[2] = (word)seL4_SysNBWait;
        spawn_on(&there, 3, EQUAL, counts, (word)&there, 0);
        guest_on(&g, 2);
        guest_start(&g, guest_calls, minted(ntfn, 1, seL4_AllRights), (word)words, 0);
        for (word i = 0; i < 60; i++) {
                CHECK(counts_up(&words[0]));
                OK(seL4_TCB_CopyRegisters(there.tcb, tcb_of(&g), 0, 0, 0, 0, 0));
        }
        CHECK(counts_up(&words[0]));
        CHECK(!poll_now(g.a.faults, g.reply).any);
        OK(seL4_TCB_Suspend(tcb_of(&g)));
        OK(registers_read(&g.a.h, &g.c, 0));
        EQ(g.c.x22, get(&words[0]));
}

/* Into one that runs, and into one that is ready there and waits for its turn. */
TEST(smp_injection_into_another_core, "SMP-17.3 SMP-17.4.1")
{
        static struct helper above;
        word interface = guest_interface(), group = interface == 0;

        for (word i = 0; i < 8; i++)
                words[i] = 0;
        guest_on(&g, 2);
        guest_start(&g, guest_takes, interface, (word)words, 0);
        UNTIL(get(&words[2]) != 0);
        for (word i = 0; i < 10; i++) {
                if (i == 5)
                        spawn_on(&above, 2, ABOVE, counts, (word)&above, 0);
                OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 60 + i, 0, (seL4_Uint8)group, i % LISTS));
                if (i == 5) {
                        CHECK(moves(&above));
                        EQ(get(&words[0]), 5);
                        OK(seL4_TCB_Suspend(above.tcb));
                }
                guest_await(&g);
                EQ(g.m.label, seL4_Fault_VGICMaintenance);
                EQ(g.m.mr[0], i % LISTS);
                answer(g.reply, 0, 0);
                UNTIL(get(&words[0]) == i + 1);
                EQ(get(&words[1]), 60 + i);
        }
}

/* Interrupts by which cores stop each other are not its own (17.4.3). */
TEST(smp_a_guest_does_not_see_the_doors_interrupts, "SMP-17.4.3")
{
        for (word i = 0; i < 8; i++)
                words[i] = 0;
        guest_on(&g, 2);
        guest_start(&g, guest_takes, guest_interface(), (word)words, 0);
        UNTIL(get(&words[2]) != 0);
        for (word i = 0; i < 100; i++)
                OK(registers_read(&g.a.h, &g.c, 0));
        CHECK(counts_up(&words[2]));
        EQ(get(&words[0]), 0);
}

TEST(smp_memory_taken_from_a_running_guest, "SMP-17.5.1")
{
        word here, frame = map_new_page(&here);

        guest_on(&g, 2);
        guest_start(&g, guest_counts, here, 0, 0);
        CHECK(counts_up((word *)here));
        OK(seL4_ARM_Page_Unmap(frame));
        guest_await(&g);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.mr[seL4_VMFault_Addr], here);
}

TEST(smp_space_of_a_running_guest_is_deleted, "SMP-17.5.1 SMP-17.3")
{
        enum { DATA = CODE_AT + 0x800 };
        word here;

        guest_on(&g, 2);
        here = guest_confine(&g, ROOT, guest_counts, guest_counts + 64);
        guest_start(&g, (const char *)CODE_AT, DATA, 0, 0);
        CHECK(counts_up((word *)(here + 0x800)));
        OK(seL4_CNode_Revoke(AT(g.space_memory)));
        CHECK(stands((word *)(here + 0x800)));
        guest_await(&g);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.mr[seL4_VMFault_PrefetchFault], 1);
}
