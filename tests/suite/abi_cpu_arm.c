/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor as a program sees it: traps, counters, vector registers, what a system call keeps. */
#include "arm_code.h"
#include "ipc_common.h"

enum { FP_DISABLED = 0x1fe00000, COUNTER_READ = 0x62000000, CLASS = 0xfc000000, COUNTER_ACCESS = 0x6234f801 };

/* Run to its end without a fault. */
static void runs(helper_fn *fn, word x0, word x1)
{
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        helper_start(&a.h, fn, x0, x1);
        let_run();
        CHECK(!poll_message(a.faults, new_reply()).any);
        EQ(a.h.done, 1);
}

/* An exception at `at`; answers its number. */
static word exception(struct agent *a, word reply, const char *at)
{
        struct message m = fault_of(a, reply);
        seL4_UserContext c;

        if (m.label == seL4_Fault_UserException) {
                EQ(m.length, 5);
                EQ(m.mr[0], at);
                EQ(m.mr[4], 0);
                return m.mr[3];
        }
        EQ(m.label, exception_label(m.mr[0]));
        EQ(m.length, 1);
        OK(registers_read(&a->h, &c, 0));
        EQ(c.pc, at);
        return m.mr[0];
}

TEST(immediate_of_svc_is_ignored, "ABI-1.1")
{
        word ntfn = new_notification(), regs[REGISTERS];

        for (word i = 0; i < REGISTERS; i++)
                regs[i] = MARK(i);
        regs[0] = minted(ntfn, 0x1234, seL4_AllRights);
        regs[1] = 0;
        regs[7] = (word)seL4_SysSend;
        runs(arm_call_immediate, (word)regs, 0);
        EQ(poll_word(ntfn), 0x1234);
        EQ(regs[2], MARK(2));
        EQ(regs[8], MARK(8));
}

/* All registers with distinct values, x0, x1, x7 for this call. */
static void all_registers(word words[ARM_CALL_WORDS], seL4_Syscall_ID number, word cap, word info)
{
        for (word i = 0; i < ARM_CALL_WORDS; i++)
                words[i] = 0x7e57000000 + i;
        words[0] = cap;
        words[1] = info;
        words[6] = 0;
        words[7] = (word)number;
        words[31] = 0x60000000;
}

/* Everything from x`first` on is preserved; `go` is what the other side does meanwhile. */
static void keeps(const word *before, const word *after, word first)
{
        for (word i = first; i < ARM_CALL_WORDS; i++)
                EQ(after[i], before[i]);
}

TEST(silent_calls_keep_everything, "ABI-1.1.18 ABI-1.1.19 IPC-01")
{
        static const seL4_Syscall_ID CALLS[] = {seL4_SysSend, seL4_SysNBSend, seL4_SysYield};

        for (word i = 0; i < 3; i++) {
                word before[ARM_CALL_WORDS], after[ARM_CALL_WORDS];

                all_registers(before, CALLS[i], new_notification(), 0);
                all_registers(after, CALLS[i], before[0], 0);
                runs(arm_call_all, (word)after, 0);
                keeps(before, after, 0);
        }
}

/* A blocking call, during which other threads use the same registers. */
static void keeps_while_blocked(seL4_Syscall_ID number, word first)
{
        word ep = new_endpoint(), reply = new_reply(), before[ARM_CALL_WORDS], after[ARM_CALL_WORDS];
        word other[ARM_CALL_WORDS];
        struct helper h;

        all_registers(before, number, ep, 0);
        before[6] = new_reply();
        for (word i = 0; i < ARM_CALL_WORDS; i++)
                after[i] = before[i];
        spawn(&h, LOW, arm_call_all, (word)after, 0);
        let_run();
        EQ(h.done, 0);
        all_registers(other, seL4_SysYield, 0, 0);
        for (word i = 8; i < ARM_CALL_WORDS; i++)
                other[i] = ~other[i];
        runs(arm_call_all, (word)other, 0);
        if (number == seL4_SysCall) {
                CHECK(poll_message(ep, reply).any);
                answer(reply, 0, 4);
        } else {
                post(ep, 0, 4);
        }
        let_run();
        EQ(h.done, 1);
        keeps(before, after, first);
}

TEST(blocking_calls_keep_the_rest, "ABI-1.1.10 ABI-1.1.14")
{
        keeps_while_blocked(seL4_SysCall, 6);
        keeps_while_blocked(seL4_SysRecv, 6);
        keeps_while_blocked(seL4_SysWait, 6);
}

