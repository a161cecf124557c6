/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers, TLS base and flags of a TCB. */
#include "obj_common.h"

enum { ALL = 36, FRAME_REGISTERS = 17, SPSR = 2, TLS = 34, PASSED = 12 };

static const word CONDITION_FLAGS = 0xf0000000;

static word spsr_constant(void)
{
        return on_debug_kernel() ? 0x40 : 0x140;
}

static word register_of(word tcb, word i)
{
        seL4_UserContext c;

        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, ALL, &c));
        return ((word *)&c)[i];
}

static void fill(word tcb, word base)
{
        seL4_UserContext c;

        for (word i = 0; i < ALL; i++)
                ((word *)&c)[i] = base + i * 0x0101010101;
        OK(seL4_TCB_WriteRegisters(tcb, 0, 0, ALL, &c));
}

TEST(obj_read_registers_checks, "OBJ-8.4.1 OBJ-8.4.2 OBJ-8.4.3")
{
        word tcb = sample(S_TCB), own = seL4_CapInitThreadTCB;

        EXPECT(truncated(), tcb, TCBReadRegisters, 0);
        EXPECT(truncated(), own, TCBReadRegisters, 1, {0});
        EXPECT(range_error(1, ALL), tcb, TCBReadRegisters, 2, {0, 0});
        EXPECT(range_error(1, ALL), tcb, TCBReadRegisters, 2, {0, ALL + 1});
        EXPECT(range_error(1, ALL), own, TCBReadRegisters, 2, {0, ~0ul});
        EXPECT(illegal(), own, TCBReadRegisters, 2, {0, ALL});
        EXPECT(illegal(), own, TCBReadRegisters, 2, {1, 1}); /* and it was not suspended */
        fill(tcb, 0x1000);
        EXPECT(says_word(0x1000), tcb, TCBReadRegisters, 2, {0xff00, 1}); /* arch flags are ignored */
        struct said five = {0, 5, {0x1000, 0x1000 + 0x0101010101, spsr_constant(), 0, 0}};
        five.words[3] = 0x1000 + 3 * 0x0101010101ul;
        five.words[4] = 0x1000 + 4 * 0x0101010101ul;
        EXPECT(five, tcb, TCBReadRegisters, 2, {0, 5});
}

TEST(obj_write_registers_checks, "OBJ-8.5.1 OBJ-8.5.2 OBJ-8.5.3")
{
        word tcb = sample(S_TCB), own = seL4_CapInitThreadTCB;

        EXPECT(truncated(), own, TCBWriteRegisters, 0);
        EXPECT(truncated(), own, TCBWriteRegisters, 1, {0});
        EXPECT(truncated(), own, TCBWriteRegisters, 3, {0, 2, 9});
        EXPECT(truncated(), tcb, TCBWriteRegisters, 2, {0, 1});
        EXPECT(truncated(), tcb, TCBWriteRegisters, 5, {0, ~0ul, 9, 9, 9});
        EXPECT(illegal(), own, TCBWriteRegisters, 2, {0, 0});
        EXPECT(illegal(), own, TCBWriteRegisters, 3, {0, 1, 9});
        EQ(register_of(tcb, 0), 0);
        EXPECT(done(), tcb, TCBWriteRegisters, 2, {0, 0});
        EXPECT(done(), tcb, TCBWriteRegisters, 5, {0xff00, 1, 0x77, 9, 9}); /* longer than needed */
        EQ(register_of(tcb, 0), 0x77);
        EQ(register_of(tcb, 1), 0);
}

TEST(obj_register_file, "OBJ-17.8 OBJ-8.5.2")
{
        word tcb = sample(S_TCB);

        fill(tcb, 0x1234);
        for (word i = 0; i < ALL; i++) {
                word wanted = 0x1234 + i * 0x0101010101;

                EQ(register_of(tcb, i), i == SPSR ? (wanted & CONDITION_FLAGS) | spsr_constant() : wanted);
        }
        seL4_UserContext c = {.pc = 0x9999};
        OK(seL4_TCB_WriteRegisters(tcb, 0, 0, 1, &c));
        EQ(register_of(tcb, 0), 0x9999);
        for (word i = 1; i < ALL; i++)
                CHECK(register_of(tcb, i) != 0);
        c = (seL4_UserContext){.sp = 0x4444, .x0 = 0x5555};
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, 1, &c));
        EQ(c.pc, 0x9999);
        EQ(c.sp, 0x4444);
        EQ(c.x0, 0x5555);
}

