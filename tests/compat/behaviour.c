/* SPDX-License-Identifier: BSD-2-Clause */
/* Wrappers of system calls and the functions of the API library: which registers and which words of the IPC buffer
 * they load, and how they use the answer (spec abi.md 1.1 and section 9). */
#include "check.h"

#define UNSET 0xdeadul /* the primitive does not load this register: 0 on the host, anything on AArch64 */

static void check_register(int number, seL4_Word expected)
{
        if (expected == UNSET) {
#ifdef __aarch64__
                return;
#else
                expected = 0;
#endif
        }
        CHECK(kernel.in[number], expected);
}

/* x0, x1, x6, x7, x8 of the last call. */
static void check_registers(seL4_Word x0, seL4_Word x1, seL4_Word x6, long x7, seL4_Word x8)
{
        CHECK(kernel.calls, 1);
        check_register(0, x0);
        check_register(1, x1);
        check_register(6, x6);
        check_register(7, (seL4_Word)x7);
        check_register(8, x8);
}

static void check_sent(seL4_Word mr0, seL4_Word mr1, seL4_Word mr2, seL4_Word mr3)
{
        CHECK(kernel.in[2], mr0);
        CHECK(kernel.in[3], mr1);
        CHECK(kernel.in[4], mr2);
        CHECK(kernel.in[5], mr3);
}

static void check_buffer(seL4_Word first)
{
        for (int i = 0; i < 4; i++)
                CHECK(seL4_GetMR(i), first + (seL4_Word)i);
}

static seL4_MessageInfo_t info(seL4_Word length)
{
        return seL4_MessageInfo_new(7, 0, 1, length);
}

#define INFO(length)     (7 << 12 | 1 << 7 | (length))
#define SENT_FROM_BUFFER 0x5000, 0x5001, 0x5002, 0x5003

static void sends(void)
{
        seL4_Word w[4] = {0x11, 0x12, 0x13, 0x14};

        fresh(0, 0, 0);
        seL4_Send(9, info(2));
        check_registers(9, INFO(2), UNSET, -5, UNSET);
        check_sent(SENT_FROM_BUFFER);
        fresh(0, 0, 0);
        seL4_NBSend(9, info(2));
        check_registers(9, INFO(2), UNSET, -6, UNSET);
        check_sent(SENT_FROM_BUFFER);
        fresh(0, 0, 0);
        seL4_Signal(9);
        check_registers(9, 0, UNSET, -5, UNSET);
        fresh(0, 0, 0);
        seL4_Yield();
        check_registers(UNSET, UNSET, UNSET, -11, UNSET);

        fresh(0, 0, 0);
        seL4_SendWithMRs(9, info(1), &w[0], &w[1], 0, &w[3]);
        check_registers(9, INFO(1), UNSET, -5, UNSET);
        check_sent(0x11, 0x12, 0, 0x14);
        fresh(0, 0, 0);
        seL4_NBSendWithMRs(9, info(0), &w[0], &w[1], &w[2], &w[3]);
        check_registers(9, INFO(0), UNSET, -6, UNSET);
        check_sent(0, 0, 0, 0);
        fresh(0, 0, 0);
        seL4_NBSendWithMRs(9, info(4), &w[0], &w[1], &w[2], &w[3]);
        check_sent(0x11, 0x12, 0x13, 0x14);
        check_buffer(0x5000);
}

static void receives(void)
{
        seL4_Word badge = 1, w[4] = {0, 0, 0, 0};

        fresh(1, 3, 6);
        CHECK(seL4_Recv(9, &badge, 44).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 44, -7, UNSET);
        CHECK(badge, 0xbadbe);
        check_buffer(0xa0);
        CHECK(seL4_GetMR(5), 0xa5);
        fresh(1, 3, 6);
        CHECK(seL4_NBRecv(9, 0, 44).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 44, -8, UNSET);
        check_buffer(0xa0);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_Wait(9, &badge).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 0, -9, UNSET);
        CHECK(badge, 0xbadbe);
        check_buffer(0xa0);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_NBWait(9, &badge).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 0, -10, UNSET);
        CHECK(badge, 0xbadbe);
        fresh(1, 3, 6);
        CHECK(seL4_Poll(9, 0).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 0, -10, UNSET);

        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_RecvWithMRs(9, &badge, 44, &w[0], 0, &w[2], &w[3]).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 44, -7, UNSET);
        CHECK(badge, 0xbadbe);
        CHECK(w[0] + w[1] + w[2] + w[3], 0xa0 + 0xa2 + 0xa3);
        check_buffer(0x5000);
        fresh(1, 3, 6);
        CHECK(seL4_WaitWithMRs(9, 0, 0, &w[1], 0, 0).words[0], 3 << 12 | 6);
        check_registers(9, UNSET, 0, -9, UNSET);
        CHECK(w[1], 0xa1);
        check_buffer(0x5000);
}

