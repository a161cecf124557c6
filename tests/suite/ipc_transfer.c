/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages: every length and order of arrival, queues, badges, buffers. */
#include "ipc_common.h"

static word pattern(word i)
{
        return 0x0123456789abcdeful * (i + 1);
}

static void fill(struct agent *s, word length)
{
        for (word i = 0; i < LONGEST; i++) {
                if (i < WORDS_IN_REGISTERS)
                        s->step[0].in[2 + i] = pattern(i);
                else
                        agent_buffer(s)->msg[i] = pattern(i + length);
        }
}

static void arrived(struct agent *r, word length)
{
        const word *out = agent_out(r, 0);

        EQ(out[1], info_word(0x5a, 0, length));
        for (word i = 0; i < LONGEST; i++) {
                word there = i < WORDS_IN_REGISTERS ? out[2 + i] : agent_buffer(r)->msg[i];
                word sent = i < WORDS_IN_REGISTERS ? pattern(i) : pattern(i + length);

                EQ(there, i < length ? sent : i < WORDS_IN_REGISTERS ? MARK(2 + i) : MARK(i));
        }
}

/* `s` and `r` are used again and again: a thread that has finished can be started again. */
void exchange(struct agent *s, struct agent *r, const word ep_first[2], word length)
{
        s->steps = r->steps = s->h.step = r->h.step = 0;
        does_send(s, ep_first[0], info_word(0x5a, 0, length));
        does_wait(r, ep_first[0]);
        fill(s, length);
        for (word i = 0; i < LONGEST; i++)
                agent_buffer(r)->msg[i] = MARK(i);
        if (ep_first[1]) {
                agent_run(s);
                EQ(s->h.step, 0);
                agent_run(r);
        } else {
                agent_run(r);
                EQ(r->h.step, 0);
                agent_run(s);
        }
        EQ(s->h.step, 1);
        EQ(r->h.step, 1);
        for (word i = 0; i < WORDS_IN_REGISTERS; i++)
                EQ(agent_buffer(r)->msg[i], MARK(i));
        arrived(r, length);
}

static void every_length(word sender, word receiver, word sender_first)
{
        word ep = new_endpoint();
        struct agent s, r;

        agent_make(&s, sender);
        agent_make(&r, receiver);
        for (word length = 0; length <= LONGEST; length++)
                exchange(&s, &r, (word[]){ep, sender_first}, length);
}

TEST(every_length_to_waiting_higher, "IPC-20 ABI-1.1.10 ABI-2.2.1 ABI-2.1.1 ABI-2.1.4")
{
        every_length(LOW, HIGH, 0);
}

TEST(every_length_to_waiting_equal, "IPC-20")
{
        every_length(LOW, LOW, 0);
}

TEST(every_length_to_waiting_lower, "IPC-20")
{
        every_length(HIGH, LOW, 0);
}

TEST(every_length_from_queued_lower, "IPC-20 ABI-1.1.10")
{
        every_length(LOW, HIGH, 1);
}

TEST(every_length_from_queued_equal, "IPC-20")
{
        every_length(LOW, LOW, 1);
}

TEST(every_length_from_queued_higher, "IPC-20")
{
        every_length(HIGH, LOW, 1);
}

TEST(length_above_120_is_120, "IPC-21 ABI-2.1.4 OBJ-2.1.3")
{
        word ep = new_endpoint();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 127));
        for (word i = 0; i < LONGEST; i++)
                agent_buffer(&s)->msg[i] = pattern(i);
        agent_buffer(&s)->userData = 0xbad;
        agent_run(&s);
        seL4_GetIPCBuffer()->userData = 0x900d;
        struct message m = poll_message(ep, new_reply());
        EQ(m.length, LONGEST);
        EQ(get_mr(4), pattern(4));
        EQ(get_mr(119), pattern(119));
        EQ(seL4_GetIPCBuffer()->userData, 0x900d);
}

static void no_buffer(struct agent *a)
{
        OK(seL4_TCB_SetIPCBuffer(a->h.tcb, 0, seL4_CapNull));
}

TEST(receiver_without_buffer_gets_four, "IPC-22 ABI-2.2.2")
{
        word ep = new_endpoint(), word4;
        struct agent r;

        agent_make(&r, LOW);
        does_wait(&r, ep);
        no_buffer(&r);
        agent_run(&r);
        word4 = agent_buffer(&r)->msg[4];
        set_mr(4, word4 + 1);
        post(ep, 3, 9);
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], info_word(3, 0, 4));
        EQ(agent_out(&r, 0)[5], MARK(5));
        EQ(agent_buffer(&r)->msg[4], word4);
}

TEST(sender_without_buffer_sends_four, "IPC-22 ABI-2.2.2 OBJ-2.1.3")
{
        word ep = new_endpoint();
        word reply = new_reply();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(3, 2, 9));
        agent_buffer(&s)->caps_or_badges[0] = unresolvable();
        no_buffer(&s);
        agent_run(&s);
        set_mr(4, 0x44);
        struct message m = poll_message(ep, reply);
        EQ(m.length, 4);
        EQ(m.caps, 0);
        EQ(m.mr[3], MARK(5));
        EQ(get_mr(4), 0x44);
}

TEST(invocation_without_buffer_has_four_words, "ABI-2.2.2 OBJ-2.1.2")
{
        struct agent s;

        agent_make(&s, LOW);
        does_call(&s, s.h.tcb, info_word(TCBSetPriority, 1, 1));
        no_buffer(&s);
        agent_run(&s);
        EQ(agent_out(&s, 0)[1], info_word(seL4_TruncatedMessage, 0, 0));
}

