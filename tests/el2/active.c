/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest that takes away something of its own, by HVC: its VCPU is active, its registers are in the machine (spec el2.md 17, E2-30; the
 * other two states are in matrix.c).  It has the suite's CSpace, and a space of its own.  What is left of it continues or stops;
 * another guest then runs and finds nothing of it. */
#include "guest.h"

enum { MARK_OF_SELF = 0x1234, OTHER = 0x5678, CALL_WORDS = 2 };

/* It calls with two words and one capability, and continues or not. */
static void calls(struct guest *g, word cap, word label, word first, word extra)
{
        seL4_UserContext c = {.pc = CODE_AT + (word)(guest_self - guest_tpidr),
                              .spsr = EL1H,
                              .x0 = cap,
                              .x1 = info_word(label, extra != 0, CALL_WORDS),
                              .x2 = first,
                              .x3 = seL4_WordBits,
                              .x9 = MARK_OF_SELF,
                              .x10 = (word)seL4_SysCall};

        agent_buffer(&g->a)->caps_or_badges[0] = extra;
        OK(seL4_TCB_WriteRegisters(tcb_of(g), 1, 0, sizeof c / sizeof(word), &c));
}

/* It is still a guest, with that answer. */
static void goes_on(struct guest *g, word label)
{
        g->m = fault_of(&g->a, g->reply);
        is_done(g);
        EQ(g->m.mr[0], label);
        EQ(g->m.mr[1], MARK_OF_SELF);
}

/* It is now a thread at EL0, which cannot access such registers. */
static void is_native(struct guest *g)
{
        g->m = fault_of(&g->a, g->reply);
        EQ(g->m.label, seL4_Fault_UserException);
        EQ(g->m.mr[seL4_UserException_FaultIP], CODE_AT + (word)(guest_self_goes_on - guest_tpidr));
}

static void stands(struct guest *g)
{
        CHECK(!poll_message(g->a.faults, g->reply).any);
}

/* It runs again, and TPIDR_EL1 has that value. */
static void runs(struct guest *g, word found)
{
        guest_run(g, g->space ? (const char *)CODE_AT : guest_tpidr, OTHER);
        is_done(g);
        EQ(g->m.mr[0], found);
}

static void delete_vcpu(struct guest *g)
{
        calls(g, ROOT, CNodeDelete, g->vcpu, 0);
        is_native(g);
}

static void delete_thread(struct guest *g)
{
        calls(g, ROOT, CNodeDelete, tcb_of(g), 0);
        stands(g);
        EQ(reg(g->vcpu, seL4_VCPUReg_TPIDR_EL1), MARK_OF_SELF);
}

static void suspend(struct guest *g)
{
        calls(g, tcb_of(g), TCBSuspend, 0, 0);
        stands(g);
        runs(g, MARK_OF_SELF);
}

/* Its state then belongs to the other thread. */
static void move(struct guest *g)
{
        struct guest h;

        guest_make(&h);
        calls(g, g->vcpu, ARMVCPUSetTCB, 0, tcb_of(&h));
        is_native(g);
        h.vcpu = g->vcpu;
        runs(&h, MARK_OF_SELF);
}

static void take_time(struct guest *g)
{
        calls(g, g->a.h.sc, SchedContextUnbind, 0, 0);
        goes_on(g, seL4_IllegalOperation); /* nobody takes its own */
}

static void set_domain(struct guest *g)
{
        calls(g, seL4_CapDomain, DomainSetSet, 0, tcb_of(g));
        goes_on(g, seL4_NoError);
}

static void delete_space(struct guest *g)
{
        calls(g, ROOT, CNodeRevoke, g->space_memory, 0); /* the thread has a capability of its own */
        g->m = fault_of(&g->a, g->reply);
        EQ(g->m.label, seL4_Fault_VMFault);
        EQ(g->m.mr[seL4_VMFault_PrefetchFault], 1);
        EQ(reg(g->vcpu, seL4_VCPUReg_TPIDR_EL1), MARK_OF_SELF);
}

TEST(el2_a_guest_ends_itself, "E2-30")
{
        static void (*const what[])(struct guest *) = {delete_vcpu, delete_thread, suspend,     move,
                                                       take_time,   set_domain,    delete_space};

        for (word i = 0; i < sizeof what / sizeof what[0]; i++) {
                struct guest g, other;

                guest_make(&g);
                guest_make(&other);
                guest_confine(&g, ROOT, guest_tpidr, guest_self_end);
                runs(&other, 0);
                what[i](&g);
                runs(&other, OTHER);
        }
}

/* Whichever path through the kernel it takes, it leaves it as a guest. */
TEST(el2_system_calls_of_a_guest, "E2-12")
{
        word ntfn = new_notification();
        const word how[][2] = {{seL4_SysCall, seL4_CapNull},
                               {seL4_SysCall, ntfn},
                               {seL4_SysSend, ntfn},
                               {seL4_SysNBSend, ntfn},
                               {seL4_SysNBRecv, ntfn},
                               {seL4_SysNBWait, ntfn},
                               {seL4_SysYield, 0}};

        for (word i = 0; i < sizeof how / sizeof how[0]; i++) {
                struct guest g;
                seL4_UserContext c = {.pc = CODE_AT + (word)(guest_self - guest_tpidr),
                                      .spsr = EL1H,
                                      .x0 = how[i][1],
                                      .x9 = MARK_OF_SELF,
                                      .x10 = how[i][0]};

                guest_make(&g);
                guest_confine(&g, ROOT, guest_tpidr, guest_self_end);
                OK(seL4_TCB_WriteRegisters(tcb_of(&g), 1, 0, sizeof c / sizeof(word), &c));
                g.m = fault_of(&g.a, g.reply);
                is_done(&g);
                EQ(g.m.mr[1], MARK_OF_SELF);
                runs(&g, MARK_OF_SELF);
        }
}