/* A call that a waiting server answers at once; `passive`: on the time of the caller. */
static void keeps_through_a_call(int passive)
{
        word ep = new_endpoint(), reply = new_reply(), before[ARM_CALL_WORDS], after[ARM_CALL_WORDS];
        struct agent s;

        agent_make(&s, HIGH);
        does_recv(&s, ep, reply);
        for (word i = 0; i < 3; i++)
                does_reply_recv(&s, ep, info_word(5, 0, 4), reply);
        agent_run(&s);
        if (passive)
                helper_passive(&s.h);
        all_registers(before, seL4_SysCall, ep, info_word(1, 0, 4));
        for (word i = 0; i < ARM_CALL_WORDS; i++)
                after[i] = before[i];
        runs(arm_call_all, (word)after, 0);
        EQ(s.h.step, 1);
        EQ(after[0], 0);
        EQ(after[1], info_word(5, 0, 4));
        for (word i = 2; i < 6; i++) {
                EQ(s.step[0].out[i], before[i]);
                EQ(after[i], MARK(i));
        }
        keeps(before, after, 6);
}

TEST(answered_calls_keep_the_rest, "ABI-1.1.14 IPC-39")
{
        keeps_through_a_call(0);
        keeps_through_a_call(1);
}

TEST(cache_maintenance_by_programs, "ABI-6.1")
{
        word address;

        map_new_page(&address);
        runs(arm_cache, address, 0);
}

TEST(alignment_is_not_checked, "ABI-6.1")
{
        word address;

        map_new_page(&address);
        runs(arm_unaligned, address, 0x1122334455667788);
        EQ(*(volatile uint32_t *)(address + 4), 0x44556677);
}

TEST(hidden_counter_traps, "ABI-6.2")
{
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        helper_start(&a.h, arm_counter, 0, 0);
        word number = exception(&a, new_reply(), arm_counter_at);
        EQ(number & CLASS, COUNTER_READ & CLASS);
        EQ(number & ~0xe0000ul, COUNTER_ACCESS & ~0xe0000ul);
}

TEST(vector_registers_on_and_off, "ABI-6.3")
{
        word result = 0, reply = new_reply(), regs[REGISTERS];
        struct agent a;

        runs(arm_fp, (word)&result, 0x3ff);
        EQ(result, 0x3ff);
        agent_make(&a, LOW);
        agent_watch(&a);
        raw(seL4_SysCall, a.h.tcb, 0, regs);
        EQ(seL4_TCB_SetFlags(a.h.tcb, 0, seL4_TCBFlag_fpuDisabled).flags, seL4_TCBFlag_fpuDisabled);
        helper_start(&a.h, arm_fp, (word)&result, 0x4ff);
        EQ(exception(&a, reply, arm_fp_at), FP_DISABLED);
        EQ(result, 0x3ff);
        EQ(seL4_TCB_SetFlags(a.h.tcb, seL4_TCBFlag_fpuDisabled, 0).flags, 0);
        answer(reply, 0, 0);
        let_run();
        EQ(result, 0x4ff);
        EQ(a.h.done, 1);
}

TEST(waiting_instructions_do_not_trap, "ABI-6.4")
{
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        helper_start(&a.h, arm_wait, 0, 0);
        sleep_us(50000);
        CHECK(!poll_now(a.faults, new_reply()).any);
        EQ(a.h.done, 1);
}

TEST(thread_registers, "ABI-5.3")
{
        word seen[2] = {0, 0};
        seL4_UserContext c;
        struct helper h;

        helper_make(&h, LOW);
        helper_start(&h, arm_tls, (word)seen, 0);
        OK(registers_read(&h, &c, 0));
        c.tpidrro_el0 = 0x5e1f;
        OK(seL4_TCB_WriteRegisters(h.tcb, 0, 0, sizeof c / sizeof(word), &c));
        let_run();
        EQ(h.done, 1);
        EQ(seen[0], h.tls);
        EQ(seen[1], 0x5e1f);
}

TEST(assertions_of_accessors, "ABI-9.7")
{
        machine_asserts = 0;
        machine_expects_asserts = 1;
        seL4_MessageInfo_t m = seL4_MessageInfo_new(0, 0, 0, 128);
        m = seL4_MessageInfo_set_extraCaps(m, 4);
        m = seL4_MessageInfo_set_extraCaps(m, 3);
        machine_expects_asserts = 0;
        EQ(machine_asserts, 2);
        EQ(seL4_MessageInfo_get_extraCaps(m), 3);
}
