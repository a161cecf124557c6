/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens to a scheduling context when a chain of calls loses an element.
 *
 * A calls B through r1, B calls C through r2, all on the context of A; C holds it and waits at a gate.
 */
#include "ipc_common.h"

struct chain {
        struct agent a, b, c;
        word r1, r2, gate, sc;
};

static void chain_up(struct chain *x)
{
        word ep1 = new_endpoint(), ep2 = new_endpoint();

        x->r1 = new_reply();
        x->r2 = new_reply();
        x->gate = new_notification();
        agent_make(&x->c, LOW);
        does_recv(&x->c, ep2, x->r2);
        does_wait(&x->c, x->gate);
        does_send(&x->c, seL4_CapNull, 0);
        agent_passive(&x->c);
        agent_make(&x->b, LOW);
        does_recv(&x->b, ep1, x->r1);
        does_call(&x->b, ep2, 0);
        does_wait(&x->b, new_notification());
        agent_passive(&x->b);
        agent_make(&x->a, LOW);
        does_call(&x->a, ep1, 0);
        agent_run(&x->a);
        x->sc = x->a.h.sc;
        EQ(x->a.h.step, 0);
        EQ(x->b.h.step, 1);
        EQ(x->c.h.step, 1);
}

/* C has no context: the gate opens and it does not run. */
static void c_is_stopped(struct chain *x)
{
        seL4_Signal(x->gate);
        CHECK(agent_is(&x->c, 1));
}

/* The object belongs to no chain any more: it serves a call from outside. */
static void serves_another(word reply)
{
        word ep = new_endpoint();
        struct agent d;

        agent_make(&d, LOW);
        does_call(&d, ep, 0);
        agent_run(&d);
        CHECK(poll_message(ep, reply).any);
        answer(reply, 0, 0);
        CHECK(agent_is(&d, 1));
        CHECK(sc_is_on(d.h.sc, &d));
}

TEST(top_object_deleted, "IPC-60")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_CNode_Delete(AT(x.r2)));
        c_is_stopped(&x);
        EQ(x.b.h.step, 1);
        CHECK(!sc_is_on(x.sc, &x.c));
        CHECK(sc_is_on(x.sc, &x.b));
        OK(seL4_SchedContext_Bind(x.sc, x.b.h.tcb));
        CHECK(agent_is(&x.b, 1));
        agent_skip(&x.b, SVC_BYTES);
        CHECK(agent_is(&x.b, 2));
}

TEST(both_objects_deleted_from_the_top, "IPC-60")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_CNode_Delete(AT(x.r2)));
        OK(seL4_CNode_Delete(AT(x.r1)));
        c_is_stopped(&x);
        EQ(x.a.h.step, 0);
        CHECK(sc_is_on(x.sc, &x.a));
}

TEST(lower_object_deleted_first, "IPC-61")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_CNode_Delete(AT(x.r1)));
        CHECK(agent_is(&x.a, 0));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 3));
        OK(seL4_CNode_Delete(AT(x.r2)));
        CHECK(!sc_is_on(x.sc, &x.a));
        CHECK(!sc_is_on(x.sc, &x.c));
        CHECK(sc_is_on(x.sc, &x.b));
}

TEST(reply_through_the_top_leaves_the_rest, "IPC-60")
{
        struct chain x;

        chain_up(&x);
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
        c_is_stopped(&x);
        answer(x.r1, 0, 0);
        CHECK(agent_is(&x.a, 1));
        CHECK(sc_is_on(x.sc, &x.a));
}

TEST(reply_through_the_lower_breaks_the_chain, "IPC-61")
{
        struct chain x;

        chain_up(&x);
        answer(x.r1, 0, 0);
        CHECK(agent_is(&x.a, 0));
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
        CHECK(!sc_is_on(x.sc, &x.a));
        serves_another(x.r1);
        serves_another(x.r2);
        CHECK(sc_is_on(x.sc, &x.b));
        OK(seL4_SchedContext_Bind(x.sc, x.a.h.tcb));
        CHECK(agent_is(&x.a, 1));
}

TEST(caller_of_the_top_suspended, "IPC-62")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_TCB_Suspend(x.b.h.tcb));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 3));
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 1));
        answer(x.r1, 0, 0);
        CHECK(agent_is(&x.a, 0));
        serves_another(x.r2);
        serves_another(x.r1);
        CHECK(sc_is_on(x.sc, &x.c));
        OK(seL4_SchedContext_Bind(x.sc, x.a.h.tcb));
        CHECK(agent_is(&x.a, 1));
}

TEST(first_caller_suspended, "IPC-62")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_TCB_Suspend(x.a.h.tcb));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 3));
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
        answer(x.r1, 0, 0);
        CHECK(agent_is(&x.a, 0));
        CHECK(sc_is_on(x.sc, &x.b));
}

TEST(server_deleted, "IPC-63")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_CNode_Delete(AT(x.c.h.tcb)));
        CHECK(agent_is(&x.b, 1));
        answer(x.r2, 0x3, 0);
        CHECK(agent_is(&x.b, 2));
        EQ(agent_out(&x.b, 1)[1], info_word(3, 0, 0));
        answer(x.r1, 0x4, 0);
        CHECK(agent_is(&x.a, 1));
        CHECK(sc_is_on(x.sc, &x.a));
}

TEST(context_bound_elsewhere_comes_back, "IPC-64")
{
        struct chain x;
        struct agent other;
        word ntfn = new_notification();

        chain_up(&x);
        OK(seL4_SchedContext_UnbindObject(x.sc, x.c.h.tcb));
        c_is_stopped(&x);
        agent_make(&other, LOW);
        helper_passive(&other.h);
        OK(seL4_SchedContext_Bind(x.sc, other.h.tcb));
        does_send(&other, seL4_CapNull, 0);
        does_wait(&other, ntfn);
        agent_run(&other);
        EQ(other.h.step, 1);
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
        seL4_Signal(ntfn);
        CHECK(agent_is(&other, 1));
        CHECK(sc_is_on(x.sc, &x.b));
}

TEST(unbound_context_comes_back, "IPC-64")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_SchedContext_UnbindObject(x.sc, x.c.h.tcb));
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
}

TEST(unbind_cuts_the_chain, "IPC-65")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_SchedContext_Unbind(x.sc));
        c_is_stopped(&x);
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 1));
        OK(seL4_SchedContext_Bind(x.b.h.sc, x.b.h.tcb));
        CHECK(agent_is(&x.b, 2));
}

TEST(context_deleted, "IPC-65")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_CNode_Delete(AT(x.sc)));
        c_is_stopped(&x);
        answer(x.r2, 5, 0);
        CHECK(agent_is(&x.b, 1));
        OK(seL4_SchedContext_Bind(x.b.h.sc, x.b.h.tcb));
        CHECK(agent_is(&x.b, 2));
        EQ(agent_out(&x.b, 1)[1], info_word(5, 0, 0));
        answer(x.r1, 6, 0);
        CHECK(agent_is(&x.a, 0));
}

TEST(caller_with_a_second_context, "IPC-66")
{
        struct chain x;

        chain_up(&x);
        OK(seL4_SchedContext_Bind(x.b.h.sc, x.b.h.tcb));
        answer(x.r2, 0, 0);
        CHECK(agent_is(&x.b, 2));
        CHECK(sc_is_on(x.b.h.sc, &x.b));
        seL4_Signal(x.gate);
        CHECK(agent_is(&x.c, 3));
        CHECK(sc_is_on(x.sc, &x.c));
}
