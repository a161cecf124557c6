/* SPDX-License-Identifier: BSD-2-Clause */
/* Single calls that do a lot of work: lookups in deep CSpaces, dumps, virtual processors (bounded.c has those on many objects). */
#include "rows.h"

enum { DEEP = 64 };

/* --- deep CSpaces: every capability that is named is found 64 levels down --- */

/* A chain of CNodes of two slots, the next one always in slot 1; the last holds two caps. */
static word deep_cspace(word zero, word one)
{
        word first = new_slots(DEEP);

        retype(test_untyped(), seL4_CapTableObject, 1, first, DEEP);
        for (word i = 0; i + 1 < DEEP; i++)
                OK(seL4_CNode_Copy(first + i, 1, 1, ROOT, first + i + 1, 64, seL4_AllRights));
        OK(seL4_CNode_Copy(first + DEEP - 1, 0, 1, ROOT, zero ? zero : first, 64, seL4_AllRights));
        OK(seL4_CNode_Copy(first + DEEP - 1, 1, 1, ROOT, one, 64, seL4_AllRights));
        return first;
}

static const word DEEP_ZERO = ~1ul, DEEP_ONE = ~0ul, DEEP_REPLY = ~2ul;
static volatile word deep_error;

/* The two slots exchange their caps, which Rotate refuses for endpoints when all lookups are done. */
static void deep_rotate(word unused, word unused2)
{
        (void)unused, (void)unused2;
        deep_error = seL4_CNode_Rotate(DEEP_ZERO, DEEP_ONE, 64, 0, DEEP_ZERO, DEEP_ZERO, 64, 0, DEEP_ZERO,
                                       DEEP_ONE, 64);
}

/* A message with three caps and a receiver that names the slot for them; everything is found at the deepest level. */
static void deep_send(word unused, word unused2)
{
        (void)unused, (void)unused2;
        for (word i = 0; i < 3; i++)
                seL4_SetCap((int)i, DEEP_ZERO);
        seL4_Send(DEEP_ONE, seL4_MessageInfo_new(0, 0, 3, 120));
}

static void deep_receive(word unused, word unused2)
{
        word badge;

        (void)unused, (void)unused2;
        seL4_SetCapReceivePath(DEEP_ZERO, DEEP_ZERO, 64);
        seL4_Wait(DEEP_ONE, &badge);
}

static void deep_send_and_receive(word unused, word unused2)
{
        word badge;

        (void)unused, (void)unused2;
        for (word i = 0; i < 3; i++)
                seL4_SetCap((int)i, DEEP_ZERO);
        seL4_SetCapReceivePath(DEEP_ZERO, DEEP_ZERO, 64);
        seL4_NBSendWait(DEEP_ZERO, seL4_MessageInfo_new(0, 0, 3, 120), DEEP_ONE, &badge);
}

static void deep_caps(void)
{
        for (word i = 0; i < 3; i++)
                seL4_SetCap((int)i, DEEP_ZERO);
        seL4_SetCapReceivePath(DEEP_ZERO, DEEP_ZERO, 64);
}

/* It donates its time to the thread that waits at the first endpoint, and then receives. */
static void deep_gift(word unused, word unused2)
{
        word badge;

        (void)unused, (void)unused2;
        deep_caps();
        seL4_NBSendRecv(DEEP_ZERO, seL4_MessageInfo_new(0, 0, 3, 120), DEEP_ONE, &badge, DEEP_REPLY);
}

static void deep_take(word unused, word unused2)
{
        word badge;

        (void)unused, (void)unused2;
        deep_caps();
        seL4_Wait(DEEP_ZERO, &badge);
}

/* A passive server, whose time goes back with its answer. */
static void deep_server(word unused, word unused2)
{
        word badge;

        (void)unused, (void)unused2;
        seL4_Recv(DEEP_ZERO, &badge, DEEP_REPLY);
        deep_caps();
        seL4_ReplyRecv(DEEP_ONE, seL4_MessageInfo_new(0, 0, 3, 120), &badge, DEEP_REPLY);
}

static void deep_client(word unused, word unused2)
{
        (void)unused, (void)unused2;
        deep_caps();
        seL4_Call(DEEP_ZERO, seL4_MessageInfo_new(0, 0, 0, 120));
}

static void in_space(struct helper *h, word root)
{
        helper_make(h, SENDER);
        OK(seL4_TCB_Configure(h->tcb, root, 0, VSPACE, 0, h->buffer, h->frame));
}

TEST(deep_lookups, "")
{
        static struct helper a, b;
        word ep = new_endpoint();

        in_space(&a, deep_cspace(0, ep));
        helper_start(&a, deep_rotate, 0, 0);
        ROW(60, 1, "Rotate in a CSpace of 64 levels", let_run());
        EQ(deep_error, seL4_IllegalOperation);
        in_space(&a, deep_cspace(0, ep));
        in_space(&b, deep_cspace(0, ep));
        helper_start(&a, deep_send, 0, 0);
        ROW(61, 1, "Send of three caps in a CSpace of 64 levels", let_run());
        helper_start(&b, deep_receive, 0, 0);
        ROW(62, 1, "receive of three caps in a CSpace of 64 levels", let_run());
        helper_start(&b, deep_receive, 0, 0);
        let_run();
        helper_start(&a, deep_send, 0, 0);
        ROW(63, 1, "Send of three caps to a receiver that waits, 64 levels", let_run());
        helper_start(&a, deep_send, 0, 0);
        let_run();
        helper_start(&b, deep_send_and_receive, 0, 0);
        ROW(64, 1, "NBSendWait that receives three caps, 64 levels", let_run());
}

