/* SPDX-License-Identifier: BSD-2-Clause */
/* Message passing one way, as public benchmarks measure it: one thread takes the first reading directly before
 * its system call, the other thread takes the second one directly after its own (docs/performance.md has the details). */
#include "bench.h"

static struct scenario {
        word ep, reply, length;
        raw_fn *client, *server;
        word space, active, fpu_off;
} s;

static word info(word length)
{
        return seL4_MessageInfo_new(0, 0, 0, length).words[0];
}

static void client(word unused, word unused_too)
{
        (void)unused;
        (void)unused_too;
        for (word i = 0; i < ROUNDS; i++)
                make_call(&(struct call){s.client, seL4_SysCall, s.ep, info(s.length), 0, 0});
        through();
}

static void server(word unused, word unused_too)
{
        (void)unused;
        (void)unused_too;
        make_call(&(struct call){raw_plain, seL4_SysRecv, s.ep, 0, s.reply, 0});
        for (;;)
                make_call(&(struct call){s.server, seL4_SysReplyRecv, s.ep, info(s.length), s.reply, 0});
}

static void exchange(const char *name)
{
        struct helper c, d;

        counting();
        meeting();
        s.ep = new_endpoint();
        s.reply = new_reply();
        partner(&d, PARTNER, s.space ? second_space() : 0, server, 0, 0);
        let_run();
        if (!s.active)
                helper_passive(&d);
        partner(&c, PARTNER, 0, client, 0, 0);
        if (s.fpu_off) {
                OK(seL4_TCB_SetFlags(c.tcb, 0, seL4_TCBFlag_fpuDisabled).error);
                OK(seL4_TCB_SetFlags(d.tcb, 0, seL4_TCBFlag_fpuDisabled).error);
        }
        await(1);
        cost(name, 1);
}

#define CALL  .client = raw_begin, .server = raw_end
#define REPLY .client = raw_end, .server = raw_begin
#define EXCHANGE(id, name, ...)                                                                              \
        TEST(id, "")                                                                                         \
        {                                                                                                    \
                s = (struct scenario){__VA_ARGS__};                                                          \
                exchange(name);                                                                              \
        }

EXCHANGE(call_other, "call", CALL, .space = 1, .fpu_off = 1)
EXCHANGE(call_same, "call-same-space", CALL, .fpu_off = 1)
EXCHANGE(reply_other, "replyrecv", REPLY, .space = 1, .fpu_off = 1)
EXCHANGE(reply_same, "replyrecv-same-space", REPLY, .fpu_off = 1)
EXCHANGE(call_fpu, "call-fpu", CALL, .space = 1)
EXCHANGE(reply_fpu, "replyrecv-fpu", REPLY, .space = 1)
EXCHANGE(call_10, "call-10", CALL, .space = 1, .length = 10, .active = 1)
EXCHANGE(reply_10, "replyrecv-10", REPLY, .space = 1, .length = 10, .active = 1)
EXCHANGE(call_120, "call-120", CALL, .space = 1, .length = 120)
EXCHANGE(call_active, "call-active", CALL, .space = 1, .active = 1)
EXCHANGE(reply_active, "replyrecv-active", REPLY, .space = 1, .active = 1)

static void sender(word number, word to)
{
        for (word i = 0; i < ROUNDS; i++)
                make_call(&(struct call){raw_begin, (seL4_Syscall_ID)number, to, 0, 0, 0});
        through();
}

static void receiver(word from, word reply)
{
        for (;;)
                make_call(&(struct call){raw_end, reply ? seL4_SysRecv : seL4_SysWait, from, 0, reply, 0});
}

static void to_higher(const char *name, word object, word reply, word space)
{
        struct helper low, high;

        counting();
        meeting();
        partner(&high, ABOVE, space ? second_space() : 0, receiver, object, reply);
        partner(&low, PARTNER, 0, sender, (word)seL4_SysSend, object);
        await(1);
        cost(name, 1);
}

TEST(send_higher, "")
{
        to_higher("send-higher", new_endpoint(), new_reply(), 1);
}

TEST(signal_higher, "")
{
        to_higher("signal-higher", new_notification(), 0, 1);
}

static void signals(word n, word unused)
{
        (void)unused;
        for (word i = 0; i < ROUNDS; i++) {
                word before = begin_reading();
                seL4_Signal(n);
                begun(before);
        }
        through();
}

static void waits(word n, word unused)
{
        word badge;

        (void)unused;
        for (;;) {
                seL4_Wait(n, &badge);
                ended(end_reading());
        }
}

TEST(signal_api, "")
{
        struct helper low, high;
        word n = new_notification();

        counting();
        meeting();
        partner(&high, ABOVE, 0, waits, n, 0);
        partner(&low, PARTNER, 0, signals, n, 0);
        await(1);
        cost("signal-switch", 1);
}

/* A higher thread blocks and the lower one, which woke it before, continues. */
static void blocker(word object, word reply)
{
        for (;;)
                make_call(
                        &(struct call){raw_begin, reply ? seL4_SysRecv : seL4_SysWait, object, 0, reply, 0});
}

static void waker(word n, word unused)
{
        (void)unused;
        for (word i = 0; i < ROUNDS; i++)
                make_call(&(struct call){raw_end, seL4_SysSend, n, 0, 0, 0});
        through();
}

static void blocks(const char *name, word object, word reply)
{
        struct helper low, high;

        counting();
        meeting();
        partner(&high, ABOVE, second_space(), blocker, object, reply);
        partner(&low, PARTNER, 0, waker, object, 0);
        await(1);
        cost(name, 1);
}

TEST(schedule_wait, "")
{
        blocks("schedule", new_notification(), 0);
}

TEST(schedule_recv, "")
{
        blocks("recv-blocks", new_endpoint(), new_reply());
}

/* A higher thread sends, or calls, and nobody is there: a lower one, which it had interrupted, continues. */
static void asker(word ep, word number)
{
        for (;;)
                make_call(&(struct call){raw_begin, (seL4_Syscall_ID)number, ep, 0, 0, 0});
}

static void taker(word ep, word reply)
{
        for (word i = 0; i < ROUNDS; i++)
                make_call(&(struct call){raw_end, seL4_SysRecv, ep, 0, reply, 0});
        through();
}

static void answerer(word ep, word reply)
{
        for (word i = 0; i < ROUNDS; i++) {
                make_call(&(struct call){raw_plain, seL4_SysRecv, ep, 0, reply, 0});
                make_call(&(struct call){raw_end, seL4_SysSend, reply, 0, 0, 0});
        }
        through();
}

static void finds_nobody(const char *name, seL4_Syscall_ID number, helper_fn *hears)
{
        struct helper low, high;
        word ep = new_endpoint();

        counting();
        meeting();
        partner(&high, ABOVE, second_space(), asker, ep, (word)number);
        partner(&low, PARTNER, 0, hears, ep, new_reply());
        await(1);
        cost(name, 1);
}

TEST(send_blocks, "")
{
        finds_nobody("send-blocks", seL4_SysSend, taker);
}

TEST(call_blocks, "")
{
        finds_nobody("call-blocks", seL4_SysCall, answerer);
}
