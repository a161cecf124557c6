/* SPDX-License-Identifier: BSD-2-Clause */
/* IRQControl, IRQ handlers and SGI signals.  SGIs are the interrupts a test can raise by itself. */
#include "obj_common.h"

enum { KERNEL_TIMER = 27, FREE = 100, SGI = 5, BADGE = 0x1d };

/* Where the suite does not know the board's number, the kernel must at least be consistent. */
static word largest_irq(void)
{
        word known = machine_largest_irq();

        if (known)
                return known;
        (void)seL4_IRQControl_Get(seL4_CapIRQControl, (int)~0u >> 1, ROOT, 0, 64);
        return seL4_GetMR(1);
}

TEST(obj_get_checks, "OBJ-9.1.1 OBJ-9.1.2 OBJ-9.1.3 OBJ-9.1.4 OBJ-9.1.5")
{
        const word control = seL4_CapIRQControl;
        word full = new_endpoint(), to = new_slot(), node = new_node(4), largest = largest_irq();

        EXPECT(truncated(), control, IRQIssueIRQHandler, 2, {999, to}, 1, {ROOT});
        EXPECT(truncated(), control, IRQIssueIRQHandler, 3, {999, to, 64});
        EXPECT(range_error(0, largest), control, IRQIssueIRQHandler, 3, {largest + 1, full, 0}, 1, {full});
        EXPECT(range_error(0, largest), control, IRQIssueIRQHandler, 3, {1ul << 32, full, 0}, 1, {full});
        EXPECT(revoke_first(), control, IRQIssueIRQHandler, 3, {KERNEL_TIMER, full, 0}, 1, {full});
        EXPECT(bad_root(0), control, IRQIssueIRQHandler, 3, {FREE, full, 0}, 1, {full});
        EXPECT(range_error(1, 64), control, IRQIssueIRQHandler, 3, {FREE, full, 0}, 1, {ROOT});
        EXPECT(delete_first(), control, IRQIssueIRQHandler, 3, {FREE, full, 64}, 1, {ROOT});
        EXPECT(done(), control, IRQIssueIRQHandler, 3, {FREE, 3, 4}, 1, {node});
        EXPECT(revoke_first(), control, IRQIssueIRQHandler, 3, {FREE, full, 0}, 1, {full});
        OK(seL4_CNode_Delete(node, 3, 4));
        EXPECT(done(), control, IRQIssueIRQHandler, 3, {largest, to, 64}, 1, {ROOT});
}

TEST(obj_get_trigger_checks, "OBJ-9.2.1 OBJ-9.2.3")
{
        const word control = seL4_CapIRQControl;
        word full = new_endpoint(), to = new_slot(), largest = largest_irq();

        EXPECT(truncated(), control, ARMIRQIssueIRQHandlerTrigger, 3, {999, 0, to}, 1, {ROOT});
        EXPECT(truncated(), control, ARMIRQIssueIRQHandlerTrigger, 4, {999, 0, to, 64});
        EXPECT(range_error(0, largest), control, ARMIRQIssueIRQHandlerTrigger, 4, {largest + 1, 0, full, 0},
               1, {full});
        EXPECT(revoke_first(), control, ARMIRQIssueIRQHandlerTrigger, 4, {KERNEL_TIMER, 0, full, 0}, 1,
               {full});
        EXPECT(bad_root(0), control, ARMIRQIssueIRQHandlerTrigger, 4, {FREE, 0, full, 0}, 1, {full});
        EXPECT(range_error(1, 64), control, ARMIRQIssueIRQHandlerTrigger, 4, {FREE, 1, full, 65}, 1, {ROOT});
        EXPECT(delete_first(), control, ARMIRQIssueIRQHandlerTrigger, 4, {FREE, 1, full, 64}, 1, {ROOT});
        for (word trigger = 0; trigger < 3; trigger++) {
                EXPECT(done(), control, ARMIRQIssueIRQHandlerTrigger, 4, {FREE, trigger, to, 64}, 1, {ROOT});
                EXPECT(revoke_first(), control, IRQIssueIRQHandler, 3, {FREE, to, 64}, 1, {ROOT});
                OK(seL4_CNode_Delete(AT(to)));
        }
}

/* GICv2: the kernel keeps one page of the distributor, and gives away what follows it. */
static int is_gicv2(void)
{
        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                if (suite_boot->untypedList[i].paddr == machine_distributor() + (1ul << seL4_PageBits))
                        return 1;
        }
        return 0;
}

