/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications, receiving without waiting, and yielding, by the calls of the public API. */
#include "bench.h"

TEST(signal_and_poll, "")
{
        word n = new_notification(), bound = new_notification(), ep = new_endpoint(), reply = new_reply(),
             badge;

        counting();
        MEASURE("signal-nobody", seL4_Signal(n));
        MEASURE("poll", seL4_Poll(n, &badge));
        MEASURE_AFTER("wait-signalled", seL4_Signal(n), seL4_Wait(n, &badge));
        MEASURE("nbrecv-nothing", seL4_NBRecv(ep, &badge, reply));
        MEASURE("nbsend-nobody", seL4_NBSend(ep, seL4_MessageInfo_new(0, 0, 0, 0)));
        OK(seL4_TCB_BindNotification(seL4_CapInitThreadTCB, bound));
        MEASURE_AFTER("recv-bound-signalled", seL4_Signal(bound), seL4_Recv(ep, &badge, reply));
        OK(seL4_TCB_UnbindNotification(seL4_CapInitThreadTCB));
        MEASURE("yield-alone", seL4_Yield());
}

static void wait_for_ever(word n, word unused)
{
        word badge;

        (void)unused;
        for (;;)
                seL4_Wait(n, &badge);
}

TEST(signal_lower, "")
{
        struct helper waiter;
        word n = new_notification();

        counting();
        partner(&waiter, PARTNER, 0, wait_for_ever, n, 0);
        MEASURE_AFTER("signal-lower-waiter", let_run(), seL4_Signal(n));
}

TEST(send_lower, "")
{
        struct helper receiver;
        word ep = new_endpoint();

        counting();
        partner(&receiver, PARTNER, 0, receive_for_ever, ep, new_reply());
        MEASURE_AFTER("send-lower-receiver", let_run(), seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 0)));
        MEASURE_AFTER("nbsend-lower-receiver", let_run(), seL4_NBSend(ep, seL4_MessageInfo_new(0, 0, 0, 0)));
}

static void send_for_ever(word ep, word unused)
{
        (void)unused;
        for (;;)
                seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 0));
}

TEST(recv_waiting_sender, "")
{
        struct helper sender;
        word ep = new_endpoint(), reply = new_reply(), badge;

        counting();
        partner(&sender, PARTNER, 0, send_for_ever, ep, 0);
        MEASURE_AFTER("recv-waiting-sender", let_run(), seL4_Recv(ep, &badge, reply));
}

/* Yields to a thread of the same priority, which does the same at once. */
static void yields(word unused, word unused_too)
{
        (void)unused;
        (void)unused_too;
        for (word i = 0; i < ROUNDS; i++) {
                word before = begin_reading(), after;

                seL4_Yield();
                after = end_reading();
                begun(before);
                ended(after);
        }
        through();
}

TEST(yield_pair, "")
{
        struct helper a, b;

        counting();
        meeting();
        partner(&a, PARTNER, 0, yields, 0, 0);
        partner(&b, PARTNER, 0, yields, 0, 0);
        await(2);
        cost("yield-switch", 1);
}
