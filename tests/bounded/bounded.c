/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations whose work grows with the number of objects, each with a label for longest-run.c (docs/bounded.md).
 *
 * A root task on the runner of the behaviour suite.  Each row prints `row LABEL LIMIT N NAME`: how long a run may be, and
 * what the instructions of the label are divided by.  MANY is how many objects there are.
 */
#include "rows.h"

/* --- threads that make only one system call: no stack, no buffer --- */

void one_call(void);
__asm__("one_call: svc #0\n1: movz x7, #0\n movn x7, #8\n movz x0, #0\n svc #0\n b 1b\n");

struct crowd {
        word ut, tcb, sc, n;
};

static struct crowd crowd_make(word n)
{
        struct crowd c = {memory(26), new_slots(n), new_slots(n), n};

        retype(c.ut, seL4_TCBObject, 0, c.tcb, n);
        retype(c.ut, seL4_SchedContextObject, 7, c.sc, n);
        for (word i = 0; i < n; i++) {
                OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, c.sc + i, 10000, 10000, 0,
                                                    0, 0));
                OK(seL4_TCB_Configure(c.tcb + i, ROOT, 0, VSPACE, 0, 0, seL4_CapNull));
                OK(seL4_TCB_SetSchedParams(c.tcb + i, seL4_CapInitThreadTCB, SENDER, SENDER, c.sc + i,
                                           seL4_CapNull));
        }
        return c;
}

/* Thread i makes the system call `number` on `cptr`, with `reply` in x6. */
static void crowd_calls(const struct crowd *c, word i, word number, word cptr, word reply)
{
        seL4_UserContext r = {.pc = (word)one_call, .x0 = cptr, .x7 = number, .x6 = reply};

        OK(seL4_TCB_WriteRegisters(c->tcb + i, 1, 0, sizeof(r) / sizeof(word), &r));
}

static const word SEND = -5, RECV = -7, WAIT = -9, YIELD = -11;

/* Senders with two badges in turns; the caps they use. */
static word two_badges(const struct crowd *c, word ep)
{
        word badged = new_slots(2);

        OK(seL4_CNode_Mint(AT(badged), AT(ep), seL4_AllRights, 7));
        OK(seL4_CNode_Mint(AT(badged + 1), AT(ep), seL4_AllRights, 9));
        for (word i = 0; i < c->n; i++)
                crowd_calls(c, i, SEND, badged + i % 2, 0);
        let_run();
        return badged;
}

