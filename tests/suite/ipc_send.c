/* SPDX-License-Identifier: BSD-2-Clause */
/* The send phase: what is looked up, what is refused, and who is told of it. */
#include "ipc_common.h"

/* Registers of a call that must not change any. */
static void unchanged(const struct raw *r)
{
        for (word i = 0; i < REGISTERS; i++)
                EQ(r->out[i], r->in[i]);
}

TEST(silent_calls_keep_registers, "IPC-01 ABI-1.1.1 ABI-1.1.2 ABI-1.1.9 ABI-1.1.18 ABI-1.1.19")
{
        word ep = new_endpoint(), idle = new_endpoint(), ntfn = new_notification();
        struct agent r, s;

        agent_make(&r, HIGH);
        does_wait(&r, ep);
        does_wait(&r, ep);
        agent_run(&r);
        agent_make(&s, LOW);
        does_send(&s, ep, info_word(7, 0, 4));
        does(&s, seL4_SysNBSend, ep, info_word(8, 0, 4));
        does(&s, seL4_SysNBSend, idle, info_word(9, 0, 4));
        does_send(&s, minted(ntfn, 0x60, seL4_AllRights), 0);
        does(&s, seL4_SysYield, MARK(0), MARK(1));
        does_send(&s, seL4_CapNull, 0);
        agent_run(&s);
        EQ(s.h.step, 6);
        for (word i = 0; i < 6; i++)
                unchanged(&s.step[i]);
        EQ(agent_out(&r, 1)[1], info_word(8, 0, 4));
        for (word i = 2; i < 6; i++)
                EQ(agent_out(&r, 0)[i], MARK(i));
        EQ(poll_word(ntfn), 0x60);
}

