/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests on cores: several at once, and one that is moved (spec smp.md 17.1, 17.2). */
#include "guests.h"

static struct guest g, other;
static volatile word words[8];

static word issued(word irq, word core)
{
        word slot = new_slot();

        return seL4_IRQControl_GetTriggerCore(seL4_CapIRQControl, irq, 0, AT(slot), core);
}

TEST(smp_lines_of_guests_on_every_core, "SMP-17.1")
{
        for (word core = 0; core < CORES; core++) {
                for (word irq = 25; irq <= 27; irq++)
                        EQ(issued(irq, core), seL4_RevokeFirst);
                OK(issued(30, core));
        }
}

/* Two processors of one guest, with one space, on two cores: a word goes from one to the other. */
TEST(smp_two_virtual_processors_on_two_cores, "SMP-17.2.1 SMP-17.2.2 SMP-17.1")
{
        enum { ROUNDS = 1000 };

        for (word core = 1; core < CORES; core++) {
                words[0] = 0;
                guest_on(&g, core);
                guest_on(&other, core % (CORES - 1) + 1);
                set_reg(g.vcpu, seL4_VCPUReg_VMPIDR_EL2, 0x80000000 + core);
                guest_start(&g, guest_passes, (word)words, 0, ROUNDS);
                guest_start(&other, guest_passes, (word)words, 1, ROUNDS);
                guest_await(&g);
                is_done(&g);
                guest_await(&other);
                is_done(&other);
                EQ(get(&words[0]), 2 * ROUNDS);
                guest_start(&g, guest_identity, 0, 0, 0);
                guest_await(&g);
                EQ(g.m.mr[1], 0x80000000 + core);
        }
}

/* Wherever it goes on, it finds its registers, FP registers and time. */
TEST(smp_a_guest_is_moved_through_all_cores, "SMP-17.2.3 SMP-17.2.5")
{
        words[0] = 0;
        guest_on(&g, 0);
        guest_on(&other, 1);
        set_reg(g.vcpu, seL4_VCPUReg_CNTVOFF, 12345);
        guest_start(&g, guest_computes, (word)words, 0, 0);
        guest_start(&other, guest_computes, (word)&words[1], 0,
                    0); /* its VCPU is where the first one comes by */
        for (word i = 0; i < 60; i++) {
                CHECK(counts_up(&words[0]));
                OK(place(g.a.h.sc, (i + i / CORES) % CORES));
                if (i % 8 == 7)
                        OK(place(other.a.h.sc, i % CORES));
        }
        CHECK(counts_up(&words[0]) && counts_up(&words[1]));
        CHECK(!poll_now(g.a.faults, g.reply).any && !poll_now(other.a.faults, other.reply).any);
}

/* What is pending or active in its list registers goes with it, and its timer as well. */
TEST(smp_interrupts_of_a_guest_move_with_it, "SMP-17.2.3 SMP-17.3 SMP-17.4.1")
{
        word interface = guest_interface(), group = interface == 0;
        const char *take = interface ? guest_take_v2 : guest_take_v3;

        guest_on(&g, 1);
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 50, 8, (seL4_Uint8)group, 3));
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 51, 24, (seL4_Uint8)group, 1));
        guest_start(&g, take, interface, 0, 0);
        guest_await(&g);
        is_done(&g);
        EQ(g.c.x20, 50); /* active */
        OK(place(g.a.h.sc, 2));
        EQ(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 52, 0, (seL4_Uint8)group, 3), seL4_DeleteFirst);
        skip_instruction(tcb_of(&g));
        answer(g.reply, 0, 0);
        guest_await(&g); /* ended on core 2 */
        EQ(g.m.label, seL4_Fault_VGICMaintenance);
        EQ(g.m.mr[0], 3);
        OK(place(g.a.h.sc, 3));
        guest_start(&g, take, interface, 0, 0);
        guest_await(&g);
        is_done(&g);
        EQ(g.c.x20, 51);
}

/* The core where it was last idles and keeps its registers: they are asked for. */
TEST(smp_registers_that_an_idle_core_keeps, "SMP-17.2.4 SMP-17.3")
{
        for (word core = 1; core < CORES; core++) {
                guest_on(&g, core);
                guest_start(&g, guest_tpidr, 0x1000 + core, 0, 0);
                guest_await(&g);
                is_done(&g);
                EQ(reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1), 0x1000 + core);
                guest_start(&g, guest_tpidr, 0x2000 + core, 0, 0);
                guest_await(&g);
                EQ(g.m.mr[0], 0x1000 + core);
                set_reg(g.vcpu, seL4_VCPUReg_TPIDR_EL1, 0x3000);
                OK(place(g.a.h.sc, 0));
                guest_start(&g, guest_tpidr, 0, 0, 0);
                guest_await(&g);
                EQ(g.m.mr[0], 0x3000);
        }
}
