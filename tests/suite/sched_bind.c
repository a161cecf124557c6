/* SPDX-License-Identifier: BSD-2-Clause */
/* Bindings between threads, notifications and scheduling contexts, and TCB_SetSchedParams. */
#include "sched_common.h"

/* --- Bind and unbind: refusals --- */

static word plain_call(word cap, word label, word caps, word extra)
{
        return invoke(&(struct invocation){.cap = cap, .label = label, .caps = caps, .extra = {extra}});
}

/* shows: known bugs 3 "An SC could be bound to a thread that already had one" */
TEST(sched_bind_checks, "SCH-50 OBJ-12.1.1 OBJ-12.1.2 OBJ-12.1.3 OBJ-12.1.4")
{
        word sc = new_sc(1000, 1000), ntfn = new_notification(), ntfn2 = new_notification();
        struct helper h, other;

        helper_make(&h, EQUAL);
        helper_make(&other, EQUAL);
        EQ(plain_call(sc, SchedContextBind, 0, 0), seL4_TruncatedMessage);
        EQ(seL4_SchedContext_Bind(sc, h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_Unbind(h.sc));
        EQ(seL4_SchedContext_Bind(other.sc, h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(sc, h.tcb));
        EQ(seL4_SchedContext_Bind(sc, h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(sc, ntfn));
        EQ(seL4_SchedContext_Bind(sc, ntfn2), seL4_IllegalOperation);
        EQ(seL4_SchedContext_Bind(other.sc, ntfn), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(other.sc, copied(ntfn2, seL4_NoRights)));
        EQ(seL4_SchedContext_Bind(sc, new_endpoint()), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 1);
        EQ(seL4_SchedContext_Bind(sc, new_slot()), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 1);
}

TEST(sched_unbind_checks, "SCH-50 SCH-51 OBJ-12.2.1 OBJ-12.3.1 OBJ-12.3.2 OBJ-12.3.3 OBJ-12.3.4")
{
        word ntfn = new_notification(), own = seL4_CapInitThreadSC;
        struct helper h, other;

        helper_make(&h, EQUAL);
        helper_make(&other, EQUAL);
        OK(seL4_SchedContext_Bind(h.sc, ntfn));
        EQ(plain_call(h.sc, SchedContextUnbindObject, 0, 0), seL4_TruncatedMessage);
        EQ(seL4_SchedContext_UnbindObject(h.sc, other.tcb), seL4_IllegalOperation);
        EQ(seL4_SchedContext_UnbindObject(own, seL4_CapInitThreadTCB), seL4_IllegalOperation);
        EQ(seL4_SchedContext_UnbindObject(other.sc, ntfn), seL4_IllegalOperation);
        EQ(seL4_SchedContext_UnbindObject(h.sc, new_endpoint()), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 1);
        EQ(seL4_SchedContext_Unbind(own), seL4_IllegalOperation);
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        EQ(seL4_SchedContext_UnbindObject(h.sc, h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_UnbindObject(h.sc, ntfn));
        EQ(seL4_SchedContext_UnbindObject(h.sc, ntfn), seL4_IllegalOperation);
        OK(seL4_SchedContext_Unbind(h.sc));
        EQ(plain_call(h.sc, TCBSuspend, 0, 0), seL4_IllegalOperation);
}

/* shows: known bugs 3 "SC bound to a notification could not be bound to a thread" */
TEST(sched_thread_and_notification_at_once, "SCH-51")
{
        word ntfn = new_notification(), sc = new_sc(1000, 1000);
        struct helper h;

        helper_make(&h, EQUAL);
        helper_passive(&h);
        OK(seL4_SchedContext_Bind(sc, ntfn));
        OK(seL4_SchedContext_Bind(sc, h.tcb));
        OK(seL4_SchedContext_UnbindObject(sc, ntfn));
        EQ(seL4_SchedContext_Bind(sc, h.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(sc, ntfn));
        OK(seL4_SchedContext_UnbindObject(sc, h.tcb));
        EQ(seL4_SchedContext_Bind(sc, ntfn), seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(sc, h.tcb));
        OK(seL4_SchedContext_Unbind(sc));
        OK(seL4_SchedContext_Bind(sc, ntfn));
        OK(seL4_SchedContext_Bind(sc, h.tcb));
}

/* A thread on the context of its notification runs, gives it back when it waits, and has it again when signalled. */
TEST(sched_context_lent_by_a_notification, "SCH-51")
{
        word ntfn = new_notification();
        struct helper h, heir;

        trace_clear();
        helper_make(&h, EQUAL);
        OK(seL4_SchedContext_Bind(h.sc, ntfn));
        helper_start(&h, waits_then_marks, ntfn, 1);
        let_run();
        EQ(seL4_SchedContext_UnbindObject(h.sc, h.tcb), seL4_IllegalOperation);
        seL4_Signal(ntfn);
        let_run();
        EQ(trace_length, 1);
        EQ(seL4_SchedContext_UnbindObject(h.sc, h.tcb), seL4_IllegalOperation);
        helper_make(&heir, EQUAL);
        helper_passive(&heir);
        OK(seL4_SchedContext_Bind(h.sc, heir.tcb));
        seL4_Signal(ntfn);
        let_run();
        EQ(trace_length, 1);
        OK(seL4_SchedContext_UnbindObject(h.sc, heir.tcb));
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        let_run();
        EQ(trace_length, 2);
}

/* --- states --- */

static void calls(word ep, word id)
{
        seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        mark(id);
}

static void sends(word ep, word id)
{
        seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        mark(id);
}

static void receives(word ep, word id)
{
        seL4_Wait(ep, NULL);
        mark(id);
}

/* Contexts that a blocked thread is refused: never configured, and used up. */
static void bind_while_blocked(struct helper *h, word exhausted)
{
        let_run();
        helper_passive(h);
        EQ(seL4_SchedContext_Bind(sc_of_bits(8), h->tcb), seL4_IllegalOperation);
        EQ(seL4_SchedContext_Bind(exhausted, h->tcb), seL4_IllegalOperation);
        EQ(seL4_TCB_SetSchedParams(h->tcb, seL4_CapInitThreadTCB, 255, EQUAL, exhausted, 0),
           seL4_IllegalOperation);
        OK(seL4_SchedContext_Bind(h->sc, h->tcb));
        let_run();
        EQ(trace_length, 0);
}

/* shows: known bugs 3 "Binding an SC to a blocked thread was allowed in states that broke queues" */
TEST(sched_bind_to_blocked_thread, "SCH-52")
{
        word send = new_endpoint(), recv = new_endpoint(), ntfn = new_notification(), reply = new_reply();
        struct helper user, h[4];

        trace_clear();
        spawn_spinner(&user, EQUAL, 2 * MS, 500 * MS);
        sleep_us(5 * MS);
        OK(seL4_SchedContext_Unbind(user.sc));
        spawn(&h[0], EQUAL, sends, send, 1);
        bind_while_blocked(&h[0], user.sc);
        spawn(&h[1], EQUAL, receives, recv, 2);
        bind_while_blocked(&h[1], user.sc);
        spawn(&h[2], EQUAL, waits_then_marks, ntfn, 3);
        bind_while_blocked(&h[2], user.sc);
        spawn(&h[3], EQUAL, calls, send, 4);
        bind_while_blocked(&h[3], user.sc);
        seL4_NBRecv(send, NULL, reply);
        let_run();
        EQ(trace_digits(), 1);
        seL4_NBRecv(send, NULL, reply);
        trace_clear();
        bind_while_blocked(&h[3], user.sc); /* awaiting its reply now */
        seL4_NBSend(recv, seL4_MessageInfo_new(0, 0, 0, 0));
        seL4_Signal(ntfn);
        seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
        let_run();
        EQ(trace_digits(), 432);
}

/* An inactive or runnable thread may have what a blocked one may not. */
TEST(sched_bind_to_stopped_thread, "SCH-52 SCH-53")
{
        struct helper user, h;

        spawn_spinner(&user, EQUAL, 2 * MS, 30 * MS);
        sleep_us(5 * MS);
        OK(seL4_SchedContext_Unbind(user.sc));
        helper_make(&h, EQUAL);
        helper_passive(&h);
        OK(seL4_SchedContext_Bind(user.sc, h.tcb));
        helper_start(&h, spins, (word)&h, 0);
        CHECK(!runs(&h, 20 * MS));
        CHECK(runs(&h, 10 * MS));
        OK(seL4_SchedContext_Unbind(user.sc));
        word sc = sc_of_bits(8);
        OK(seL4_SchedContext_Bind(sc, h.tcb));
        CHECK(!runs(&h, 2 * MS));
        OK(configure(sc, plain(10 * MS, 10 * MS)));
        CHECK(runs(&h, 2 * MS));
}

TEST(sched_resume_and_bind_in_either_order, "SCH-53")
{
        struct helper h;

        helper_make(&h, EQUAL);
        helper_passive(&h);
        helper_start(&h, spins, (word)&h, 0);
        CHECK(!runs(&h, 2 * MS));
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        CHECK(runs(&h, 2 * MS));
        OK(seL4_TCB_Suspend(h.tcb));
        helper_passive(&h);
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        CHECK(!runs(&h, 2 * MS));
        OK(seL4_TCB_Resume(h.tcb));
        CHECK(runs(&h, 2 * MS));
}

TEST(sched_deleted_context_stops_its_thread, "SCH-54")
{
        struct helper h;

        spawn_spinner(&h, EQUAL, 10 * MS, 10 * MS);
        CHECK(runs(&h, 2 * MS));
        OK(seL4_CNode_Delete(AT(h.sc)));
        CHECK(!runs(&h, 2 * MS));
        h.sc = new_sc(5 * MS, 10 * MS);
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        CHECK(runs(&h, 2 * MS));
}

static void deletes(word slot, word result)
{
        *(volatile word *)result = 100;
        *(volatile word *)result = 200 + seL4_CNode_Delete(AT(slot));
}

/* shows: known bugs 3 "consumed time charged to a revoked SC" */
TEST(sched_thread_deletes_its_own_context, "SCH-55")
{
        struct helper h;

        helper_make(&h, EQUAL);
        helper_start(&h, deletes, h.sc, (word)&h.step);
        let_run();
        EQ(h.step, 100);
        OK(seL4_SchedContext_Bind(new_sc(1000, 1000), h.tcb));
        let_run();
        EQ(h.step, 200);
        EQ(h.done, 1);
}

/* --- SetSchedParams --- */

static word params(struct helper *h, word authority, word sc, word fault)
{
        return seL4_TCB_SetSchedParams(h->tcb, authority, 255, EQUAL, sc, fault);
}

TEST(sched_params_checks_in_order,
     "SCH-56 OBJ-8.11.1 OBJ-8.11.2 OBJ-8.11.3 OBJ-8.11.4 OBJ-8.11.5 OBJ-8.11.6 OBJ-8.11.7 OBJ-8.11.8")
{
        struct helper h, other;

        helper_make(&h, EQUAL);
        helper_make(&other, EQUAL);
        word ep = new_endpoint(), root = seL4_CapInitThreadTCB, sc = new_sc(1000, 1000);
        struct invocation v = {h.tcb, TCBSetSchedParams, 2, {255, EQUAL}, 3, {root, h.sc, 0}};

        OK(invoke(&v));
        v.length = 1;
        EQ(invoke(&v), seL4_TruncatedMessage);
        v.length = 2;
        v.caps = 2;
        EQ(invoke(&v), seL4_TruncatedMessage);
        OK(seL4_TCB_SetMCPriority(other.tcb, root, 10));
        EQ(params(&h, ep, ep, ep), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 1);
        EQ(params(&h, other.tcb, ep, ep), seL4_RangeError);
        CHECK(range_is(0, 10));
        EQ(params(&h, root, ep, sc), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 2);
        EQ(params(&h, root, sc, ep), seL4_IllegalOperation);
        EQ(params(&h, root, other.sc, ep), seL4_IllegalOperation);
        EQ(seL4_TCB_SetSchedParams(root, root, 255, SUITE_PRIORITY, 0, 0), seL4_IllegalOperation);
        EQ(params(&h, root, h.sc, sc), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 3);
        EQ(params(&h, root, h.sc, copied(ep, seL4_CanWrite)), seL4_InvalidCapability);
        EQ(seL4_GetMR(0), 3);
        helper_passive(&h);
        EQ(params(&h, root, other.sc, ep), seL4_IllegalOperation);
        OK(params(&h, root, sc, ep));
}

static void touches_nothing(word step, word unused)
{
        (void)unused;
        *(volatile word *)step = 1;
        *(volatile word *)new_page_address() = 1;
}

/* Nothing of a refused call takes effect; of an accepted one, all does. */
TEST(sched_params_effects, "SCH-56")
{
        word ep = new_endpoint(), reply = new_reply(), badge = 0;
        struct helper h;

        helper_make(&h, EQUAL);
        OK(params(&h, seL4_CapInitThreadTCB, h.sc, minted(ep, 9, seL4_AllRights)));
        EQ(params(&h, seL4_CapInitThreadTCB, h.sc, h.sc), seL4_InvalidCapability);
        helper_start(&h, touches_nothing, (word)&h.step, 0);
        let_run();
        EQ(h.step, 1);
        EQ(seL4_MessageInfo_get_label(seL4_NBRecv(ep, &badge, reply)), seL4_Fault_VMFault);
        EQ(badge, 9);
        OK(seL4_TCB_Suspend(h.tcb));
        OK(params(&h, seL4_CapInitThreadTCB, 0, 0)); /* neither time nor handler any more */
        EQ(seL4_SchedContext_UnbindObject(h.sc, h.tcb), seL4_IllegalOperation);
        h.step = 0;
        helper_start(&h, touches_nothing, (word)&h.step, 0);
        let_run();
        EQ(h.step, 0);
        OK(params(&h, seL4_CapInitThreadTCB, h.sc, 0));
        let_run();
        EQ(h.step, 1);
        badge = 77;
        seL4_NBRecv(ep, &badge, reply);
        EQ(badge, 0);
}
