/* SPDX-License-Identifier: BSD-2-Clause */
/* The detail words of error replies, and register files through invocations. */
#include "ipc_common.h"

/* A Call with these first words and this extra cap; its answer. */
static struct message invoke(word cap, word info, const word words[2], word extra)
{
        word regs[REGISTERS];
        struct message m = {0};

        for (word i = 0; i < REGISTERS; i++)
                regs[i] = MARK(i);
        regs[0] = cap;
        regs[1] = info;
        regs[2] = words[0];
        regs[3] = words[1];
        regs[6] = 0;
        regs[7] = (word)seL4_SysCall;
        seL4_SetCap(0, extra);
        raw_call(regs);
        EQ(regs[0], 0);
        m.label = regs[1] >> 12;
        m.length = regs[1] & 0x7f;
        m.caps = regs[1] >> 7 & 3;
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                m.mr[i] = regs[2 + i];
        return m;
}

static struct message retype(word untyped, word type, word bits)
{
        set_mr(4, 0);
        set_mr(5, 1);
        return invoke(untyped, info_word(UntypedRetype, 1, 6), (word[]){type, bits}, ROOT);
}

TEST(invalid_argument, "ABI-4.3.1 ABI-1.1.17")
{
        struct message m = retype(test_untyped(), 0x999, 0);

        EQ(m.label, seL4_InvalidArgument);
        EQ(m.length, 1);
        EQ(m.caps, 0);
        EQ(m.mr[0], 0);
        EQ(m.mr[1], 0);
}

TEST(invalid_capability, "ABI-4.3.2")
{
        word tcb = new_object(seL4_TCBObject, 0);
        struct message m = invoke(tcb, info_word(TCBSetPriority, 1, 1), (word[]){1, 2}, new_endpoint());

        EQ(m.label, seL4_InvalidCapability);
        EQ(m.length, 1);
        EQ(m.mr[0], 1);
        EQ(m.mr[1], 2);
}

TEST(range_error, "ABI-4.3.3")
{
        word tcb = new_object(seL4_TCBObject, 0);
        struct message m =
                invoke(tcb, info_word(TCBSetPriority, 1, 1), (word[]){256, 2}, seL4_CapInitThreadTCB);

        EQ(m.label, seL4_RangeError);
        EQ(m.length, 2);
        EQ(m.mr[0], 0);
        EQ(m.mr[1], 255);
        EQ(m.mr[2], MARK(4));
}

/* Retype to a CNode of 4 KiB; destination offset, count and root are in the buffer. */
static void memory_call(word untyped, word regs[REGISTERS])
{
        for (word i = 0; i < REGISTERS; i++)
                regs[i] = 0;
        regs[0] = untyped;
        regs[1] = info_word(UntypedRetype, 1, 6);
        regs[2] = seL4_CapTableObject;
        regs[3] = 7;
        regs[7] = (word)seL4_SysCall;
        raw_call(regs);
}

TEST(not_enough_memory, "ABI-4.3.5")
{
        word untyped = new_object(seL4_UntypedObject, 12), slot = new_slot();
        word regs[REGISTERS];

        OK(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, ROOT, 0, 0, slot, 1));
        set_mr(4, new_slot());
        set_mr(5, 1);
        seL4_SetCap(0, ROOT);
        memory_call(untyped, regs);
        EQ(regs[1], info_word(seL4_NotEnoughMemory, 0, 1));
        EQ(regs[2], (1 << 12) - (1 << seL4_EndpointBits));
        EQ(regs[3], 7);
}

static void no_details(struct message m, word label)
{
        EQ(m.label, label);
        EQ(m.length, 0);
        EQ(m.caps, 0);
        EQ(m.mr[0], 0x11);
        EQ(m.mr[1], 64);
}

TEST(errors_without_details, "ABI-4.3.6")
{
        word tcb = new_object(seL4_TCBObject, 0), frame = new_frame(), full = new_endpoint();
        struct message m;

        no_details(invoke(tcb, info_word(TCBSetIPCBuffer, 1, 1), (word[]){0x11, 64}, frame),
                   seL4_AlignmentError);
        no_details(invoke(tcb, info_word(TCBSetPriority, 1, 0), (word[]){0x11, 64}, 1),
                   seL4_TruncatedMessage);
        no_details(invoke(tcb, info_word(TCBSetPriority, 0, 1), (word[]){0x11, 64}, 1),
                   seL4_TruncatedMessage);
        no_details(invoke(tcb, info_word(0, 0, 4), (word[]){0x11, 64}, 1), seL4_IllegalOperation);
        EQ(seL4_CNode_Copy(AT(full), AT(tcb), seL4_AllRights), seL4_DeleteFirst);
        m = invoke(seL4_CapIRQControl, info_word(IRQIssueIRQHandler, 1, 3), (word[]){27, 0}, ROOT);
        EQ(m.label, seL4_RevokeFirst);
        EQ(m.length, 0);
        EQ(m.mr[0], 27);
}

TEST(fresh_thread_has_no_registers, "ABI-5.4 ABI-5.2")
{
        seL4_UserContext c;
        const word *words = (const word *)&c;
        word tcb = new_object(seL4_TCBObject, 0);

        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, sizeof c / sizeof(word), &c));
        EQ(c.spsr, on_debug_kernel() ? 0x40 : 0x140);
        for (word i = 0; i < sizeof c / sizeof(word); i++)
                CHECK(words[i] == 0 || &words[i] == &c.spsr);
}

TEST(registers_are_kept_as_written, "ABI-5.2 ABI-5.3 ABI-5.1")
{
        seL4_UserContext c, d;
        word *in = (word *)&c, *out = (word *)&d, count = sizeof c / sizeof(word);
        word tcb = new_object(seL4_TCBObject, 0);

        for (word i = 0; i < count; i++)
                in[i] = 0x1234567890ul * (i + 3);
        OK(seL4_TCB_WriteRegisters(tcb, 0, 0, count, &c));
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, count, &d));
        for (word i = 0; i < count; i++)
                EQ(out[i],
                   &in[i] == &c.spsr ? (in[i] & 0xf0000000) | (on_debug_kernel() ? 0x40 : 0x140) : in[i]);
        OK(seL4_TCB_SetTLSBase(tcb, 0x715ba5e));
        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, count, &d));
        EQ(d.tpidr_el0, 0x715ba5e);
        EQ(d.tpidrro_el0, c.tpidrro_el0);
}