static void both(void)
{
        seL4_Word badge = 1;

        fresh(1, 3, 6);
        CHECK(seL4_Call(9, info(2)).words[0], 3 << 12 | 6);
        check_registers(9, INFO(2), 0, -1, UNSET);
        check_sent(SENT_FROM_BUFFER);
        check_buffer(0xa0);
        fresh(1, 3, 6);
        CHECK(seL4_ReplyRecv(9, info(2), &badge, 44).words[0], 3 << 12 | 6);
        check_registers(9, INFO(2), 44, -2, UNSET);
        check_sent(SENT_FROM_BUFFER);
        CHECK(badge, 0xbadbe);
        check_buffer(0xa0);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_NBSendRecv(77, info(2), 9, &badge, 44).words[0], 3 << 12 | 6);
        check_registers(9, INFO(2), 44, -3, 77);
        check_sent(SENT_FROM_BUFFER);
        CHECK(badge, 0xbadbe);
        check_buffer(0xa0);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_NBSendWait(77, info(2), 9, &badge).words[0], 3 << 12 | 6);
        check_registers(9, INFO(2), 77, -4, 0);
        check_sent(SENT_FROM_BUFFER);
        CHECK(badge, 0xbadbe);
        check_buffer(0xa0);
        /* nothing was received: the info that was sent comes back */
        fresh(0, 0, 0);
        CHECK(seL4_NBSendWait(77, info(2), 9, 0).words[0], INFO(2));
}

static void both_with_mrs(void)
{
        seL4_Word badge = 1, w[4] = {0x11, 0x12, 0x13, 0x14};

        fresh(1, 3, 6);
        CHECK(seL4_CallWithMRs(9, info(2), &w[0], &w[1], &w[2], 0).words[0], 3 << 12 | 6);
        check_registers(9, INFO(2), 0, -1, UNSET);
        check_sent(0x11, 0x12, 0, 0);
        CHECK(w[0] + w[1] + w[2] + w[3], 0xa0 + 0xa1 + 0xa2 + 0x14);
        fresh(1, 3, 6);
        CHECK(seL4_ReplyRecvWithMRs(9, info(1), &badge, &w[0], &w[1], 0, 0, 44).words[0], 3 << 12 | 6);
        check_registers(9, INFO(1), 44, -2, UNSET);
        check_sent(0xa0, 0, 0, 0);
        CHECK(badge, 0xbadbe);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_NBSendRecvWithMRs(77, info(4), 9, &badge, &w[0], &w[1], &w[2], &w[3], 44).words[0],
              3 << 12 | 6);
        check_registers(9, INFO(4), 44, -3, 77);
        check_sent(0xa0, 0xa1, 0xa2, 0x14);
        CHECK(badge, 0xbadbe);
        CHECK(w[3], 0xa3);
        fresh(1, 3, 6);
        badge = 1;
        CHECK(seL4_NBSendWaitWithMRs(77, info(3), 9, &badge, &w[0], &w[1], &w[2], &w[3]).words[0],
              3 << 12 | 6);
        check_registers(9, INFO(3), 77, -4, 0);
        check_sent(0xa0, 0xa1, 0xa2, 0);
        CHECK(badge, 0xbadbe);
        check_buffer(0x5000);
}

