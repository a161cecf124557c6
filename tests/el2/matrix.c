/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that ends a guest or takes something from it, while its VCPU is resident or stored; then another guest runs, and itself
 * if it still exists (spec el2.md 15.4, no. 5). */
#include "guest.h"

enum { MARK = 0x1234, OTHER = 0x5678 };

static void run_with(struct guest *g, word expected, word next)
{
        guest_run(g, g->space ? (const char *)CODE_AT : guest_tpidr, next);
        is_done(g);
        EQ(g->m.mr[0], expected);
}

static void delete_vcpu(struct guest *g)
{
        OK(seL4_CNode_Delete(AT(g->vcpu)));
}

static void delete_thread(struct guest *g)
{
        OK(seL4_CNode_Delete(AT(tcb_of(g))));
        EQ(reg(g->vcpu, seL4_VCPUReg_TPIDR_EL1), MARK);
}

static void suspend(struct guest *g)
{
        OK(seL4_TCB_Suspend(tcb_of(g)));
        run_with(g, MARK, MARK);
}

/* Its state goes with the VCPU to another thread. */
static void move(struct guest *g)
{
        struct guest h;

        guest_make(&h);
        OK(seL4_ARM_VCPU_SetTCB(g->vcpu, tcb_of(&h)));
        OK(seL4_CNode_Delete(AT(h.vcpu)));
        h.vcpu = g->vcpu;
        run_with(&h, MARK, MARK);
}

static void take_time(struct guest *g)
{
        OK(seL4_SchedContext_Unbind(g->a.h.sc));
        OK(seL4_SchedContext_Bind(g->a.h.sc, tcb_of(g)));
        run_with(g, MARK, MARK);
}

/* The domain that it is already in: the kernel stores its VCPU. */
static void set_domain(struct guest *g)
{
        OK(seL4_DomainSet_Set(seL4_CapDomain, 0, tcb_of(g)));
        run_with(g, MARK, MARK);
}

static void delete_reply(struct guest *g)
{
        OK(seL4_CNode_Delete(AT(g->reply)));
        EQ(reg(g->vcpu, seL4_VCPUReg_TPIDR_EL1), MARK);
}

/* It continues at an address without memory. */
static void delete_space(struct guest *g)
{
        OK(seL4_CNode_Revoke(AT(g->space_memory))); /* the thread has a capability of its own */
        guest_go(g);
        EQ(g->m.label, seL4_Fault_VMFault);
        EQ(g->m.mr[seL4_VMFault_PrefetchFault], 1);
        EQ(reg(g->vcpu, seL4_VCPUReg_TPIDR_EL1), MARK);
}

static void each(void (*what)(struct guest *g), int stored)
{
        struct guest g, other;

        guest_make(&g);
        guest_make(&other);
        guest_confine(&g, ROOT, guest_tpidr, guest_self);
        run_with(&other, 0, OTHER);
        run_with(&g, 0, MARK);
        if (stored)
                run_with(&other, OTHER, OTHER);
        what(&g);
        run_with(&other, OTHER, OTHER);
        OK(seL4_CNode_Revoke(AT(other.vcpu)));
        OK(seL4_CNode_Delete(AT(other.vcpu)));
}

TEST(el2_whatever_ends_a_guest, "E2-30")
{
        static void (*const what[])(struct guest *) = {
                delete_vcpu, delete_thread, suspend, move, take_time, set_domain, delete_reply, delete_space};

        for (word i = 0; i < sizeof what / sizeof what[0]; i++) {
                each(what[i], 0);
                each(what[i], 1);
        }
}
