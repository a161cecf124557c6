/* SPDX-License-Identifier: BSD-2-Clause */
/* Message passing there and back, by the calls of the public API. */
#include "bench.h"

enum { CAPS_ROUNDS = ROUNDS };

static void echo(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        for (;;)
                info = seL4_ReplyRecv(ep, info, &badge, reply);
}

static word server(helper_fn *fn, word passive)
{
        struct helper h;
        word ep = new_endpoint(), reply = new_reply();

        counting();
        partner(&h, SUITE_PRIORITY, 0, fn, ep, reply);
        let_run();
        if (passive)
                helper_passive(&h);
        return ep;
}

static void calls(const char *name, word passive, word length)
{
        word ep = server(echo, passive);
        seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, 0, length);

        MEASURE(name, seL4_Call(ep, info));
}

TEST(roundtrip_passive, "")
{
        calls("call-reply-passive", 1, 0);
        calls("call-reply-passive-4", 1, 4);
        calls("call-reply-passive-120", 1, 120);
}

TEST(roundtrip_active, "")
{
        calls("call-reply-active", 0, 0);
        calls("call-reply-active-10", 0, 10);
        calls("call-reply-active-32", 0, 32);
        calls("call-reply-active-120", 0, 120);
}

/* Two threads with time of their own signal each other in turn. */
static void ping(word from, word to)
{
        word badge;

        for (;;)
                seL4_NBSendWait(to, seL4_MessageInfo_new(0, 0, 0, 0), from, &badge);
}

TEST(ping_pong, "")
{
        struct helper h;
        word a = new_notification(), b = new_notification(), badge;

        counting();
        partner(&h, SUITE_PRIORITY, 0, ping, a, b);
        let_run();
        MEASURE("nbsendwait-ping-pong", seL4_NBSendWait(a, seL4_MessageInfo_new(0, 0, 0, 0), b, &badge));
}

/* One capability moved to a slot, one way: each round receives into a slot that is emptied afterwards. */
static word slot;

static void takes_caps(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t none = seL4_MessageInfo_new(0, 0, 0, 0);

        seL4_SetCapReceivePath(ROOT, slot, 64);
        seL4_Recv(ep, &badge, reply);
        for (;;) {
                ended(end_reading());
                seL4_CNode_Delete(AT(slot));
                seL4_ReplyRecv(ep, none, &badge, reply);
        }
}

static void gives_caps(word ep, word cap)
{
        for (word i = 0; i < CAPS_ROUNDS; i++) {
                word before;

                seL4_SetCap(0, cap);
                before = begin_reading();
                seL4_Call(ep, seL4_MessageInfo_new(0, 0, 1, 0));
                begun(before);
        }
        through();
}

static void move_caps(const char *name, word passive)
{
        struct helper client, taker;
        word ep = new_endpoint();

        counting();
        meeting();
        slot = new_slot();
        partner(&taker, PARTNER, 0, takes_caps, ep, new_reply());
        let_run();
        if (passive)
                helper_passive(&taker);
        partner(&client, PARTNER, 0, gives_caps, ep, new_endpoint());
        await(1);
        cost(name, 1);
}

TEST(caps_in_messages, "")
{
        move_caps("call-one-cap", 0);
        move_caps("call-one-cap-passive", 1);
}

/* A fault and back: the handler replies, the faulter faults again, the handler receives the next fault. */
static void fault_runner(word ep, word address)
{
        (void)ep;
        if (address)
                fault_for_ever(address);
        unknown_calls();
}

static void fault_rounds(const char *name, word address)
{
        struct helper h;
        word ep = new_endpoint(), reply = new_reply(), badge;

        counting();
        helper_make(&h, SUITE_PRIORITY);
        OK(seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, VSPACE, 0));
        helper_start(&h, fault_runner, ep, address);
        seL4_Recv(ep, &badge, reply);
        MEASURE(name, seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply));
}

TEST(fault_roundtrip, "")
{
        fault_rounds("fault-vm-round-trip", 0x1000);
        fault_rounds("fault-syscall-round-trip", 0);
}