static void debug_calls(void)
{
        char name[2000];

        fresh(0, 0, 0);
        seL4_DebugPutChar('\xe4');
        check_registers(0xe4, 0, UNSET, -12, UNSET);
        fresh(0, 0, 0);
        strcpy(name, "ab");
        seL4_DebugPutString(name);
        CHECK(kernel.calls, 2);
        CHECK(kernel.in[0], 'b');
        fresh(0, 0, 0);
        seL4_DebugDumpScheduler();
        check_registers(UNSET, UNSET, UNSET, -13, UNSET);
        fresh(0, 0, 0);
        seL4_DebugHalt();
        check_registers(UNSET, UNSET, UNSET, -14, UNSET);
        fresh(1, 0, 0);
        CHECK(seL4_DebugCapIdentify(9), 0xbadbe);
        check_registers(9, 0, 0, -15, UNSET);
        fresh(0, 0, 0);
        seL4_DebugSnapshot();
        check_registers(UNSET, UNSET, UNSET, -16, UNSET);
        fresh(0, 0, 0);
        seL4_DebugNameThread(9, "ab");
        check_registers(9, 0, UNSET, -17, UNSET);
        CHECK(strcmp((char *)kernel.buffer.msg, "ab"), 0);
        /* a name that does not fit is truncated, and nothing after the message registers is touched */
        fresh(0, 0, 0);
        seL4_SetUserData(0x1234);
        memset(name, 'n', sizeof name);
        seL4_DebugNameThread(9, name);
        CHECK(strlen((char *)kernel.buffer.msg), 959);
        CHECK(seL4_GetUserData(), 0x1234);
}

static void buffer_access(void)
{
        seL4_Word cnode, index, depth;

        fresh(0, 0, 0);
        CHECK(seL4_GetIPCBuffer(), &buffer);
        seL4_SetMR(119, 5);
        CHECK(buffer.msg[119], 5);
        CHECK(seL4_GetMR(119), 5);
        seL4_SetUserData(6);
        CHECK(buffer.userData, 6);
        seL4_SetCap(2, 7);
        CHECK(buffer.caps_or_badges[2], 7);
        CHECK(seL4_GetCap(2), 7);
        CHECK(seL4_GetBadge(2), 7);
        seL4_SetCapReceivePath(1, 2, 3);
        CHECK(buffer.receiveCNode * 100 + buffer.receiveIndex * 10 + buffer.receiveDepth, 123);
        seL4_GetCapReceivePath(&cnode, &index, &depth);
        CHECK(cnode * 100 + index * 10 + depth, 123);
        seL4_GetCapReceivePath(0, 0, 0);
        seL4_SetMR(2, 39);
        CHECK(seL4_MappingFailedLookupLevel(), SEL4_MAPPING_LOOKUP_NO_PUD);
}

/* Takes a fault with so many words out of the buffer and compares its words, last first, with the message. */
static void check_fault(seL4_Word label, int words)
{
        seL4_Fault_t fault;

        fresh(0, 0, 0);
        fault = seL4_getFault(seL4_MessageInfo_new(label, 0, 0, (seL4_Word)words));
        CHECK(seL4_Fault_get_seL4_FaultType(fault), label);
        for (int i = 0; i < words; i++)
                CHECK(fault.words[words - i], 0x5000 + i);
}