TEST(deep_gifts, "")
{
        static struct helper sender, server, taker;
        word ep = new_endpoint(), gift = new_endpoint(), reply = new_object(seL4_ReplyObject, 0),
             space = deep_cspace(gift, ep);

        OK(seL4_CNode_Copy(space + DEEP - 2, 0, 1, ROOT, reply, 64, seL4_AllRights));
        in_space(&sender, space);
        in_space(&taker, space);
        in_space(&server, space);
        helper_start(&taker, deep_take, 0, 0);
        helper_start(&sender, deep_send, 0, 0);
        let_run();
        helper_passive(&taker);
        helper_start(&server, deep_gift, 0, 0);
        ROW(65, 1, "NBSendRecv that gives its time away and receives, three caps each, 64 levels", let_run());
        EQ(seL4_SchedContext_Bind(server.sc, taker.tcb), seL4_IllegalOperation);
        OK(seL4_SchedContext_UnbindObject(server.sc, taker.tcb));
        OK(seL4_SchedContext_Bind(server.sc, server.tcb));
        helper_start(&server, deep_server, 0, 0);
        helper_start(&sender, deep_send, 0, 0);
        let_run();
        helper_passive(&server);
        OK(seL4_SchedContext_Bind(taker.sc, taker.tcb));
        helper_start(&taker, deep_client, 0, 0);
        ROW(66, 1, "ReplyRecv that gives its time back and receives, three caps each, 64 levels", let_run());
}

/* --- dumps --- */

/* Every third page of a table, so that each is a run of its own, and there are other entries to look at. */
static void map_every_third(word ut, word at)
{
        enum { PAGES = 64 };
        word frames = new_slots(PAGES), tables = 0;

        retype(ut, seL4_ARM_SmallPageObject, 0, frames, PAGES);
        for (word i = 0; i < PAGES; i++)
                while (seL4_ARM_Page_Map(frames + i, VSPACE, at + i * 3 * 4096, seL4_AllRights,
                                         seL4_ARM_Default_VMAttributes) == seL4_FailedLookup &&
                       tables++ < 4)
                        OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), VSPACE, at,
                                                  seL4_ARM_Default_VMAttributes));
}

TEST(dumps, "")
{
        enum { PAGES_AT = 0x64000000 };
        word ut = memory(23), node = new_slots(2), ep = new_endpoint();

        retype(ut, seL4_CapTableObject, NODE_BITS, node, 1);
        ROW(80, 1, "DumpSlots of 2^16 empty slots", EQ(extension(TESSERA_DumpSlots, 0, node), 0));
        for (word i = 0; i < 64; i++)
                OK(seL4_CNode_Copy(node, i, NODE_BITS, ROOT, ep, 64, seL4_AllRights));
        ROW(81, 1, "DumpSlots of a full CNode", EQ(extension(TESSERA_DumpSlots, 0, node), 0));
        map_every_third(ut, PAGES_AT);
        ROW(82, 1, "DumpObject of pages, each a run", EQ(extension(TESSERA_DumpObject, PAGES_AT, VSPACE), 0));
        ROW(83, 1, "DumpObject of a space that begins with nothing",
            EQ(extension(TESSERA_DumpObject, 0, VSPACE), 0));
        ROW(84, 1, "DumpObject of a thread", EQ(extension(TESSERA_DumpObject, 0, seL4_CapInitThreadTCB), 0));
        OK(seL4_CNode_Revoke(AT(ut)));
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
TEST(virtual_processors, "")
{
        enum { VCPUS = 200 };
        static struct helper h;
        word ut = memory(21), v = new_slots(VCPUS);

        helper_make(&h, SENDER);
        ROW(100, VCPUS, "200 VCPUs", retype(ut, seL4_ARM_VCPUObject, 0, v, VCPUS));
        ROW(101, VCPUS, "SetTCB from one VCPU to the next",
            for (word i = 0; i < VCPUS; i++) OK(seL4_ARM_VCPU_SetTCB(v + i, h.tcb)));
        ROW(102, 1, "InjectIRQ", OK(seL4_ARM_VCPU_InjectIRQ(v, 40, 0, 0, 0)));
        ROW(103, 1, "WriteRegs, ReadRegs", OK(seL4_ARM_VCPU_WriteRegs(v, 0, 5));
            EQ(seL4_ARM_VCPU_ReadRegs(v, 0).value, 5));
        ROW(104, VCPUS, "revoke over VCPUs, each", OK(seL4_CNode_Revoke(AT(ut))));
}
#endif