TEST(endpoint_of_senders, "")
{
        struct crowd c = crowd_make(MANY);
        word ep = new_endpoint(), badged = two_badges(&c, ep);

        OK(seL4_CNode_Delete(AT(badged)));
        OK(seL4_CNode_Delete(AT(badged + 1)));
        ROW(1, c.n, "delete an endpoint, per sender", OK(seL4_CNode_Delete(AT(ep))));
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

TEST(endpoint_of_receivers, "")
{
        struct crowd c = crowd_make(MANY);
        word ep = new_endpoint(), reply = new_slots(c.n);

        retype(c.ut, seL4_ReplyObject, 0, reply, c.n);
        for (word i = 0; i < c.n; i++)
                crowd_calls(&c, i, RECV, ep, reply + i);
        let_run();
        ROW(2, c.n, "delete an endpoint, per receiver", OK(seL4_CNode_Delete(AT(ep))));
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

TEST(notification_of_many, "")
{
        struct crowd c = crowd_make(MANY);
        word n = new_notification();

        for (word i = 0; i < c.n; i++)
                crowd_calls(&c, i, WAIT, n, 0);
        let_run();
        ROW(3, c.n, "delete a notification, per waiter", OK(seL4_CNode_Delete(AT(n))));
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

TEST(cancel, "")
{
        struct crowd c = crowd_make(MANY);
        word ep = new_endpoint(), badged = two_badges(&c, ep), other = minted(ep, 5, seL4_AllRights);

        ROW(4, c.n, "cancel badged sends, per waiter scanned", OK(seL4_CNode_CancelBadgedSends(AT(other))));
        ROW(5, c.n / 2 + 1, "cancel badged sends, per two waiters, one cancelled",
            OK(seL4_CNode_CancelBadgedSends(AT(badged))));
        OK(seL4_CNode_Delete(AT(badged + 1)));
        ROW(6, c.n / 2 + 1, "revoke an endpoint's memory, per waiter",
            OK(seL4_CNode_Revoke(AT(test_untyped()))));
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

TEST(handler_of_many, "")
{
        struct crowd c = crowd_make(MANY);
        word ep = new_endpoint(), tcb = new_object(seL4_TCBObject, 0);

        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 9, 9, seL4_CapNull, ep));
        for (word i = 0; i < c.n; i++)
                crowd_calls(&c, i, SEND, ep, 0);
        let_run();
        OK(seL4_CNode_Delete(AT(ep)));
        ROW(7, c.n, "replace the last cap to an endpoint, per sender",
            OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 9, 9, seL4_CapNull, seL4_CapNull)));
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

TEST(crowd_dies, "")
{
        struct crowd c = crowd_make(MANY);
        word ep = new_endpoint();

        for (word i = 0; i < c.n; i++)
                crowd_calls(&c, i, SEND, ep, 0);
        let_run();
        ROW(8, c.n, "revoke the memory of waiting threads, per thread", OK(seL4_CNode_Revoke(AT(c.ut))));
}

TEST(capabilities, "")
{
        word ep = new_endpoint(), first = new_slots(MANY), node = new_slot(), ut = memory(22);

        for (word i = 0; i < MANY; i++)
                OK(seL4_CNode_Mint(AT(first + i), AT(ep), seL4_AllRights, i + 1));
        ROW(10, MANY, "revoke, per child", OK(seL4_CNode_Revoke(AT(ep))));
        retype(ut, seL4_CapTableObject, NODE_BITS, node, 1);
        ROW(11, 1 << NODE_BITS, "delete a CNode, per empty slot", OK(seL4_CNode_Delete(AT(node))));
        retype(ut, seL4_CapTableObject, NODE_BITS, node, 1);
        for (word i = 0; i < MANY; i++)
                OK(seL4_CNode_Copy(node, i, NODE_BITS, ROOT, ep, 64, seL4_AllRights));
        ROW(12, MANY, "delete a CNode, per cap", OK(seL4_CNode_Delete(AT(node))));
}

TEST(retype_frames, "")
{
        word ut = memory(27), to = new_slots(256), small = memory(20);

        ROW(20, 32 << 15, "32 frames of 2 MiB, per line", retype(ut, seL4_ARM_LargePageObject, 0, to, 32));
        OK(seL4_CNode_Revoke(AT(ut)));
        ROW(21, 1, "the first object in a used untyped", retype(ut, seL4_EndpointObject, 0, to, 1));
        ROW(22, 1 << 15, "a CNode of 2^16 slots behind a gap, per line",
            retype(ut, seL4_CapTableObject, NODE_BITS, to + 1, 1));
        ROW(23, 256 << 6, "256 frames, per line", retype(small, seL4_ARM_SmallPageObject, 0, to + 2, 254));
        OK(seL4_CNode_Revoke(AT(small)));
        ROW(24, 256, "256 endpoints", retype(small, seL4_EndpointObject, 0, to + 2, 254));
        OK(seL4_CNode_Revoke(AT(small)));
        ROW(25, 256, "256 TCBs", retype(small, seL4_TCBObject, 0, to + 2, 254));
        OK(seL4_CNode_Revoke(AT(small)));
        ROW(26, 256, "256 untypeds", retype(small, seL4_UntypedObject, 10, to + 2, 254));
        OK(seL4_CNode_Revoke(AT(small)));
        ROW(27, 16 << 6, "16 frames, per line", retype(small, seL4_ARM_SmallPageObject, 0, to + 2, 16));
        OK(seL4_CNode_Revoke(AT(small)));
        OK(seL4_CNode_Revoke(AT(ut)));
}

/* Clearing first goes up to the next multiple of 32 KiB.  After one page that is a little less than the kernel does without
 * checking for interrupts, and a whole step follows; the Retype before leaves the kernel just after such a check. */
TEST(retype_behind_a_page, "")
{
        word ut = memory(20), small = memory(21), to = new_slots(256), others = new_slots(256),
             page = new_slot();

        retype(small, seL4_ARM_SmallPageObject, 0, page, 1);
        retype(ut, seL4_UntypedObject, 10, others, 256);
        ROW(28, 256 << 6, "256 frames behind one, per line",
            retype(small, seL4_ARM_SmallPageObject, 0, to, 256));
        OK(seL4_CNode_Revoke(AT(small)));
        OK(seL4_CNode_Revoke(AT(ut)));
}

TEST(caches, "")
{
        enum { LINES = 1 << 15, SIZE = 1 << 21 };
        word ut = memory(21), frame = new_slot(), at = 0x60000000, tables = 0;

        retype(ut, seL4_ARM_LargePageObject, 0, frame, 1);
        while (seL4_ARM_Page_Map(frame, VSPACE, at, seL4_AllRights, seL4_ARM_Default_VMAttributes) ==
                       seL4_FailedLookup &&
               tables++ < 4)
                OK(seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), VSPACE, at,
                                          seL4_ARM_Default_VMAttributes));
        ROW(30, LINES, "clean a page of 2 MiB, per line", OK(seL4_ARM_Page_Clean_Data(frame, 0, SIZE)));
        ROW(31, LINES, "invalidate, per line", OK(seL4_ARM_Page_Invalidate_Data(frame, 0, SIZE)));
        ROW(32, LINES, "clean and invalidate, per line",
            OK(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, SIZE)));
        ROW(33, LINES, "unify, per line", OK(seL4_ARM_Page_Unify_Instruction(frame, 0, SIZE)));
        ROW(34, LINES, "clean by address, per line", OK(seL4_ARM_VSpace_Clean_Data(VSPACE, at, at + SIZE)));
        OK(seL4_CNode_Revoke(AT(ut)));
}