static void faults(void)
{
        static const struct {
                seL4_Word label;
                int words;
        } kind[] = {{0, 0}, {1, 7}, {2, 13}, {3, 5}, {5, 2}, {6, 4}};
        seL4_UserContext regs;

        for (unsigned i = 0; i < sizeof kind / sizeof *kind; i++) {
                seL4_MessageInfo_t tag = seL4_MessageInfo_new(kind[i].label, 0, 0, 0);

                check_fault(kind[i].label, kind[i].words);
                CHECK(seL4_isNullFault_tag(tag), kind[i].label == 0);
                CHECK(seL4_isCapFault_tag(tag), kind[i].label == 1);
                CHECK(seL4_isUnknownSyscall_tag(tag), kind[i].label == 2);
                CHECK(seL4_isUserException_tag(tag), kind[i].label == 3);
                CHECK(seL4_isTimeoutFault_tag(tag), kind[i].label == 5);
                CHECK(seL4_isVMFault_tag(tag), kind[i].label == 6);
        }
        CHECK(seL4_Fault_get_seL4_FaultType(seL4_getFault(seL4_MessageInfo_new(99, 0, 0, 0))), 0);

        fresh(0, 0, 0);
        for (unsigned i = 0; i < sizeof regs / sizeof(seL4_Word); i++)
                ((seL4_Word *)&regs)[i] = 0x900 + i;
        CHECK(seL4_TimeoutReply_new(1, regs, 34).words[0], 34);
        for (int i = 0; i < 36; i++)
                CHECK(seL4_GetMR(i), i < 34 ? 0x900 + i : 0x5000 + i);
        fresh(0, 0, 0);
        CHECK(seL4_TimeoutReply_new(1, regs, 36).words[0], 36);
        CHECK(seL4_GetMR(33), 0x900 + 33);
        CHECK(seL4_GetMR(34), 0x5000 + 34);
        CHECK(seL4_TimeoutReply_new(0, regs, 3).words[0], 1 << 12 | 3);
}

static void rights_and_sizes(void)
{
        CHECK(seL4_AllRights.words[0], 15);
        CHECK(seL4_ReadWrite.words[0], 3);
        CHECK(seL4_CanRead.words[0], 2);
        CHECK(seL4_CanWrite.words[0], 1);
        CHECK(seL4_CanGrant.words[0], 4);
        CHECK(seL4_CanGrantReply.words[0], 8);
        CHECK(seL4_NoWrite.words[0], 14);
        CHECK(seL4_NoRead.words[0], 13);
        CHECK(seL4_NoRights.words[0], 0);
        CHECK(seL4_MaxExtraRefills(6), 0);
        CHECK(seL4_MaxExtraRefills(7), 0);
        CHECK(seL4_MaxExtraRefills(8), 8);
        CHECK(seL4_MaxExtraRefills(9), 24);
        CHECK(seL4_CNode_CapData_new(0, 51).words[0], 51);
}

static void old_functions(void)
{
        seL4_MessageInfo_t fault = seL4_MessageInfo_new(seL4_VMFault, 0, 0, 4);
        seL4_MessageInfo_t call = seL4_MessageInfo_new(seL4_UnknownSyscall, 0, 0, 13);

        fresh(0, 0, 0);
        seL4_SetTag(fault);
        CHECK(buffer.tag.words[0], fault.words[0]);
        CHECK(seL4_GetTag().words[0], fault.words[0]);
        CHECK(seL4_PF_FIP(), 0x5000);
        CHECK(seL4_PF_Addr(), 0x5001);
        CHECK(seL4_isPageFault_MSG(), 1);
        CHECK(seL4_isPageFault_Tag(call), 0);
        CHECK(seL4_isExceptIPC_Tag(call), 1);
        CHECK(seL4_ExceptIPC_Get(3), 0x5003);
        seL4_ExceptIPC_Set(3, 8);
        CHECK(seL4_GetMR(3), 8);
        CHECK(seL4_IsArchSyscallFrom(call), 1);
        CHECK(seL4_IsArchExceptionFrom(fault), 0);
        CHECK(seL4_CapData_Badge_new(17), 17);
        CHECK(seL4_CapData_Guard_new(1, 9), 1 << 6 | 9);
        CHECK(seL4_AsyncEndpointObject, seL4_NotificationObject);
}

/* The alias sends what the call with flags sends, flags 0. */
static void configure_alias(void)
{
        fresh(1, 0, 0);
        CHECK(seL4_SchedControl_Configure(9, 21, 22, 23, 24, 25), 0);
        check_registers(9, (seL4_Word)SchedControlConfigureFlags << 12 | 1 << 7 | 5, 0, -1, UNSET);
        check_sent(22, 23, 24, 25);
        CHECK(kernel.buffer.msg[4], 0);
        CHECK(kernel.buffer.caps_or_badges[0], 21);
}

int main(void)
{
        sends();
        receives();
        both();
        both_with_mrs();
        debug_calls();
        buffer_access();
        faults();
        rights_and_sizes();
        old_functions();
        configure_alias();
        return check_end();
}