TEST(obj_issue_sgi_checks, "OBJ-9.3.1 OBJ-9.3.2 OBJ-9.3.3 OBJ-9.3.4 OBJ-9.3.5 OBJ-2.1.4")
{
        const word control = seL4_CapIRQControl;
        word full = new_endpoint(), to[3] = {new_slot(), new_slot(), new_slot()};

        EXPECT(truncated(), control, ARMIRQIssueSGISignal, 3, {99, 99, to[0]}, 1, {ROOT});
        EXPECT(truncated(), control, ARMIRQIssueSGISignal, 4, {99, 99, to[0], 64});
        EXPECT(range_error(0, 15), control, ARMIRQIssueSGISignal, 4, {16, 99, full, 0}, 1, {full});
        EXPECT(bad_argument(1), control, ARMIRQIssueSGISignal, 4, {15, 1ul << 32, full, 0}, 1, {full});
        EXPECT(is_gicv2() ? bad_argument(1) : bad_root(0), control, ARMIRQIssueSGISignal, 4, {15, 8, full, 0},
               1, {full});
        EXPECT(bad_root(0), control, ARMIRQIssueSGISignal, 4, {15, 7, full, 0}, 1, {full});
        EXPECT(range_error(1, 64), control, ARMIRQIssueSGISignal, 4, {15, 7, full, 0}, 1, {ROOT});
        EXPECT(delete_first(), control, ARMIRQIssueSGISignal, 4, {15, 7, full, 64}, 1, {ROOT});
        for (word i = 0; i < 3; i++) /* any number, also for the same pair */
                EXPECT(done(), control, ARMIRQIssueSGISignal, 4, {15, 7, to[i], 64}, 1, {ROOT});
        EXPECT(illegal(), control, 0, 0);
        EXPECT(illegal(), control, IRQAckIRQ, 4, {15, 7, full, 64}, 1, {ROOT});
        EXPECT(illegal(), control, ARMIRQIssueSGISignal + 1, 4, {15, 7, full, 64}, 1, {ROOT});
}

static word got(word irq)
{
        word slot = new_slot();

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, (int)irq, ROOT, slot, 64));
        return slot;
}

TEST(obj_handler_checks, "OBJ-9.4.1 OBJ-9.4.2 OBJ-18.6")
{
        word handler = got(FREE), ntfn = new_notification();

        EXPECT(truncated(), handler, IRQSetIRQHandler, 0);
        EXPECT(bad_capability(0), handler, IRQSetIRQHandler, 0, {0}, 1, {new_endpoint()});
        EXPECT(bad_capability(0), handler, IRQSetIRQHandler, 0, {0}, 1, {new_slot()});
        EXPECT(bad_capability(0), handler, IRQSetIRQHandler, 0, {0}, 1, {copied(ntfn, seL4_CanRead)});
        EXPECT(done(), handler, IRQSetIRQHandler, 0, {0}, 1, {copied(ntfn, seL4_CanWrite)});
        EXPECT(done(), handler, IRQSetIRQHandler, 0, {0}, 1, {ntfn}); /* replaced */
        EXPECT(done(), handler, IRQAckIRQ, 0);
        EXPECT(done(), handler, IRQClearIRQHandler, 0);
        EXPECT(done(), handler, IRQClearIRQHandler, 0);
        EXPECT(illegal(), handler, 0, 0);
        EXPECT(illegal(), handler, IRQIssueIRQHandler, 3, {101, new_slot(), 64}, 1, {ROOT});
        EXPECT(illegal(), handler, IRQClearIRQHandler + 1, 0);
}

/* A handler of an SGI, its signal cap, and a notification that gets it with BADGE. */
struct line {
        word handler, signal, ntfn;
};

static struct line line_ready(void)
{
        struct line l = {got(SGI), new_slot(), new_notification()};

        OK(seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, SGI, 0, ROOT, l.signal, 64));
        OK(seL4_IRQHandler_SetNotification(l.handler, minted(l.ntfn, BADGE, seL4_CanWrite)));
        OK(seL4_IRQHandler_Ack(l.handler));
        return l;
}

/* The badge that arrives when the SGI is raised; 0: none.  It is acknowledged. */
static word raised(const struct line *l)
{
        seL4_Signal(l->signal);
        let_run();
        word badge = poll_word(l->ntfn);
        OK(seL4_IRQHandler_Ack(l->handler));
        return badge;
}

