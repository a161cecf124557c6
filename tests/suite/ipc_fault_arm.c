/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults by instructions of the real processor. */
#include "arm_code.h"
#include "ipc_common.h"

enum { FLAGS = 0xf0000000, UNDEFINED = 0x02000000, BRK = 0xf2000000, PREFETCH_ABORT = 0x82000004 };

/* What the kernel makes of any SPSR that is written. */
static word fixed_spsr(void)
{
        return on_debug_kernel() ? 0x40 : 0x140;
}

static void faulting(struct agent *a, helper_fn *fn, word x0, word x1)
{
        agent_make(a, LOW);
        agent_watch(a);
        helper_start(&a->h, fn, x0, x1);
}

static struct message user_exception(struct agent *a, word reply, const char *at, word number)
{
        struct message m = fault_of(a, reply);

        EQ(m.label, exception_label(number));
        EQ(m.length, exception_length(number));
        if (m.label == seL4_Fault_UserException) {
                EQ(m.mr[0], at);
                EQ(m.mr[3], number);
                EQ(m.mr[4], 0);
        } else {
                EQ(m.mr[0], number);
        }
        let_run();
        return m;
}

static void answer_words(word reply, const word *words, word length)
{
        for (word i = 0; i < length; i++)
                set_mr(i, words[i]);
        answer(reply, 0, length);
        let_run();
}

TEST(undefined_instruction, "IPC-87 ABI-7.1.3")
{
        word reply = new_reply();
        struct arm_state state = {0, 0};
        seL4_UserContext c;
        struct agent a;

        faulting(&a, arm_undefined, (word)&state, 0);
        struct message m = user_exception(&a, reply, arm_undefined_at, UNDEFINED);
        OK(registers_read(&a.h, &c, 0));
        EQ(m.mr[1], c.sp);
        EQ(m.mr[2], 0xa0000000 | fixed_spsr());
        let_run();
        answer_words(reply, (word[]){(word)arm_undefined_after, m.mr[1] - 64}, 2);
        EQ(a.h.done, 1);
        EQ(state.sp, m.mr[1] - 64);
        EQ(state.nzcv, 0xa0000000);
}

TEST(exception_stopped_by_label, "IPC-87 ABI-7.1.3")
{
        word reply = new_reply();
        struct arm_state state = {0, 0};
        seL4_UserContext c;
        struct agent a;

        faulting(&a, arm_undefined, (word)&state, 0);
        user_exception(&a, reply, arm_undefined_at, UNDEFINED);
        set_mr(0, (word)arm_undefined_after);
        answer(reply, 1, 1);
        let_run();
        EQ(a.h.done, 0);
        OK(registers_read(&a.h, &c, 0));
        EQ(c.pc, arm_undefined_after);
        OK(seL4_TCB_Resume(a.h.tcb));
        let_run();
        EQ(a.h.done, 1);
}

TEST(exception_answered_without_words, "IPC-87 ABI-7.1.3")
{
        word reply = new_reply();
        struct arm_state state = {0, 0};
        struct agent a;

        faulting(&a, arm_undefined, (word)&state, 0);
        user_exception(&a, reply, arm_undefined_at, UNDEFINED);
        answer(reply, 0, 0);
        user_exception(&a, reply, arm_undefined_at, UNDEFINED);
}

TEST(breakpoint_instruction, "IPC-88")
{
        word reply = new_reply();
        struct agent a;

        faulting(&a, arm_brk, 0, 0);
        user_exception(&a, reply, arm_brk_at, BRK + 5);
        if (AT_EL2) {
                seL4_UserContext c;

                answer_words(reply, (word[]){0}, 1); /* its words mean nothing: the same again */
                user_exception(&a, reply, arm_brk_at, BRK + 5);
                OK(registers_read(&a.h, &c, 0));
                EQ(c.pc, (word)arm_brk_at);
                c.pc += SVC_BYTES;
                OK(seL4_TCB_WriteRegisters(a.h.tcb, 0, 0, 1, &c));
        }
        answer_words(reply, (word[]){(word)arm_brk_at + SVC_BYTES}, 1);
        EQ(a.h.done, 1);
}

TEST(answered_spsr_is_filtered, "IPC-89 ABI-5.2")
{
        static const word WRITTEN[] = {0x500003c5, 0x600003dful, ~0ul, 0x80000010, 0};

        for (word i = 0; i < sizeof WRITTEN / sizeof WRITTEN[0]; i++) {
                word reply = new_reply();
                struct arm_state state = {0, 0};
                seL4_UserContext c;
                struct agent a;

                faulting(&a, arm_undefined, (word)&state, 0);
                struct message m = user_exception(&a, reply, arm_undefined_at, UNDEFINED);
                answer_words(reply, (word[]){(word)arm_undefined_after, m.mr[1], WRITTEN[i]}, 3);
                EQ(a.h.done, 1);
                EQ(state.nzcv, WRITTEN[i] & FLAGS);
                OK(registers_read(&a.h, &c, 0));
                EQ(c.spsr & ~(word)FLAGS, fixed_spsr());
        }
}

