/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that every home can raise: memory, capability, unknown system call; and who handles them. */
#include "ipc_common.h"

enum { DATA_ABORT = 0x92000004, WRITE_ABORT = DATA_ABORT | 0x40, TRANSLATION_LEVEL = 3 };
#define NO_SUCH_CALL ((seL4_Syscall_ID)-100)

static void read_word(word address, word result)
{
        *(volatile word *)result = *(volatile word *)address;
}

static void write_word(word address, word value)
{
        *(volatile word *)address = value;
}

static void page_fault(struct agent *a, word reply, word address, word status)
{
        struct message m = fault_of(a, reply);

        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.length, 4);
        EQ(m.caps, 0);
        EQ(m.mr[0], agent_pc(a));
        EQ(m.mr[1], address);
        EQ(m.mr[2], 0);
        EQ(plain_abort(m.mr[3]) & ~(word)TRANSLATION_LEVEL, status);
}

/* A page at `address`, its first word set. */
static void provide(word address, word value)
{
        word frame = new_frame(), here = new_page_address(), view;

        OK(map_at(frame, here, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        *(volatile word *)here = value;
        view = copied(frame, seL4_AllRights);
        OK(map_at(view, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
}

static void read_fault(word label)
{
        word address = new_page_address() + 0x18 * 8, reply = new_reply();
        volatile word result = 0;
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        helper_start(&a.h, read_word, address, (word)&result);
        let_run();
        page_fault(&a, reply, address, DATA_ABORT);
        provide(address & ~0xffful, 0);
        *(volatile word *)address = 0x4ead;
        set_mr(0, 0);
        set_mr(1, 0);
        answer(reply, label, 4);
        let_run();
        EQ(result, 0x4ead);
        EQ(a.h.done, 1);
}

TEST(read_fault_and_restart, "IPC-84 ABI-7.1.1 ABI-1.1.11")
{
        read_fault(0);
}

TEST(label_of_the_answer_to_a_page_fault, "IPC-85 ABI-7.1.1")
{
        read_fault(1);
        read_fault(77);
}

TEST(write_fault_and_restart, "IPC-84 ABI-7.1.1")
{
        word address = new_page_address(), reply = new_reply();
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        helper_start(&a.h, write_word, address, 0x13117e);
        let_run();
        page_fault(&a, reply, address, WRITE_ABORT);
        provide(address, 0);
        answer(reply, 0, 0);
        let_run();
        EQ(a.h.done, 1);
        EQ(*(volatile word *)address, 0x13117e);
}

/* A pager as programs have it: receives page faults, maps, answers. */
static void pager(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t m = seL4_Recv(ep, &badge, reply);

        for (;;) {
                EQ(seL4_MessageInfo_get_label(m), seL4_Fault_VMFault);
                EQ(badge, FAULT_BADGE);
                provide(get_mr(seL4_VMFault_Addr) & ~0xffful, 0x9a6e);
                m = seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
        }
}

static void paged(word handler, word client, int passive)
{
        struct agent a;
        struct helper p;

        agent_make(&a, client);
        agent_watch(&a);
        spawn(&p, handler, pager, a.faults, new_reply());
        let_run();
        if (passive)
                helper_passive(&p);
        for (word i = 0; i < 3; i++) {
                volatile word result = 0;

                a.h.done = 0;
                helper_start(&a.h, read_word, new_page_address(), (word)&result);
                let_run();
                EQ(result, 0x9a6e);
                EQ(a.h.done, 1);
        }
        CHECK(sc_is_on(a.h.sc, &a));
}

TEST(pager_of_any_priority, "IPC-84")
{
        paged(HIGH, LOW, 0);
        paged(LOW, LOW, 0);
        paged(LOW, HIGH, 0);
}

TEST(passive_pager_of_any_priority, "IPC-92 IPC-84")
{
        paged(HIGH, LOW, 1);
        paged(LOW, LOW, 1);
        paged(LOW, HIGH, 1);
}

TEST(passive_handler_holds_the_context, "IPC-92")
{
        word slot = new_slot(), ntfn = new_notification(), gate = new_notification(), reply = new_reply();
        struct agent a, h;

        agent_make(&a, LOW);
        agent_watch(&a);
        agent_make(&h, HIGH);
        does_recv(&h, a.faults, reply);
        does_wait(&h, gate);
        does_reply_recv(&h, a.faults, 0, reply);
        agent_passive(&h);
        does_wait(&a, slot);
        agent_run(&a);
        EQ(h.h.step, 1);
        CHECK(!sc_is_on(a.h.sc, &a));
        OK(seL4_CNode_Mint(AT(slot), AT(ntfn), seL4_AllRights, 0x92));
        seL4_Signal(slot);
        seL4_Signal(gate);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[0], 0x92);
        EQ(h.h.step, 2);
        CHECK(sc_is_on(a.h.sc, &a));
}

/* --- unknown system calls --- */

static struct message unknown_call(struct agent *a, word reply, seL4_Syscall_ID number)
{
        agent_make(a, LOW);
        agent_watch(a);
        word *in = does(a, number, MARK(0), MARK(1));
        agent_run(a);
        EQ(a->h.step, 0);
        struct message m = fault_of(a, reply);
        seL4_UserContext c;
        OK(registers_read(&a->h, &c, 0));
        EQ(m.label, seL4_Fault_UnknownSyscall);
        EQ(m.length, 13);
        for (word i = 0; i < 8; i++)
                EQ(m.mr[i], in[i]);
        EQ(m.mr[8], c.pc);
        EQ(m.mr[9], c.sp);
        EQ(m.mr[10], c.pc + SVC_BYTES);
        EQ(m.mr[11], c.spsr);
        EQ(m.mr[12], (word)number);
        return m;
}

static void reply_words(word pc, word sp, word spsr)
{
        for (word i = 0; i < 8; i++)
                set_mr(i, 0xe000 + i);
        set_mr(8, pc);
        set_mr(9, sp);
        set_mr(10, 0x6666);
        set_mr(11, spsr);
}

TEST(unknown_call_is_answered, "IPC-86 IPC-89 ABI-1.2 ABI-7.1.2")
{
        word reply = new_reply();
        seL4_UserContext c;
        struct agent a;
        struct message m = unknown_call(&a, reply, NO_SUCH_CALL);

        let_run();
        reply_words(m.mr[8] + SVC_BYTES, m.mr[9], m.mr[11] ^ 0xf00003c5);
        answer(reply, 1, 12);
        OK(registers_read(&a.h, &c, 0));
        EQ(c.spsr, m.mr[11] ^ 0xf0000000);
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 1));
        for (word i = 0; i < 8; i++)
                EQ(a.step[0].out[i], 0xe000 + i);
        EQ(a.step[0].out[8], MARK(8));
}

TEST(short_answer_to_unknown_call, "IPC-86 ABI-7.1.2")
{
        word reply = new_reply();
        struct agent a;
        struct message m = unknown_call(&a, reply, NO_SUCH_CALL);

        let_run();
        set_mr(0, 0x123);
        answer(reply, 0, 1);
        struct message again = fault_of(&a, reply);
        EQ(again.mr[0], 0x123);
        EQ(again.mr[1], MARK(1));
        EQ(again.mr[8], m.mr[8]);
        reply_words(m.mr[8] + SVC_BYTES, 0, 0);
        answer(reply, 0, 9);
        CHECK(agent_is(&a, 1));
        EQ(a.step[0].out[2], 0xe002);
}

TEST(unknown_call_stopped_by_label, "IPC-86 ABI-7.1.2")
{
        word reply = new_reply();
        struct agent a;
        struct message m = unknown_call(&a, reply, NO_SUCH_CALL);

        let_run();
        reply_words(m.mr[8] + SVC_BYTES, m.mr[9], m.mr[11]);
        answer(reply, 1, 12);
        CHECK(agent_is(&a, 0));
        CHECK(!poll_message(a.faults, reply).any);
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(agent_is(&a, 1));
        EQ(a.step[0].out[3], 0xe003);
}

TEST(whole_of_x7_is_the_number, "ABI-1.2")
{
        static const word NUMBERS[] = {0, 1, 0xffffffff, 0xfffffffb, 1ul << 63, ~0ul << 32 | 5};
        struct agent a;

        for (word i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++)
                unknown_call(&a, new_reply(), (seL4_Syscall_ID)NUMBERS[i]);
}

/* --- handlers --- */

TEST(fault_without_handler, "IPC-90")
{
        word slot = new_slot();
        struct agent a;

        agent_make(&a, LOW);
        does_wait(&a, slot);
        agent_run(&a);
        EQ(a.h.step, 0);
        agent_watch(&a);
        CHECK(!poll_message(a.faults, new_reply()).any);
        OK(seL4_TCB_Resume(a.h.tcb));
        struct message m = fault_of(&a, new_reply());
        EQ(m.label, seL4_Fault_CapFault);
        EQ(m.mr[1], slot);
}

TEST(handlers_that_are_refused, "IPC-91 ABI-4.3.2")
{
        word ep = new_endpoint(), sc;
        word bad[] = {minted(ep, 0, seL4_CapRights_new(1, 1, 1, 0)), minted(ep, 0, seL4_ReadWrite),
                      new_notification()};
        struct agent a;

        agent_make(&a, LOW);
        sc = a.h.sc;
        for (word i = 0; i < 3; i++) {
                EQ(seL4_TCB_SetSpace(a.h.tcb, bad[i], ROOT, 0, VSPACE, 0), seL4_InvalidCapability);
                EQ(get_mr(0), 1);
                EQ(seL4_TCB_SetTimeoutEndpoint(a.h.tcb, bad[i]), seL4_InvalidCapability);
                EQ(get_mr(0), 1);
                EQ(seL4_TCB_SetSchedParams(a.h.tcb, seL4_CapInitThreadTCB, 1, 1, sc, bad[i]),
                   seL4_InvalidCapability);
                EQ(get_mr(0), 3);
        }
        OK(seL4_TCB_SetSpace(a.h.tcb, minted(ep, 0, seL4_CapRights_new(1, 0, 0, 1)), ROOT, 0, VSPACE, 0));
        OK(seL4_TCB_SetTimeoutEndpoint(a.h.tcb, minted(ep, 0, seL4_CapRights_new(0, 1, 0, 1))));
        OK(seL4_TCB_SetTimeoutEndpoint(a.h.tcb, seL4_CapNull));
}

TEST(handler_revoked, "IPC-93")
{
        word slot = new_slot(), old;
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_wait(&a, slot);
        OK(seL4_CNode_Revoke(AT(a.faults)));
        agent_run(&a);
        CHECK(!poll_message(a.faults, new_reply()).any);
        old = a.faults;
        agent_watch(&a);
        OK(seL4_TCB_Resume(a.h.tcb));
        EQ(fault_of(&a, new_reply()).mr[1], slot);
        CHECK(!poll_message(old, new_reply()).any);
}

TEST(handler_that_only_waits, "IPC-90")
{
        word slot = new_slot(), regs[REGISTERS];
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_wait(&a, slot);
        agent_run(&a);
        raw(seL4_SysNBWait, a.faults, MARK(1), regs);
        EQ(regs[1], info_word(seL4_Fault_CapFault, 0, 5));
        OK(seL4_CNode_Copy(AT(slot), AT(new_notification()), seL4_AllRights));
        CHECK(agent_is(&a, 0));
        OK(seL4_TCB_Resume(a.h.tcb));
        seL4_Signal(slot);
        CHECK(agent_is(&a, 1));
}

TEST(handler_without_buffer, "ABI-2.2.2 IPC-22")
{
        struct agent a, h;

        agent_make(&a, LOW);
        agent_watch(&a);
        does(&a, NO_SUCH_CALL, MARK(0), MARK(1));
        agent_make(&h, HIGH);
        does_recv(&h, a.faults, new_reply());
        OK(seL4_TCB_SetIPCBuffer(h.h.tcb, 0, seL4_CapNull));
        agent_run(&h);
        agent_run(&a);
        EQ(agent_out(&h, 0)[1], info_word(seL4_Fault_UnknownSyscall, 0, 4));
        EQ(agent_out(&h, 0)[5], MARK(3));
}

TEST(cap_fault_answered, "IPC-99 ABI-7.1.1")
{
        word slot = new_slot(), reply = new_reply();
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_wait(&a, slot);
        agent_run(&a);
        EQ(fault_of(&a, reply).mr[1], slot);
        answer(reply, 0, 0);
        EQ(fault_of(&a, reply).mr[1], slot);
        OK(seL4_CNode_Mint(AT(slot), AT(new_notification()), seL4_AllRights, 0x99));
        seL4_Signal(slot);
        answer(reply, 5, 4);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[0], 0x99);
}