TEST(empty_slot_answers_call, "IPC-02 ABI-1.2.4 ABI-1.1.17 ABI-1.1.3")
{
        word regs[REGISTERS];

        raw(seL4_SysCall, new_slot(), info_word(0x77, 0, 4), regs);
        EQ(regs[0], 0);
        EQ(regs[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(regs[2], 0);
        for (word i = 3; i < 6; i++)
                EQ(regs[i], MARK(i));
}

TEST(empty_slot_ignores_send, "IPC-02 ABI-1.2.5")
{
        struct agent s;

        agent_make(&s, LOW);
        agent_watch(&s);
        does_send(&s, new_slot(), info_word(1, 0, 4));
        does(&s, seL4_SysNBSend, new_slot(), info_word(1, 0, 4));
        agent_run(&s);
        EQ(s.h.step, 2);
        unchanged(&s.step[0]);
        unchanged(&s.step[1]);
        CHECK(!poll_message(s.faults, new_reply()).any);
}

/* The CapFault of an address at which the root CNode's guard does not match. */
static void guard_fault(struct agent *a, word address, word receiving)
{
        word reply = new_reply();
        struct message m = fault_of(a, reply);

        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.length, 7);
        EQ(m.mr[0], agent_pc(a));
        EQ(m.mr[1], address);
        EQ(m.mr[2], receiving);
        EQ(m.mr[3], seL4_GuardMismatch);
        EQ(m.mr[4], 64);
        EQ(m.mr[5], 0);
        EQ(m.mr[6], root_guard_bits());
}

static void faults_on_bad_address(seL4_Syscall_ID number, word receiving)
{
        struct agent s;

        agent_make(&s, LOW);
        agent_watch(&s);
        does(&s, number, unresolvable(), info_word(1, 0, 0));
        agent_run(&s);
        EQ(s.h.step, 0);
        guard_fault(&s, unresolvable(), receiving);
}

TEST(call_of_bad_address_faults, "IPC-03 ABI-1.2.1 ABI-8.4 ABI-1.1.11")
{
        faults_on_bad_address(seL4_SysCall, 0);
}

TEST(send_to_bad_address_faults, "IPC-03 ABI-1.2.1")
{
        faults_on_bad_address(seL4_SysSend, 0);
}

TEST(nbsend_to_bad_address_is_silent, "IPC-04 ABI-1.2.2")
{
        struct agent s;

        agent_make(&s, LOW);
        agent_watch(&s);
        does(&s, seL4_SysNBSend, unresolvable(), info_word(1, 0, 2));
        agent_run(&s);
        EQ(s.h.step, 1);
        unchanged(&s.step[0]);
        CHECK(!poll_message(s.faults, new_reply()).any);
}

TEST(bad_first_phase_goes_on_to_receive, "ABI-1.2.2 ABI-1.1.8")
{
        word ntfn = new_notification();
        struct agent s;

        agent_make(&s, LOW);
        agent_watch(&s);
        does_nbsend_wait(&s, unresolvable(), info_word(1, 0, 2), ntfn);
        agent_run(&s);
        EQ(s.h.step, 0);
        seL4_Signal(minted(ntfn, 0x31, seL4_AllRights));
        CHECK(agent_is(&s, 1));
        EQ(agent_out(&s, 0)[0], 0x31);
}

static void bad_extra_cap(struct agent *s, struct agent *r, seL4_Syscall_ID number)
{
        word ep = new_endpoint();

        agent_make(r, HIGH);
        does_wait(r, ep);
        agent_run(r);
        agent_make(s, LOW);
        agent_watch(s);
        does(s, number, ep, info_word(1, 2, 1));
        agent_buffer(s)->caps_or_badges[0] = ep;
        agent_buffer(s)->caps_or_badges[1] = unresolvable() + 1;
        agent_run(s);
        EQ(r->h.step, 0);
}

TEST(bad_extra_cap_faults, "IPC-05 ABI-1.2.3 ABI-2.2.4")
{
        struct agent s, r;

        bad_extra_cap(&s, &r, seL4_SysCall);
        EQ(s.h.step, 0);
        guard_fault(&s, unresolvable() + 1, 0);
        bad_extra_cap(&s, &r, seL4_SysSend);
        EQ(s.h.step, 0);
        guard_fault(&s, unresolvable() + 1, 0);
}

TEST(bad_extra_cap_of_nbsend_is_silent, "IPC-05 ABI-1.2.3")
{
        struct agent s, r;

        bad_extra_cap(&s, &r, seL4_SysNBSend);
        EQ(s.h.step, 1);
        unchanged(&s.step[0]);
        CHECK(!poll_message(s.faults, new_reply()).any);
}

TEST(endpoint_without_write, "IPC-06 ABI-1.2.6")
{
        word ep = new_endpoint(), mute = minted(ep, 0, seL4_CapRights_new(1, 1, 1, 0)), regs[REGISTERS];
        struct agent r, s;

        agent_make(&r, HIGH);
        does_wait(&r, ep);
        agent_run(&r);
        raw(seL4_SysCall, mute, info_word(5, 0, 2), regs);
        EQ(regs[0], 0);
        EQ(regs[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(regs[2], 0);
        EQ(regs[3], MARK(3));
        agent_make(&s, LOW);
        does_send(&s, mute, info_word(5, 0, 2));
        does(&s, seL4_SysNBSend, mute, info_word(5, 0, 2));
        agent_run(&s);
        EQ(s.h.step, 2);
        unchanged(&s.step[0]);
        EQ(r.h.step, 0);
}

TEST(notification_without_write, "ABI-1.2.6")
{
        word ntfn = new_notification(), mute = minted(ntfn, 9, seL4_CapRights_new(1, 1, 1, 0)),
             regs[REGISTERS];

        raw(seL4_SysCall, mute, 0, regs);
        EQ(regs[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(regs[2], 0);
        seL4_Signal(mute);
        EQ(poll_word(ntfn), 0);
}

TEST(call_on_notification_signals, "IPC-07 ABI-1.3.4 ABI-1.3.1")
{
        word ntfn = new_notification(), regs[REGISTERS];

        raw(seL4_SysCall, minted(ntfn, 0x44, seL4_CanWrite), info_word(0x1234, 0, 4), regs);
        EQ(regs[0], 0);
        EQ(regs[1], 0);
        for (word i = 2; i < REGISTERS - 3; i++)
                EQ(regs[i], MARK(i));
        EQ(poll_word(ntfn), 0x44);
}

TEST(call_on_idle_reply_object, "IPC-08")
{
        word regs[REGISTERS];

        raw(seL4_SysCall, new_reply(), info_word(3, 0, 4), regs);
        EQ(regs[0], 0);
        EQ(regs[1], 0);
        EQ(regs[2], MARK(2));
}

TEST(nbsend_without_receiver_is_dropped, "IPC-09")
{
        word ep = new_endpoint();
        struct agent r;

        post(ep, 1, 4);
        agent_make(&r, LOW);
        does_wait(&r, ep);
        agent_run(&r);
        EQ(r.h.step, 0);
        post(ep, 2, 1);
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], info_word(2, 0, 1));
}

/* An agent that makes one two-phase call of each kind; the first phase invokes `cap`, the second takes a signal. */
static void first_phases(struct agent *s, word cap, word info)
{
        word ntfn = new_notification();

        agent_make(s, HIGH);
        agent_watch(s);
        does_nbsend_wait(s, cap, info, ntfn);
        does_nbsend_recv(s, cap, info, (word[]){ntfn, seL4_CapNull});
        does_reply_recv(s, ntfn, info, cap);
}

static void first_phases_run(struct agent *s)
{
        word signal = minted(s->step[0].in[0], 0x51, seL4_AllRights);

        agent_run(s);
        for (word i = 0; i < 3; i++) {
                seL4_Signal(signal);
                CHECK(agent_is(s, i + 1));
                EQ(agent_out(s, i)[0], 0x51);
                for (word r = 1; r < REGISTERS; r++)
                        EQ(s->step[i].out[r], s->step[i].in[r]);
        }
}

TEST(first_phase_cannot_invoke_thread, "IPC-10 ABI-1.3.2 OBJ-2.2.r5")
{
        word ep = new_endpoint();
        struct agent victim, s;

        agent_make(&victim, LOW);
        does_wait(&victim, ep);
        agent_run(&victim);
        first_phases(&s, victim.h.tcb, info_word(TCBSuspend, 0, 0));
        first_phases_run(&s);
        post(ep, 0, 0);
        CHECK(agent_is(&victim, 1));
}

TEST(first_phase_cannot_invoke_cnode, "IPC-10 ABI-1.3.2 OBJ-2.2.r5")
{
        word ntfn = new_notification();
        struct agent s;

        first_phases(&s, ROOT, info_word(CNodeDelete, 0, 2));
        for (word i = 0; i < 3; i++) {
                s.step[i].in[2] = ntfn;
                s.step[i].in[3] = 64;
        }
        first_phases_run(&s);
        seL4_Signal(minted(ntfn, 2, seL4_AllRights));
        EQ(poll_word(ntfn), 2);
}

TEST(first_phase_cannot_invoke_scheduling_context, "IPC-10 ABI-1.3.2 OBJ-2.2.r5")
{
        word ep = new_endpoint();
        struct agent victim, s;

        agent_make(&victim, LOW);
        does_wait(&victim, ep);
        agent_run(&victim);
        first_phases(&s, victim.h.sc, info_word(SchedContextUnbind, 0, 0));
        first_phases_run(&s);
        post(ep, 0, 0);
        CHECK(agent_is(&victim, 1));
}

TEST(first_phase_cannot_invoke_sched_control, "IPC-10 ABI-1.3.2 OBJ-2.2.r5")
{
        word sc = new_object(seL4_SchedContextObject, 9);
        struct agent victim, s;

        first_phases(&s, suite_boot->schedcontrol.start, info_word(SchedControlConfigureFlags, 1, 5));
        for (word i = 0; i < 3; i++) {
                s.step[i].in[2] = s.step[i].in[3] = 10000;
                s.step[i].in[4] = s.step[i].in[5] = 0;
        }
        agent_buffer(&s)->caps_or_badges[0] = sc;
        agent_buffer(&s)->msg[4] = 0;
        first_phases_run(&s);
        agent_make(&victim, LOW);
        helper_passive(&victim.h);
        OK(seL4_SchedContext_Bind(sc, victim.h.tcb));
        does_send(&victim, seL4_CapNull, 0);
        agent_run(&victim);
        EQ(victim.h.step, 0);
}

static void note(word list, word digit)
{
        *(volatile word *)list = *(volatile word *)list * 10 + digit;
}

/* Two equal threads are ready, 2 in front of 1, when a higher one sets the domain of 1; the order in which they ran. */
static word order_after_domain_set(seL4_Syscall_ID number)
{
        word ntfn = new_notification();
        volatile word list = 0;
        struct helper first, second;
        struct agent s;

        spawn(&first, LOW, note, (word)&list, 1);
        spawn(&second, LOW, note, (word)&list, 2);
        agent_make(&s, HIGH);
        word *in = does(&s, number, number == seL4_SysCall ? seL4_CapDomain : ntfn,
                        info_word(DomainSetSet, 1, 1));
        in[2] = 0;
        in[6] = number == seL4_SysCall ? 0 : seL4_CapDomain;
        agent_buffer(&s)->caps_or_badges[0] = first.tcb;
        agent_run(&s);
        EQ(s.h.step, number == seL4_SysCall);
        seL4_Signal(ntfn);
        CHECK(agent_is(&s, 1));
        return list;
}

TEST(first_phase_cannot_invoke_domain, "IPC-10 ABI-1.3.2 OBJ-2.2.r5")
{
        EQ(order_after_domain_set(seL4_SysCall), 12);
        EQ(order_after_domain_set(seL4_SysNBSendWait), 21);
        EQ(order_after_domain_set(seL4_SysReplyRecv), 21);
}

TEST(first_phase_signals, "IPC-11 ABI-1.3.4")
{
        word ntfn = new_notification();
        struct agent s;

        first_phases(&s, minted(ntfn, 0x71, seL4_AllRights), info_word(0x99, 0, 4));
        first_phases_run(&s);
        EQ(poll_word(ntfn), 0x71);
}

TEST(first_phase_works_on_untyped, "ABI-1.3.2 OBJ-2.2.r6")
{
        word slot = new_slot();
        struct agent s;

        first_phases(&s, test_untyped(), info_word(UntypedRetype, 1, 6));
        s.steps = 1;
        s.step[0].in[2] = seL4_EndpointObject;
        s.step[0].in[3] = s.step[0].in[4] = s.step[0].in[5] = 0;
        agent_buffer(&s)->msg[4] = slot;
        agent_buffer(&s)->msg[5] = 1;
        agent_buffer(&s)->caps_or_badges[0] = ROOT;
        agent_run(&s);
        copied(slot, seL4_AllRights);
}

TEST(first_phase_acknowledges, "IPC-11")
{
        word ntfn = new_notification(),
             handler = irq_handler(machine_irq(), minted(ntfn, 0x10, seL4_AllRights));
        struct agent s;

        agent_make(&s, HIGH);
        does_wait(&s, ntfn);
        does_nbsend_wait(&s, handler, info_word(IRQAckIRQ, 0, 0), ntfn);
        agent_run(&s);
        EQ(s.h.step, 0);
        machine_irq_set(1);
        CHECK(agent_is(&s, 2));
        EQ(agent_out(&s, 0)[0], 0x10);
        let_run();
        machine_irq_set(0);
        EQ(poll_word(ntfn), 0);
}

TEST(sgi_signal_ignores_message, "ABI-1.3.4 OBJ-2.2.r4")
{
        word ntfn = new_notification(), raise = new_slot(), regs[REGISTERS];
        word handler = irq_handler(7, minted(ntfn, 0x20, seL4_AllRights));

        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, 7, 0, AT(raise)));
        raw(seL4_SysCall, raise, info_word(TCBSuspend, 0, 4), regs);
        EQ(regs[0], 0);
        EQ(regs[1], 0);
        let_run();
        EQ(poll_word(ntfn), 0x20);
        OK(seL4_IRQHandler_Ack(handler));
}

TEST(unknown_label_on_thread, "IPC-12 ABI-4.3.6 ABI-1.1.17")
{
        word regs[REGISTERS];

        raw(seL4_SysCall, new_object(seL4_TCBObject, 0), info_word(0x7777, 0, 4), regs);
        EQ(regs[0], 0);
        EQ(regs[1], info_word(seL4_IllegalOperation, 0, 0));
        for (word i = 2; i < 6; i++)
                EQ(regs[i], MARK(i));
}

TEST(only_call_gets_results, "ABI-1.3.3 OBJ-2.1.5")
{
        struct agent victim, s;

        agent_make(&victim, LOW);
        does_send(&victim, seL4_CapNull, 0);
        agent_start(&victim);
        agent_make(&s, HIGH);
        does_send(&s, victim.h.tcb, info_word(TCBSuspend, 0, 0));
        does_send(&s, victim.h.tcb, info_word(0x7777, 0, 0));
        does(&s, seL4_SysNBSend, victim.h.tcb, info_word(TCBReadRegisters, 0, 2));
        s.step[2].in[2] = 0;
        s.step[2].in[3] = 4;
        agent_run(&s);
        EQ(s.h.step, 3);
        EQ(victim.h.step, 0);
        for (word i = 0; i < 3; i++)
                unchanged(&s.step[i]);
}

TEST(call_without_and_with_result, "ABI-1.1.15 ABI-1.1.16")
{
        struct helper h;
        word regs[REGISTERS];

        helper_make(&h, LOW);
        raw(seL4_SysCall, h.tcb, info_word(TCBSuspend, 0, 0), regs);
        EQ(regs[0], 0);
        EQ(regs[1], 0);
        for (word i = 2; i < 6; i++)
                EQ(regs[i], MARK(i));
        raw(seL4_SysCall, h.sc, info_word(SchedContextConsumed, 0, 0), regs);
        EQ(regs[0], 0);
        EQ(regs[1], info_word(0, 0, 1));
        EQ(regs[2], 0);
        EQ(regs[3], MARK(3));
}