TEST(obj_more_than_all_registers, "OBJ-8.5.2")
{
        word tcb = sample(S_TCB);

        for (word i = 4; i < 44; i++)
                set_mr(i, MARK(i));
        word regs[REGISTERS];
        for (word r = 0; r < REGISTERS; r++)
                regs[r] = MARK(r);
        regs[0] = tcb;
        regs[1] = info_word(TCBWriteRegisters, 0, 42);
        regs[2] = 0;
        regs[3] = 40;
        regs[7] = (word)seL4_SysCall;
        raw_call(regs);
        EQ(regs[1], 0);
        EQ(register_of(tcb, 0), MARK(4));
        EQ(register_of(tcb, 35), MARK(37));
}

TEST(obj_spsr, "OBJ-17.8")
{
        static const word values[] = {0, ~0ul, 0x9000000f, 0x600003c5};
        word tcb = sample(S_TCB);

        EQ(register_of(tcb, SPSR), spsr_constant());
        for (word i = 0; i < sizeof values / sizeof *values; i++) {
                seL4_UserContext c = {.spsr = values[i]};

                OK(seL4_TCB_WriteRegisters(tcb, 0, 0, 3, &c));
                EQ(register_of(tcb, SPSR), (values[i] & CONDITION_FLAGS) | spsr_constant());
        }
}

TEST(obj_copy_registers, "OBJ-8.6.1 OBJ-8.6.2")
{
        word from = sample(S_TCB), to = sample(S_TCB);

        EXPECT(truncated(), to, TCBCopyRegisters, 0, {0}, 1, {from});
        EXPECT(truncated(), to, TCBCopyRegisters, 1, {12});
        EXPECT(bad_capability(1), to, TCBCopyRegisters, 1, {12}, 1, {new_endpoint()});
        EXPECT(bad_capability(1), to, TCBCopyRegisters, 1, {12}, 1, {new_slot()});
        fill(from, 0x8000);
        EXPECT(done(), to, TCBCopyRegisters, 1, {0xff00}, 1, {from});
        EQ(register_of(to, 0), 0);
        EXPECT(done(), to, TCBCopyRegisters, 1, {4}, 1, {from});
        for (word i = 0; i < ALL; i++)
                EQ(register_of(to, i), i < FRAME_REGISTERS ? register_of(from, i) : 0);
        fill(from, 0x10000);
        EXPECT(done(), to, TCBCopyRegisters, 1, {8}, 1, {from});
        for (word i = 0; i < ALL; i++)
                EQ(register_of(to, i) == register_of(from, i), i >= FRAME_REGISTERS || i == SPSR);
        EXPECT(done(), from, TCBCopyRegisters, 1, {12}, 1,
               {seL4_CapInitThreadTCB}); /* the caller as source */
        CHECK(register_of(from, 1) != 0x10000 + 0x0101010101);
}

/* Bit 0 stops the source, bit 1 starts the target. */
TEST(obj_copy_registers_moves_threads, "OBJ-8.6.2")
{
        static struct agent a, b;
        word ntfn = new_notification();

        agent_make(&a, LOW);
        agent_make(&b, LOW);
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_start(&a);
        EXPECT(done(), b.h.tcb, TCBCopyRegisters, 1, {1}, 1, {a.h.tcb});
        CHECK(agent_is(&a, 0)); /* it did not get to run */
        EXPECT(done(), a.h.tcb, TCBCopyRegisters, 1, {2}, 1, {b.h.tcb});
        CHECK(agent_is(&a, 1));
}

TEST(obj_tls_base, "OBJ-8.17.1")
{
        word tcb = sample(S_TCB);

        EXPECT(truncated(), tcb, TCBSetTLSBase, 0);
        EXPECT(done(), tcb, TCBSetTLSBase, 1, {0xfedcba9876543210});
        EQ(register_of(tcb, TLS), 0xfedcba9876543210);
}

TEST(obj_flags, "OBJ-8.18.1 OBJ-17.14")
{
        word tcb = sample(S_TCB);

        EXPECT(truncated(), tcb, TCBSetFlags, 0);
        EXPECT(truncated(), tcb, TCBSetFlags, 1, {0});
        EXPECT(says_word(0), tcb, TCBSetFlags, 2, {0, ~1ul}); /* unknown bits */
        EXPECT(says_word(1), tcb, TCBSetFlags, 2, {0, ~0ul});
        EXPECT(says_word(1), tcb, TCBSetFlags, 2, {0, 0});
        EXPECT(says_word(1), tcb, TCBSetFlags, 2, {1, 1}); /* cleared, then set */
        EXPECT(says_word(1), tcb, TCBSetFlags, 2, {2, 0});
        EXPECT(says_word(0), tcb, TCBSetFlags, 2, {1, 0});
        EXPECT(says_word(0), seL4_CapInitThreadTCB, TCBSetFlags, 2, {0, 0});
}

