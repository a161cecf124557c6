/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests that run: traps, aborts, timer, interrupts, registers (spec el2.md 5 to 9). */
#include "guest.h"

TEST(el2_guest_knows_itself, "E2-11 E2-12")
{
        struct guest g;

        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_VMPIDR_EL2, 0x80000003);
        guest_run(&g, guest_identity, 0);
        is_done(&g);
        EQ(g.m.length, seL4_UnknownSyscall_Length);
        EQ(g.m.mr[0], 4);
        EQ(g.m.mr[1], 0x80000003);
        EQ(g.m.mr[2], FRESH_SCTLR);
        EQ(g.m.mr[seL4_UnknownSyscall_LR], g.m.mr[seL4_UnknownSyscall_FaultIP] + 4);
        EQ(g.m.mr[seL4_UnknownSyscall_SPSR] & 0x3ff, EL1H);
        if (on_debug_kernel()) {
                guest_run(&g, guest_debug_put, 0);
                is_done(&g);
                EQ(g.m.mr[0], 1);
        }
}

static void trapped(const struct guest *g, const char *at, word syndrome)
{
        EQ(g->m.label, seL4_Fault_VCPUFault);
        EQ(g->m.length, 1);
        EQ(g->m.mr[0], syndrome);
        EQ(g->c.pc, (word)at);
}

TEST(el2_what_traps, "E2-13 E2-14")
{
        struct guest g;

        guest_make(&g);
        guest_run(&g, guest_traps, 0);
        trapped(&g, guest_smc_at, 0x5e000007);
        guest_go(&g); /* the same instruction again */
        trapped(&g, guest_smc_at, 0x5e000007);
        guest_skip(&g);
        trapped(&g, guest_wfi_at, 0x07e00000);
        guest_skip(&g);
        trapped(&g, guest_counter_at, 0x6232f801);
        guest_skip(&g);
        is_done(&g);
}

TEST(el2_own_vectors, "E2-15")
{
        struct guest g;

        guest_make(&g);
        guest_run(&g, guest_vector, 0);
        is_done(&g);
        EQ(g.m.mr[0], 0x56000001);
        EQ(g.m.mr[1], 0xf2000002);
        EQ(g.m.mr[2], 0x02000000);
}

TEST(el2_aborts_with_addresses, "E2-17")
{
        struct guest g;
        word hole = 0x5000001230;

        guest_make(&g);
        guest_run(&g, guest_access, hole);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.length, 4);
        EQ(g.m.mr[0], guest_load_at);
        EQ(g.m.mr[1], hole);
        EQ(g.m.mr[2], 0);
        EQ(g.m.mr[3], 0x93810005);
        guest_skip(&g);
        EQ(g.m.mr[0], guest_store_at);
        EQ(g.m.mr[1], hole);
        EQ(g.m.mr[3], 0x93c18045);
        guest_skip(&g);
        EQ(g.m.mr[0], guest_pair_at);
        EQ(g.m.mr[3], 0x92000005);
        guest_skip(&g);
        is_done(&g);
        guest_run(&g, guest_jump, hole & ~15ul);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.mr[1], hole & ~15ul);
        EQ(g.m.mr[2], 1);
        EQ(g.m.mr[3], 0x82000005);
}

TEST(el2_virtual_timer, "E2-20")
{
        struct guest g;

        guest_make(&g);
        guest_run(&g, guest_timer, 1000);
        EQ(g.m.label, seL4_Fault_VPPIEvent);
        EQ(g.m.length, 1);
        EQ(g.m.mr[0], VIRTUAL_TIMER);
        EQ(reg(g.vcpu, seL4_VCPUReg_CNTV_CTL), 1);
        answer(g.reply, 0, 0); /* not acknowledged: no other comes, however long it runs */
        sleep_us(20000);
        CHECK(!poll_now(g.a.faults, g.reply).any);
        OK(seL4_ARM_VCPU_AckVPPI(g.vcpu, VIRTUAL_TIMER));
        sleep_us(1000); /* the condition still holds: at once */
        struct message m = poll_now(g.a.faults, g.reply);
        EQ(m.any, 1);
        EQ(m.label, seL4_Fault_VPPIEvent);
}

static word own_counter(void)
{
        word ticks;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
}

TEST(el2_offset_of_the_counter, "E2-21")
{
        struct guest g;
        word before = now_us();

        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_CNTVOFF, ~0ul << 60);
        EQ(own_counter() >> 60, 0);
        guest_run(&g, guest_counter, 0);
        is_done(&g);
        EQ(g.m.mr[0] >> 60, 1);
        EQ(own_counter() >> 60, 1); /* native threads see the values that the last guest left */
        set_reg(g.vcpu, seL4_VCPUReg_CNTVOFF, 0);
        EQ(own_counter() >> 60, 1); /* until a guest runs */
        guest_run(&g, guest_counter, 0);
        is_done(&g);
        EQ(own_counter() >> 60, 0);
        CHECK(now_us() - before < 10000000);
}