/* The IPC buffer of `a` with other rights on its frame; the buffer is usable for `a` to send, to receive. */
static void buffer_with(struct agent *a, seL4_CapRights_t rights)
{
        OK(seL4_TCB_SetIPCBuffer(a->h.tcb, a->h.buffer, copied(a->h.frame, rights)));
}

TEST(read_only_buffer_sends_only, "ABI-2.2.3")
{
        word ep = new_endpoint();
        struct agent s, r;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 6));
        agent_buffer(&s)->msg[5] = 0x55;
        buffer_with(&s, seL4_CanRead);
        agent_run(&s);
        EQ(poll_message(ep, new_reply()).length, 6);
        EQ(get_mr(5), 0x55);
        agent_make(&r, LOW);
        does_wait(&r, ep);
        buffer_with(&r, seL4_CanRead);
        agent_run(&r);
        post(ep, 1, 6);
        CHECK(agent_is(&r, 1));
        EQ(agent_out(&r, 0)[1], info_word(1, 0, 4));
}

TEST(buffer_without_rights_is_none, "ABI-2.2.3")
{
        word ep = new_endpoint();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 6));
        buffer_with(&s, seL4_NoRights);
        agent_run(&s);
        EQ(poll_message(ep, new_reply()).length, 4);
}

TEST(short_message_leaves_registers, "IPC-23 ABI-1.1.10")
{
        for (word length = 0; length < WORDS_IN_REGISTERS; length++) {
                word ep = new_endpoint(), regs[REGISTERS];
                struct agent r;

                agent_make(&r, LOW);
                does_wait(&r, ep);
                agent_run(&r);
                raw(seL4_SysCall, seL4_CapNull, 0, regs);
                for (word i = 0; i < REGISTERS; i++)
                        regs[i] = 0xbeef0000 + i;
                regs[0] = ep;
                regs[1] = info_word(2, 0, length);
                regs[7] = (word)seL4_SysNBSend;
                raw_call(regs);
                CHECK(agent_is(&r, 1));
                EQ(agent_out(&r, 0)[0], 0);
                for (word i = 2; i < REGISTERS; i++)
                        EQ(agent_out(&r, 0)[i], i - 2 < length ? 0xbeef0000 + i : r.step[0].in[i]);
        }
}

TEST(badges_arrive, "IPC-27 ABI-1.1.10 ABI-1.1.14")
{
        static const word BADGES[] = {0, 1, 1ul << 63, ~0ul, 0x0123456789abcdef};
        word ep = new_endpoint();

        for (word i = 0; i < sizeof BADGES / sizeof BADGES[0]; i++) {
                word reply = new_reply();
                struct agent s;

                agent_make(&s, LOW);
                does_call(&s, minted(ep, BADGES[i], seL4_AllRights), info_word(1, 0, 0));
                agent_run(&s);
                struct message m = poll_message(ep, reply);
                CHECK(m.any);
                EQ(m.badge, BADGES[i]);
                set_mr(0, 0x111);
                answer(reply, 4, 1);
                CHECK(agent_is(&s, 1));
                EQ(agent_out(&s, 0)[0], 0);
                EQ(agent_out(&s, 0)[1], info_word(4, 0, 1));
                EQ(agent_out(&s, 0)[2], 0x111);
                EQ(agent_out(&s, 0)[3], MARK(3));
        }
}

TEST(captured_badge_outlives_its_cap, "IPC-28")
{
        word ep = new_endpoint(), cap = minted(ep, 0x88, seL4_AllRights), reply = new_reply();
        struct agent s;

        agent_make(&s, LOW);
        does_call(&s, cap, info_word(1, 0, 2));
        agent_run(&s);
        OK(seL4_CNode_Delete(AT(cap)));
        struct message m = poll_message(ep, reply);
        EQ(m.badge, 0x88);
        EQ(m.length, 2);
        answer(reply, 0, 0);
        CHECK(agent_is(&s, 1));
}

TEST(label_and_unwrapped_of_the_sender, "IPC-29 ABI-2.1.1 ABI-2.1.2")
{
        word ep = new_endpoint(), label = 0xfedcba9876543;
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, seL4_MessageInfo_new(label, 7, 0, 3).words[0]);
        agent_run(&s);
        struct message m = poll_message(ep, new_reply());
        EQ(m.label, label);
        EQ(m.unwrapped, 0);
        EQ(m.length, 3);
}

TEST(buffer_of_sender_works_unmapped, "IPC-30 ABI-2.2.3")
{
        word ep = new_endpoint();
        struct agent s;

        agent_make(&s, LOW);
        does_send(&s, ep, info_word(1, 0, 8));
        agent_buffer(&s)->msg[7] = 0x777;
        agent_run(&s);
        OK(seL4_ARM_Page_Unmap(s.h.frame));
        EQ(poll_message(ep, new_reply()).length, 8);
        EQ(get_mr(7), 0x777);
}

TEST(buffer_of_receiver_works_unmapped, "IPC-30 ABI-2.2.3")
{
        word ep = new_endpoint(), address = new_page_address();
        struct agent r;

        agent_make(&r, LOW);
        does_wait(&r, ep);
        agent_run(&r);
        OK(seL4_ARM_Page_Unmap(r.h.frame));
        set_mr(7, 0x778);
        post(ep, 1, 8);
        OK(map_at(r.h.frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        EQ(((seL4_IPCBuffer *)address)->msg[7], 0x778);
}
