/* SPDX-License-Identifier: BSD-2-Clause */
/* The wrappers of the API library, against threads that look at the registers. */
#include "ipc_common.h"

static void own_buffer(word mine, word result)
{
        *(volatile word *)result = (word)seL4_GetIPCBuffer() == mine && (word)__sel4_ipc_buffer == mine;
}

TEST(each_thread_has_its_buffer_variable, "ABI-9.1")
{
        volatile word first = 0, second = 0;
        seL4_IPCBuffer *own = seL4_GetIPCBuffer();
        struct helper a, b;

        helper_make(&a, LOW);
        helper_make(&b, LOW);
        helper_start(&a, own_buffer, a.buffer, (word)&first);
        helper_start(&b, own_buffer, b.buffer, (word)&second);
        let_run();
        EQ(first, 1);
        EQ(second, 1);
        CHECK(seL4_GetIPCBuffer() == own);
}

/* An agent that waits and one that calls, for the test to be the other side. */
static void waiting(struct agent *r, word ep)
{
        agent_make(r, LOW);
        does_recv(r, ep, new_reply());
        agent_run(r);
}

static void got_words(struct agent *r, const word words[4])
{
        CHECK(agent_is(r, 1));
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                EQ(r->step[0].out[2 + i], words[i]);
}

TEST(sending_wrappers_load_the_buffer, "ABI-9.2 ABI-9.3")
{
        word ep = new_endpoint(), w[4] = {0x91, 0x92, 0x93, 0x94};
        struct agent r;

        waiting(&r, ep);
        for (int i = 0; i < 4; i++)
                set_mr((word)i, 0x80 + (word)i);
        seL4_NBSend(ep, seL4_MessageInfo_new(1, 0, 0, 4));
        got_words(&r, (word[]){0x80, 0x81, 0x82, 0x83});
        waiting(&r, ep);
        set_mr(0, 0x55);
        seL4_NBSendWithMRs(ep, seL4_MessageInfo_new(1, 0, 0, 4), &w[0], NULL, &w[2], &w[3]);
        EQ(get_mr(0), 0x55);
        got_words(&r, (word[]){0x91, 0, 0x93, 0x94});
}

TEST(receiving_wrappers_store_all_four, "ABI-9.2 ABI-9.4")
{
        word ep = new_endpoint(), reply = new_reply();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 4));
        agent_run(&s);
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                set_mr(i, 0);
        seL4_NBRecv(ep, NULL, reply);
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                EQ(get_mr(i), MARK(2 + i));
}

TEST(receiving_with_words_leaves_the_buffer, "ABI-9.3 ABI-9.4")
{
        word ep = new_endpoint(), reply = new_reply(), w[4] = {0, 0, 0, 0};
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 4));
        agent_run(&s);
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                set_mr(i, 0x70 + i);
        seL4_MessageInfo_t m = seL4_RecvWithMRs(ep, NULL, reply, &w[0], NULL, &w[2], &w[3]);
        EQ(m.words[0], info_word(1, 0, 4));
        EQ(w[0], MARK(2));
        EQ(w[1], 0);
        EQ(w[3], MARK(5));
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                EQ(get_mr(i), 0x70 + i);
}

/* Answers a Call with the words it got, in reverse. */
static void reverse(word ep, word reply)
{
        word w[4];
        seL4_MessageInfo_t m = seL4_RecvWithMRs(ep, NULL, reply, &w[0], &w[1], &w[2], &w[3]);

        for (;;) {
                word swap = w[0];
                w[0] = w[3];
                w[3] = swap;
                m = seL4_MessageInfo_new(seL4_MessageInfo_get_label(m), 0, 0, 4);
                m = seL4_ReplyRecvWithMRs(ep, m, NULL, &w[0], &w[1], &w[2], &w[3], reply);
        }
}

static void call_reverse(word ep, word unused)
{
        word w[4] = {1, 2, 3, 4};

        (void)unused;
        seL4_MessageInfo_t m =
                seL4_CallWithMRs(ep, seL4_MessageInfo_new(6, 0, 0, 4), &w[0], &w[1], &w[2], &w[3]);
        EQ(m.words[0], info_word(6, 0, 4));
        EQ(w[0], 4);
        EQ(w[3], 1);
        m = seL4_CallWithMRs(ep, seL4_MessageInfo_new(7, 0, 0, 4), &w[0], NULL, NULL, NULL);
        EQ(w[0], 0);
}

TEST(call_and_reply_with_words, "ABI-9.3")
{
        word ep = new_endpoint();
        struct helper s, c;

        spawn(&s, HIGH, reverse, ep, new_reply());
        let_run();
        spawn(&c, LOW, call_reverse, ep, 0);
        let_run();
        EQ(c.done, 1);
}