TEST(el2_interrupts_by_priority, "E2-22")
{
        struct guest g;
        word interface = guest_interface(), group = interface == 0;

        guest_make(&g);
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 40, 24, (seL4_Uint8)group, 0));
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 41, 8, (seL4_Uint8)group, 1));
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 42, 16, (seL4_Uint8)group, 2));
        guest_run(&g, interface ? guest_poll_v2 : guest_poll_v3, interface);
        static const word ORDER[] = {1, 2, 0};
        for (word i = 0; i < 3; i++) {
                EQ(g.m.label, seL4_Fault_VGICMaintenance);
                EQ(g.m.length, 1);
                if (interface)
                        EQ(g.m.mr[0], ORDER[i]);
                guest_go(&g);
        }
        is_done(&g);
        EQ(g.c.x20, interface ? 41 : 41);
        EQ(g.c.x21, interface ? 42 : 42);
        EQ(g.c.x22, interface ? 40 : 40);
        EQ(g.c.x23, 1023);
}

/* Another guest has run meanwhile. */
static void somebody_else_runs(void)
{
        struct guest other;

        guest_make(&other);
        guest_run(&other, guest_identity, 0);
        is_done(&other);
}

TEST(el2_active_interrupts_are_kept, "E2-07 E2-23")
{
        struct guest g;
        word interface = guest_interface(), group = interface == 0;

        guest_make(&g);
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 50, 8, (seL4_Uint8)group, 3));
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 51, 24, (seL4_Uint8)group, 1));
        guest_run(&g, interface ? guest_take_v2 : guest_take_v3, interface);
        is_done(&g);
        EQ(g.c.x20, 50);
        somebody_else_runs();
        EQ(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 52, 0, (seL4_Uint8)group, 3), seL4_DeleteFirst);
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 53, 8, (seL4_Uint8)group, 1)); /* pending: the second wins */
        skip_instruction(tcb_of(&g));
        guest_go(&g);
        EQ(g.m.label, seL4_Fault_VGICMaintenance);
        EQ(g.m.mr[0], 3);
        guest_run(&g, interface ? guest_take_v2 : guest_take_v3, interface);
        is_done(&g);
        EQ(g.c.x20, 53);
}

TEST(el2_interrupt_arrives, "E2-22")
{
        struct guest g;
        word interface = guest_interface(), group = interface == 0;
        seL4_UserContext c = {.pc = (word)guest_interrupted, .spsr = EL1H};

        guest_make(&g);
        guest_run(&g, interface ? guest_poll_v2 : guest_poll_v3, interface); /* opens its interface */
        is_done(&g);
        EQ(g.c.x20, 1023);
        OK(seL4_TCB_WriteRegisters(tcb_of(&g), 1, 0, sizeof c / sizeof(word), &c));
        sleep_us(1000);
        CHECK(!poll_now(g.a.faults, g.reply).any);
        OK(seL4_ARM_VCPU_InjectIRQ(g.vcpu, 60, 0, (seL4_Uint8)group, 0));
        g.m = fault_of(&g.a, g.reply);
        is_done(&g);
        OK(registers_read(&g.a.h, &g.c, 0));
        CHECK(g.c.x20 > 0);
}

TEST(el2_deleted_in_any_order, "E2-25")
{
        struct guest g, h;

        guest_make(&g);
        guest_run(&g, guest_traps, 0);
        trapped(&g, guest_smc_at, 0x5e000007);
        OK(seL4_CNode_Delete(AT(g.vcpu)));
        answer(g.reply, 0, 0); /* it goes on, native, at EL0, where SMC is no instruction */
        g.m = fault_of(&g.a, g.reply);
        EQ(g.m.label, seL4_Fault_UserException);
        EQ(g.m.mr[3], 0x02000000);
        EQ(g.m.mr[0], guest_smc_at);

        guest_make(&h);
        set_reg(h.vcpu, seL4_VCPUReg_TPIDR_EL1, 0x1234);
        guest_run(&h, guest_traps, 0);
        OK(seL4_CNode_Delete(AT(tcb_of(&h))));
        EQ(reg(h.vcpu, seL4_VCPUReg_TPIDR_EL1), 0x1234);
        OK(seL4_ARM_VCPU_SetTCB(h.vcpu, tcb_of(&g))); /* with its state */
        EQ(reg(h.vcpu, seL4_VCPUReg_TPIDR_EL1), 0x1234);
        g.vcpu = h.vcpu;
        guest_run(&g, guest_identity, 0);
        is_done(&g);
        EQ(g.m.mr[0], 4);
}

/* Values of which every register keeps all bits. */
static void fill(word *words, word n, word seed)
{
        for (word i = 0; i < n; i++)
                words[i] = (seed + i) << 12 & 0xffff000;
}