TEST(written_spsr_is_filtered, "ABI-5.2 ABI-5.4")
{
        struct agent a;
        seL4_UserContext c;

        agent_make(&a, LOW);
        OK(registers_read(&a.h, &c, 0));
        EQ(c.spsr, fixed_spsr());
        c.spsr = ~0ul;
        OK(seL4_TCB_WriteRegisters(a.h.tcb, 0, 0, 3, &c));
        OK(registers_read(&a.h, &c, 0));
        EQ(c.spsr, 0xf0000000 | fixed_spsr());
}

TEST(jump_into_the_void, "IPC-84 ABI-7.1.1")
{
        word address = new_page_address() + 0x40, reply = new_reply();
        seL4_UserContext c;
        struct agent a;

        faulting(&a, arm_jump, address, 0);
        struct message m = fault_of(&a, reply);
        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.length, 4);
        EQ(m.mr[0], address);
        EQ(m.mr[1], address);
        EQ(m.mr[2], 1);
        EQ(m.mr[3] & ~3ul, PREFETCH_ABORT);
        OK(registers_read(&a.h, &c, 0));
        EQ(c.pc, address);
        c.pc = c.x30;
        OK(seL4_TCB_WriteRegisters(a.h.tcb, 0, 0, 1, &c));
        let_run();
        EQ(a.h.done, 0);
        answer(reply, 0, 0);
        let_run();
        EQ(a.h.done, 1);
}

TEST(resumed_past_its_fault, "IPC-84")
{
        word address = new_page_address(), reply = new_reply();
        seL4_UserContext c;
        struct agent a;

        faulting(&a, arm_jump, address, 0);
        CHECK(fault_of(&a, reply).any);
        OK(registers_read(&a.h, &c, 0));
        c.pc = c.x30;
        OK(seL4_TCB_WriteRegisters(a.h.tcb, 1, 0, 1, &c));
        let_run();
        EQ(a.h.done, 1);
        answer(reply, 0, 0);
}

/* Registers for a timeout reply: distinct values, pc and sp where arm_dump wants them. */
static void timeout_registers(seL4_UserContext *c, const word *record)
{
        word *words = (word *)c;

        for (word i = 0; i < sizeof *c / sizeof(word); i++)
                words[i] = 0xabc00000 + i;
        c->pc = (word)arm_dump;
        c->sp = (word)(record + ARM_DUMP_WORDS);
        c->spsr = 0x90000000;
}

static void same_registers(const seL4_UserContext *c, const word *record)
{
        const word expected[] = {c->x0,  c->x1,  c->x2,  c->x3,  c->x4,  c->x5,  c->x6,  c->x7,
                                 c->x8,  c->x9,  c->x10, c->x11, c->x12, c->x13, c->x14, c->x15,
                                 c->x16, c->x17, c->x18, c->x19, c->x20, c->x21, c->x22, c->x23,
                                 c->x24, c->x25, c->x26, c->x27, c->x28, c->x29, c->x30};

        for (word i = 0; i < sizeof expected / sizeof expected[0]; i++)
                EQ(record[i], expected[i]);
        EQ(record[31], 0x90000000);
}

TEST(timeout_reply_sets_all_registers, "IPC-98 ABI-7.1.4")
{
        enum { BUDGET = 1000, PERIOD = 10000 };
        static word record[ARM_DUMP_WORDS] __attribute__((aligned(16)));
        word ep = new_endpoint(), reply = new_reply();
        seL4_UserContext c, after;
        struct helper h;

        timeout_registers(&c, record);
        helper_make(&h, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, BUDGET, PERIOD, 0, 0, 0));
        OK(seL4_TCB_SetTimeoutEndpoint(h.tcb, ep));
        helper_start(&h, arm_spin, 0, 0);
        sleep_us(PERIOD);
        EQ(poll_message(ep, reply).label, seL4_Fault_Timeout);
        for (word i = 0; i < 34; i++)
                set_mr(i, ((word *)&c)[i]);
        answer(reply, 0, 34);
        sleep_us(2 * PERIOD);
        same_registers(&c, record);
        OK(registers_read(&h, &after, 0));
        EQ(after.tpidr_el0, h.tls);
        CHECK(poll_message(ep, reply).any);
}