/* A thread blocked in Call with a message of its own, for looking at its registers. */
static void blocked_in_call(struct agent *a, word ep)
{
        agent_make(a, LOW);
        does_call(a, ep, info_word(1, 0, 4));
        does_call(a, ep, info_word(2, 0, 4));
        does_call(a, ep, info_word(3, 0, 4));
        agent_run(a);
}

TEST(obj_stopped_in_a_call, "OBJ-17.9 OBJ-15.2.r5")
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply();
        seL4_UserContext c;

        blocked_in_call(&a, ep);
        word svc = agent_pc(&a);
        OK(registers_read(&a.h, &c, 0));
        EQ(c.x0, ep); /* all as it was when it entered */
        EQ(c.x2, MARK(2));
        EQ(c.x5, MARK(5));
        OK(seL4_TCB_Suspend(a.h.tcb));
        EQ(agent_pc(&a), svc);
        CHECK(!poll_message(ep, reply).any);
        OK(seL4_TCB_Resume(a.h.tcb)); /* the call is executed again */
        EQ(poll_message(ep, reply).label, 1);
        EQ(agent_pc(&a), svc);
        agent_skip(&a, SVC_BYTES);
        CHECK(agent_is(&a, 1));
        EQ(agent_out(&a, 0)[2], MARK(2)); /* nothing came back */
        EQ(poll_message(ep, reply).label, 2);
        OK(seL4_CNode_Delete(AT(reply)));
        CHECK(agent_is(&a, 1));
        EQ(agent_pc(&a), svc);
        agent_skip(&a, SVC_BYTES);
        CHECK(agent_is(&a, 2));
}

TEST(obj_skip_after_endpoint_is_gone, "OBJ-17.9")
{
        static struct agent a;
        word ep = new_endpoint();

        blocked_in_call(&a, ep);
        OK(seL4_CNode_Delete(AT(ep))); /* restarts, but has not run */
        agent_skip(&a, SVC_BYTES);
        let_run();
        EQ(agent_out(&a, 0)[2], MARK(2));
        EQ(agent_out(&a, 1)[1], info_word(seL4_InvalidCapability, 0, 1));
        EQ(agent_out(&a, 2)[1], info_word(seL4_InvalidCapability, 0, 1));
}

/* Count 0 sets no register and still makes the thread go on at its restart address, the svc. */
TEST(obj_write_no_registers, "OBJ-18.12")
{
        static struct agent a;
        word ep = new_endpoint(), reply = new_reply(), ntfn = new_notification();

        agent_make(&a, LOW);
        does_call(&a, ep, info_word(1, 0, 0));
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_run(&a);
        CHECK(poll_message(ep, reply).any);
        EXPECT(done(), a.h.tcb, TCBWriteRegisters, 2, {0, 0}); /* blocked still, but its way on has changed */
        CHECK(agent_is(&a, 0));
        answer(reply, 7, 0);
        CHECK(agent_is(&a, 2));
        /* Unblocked normally it made the call once more, with what the reply had put in x0: the empty slot 0. */
        EQ(agent_out(&a, 0)[1], info_word(seL4_InvalidCapability, 0, 1));
}

TEST(obj_read_and_suspend, "OBJ-8.4.3 OBJ-17.9")
{
        static struct agent a;
        word ep = new_endpoint();
        seL4_UserContext c;

        blocked_in_call(&a, ep);
        OK(registers_read(&a.h, &c, 1));
        CHECK(!poll_message(ep, new_reply()).any);
        OK(seL4_TCB_Resume(a.h.tcb));
        CHECK(poll_message(ep, new_reply()).any);
}

/* Without a writable buffer only the words in registers come back. */
TEST(obj_read_registers_without_buffer, "OBJ-8.4.2")
{
        static struct agent a;
        word tcb = sample(S_TCB);
        word *in;

        fill(tcb, 0x2000);
        agent_make(&a, LOW);
        for (word count = 3; count <= 36; count += 33) {
                in = does_call(&a, tcb, info_word(TCBReadRegisters, 0, 2));
                in[2] = 0, in[3] = count;
        }
        word frame = copied(a.h.frame, seL4_CanRead);
        OK(seL4_TCB_SetIPCBuffer(a.h.tcb, a.h.buffer, frame));
        agent_buffer(&a)->msg[4] = PASSED;
        agent_run(&a);
        CHECK(agent_is(&a, 2));
        EQ(agent_out(&a, 0)[1], info_word(0, 0, 3));
        EQ(agent_out(&a, 0)[5], MARK(5));
        EQ(agent_out(&a, 1)[1], info_word(0, 0, 4));
        EQ(agent_out(&a, 1)[5], 0x2000 + 3 * 0x0101010101ul);
        EQ(agent_buffer(&a)->msg[4], PASSED);
}