TEST(spaces, "")
{
        enum { POOLS = MANY / 500 + 2 };
        word ut = memory(26), vspaces = memory(14 + seL4_VSpaceBits), pools = new_slots(POOLS),
             pages = new_slots(POOLS);
        word roots = new_slots(POOLS * 512);

        retype(ut, seL4_UntypedObject, 12, pages, POOLS);
        retype(vspaces, seL4_ARM_VSpaceObject, 0, roots, POOLS * 512);
        for (word i = 0; i < POOLS; i++) {
                OK(seL4_ARM_ASIDControl_MakePool(seL4_CapASIDControl, pages + i, AT(pools + i)));
                ROW(40, 512, "512 VSpaces get their numbers, each",
                    for (word k = 0; k < 512; k++)
                            OK(seL4_ARM_ASIDPool_Assign(pools + i, roots + i * 512 + k)));
        }
        ROW(41, 1, "delete a pool", OK(seL4_CNode_Delete(AT(pools))));
        ROW(42, POOLS - 1, "revoke over pools, each", OK(seL4_CNode_Revoke(AT(ut))));
        ROW(43, POOLS * 512, "revoke over VSpaces, each", OK(seL4_CNode_Revoke(AT(vspaces))));
}

/* The dispatch of thread i sets the time of its budget; periods are chosen so that all come back at one instant. */
TEST(due_at_once, "")
{
        enum { STEP_US = 64 };
        struct crowd c = crowd_make(MANY);

        for (word i = 0; i < c.n; i++) {
                OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, c.sc + i, 20,
                                                    STEP_US * (c.n + 1000 - i), 0, 0, 0));
                /* The budget begins now: at a whole step. */
                while (now_us() % STEP_US)
                        ;
                crowd_calls(&c, i, YIELD, 0, 0);
                let_run();
        }
        word start = now_us();
        ROW(50, c.n, "threads due at about one instant, each", while (now_us() < start + STEP_US * 1100););
        OK(seL4_CNode_Revoke(AT(c.ut)));
}

/* --- a trace of everything --- */

static word trace_into(word label, word cap)
{
        seL4_SetCap(0, cap);
        for (int i = 0; i < 3; i++)
                seL4_SetMR(i, 0x41414141);
        return seL4_MessageInfo_get_label(
                seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(label, 0, 1, 3)));
}

TEST(traces, "")
{
        word ut = memory(21), frame = new_slot(), ep = new_endpoint();
        struct crowd c = crowd_make(MANY);

        retype(ut, seL4_ARM_LargePageObject, 0, frame, 1);
        ROW(90, 1, "TraceStart in 2 MiB", EQ(trace_into(TESSERA_TraceStart, frame), 0));
        ROW(91, 1, "TraceName", EQ(trace_into(TESSERA_TraceName, ep), 0));
        for (word i = 0; i < c.n; i++)
                crowd_calls(&c, i, SEND, ep, 0);
        let_run();
        ROW(92, c.n, "delete an endpoint under a trace, per sender", OK(seL4_CNode_Delete(AT(ep))));
        ROW(93, c.n, "revoke the memory of threads under a trace, per thread",
            OK(seL4_CNode_Revoke(AT(c.ut))));
        ROW(94, 1, "TraceStop", EQ(trace_into(TESSERA_TraceStop, frame), 0));
        OK(seL4_CNode_Revoke(AT(ut)));
}

/* --- a scheduling context full of small refills --- */

static void short_bursts(word n, word unused)
{
        word badge;

        (void)unused;
        for (;;)
                seL4_Wait(n, &badge);
}

TEST(many_refills, "")
{
        enum { BITS = 16, REFILLS = 4000, PERIOD_US = 200000 };
        static struct helper h;
        word n = new_notification(), sc = new_object(seL4_SchedContextObject, BITS);

        helper_make(&h, SUITE_PRIORITY + 1);
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, PERIOD_US / 2, PERIOD_US,
                                            REFILLS, 0, 0));
        OK(seL4_SchedContext_Bind(sc, h.tcb));
        helper_start(&h, short_bursts, n, 0);
        for (word i = 0; i < MANY; i++)
                UNDER(70, seL4_Signal(n); spin_us(20));
        ROW(72, 1, "DumpObject of a context with many refills", EQ(extension(TESSERA_DumpObject, 0, sc), 0));
        spin_us(2 * PERIOD_US);
        ROW(71, MANY, "dispatch of a context whose refills are all due, each", seL4_Signal(n));
}
