/* SPDX-License-Identifier: BSD-2-Clause */
/* Call chains of passive servers, and many address spaces. */
#include "crowd.h"

enum { CALLS = 16, POOL_SPACES = 512, POOL_BITS = 12 };

static word tail_ep, tail_reply, echo_ep, cost_at_end;

static void echo(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        for (;;)
                info = seL4_ReplyRecv(ep, info, &badge, reply);
}

/* The last server of the chain runs on time that was lent through the whole chain; it calls one more. */
static void tail(word unused, word unused_too)
{
        word badge;

        (void)unused;
        (void)unused_too;
        seL4_Recv(tail_ep, &badge, tail_reply);
        for (word i = 0; i < CALLS; i++) {
                word before = begin_reading();

                seL4_Call(echo_ep, seL4_MessageInfo_new(0, 0, 0, 0));
                cost_at_end = end_reading() - before;
        }
        seL4_Wait(seL4_CapNull, NULL);
}

static void chain(word n)
{
        struct helper last, server;
        word links, eps, replies, sc, head;

        counting();
        cost_at_end = 0;
        sc = new_sc(10000, 10000);
        links = crowd_objects(seL4_TCBObject, 0, n);
        eps = crowd_objects(seL4_EndpointObject, 0, n + 1);
        replies = crowd_objects(seL4_ReplyObject, 0, n + 2);
        tail_ep = eps + n;
        tail_reply = replies + n;
        echo_ep = new_endpoint();
        root_priority(ROOT_LOW);
        spawn(&server, FIRST, echo, echo_ep, replies + n + 1);
        spawn(&last, FIRST, tail, 0, 0);
        helper_passive(&server);
        helper_passive(&last);
        for (word i = 0; i < n; i++)
                crowd_join(links + i, sc, FIRST,
                           &(struct does){crowd_chain, seL4_SysRecv, eps + i, 0, replies + i, eps + i + 1});
        head = new_object(seL4_TCBObject, 0);
        crowd_prepare(head, sc, FIRST);
        crowd_start(head, &(struct does){crowd_call, seL4_SysCall, eps, 0, 0, 0});
        CHECK(cost_at_end);
        grow("call-reply", "at-depth", n, cost_at_end, 1);
        GROW("suspend-in-chain", "middle", n, 1, seL4_TCB_Suspend(links + n / 2));
}

/* `n` address spaces with ASIDs; one more gets one, and is deleted. */
static void spaces(word n)
{
        word vspaces = crowd_objects(seL4_ARM_VSpaceObject, 0, n + 1), pool = 0;

        counting();
        for (word i = 0; i <= n; i++) {
                if (i % POOL_SPACES == 0) {
                        word untyped = new_object(seL4_UntypedObject, POOL_BITS);

                        pool = new_slot();
                        OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, untyped, ROOT, pool, 64));
                }
                if (i < n)
                        OK(seL4_ARM_ASIDPool_Assign(pool, vspaces + i));
        }
        GROW("asid-assign", "one-more", n, 1, seL4_ARM_ASIDPool_Assign(pool, vspaces + n));
        GROW("delete-vspace", "middle", n, 1, seL4_CNode_Delete(AT(vspaces + n / 2)));
}

GROWS(chain, chain)
GROWS(spaces, spaces)