TEST(el2_registers_of_two_guests, "E2-31")
{
        static word first[32], second[32], seen[32];
        struct guest g[2];
        word kept = 0;

        for (word i = 0; i < 2; i++) {
                guest_make(&g[i]);
                fill(i ? second : first, 32, i ? 0x700 : 0x100);
        }
        for (word round = 0; round < 50; round++) {
                for (word i = 0; i < 2; i++) {
                        word *words = i ? second : first;

                        words[2] += 0x1000;
                        guest_run(&g[i], guest_write_every, (word)words);
                        is_done(&g[i]);
                }
                for (word i = 0; i < 2; i++) {
                        const word *words = i ? second : first;

                        guest_run(&g[i], guest_read_every, (word)seen);
                        is_done(&g[i]);
                        for (word n = 0; n < 24; n++) {
                                if (seen[n] == 0)
                                        continue;
                                EQ(seen[n], n == 14 ? words[n] & ~0x7fful : words[n]);
                                EQ(reg(g[i].vcpu, n), seen[n]);
                                kept++;
                        }
                }
        }
        EQ(kept, 50 * 2 * 14);
}

TEST(el2_other_registers_of_two_guests, "E2-31 E2-34")
{
        static word written_words[2][OTHERS], seen[OTHERS], nothing[OTHERS];
        struct guest g[2], fresh;

        for (word i = 0; i < 2; i++) {
                guest_make(&g[i]);
                for (word n = 0; n < OTHERS; n++)
                        written_words[i][n] = (i ? 0x2000 : 0x1000) + 0x100 * n;
                written_words[i][0] = i ? 2 : 4;             /* CSSELR: a level */
                written_words[i][1] = i ? 1 << 15 : 1 << 12; /* MDSCR: MDE, TDCC */
                written_words[i][3] = i ? 0x1e4 : 0x1e2;     /* DBGBCR, not enabled */
                written_words[i][8] = i ? 3 : 5;             /* PMSELR */
                written_words[i][9] = i ? 1 : 2;             /* PMUSERENR */
                guest_run(&g[i], guest_write_others, (word)written_words[i]);
                is_done(&g[i]);
        }
        for (word round = 0; round < 20; round++) {
                word i = round & 1;

                seL4_UserContext c = {.pc = (word)guest_read_others, .spsr = EL1H, .x0 = (word)seen};
                OK(seL4_TCB_ReadRegisters(tcb_of(&g[i]), 0, 0, sizeof g[i].c / sizeof(word), &g[i].c));
                c.sp = g[i].c.sp;
                c.tpidr_el0 = g[i].c.tpidr_el0;
                c.tpidrro_el0 = g[i].c.tpidrro_el0;
                OK(seL4_TCB_WriteRegisters(tcb_of(&g[i]), 1, 0, sizeof c / sizeof(word), &c));
                g[i].m = fault_of(&g[i].a, g[i].reply);
                is_done(&g[i]);
                for (word n = 0; n < OTHERS; n++)
                        EQ(seen[n], written_words[i][n]);
        }
        guest_make(&fresh); /* and a third one finds nothing of theirs */
        guest_run(&fresh, guest_read_others, (word)nothing);
        is_done(&fresh);
        for (word n = 0; n < OTHERS; n++)
                EQ(nothing[n], 0);
}

TEST(el2_fpu_by_flag, "E2-19")
{
        struct guest g;

        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_CPACR, 3 << 20);
        OK(seL4_TCB_SetFlags(tcb_of(&g), 0, seL4_TCBFlag_fpuDisabled).error);
        guest_run(&g, guest_fp, 0x1234);
        trapped(&g, guest_fp, 0x1fe00000);
        OK(seL4_TCB_SetFlags(tcb_of(&g), seL4_TCBFlag_fpuDisabled, 0).error);
        guest_go(&g);
        is_done(&g);
        EQ(g.m.mr[1], 0x1234);
}

/* With its own stage 1 on (one table of 1 GiB blocks, one to one except for one entry), an abort reports the page missing in stage 2,
 * and PAR_EL1 is the guest's. */
TEST(el2_aborts_behind_stage_1, "E2-17 E2-18")
{
        static word table[512] __attribute__((aligned(4096)));
        static const word BLOCK = 0x701, HOLE = 0x5000000000, FAR = 0x140000000;
        struct guest g;

        table[0] = BLOCK;
        table[FAR >> 30] = HOLE | BLOCK;
        guest_make(&g);
        set_reg(g.vcpu, seL4_VCPUReg_MAIR, 0xff);
        set_reg(g.vcpu, seL4_VCPUReg_TCR, 25 | 2ul << 32 | 1 << 23);
        set_reg(g.vcpu, seL4_VCPUReg_TTBR0, (word)table);
        set_reg(g.vcpu, seL4_VCPUReg_PAR, 0xabc000);
        set_reg(g.vcpu, seL4_VCPUReg_SCTLR, FRESH_SCTLR | 1);
        guest_run(&g, guest_access, FAR + 0x1238);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.mr[0], guest_load_at);
        EQ(g.m.mr[1], HOLE + 0x1238);
        EQ(g.m.mr[3], 0x93810005);
        EQ(reg(g.vcpu, seL4_VCPUReg_PAR), 0xabc000);
        table[(FAR >> 30) + 1] = HOLE | 3; /* a table in memory that is missing in stage 2 */
        guest_run(&g, guest_access, FAR + 0x40001238);
        EQ(g.m.label, seL4_Fault_VMFault);
        EQ(g.m.mr[1] & ~0xffful, HOLE);
        EQ(g.m.mr[3] & ~(word)3, 0x92000084); /* of the walk, at whatever level */
}
