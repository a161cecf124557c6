/* SPDX-License-Identifier: BSD-2-Clause */
/* See obj_common.h. */
#include "obj_common.h"

enum { FREE_IRQ = 90, SOME_SGI = 7 };

static word question_info(const struct question *q)
{
        return info_word(q->label, q->caps, q->length);
}

/* The words go to registers and buffer, marks behind them. */
static void put_question(const struct question *q, word regs[REGISTERS])
{
        for (word i = 0; i < QUESTION_WORDS; i++) {
                word value = i < q->length ? q->words[i] : MARK(i);

                if (i < WORDS_IN_REGISTERS)
                        regs[2 + i] = value;
                else
                        set_mr(i, value);
        }
        for (word i = 0; i < MOST_CAPS; i++)
                seL4_SetCap((int)i, i < q->caps ? q->cap_list[i] : MARK(i));
}

static void keep(word to[REGISTERS], const word from[REGISTERS])
{
        for (word r = 0; r < REGISTERS; r++)
                to[r] = from[r];
}

static word said_word(const word regs[REGISTERS], word i)
{
        return i < WORDS_IN_REGISTERS ? regs[2 + i] : get_mr(i);
}

void expect(const char *file, int line, struct said wanted, const struct question *q)
{
        word regs[REGISTERS], before[REGISTERS];

        for (word r = 0; r < REGISTERS; r++)
                regs[r] = MARK(r);
        put_question(q, regs);
        regs[0] = q->cap;
        regs[1] = question_info(q);
        regs[7] = (word)seL4_SysCall;
        keep(before, regs);
        raw_call(regs);
        seL4_MessageInfo_t info = {{regs[1]}};
        word label = seL4_MessageInfo_get_label(info), length = seL4_MessageInfo_get_length(info);

        if (label != wanted.label)
                suite_fail(file, line, "label of the answer", label, wanted.label);
        if (length != wanted.length)
                suite_fail(file, line, "length of the answer", length, wanted.length);
        if (seL4_MessageInfo_get_extraCaps(info) || seL4_MessageInfo_get_capsUnwrapped(info) || regs[0])
                suite_fail(file, line, "caps and badge of the answer", regs[1], regs[0]);
        for (word i = 0; i < length; i++) {
                if (said_word(regs, i) != wanted.words[i])
                        suite_fail(file, line, "word of the answer", said_word(regs, i), wanted.words[i]);
        }
        for (word r = 2; r < REGISTERS; r++) {
                int returned = r < 6 && r - 2 < length;

                if (!returned && regs[r] != before[r])
                        suite_fail(file, line, "register that no answer was in", regs[r], before[r]);
        }
}

void send_question(word number, const struct question *q)
{
        word regs[REGISTERS], before[REGISTERS];

        put_question(q, regs);
        regs[0] = q->cap;
        regs[1] = question_info(q);
        regs[6] = MARK(6);
        regs[7] = number;
        regs[8] = MARK(8);
        keep(before, regs);
        raw_call(regs);
        for (word r = 0; r < REGISTERS; r++)
                EQ(regs[r], before[r]);
}

void combined_question(const struct question *q)
{
        word regs[REGISTERS], ntfn = minted(new_notification(), MARK(9), seL4_AllRights);

        put_question(q, regs);
        seL4_Signal(ntfn);
        regs[0] = ntfn;
        regs[1] = question_info(q);
        regs[6] = q->cap;
        regs[7] = (word)seL4_SysNBSendWait;
        regs[8] = 0;
        raw_call(regs);
        EQ(regs[0], MARK(9));
}

struct said done(void)
{
        return (struct said){0};
}

struct said bad_argument(word n)
{
        return (struct said){seL4_InvalidArgument, 1, {n}};
}

struct said bad_capability(word n)
{
        return (struct said){seL4_InvalidCapability, 1, {n}};
}

struct said illegal(void)
{
        return (struct said){.label = seL4_IllegalOperation};
}

struct said range_error(word low, word high)
{
        return (struct said){seL4_RangeError, 2, {low, high}};
}

struct said misaligned(void)
{
        return (struct said){.label = seL4_AlignmentError};
}

struct said truncated(void)
{
        return (struct said){.label = seL4_TruncatedMessage};
}

struct said delete_first(void)
{
        return (struct said){.label = seL4_DeleteFirst};
}

struct said revoke_first(void)
{
        return (struct said){.label = seL4_RevokeFirst};
}

struct said no_memory(word bytes)
{
        return (struct said){seL4_NotEnoughMemory, 1, {bytes}};
}

struct said says_word(word value)
{
        return (struct said){seL4_NoError, 1, {value}};
}

struct said bad_root(word source)
{
        return (struct said){seL4_FailedLookup, 2, {source, seL4_InvalidRoot}};
}