TEST(obj_sgi_signal, "OBJ-2.2.r4 OBJ-17.19")
{
        static const word labels[] = {0, 1, TCBSuspend, CNodeDelete, 12345};
        struct line l = line_ready();

        EQ(raised(&l), BADGE);
        EQ(raised(&l), BADGE);
        for (word i = 0; i < sizeof labels / sizeof *labels; i++) {
                EXPECT(done(), l.signal, labels[i], i);
                let_run();
                EQ(poll_word(l.ntfn), BADGE);
                OK(seL4_IRQHandler_Ack(l.handler));
                send_question((word)seL4_SysNBSend, &(struct question){l.signal, labels[i], 2, {1, 2}});
                let_run();
                EQ(poll_word(l.ntfn), BADGE);
                OK(seL4_IRQHandler_Ack(l.handler));
                combined_question(&(struct question){l.signal, labels[i], 2, {1, 2}});
                let_run();
                EQ(poll_word(l.ntfn), BADGE);
                OK(seL4_IRQHandler_Ack(l.handler));
        }
}

static volatile word served;

static void serves(word handler, word ntfn)
{
        for (;;) {
                seL4_Word badge;

                seL4_Wait(ntfn, &badge);
                served += badge;
                seL4_IRQHandler_Ack(handler);
        }
}

/* The order of a driver: get, set, ack, wait, ack; then cleared, deleted, issued again. */
TEST(obj_driver, "OBJ-17.19 OBJ-14.2.r7")
{
        static struct helper h;
        struct line l = line_ready();

        served = 0;
        spawn(&h, LOW, serves, l.handler, l.ntfn);
        let_run();
        for (word i = 1; i <= 3; i++) {
                seL4_Signal(l.signal);
                let_run();
                EQ(served, i * BADGE);
        }
        OK(seL4_IRQHandler_Clear(l.handler));
        seL4_Signal(l.signal);
        let_run();
        EQ(served, 3 * BADGE);
        word copy = copied(l.handler, seL4_AllRights);
        OK(seL4_IRQHandler_SetNotification(copy, l.ntfn));
        OK(seL4_CNode_Delete(AT(l.handler)));
        word again = new_slot();
        EQ(seL4_IRQControl_Get(seL4_CapIRQControl, SGI, ROOT, again, 64), seL4_RevokeFirst);
        OK(seL4_CNode_Delete(AT(copy)));
        seL4_Signal(l.signal);
        let_run();
        EQ(served, 3 * BADGE); /* the last handler took the notification cap along */
        OK(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, SGI, 1, ROOT, again, 64));
}

TEST(obj_deleted_handler_frees_the_notification, "OBJ-14.2.r7 OBJ-14.3.r5")
{
        word ut = new_untyped(12), ntfn = new_slot(), handler = got(FREE), spare = new_slot();

        OK(retyped(ut, seL4_NotificationObject, 0, ntfn));
        OK(seL4_IRQHandler_SetNotification(handler, ntfn));
        OK(seL4_CNode_Delete(AT(ntfn)));
        EQ(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights), seL4_RevokeFirst); /* the IRQ keeps it alive */
        OK(seL4_CNode_Delete(AT(handler)));
        OK(seL4_CNode_Copy(AT(spare), AT(ut), seL4_AllRights));
}

/* shows: on a GICv3 a line stayed active when its handler was deleted before it was acknowledged */
TEST(obj_handler_deleted_unacknowledged, "OBJ-14.2.r7")
{
        struct line l = line_ready();

        seL4_Signal(l.signal);
        let_run();
        EQ(poll_word(l.ntfn), BADGE);
        seL4_Signal(l.signal);
        let_run();
        OK(seL4_CNode_Delete(AT(l.handler)));
        OK(seL4_CNode_Delete(AT(l.signal)));
        l = line_ready();
        EQ(poll_word(l.ntfn), 0);
        EQ(raised(&l), BADGE);
        EQ(raised(&l), BADGE);
}

TEST(obj_revoked_notification_of_an_irq, "OBJ-14.3.r5")
{
        struct line l = line_ready();

        EQ(raised(&l), BADGE);
        OK(seL4_CNode_Revoke(AT(l.ntfn)));
        EQ(raised(&l), 0);
        OK(seL4_IRQHandler_SetNotification(l.handler, minted(l.ntfn, 3, seL4_AllRights)));
        EQ(raised(&l), 3);
}