static void send_and_wait(word to, word from)
{
        word w[4] = {0x31, 0x32, 0x33, 0x34}, badge = 0;

        seL4_NBSendWaitWithMRs(to, seL4_MessageInfo_new(5, 0, 0, 2), from, &badge, &w[0], &w[1], &w[2],
                               &w[3]);
        EQ(badge, 0x95);
}

TEST(send_and_wait_with_words, "ABI-9.5")
{
        word ep = new_endpoint(), ntfn = new_notification();
        struct agent r;
        struct helper h;

        waiting(&r, ep);
        spawn(&h, LOW, send_and_wait, ep, ntfn);
        let_run();
        EQ(agent_out(&r, 0)[1], info_word(5, 0, 2));
        EQ(r.step[0].out[2], 0x31);
        EQ(r.step[0].out[3], 0x32);
        EQ(h.done, 0);
        seL4_Signal(minted(ntfn, 0x95, seL4_AllRights));
        let_run();
        EQ(h.done, 1);
}

TEST(poll_and_signal, "ABI-9.6")
{
        word ep = new_endpoint(), ntfn = new_notification(), badge = 7;
        struct agent r;

        seL4_Poll(ntfn, &badge);
        EQ(badge, 0);
        seL4_Signal(minted(ntfn, 0x96, seL4_AllRights));
        seL4_Poll(ntfn, &badge);
        EQ(badge, 0x96);
        waiting(&r, ep);
        seL4_Signal(ep);
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], 0);
}

TEST(types_that_cross_the_boundary, "ABI-9.9")
{
        EQ(sizeof(seL4_Syscall_ID), sizeof(long));
        EQ(sizeof(seL4_ARM_VMAttributes), sizeof(long));
        EQ(sizeof(seL4_ARM_CacheType), sizeof(long));
        EQ(sizeof(seL4_LookupFailureType), sizeof(long));
        EQ(sizeof(seL4_TCBFlag), sizeof(long));
        EQ(sizeof(seL4_SchedContextFlag), sizeof(long));
        EQ(sizeof(seL4_BootInfoID), sizeof(long));
        EQ(sizeof(seL4_VMFault_Msg), sizeof(long));
        EQ(_enum_pad_seL4_Syscall_ID, 0x7fffffffffffffff);
        EQ(sizeof(seL4_Error), 4);
        EQ(sizeof(seL4_ObjectType), 4);
}

TEST(bitfields, "ABI-9.10 ABI-2.1.1")
{
        seL4_MessageInfo_t m = seL4_MessageInfo_new(0x123, 5, 2, 77), n;

        EQ(sizeof m, sizeof m.words);
        EQ(m.words[0], 0x123ul << 12 | 5 << 9 | 2 << 7 | 77);
        n = seL4_MessageInfo_set_length(m, 3);
        EQ(seL4_MessageInfo_get_length(m), 77);
        EQ(seL4_MessageInfo_get_length(n), 3);
        seL4_MessageInfo_ptr_set_label(&n, 9);
        EQ(seL4_MessageInfo_ptr_get_label(&n), 9);
        seL4_MessageInfo_ptr_new(&n, 1, 2, 3, 4);
        EQ(n.words[0], 1 << 12 | 2 << 9 | 3 << 7 | 4);
        EQ(seL4_CapRights_new(1, 0, 1, 0).words[0], 0xa);
        seL4_Fault_t f = seL4_Fault_VMFault_new(1, 2, 0, 3);
        EQ(seL4_Fault_get_seL4_FaultType(f), seL4_Fault_VMFault);
        CHECK(seL4_Fault_seL4_FaultType_equals(f, seL4_Fault_VMFault));
        EQ(seL4_Fault_VMFault_get_Addr(f), 2);
        EQ(seL4_Fault_ptr_get_seL4_FaultType(&f), seL4_Fault_VMFault);
}

TEST(fault_from_message, "ABI-9.11")
{
        word slot = new_slot(), badge;
        seL4_MessageInfo_t tag;
        struct agent a;

        agent_make(&a, LOW);
        agent_watch(&a);
        does_wait(&a, slot);
        agent_run(&a);
        word reply = new_reply(), pc = agent_pc(&a);
        tag = seL4_NBRecv(a.faults, &badge, reply);
        CHECK(seL4_isCapFault_tag(tag));
        seL4_Fault_t f = seL4_getFault(tag);
        EQ(sizeof f, 14 * sizeof(word));
        EQ(seL4_Fault_get_seL4_FaultType(f), seL4_Fault_CapFault);
        EQ(seL4_Fault_CapFault_get_IP(f), pc);
        EQ(seL4_Fault_CapFault_get_Addr(f), slot);
        EQ(seL4_Fault_CapFault_get_InRecvPhase(f), 1);
        EQ(seL4_Fault_CapFault_get_LookupFailureType(f), seL4_MissingCapability);
}