struct said missing(word source, word left)
{
        return (struct said){seL4_FailedLookup, 3, {source, seL4_MissingCapability, left}};
}

struct said bad_depth(word source, word left, word found)
{
        return (struct said){seL4_FailedLookup, 4, {source, seL4_DepthMismatch, left, found}};
}

struct said bad_guard(word source, word left, word guard, word size)
{
        return (struct said){seL4_FailedLookup, 5, {source, seL4_GuardMismatch, left, guard, size}};
}

int there(word slot)
{
        return there_in(ROOT, slot, seL4_WordBits);
}

int there_in(word node, word index, word depth)
{
        word error = seL4_CNode_Move(node, index, (seL4_Uint8)depth, node, index, (seL4_Uint8)depth);

        CHECK(error == seL4_DeleteFirst || error == seL4_FailedLookup);
        return error == seL4_DeleteFirst;
}

word new_node(word bits)
{
        return new_object(seL4_CapTableObject, bits);
}

word radix(void)
{
        return suite_boot->initThreadCNodeSizeBits;
}

word new_untyped(word bits)
{
        return new_object(seL4_UntypedObject, bits);
}

word retyped(word untyped, word type, word bits, word slot)
{
        return (word)seL4_Untyped_Retype(untyped, type, bits, ROOT, 0, 0, slot, 1);
}

word data_word(word guard, word size)
{
        return guard << 6 | size;
}

static word mapped_table(void)
{
        word table = 0, address = 0x4000000000, error;

        do {
                table = new_object(seL4_ARM_PageTableObject, 0);
                error = (word)seL4_ARM_PageTable_Map(table, VSPACE, address, seL4_ARM_Default_VMAttributes);
        } while (error == seL4_FailedLookup);
        OK(error);
        return table;
}

static word assigned_vspace(void)
{
        word space = new_object(seL4_ARM_VSpaceObject, 0);

        OK(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, space));
        return space;
}

static word issued(int sgi)
{
        word slot = new_slot();

#ifdef CONFIG_ENABLE_SMP_SUPPORT
        CHECK(!sgi); /* the interface of several cores has none */
#else
        if (sgi) {
                OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, SOME_SGI, 0, ROOT, slot, 64));
                return slot;
        }
#endif
        OK(seL4_IRQControl_Get(seL4_CapIRQControl, FREE_IRQ, ROOT, slot, 64));
        return slot;
}

static word made_pool(void)
{
        word slot = new_slot();

        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, new_untyped(12), ROOT, slot, 64));
        return slot;
}

word sample(enum sample kind)
{
        switch (kind) {
        case S_ENDPOINT:
                return new_endpoint();
        case S_NOTIFICATION:
                return new_notification();
        case S_CNODE:
                return new_node(4);
        case S_TCB:
                return new_object(seL4_TCBObject, 0);
        case S_SC:
                return new_object(seL4_SchedContextObject, 8);
        case S_SCHED_CONTROL:
                return suite_boot->schedcontrol.start;
        case S_DOMAIN:
                return seL4_CapDomain;
        case S_REPLY:
                return new_reply();
        case S_UNTYPED:
                return new_untyped(12);
        case S_IRQ_CONTROL:
                return seL4_CapIRQControl;
        case S_IRQ_HANDLER:
                return issued(0);
        case S_SGI:
                return issued(1);
        case S_FRAME:
                return new_frame();
        case S_TABLE:
                return mapped_table();
        case S_VSPACE:
                return assigned_vspace();
        case S_ASID_CONTROL:
                return seL4_CapASIDControl;
        default:
                return made_pool();
        }
}

word sample_number(enum sample kind)
{
        static const unsigned char numbers[SAMPLES] = {
                [S_ENDPOINT] = 4,   [S_NOTIFICATION] = 6,   [S_CNODE] = 10,       [S_TCB] = 12,
                [S_SC] = 22,        [S_SCHED_CONTROL] = 24, [S_DOMAIN] = 20,      [S_REPLY] = 8,
                [S_UNTYPED] = 2,    [S_IRQ_CONTROL] = 14,   [S_IRQ_HANDLER] = 16, [S_SGI] = 27,
                [S_FRAME] = 1,      [S_TABLE] = 3,          [S_VSPACE] = 9,       [S_ASID_CONTROL] = 11,
                [S_ASID_POOL] = 13,
        };

        return numbers[kind];
}

word agent_space(struct agent *a)
{
        word node = new_node(4);

        OK(seL4_CNode_Copy(node, 0, 4, AT(a->h.tcb), seL4_AllRights));
        a->faults = new_endpoint();
        OK(seL4_TCB_SetSpace(a->h.tcb, minted(a->faults, FAULT_BADGE, seL4_AllRights), node, 0, VSPACE, 0));
        return node;
}
