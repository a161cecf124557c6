/* SPDX-License-Identifier: BSD-2-Clause */
/* Long operations and what happens in the middle of them.  Only where work in the kernel takes time. */
#include "sched_common.h"

enum { COPIES = 2000, PULSE_PERIOD = 300, BIG_SLOTS = 15, BIG_UNTYPED = 21 };

/* --- a pulse above everybody --- */

static struct helper pulse;

static void beats(word unused, word unused2)
{
        (void)unused;
        (void)unused2;
        for (;;) {
                pulse.step++;
                seL4_Yield();
        }
}

static void pulse_start(void)
{
        helper_make(&pulse, SUITE_PRIORITY + 10);
        give(&pulse, PULSE_PERIOD / 3, PULSE_PERIOD, 0);
        helper_start(&pulse, beats, 0, 0);
}

/* Two beats or more, and no more than fit into the time. */
static void check_beats(word before, word start)
{
        word beats_seen = pulse.step - before;

        CHECK(beats_seen >= 2);
        CHECK(beats_seen + 2 >= (now_us() - start) / PULSE_PERIOD);
}

static void copy_to(word first, word cap, word n)
{
        for (word i = 0; i < n; i++)
                OK(seL4_CNode_Mint(AT(first + i), AT(cap), seL4_AllRights, i + 1));
}

static word many_copies(word cap)
{
        word first = new_slots(COPIES);

        copy_to(first, cap, COPIES);
        return first;
}

TEST(sched_pulse_during_revoke, "SCH-57 OBJ-17.18")
{
        word ep = new_endpoint(), first = many_copies(ep);

        pulse_start();
        word before = pulse.step, start = now_us();
        OK(seL4_CNode_Revoke(AT(ep)));
        check_beats(before, start);
        for (word i = 0; i < COPIES; i++)
                EQ(seL4_CNode_Move(AT(first + i), AT(first + i)), seL4_FailedLookup);
}

TEST(sched_pulse_during_clearing, "SCH-58")
{
        word big = new_object(seL4_UntypedObject, BIG_UNTYPED), node = new_slots(2);

        OK(seL4_Untyped_Retype(big, seL4_CapTableObject, BIG_SLOTS, ROOT, 0, 0, node, 2));
        OK(seL4_CNode_Revoke(AT(big)));
        pulse_start();
        word before = pulse.step, start = now_us();
        OK(seL4_Untyped_Retype(big, seL4_CapTableObject, BIG_SLOTS, ROOT, 0, 0, node, 2));
        check_beats(before, start);
}

TEST(sched_pulse_during_deletion_of_a_cnode, "SCH-58")
{
        word node = new_object(seL4_CapTableObject, BIG_SLOTS), ep = new_endpoint();

        for (word i = 0; i < COPIES; i++)
                OK(seL4_CNode_Copy(node, i * 16, BIG_SLOTS, ROOT, ep, 64, seL4_AllRights));
        pulse_start();
        word before = pulse.step, start = now_us();
        OK(seL4_CNode_Delete(AT(node)));
        check_beats(before, start);
}

/* --- long operations on little time --- */

static void revokes(word slot, word result)
{
        *(volatile word *)result = 100 + seL4_CNode_Revoke(AT(slot));
}

static void revoker(struct helper *h, word budget, word period)
{
        helper_make(h, EQUAL);
        give(h, budget, period, 0);
}

static void revoked_completely(struct helper *h, word ep)
{
        word start = now_us();

        helper_start(h, revokes, ep, (word)&h->step);
        while (h->step == 0 && now_us() - start < 500 * MS)
                sleep_us(1 * MS);
        EQ(h->step, 100);
}

/* shows: known bugs 3 "The running SC could be unblocked again; ... time charged in the wrong place when a long
 * invocation was preempted" */
TEST(sched_revoke_with_tiny_budgets, "SCH-31 SCH-57")
{
        static const word BUDGET[][2] = {{100, 1000}, {60, 60}, {150, 200}, {500, 5000}};

        word first = new_slots(COPIES), ep = new_endpoint();

        for (word i = 0; i < 4; i++) {
                struct helper h;

                copy_to(first, ep, COPIES);
                revoker(&h, BUDGET[i][0], BUDGET[i][1]);
                word start = now_us();
                revoked_completely(&h, ep);
                word used = consumed(h.sc), passed = now_us() - start;
                CHECK(used > 2 * BUDGET[i][0]);
                CHECK(used * BUDGET[i][1] <= (passed + BUDGET[i][1]) * BUDGET[i][0] + MS * BUDGET[i][0]);
        }
}

/* 0: it has not come back from it. */
static word revoked_after_100_ms(struct helper *h, word slot)
{
        helper_start(h, revokes, slot, (word)&h->step);
        sleep_us(100 * MS);
        return h->step;
}

/* Untyped memory that holds endpoints on both sides of what the test puts into it. */
static word untyped_with_copies(void)
{
        word ut = new_object(seL4_UntypedObject, 16), ep = new_slot();

        OK(seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, ep, 1));
        copy_to(new_slots(COPIES / 2), ep, COPIES / 2);
        return ut;
}

static word made_in(word ut, word type, word bits)
{
        word slot = new_slot();

        OK(seL4_Untyped_Retype(ut, type, bits, ROOT, 0, 0, slot, 1));
        return slot;
}

/* The context it runs on goes in the middle; with another one it finishes. */
TEST(sched_revoke_of_the_own_context, "SCH-55 SCH-57")
{
        for (word round = 0; round < 2; round++) {
                word ut = untyped_with_copies(), ep = new_slot();
                struct helper h;

                revoker(&h, 10 * MS, 10 * MS);
                OK(seL4_SchedContext_Unbind(h.sc));
                h.sc = made_in(ut, seL4_SchedContextObject, 8);
                give(&h, round ? 100 : 10 * MS, round ? 1000 : 10 * MS, 0);
                OK(seL4_SchedContext_Bind(h.sc, h.tcb));
                OK(seL4_Untyped_Retype(ut, seL4_EndpointObject, 0, ROOT, 0, 0, ep, 1));
                copy_to(new_slots(COPIES / 2), ep, COPIES / 2);
                EQ(revoked_after_100_ms(&h, ut), 0);
                OK(seL4_SchedContext_Bind(new_sc(5 * MS, 5 * MS), h.tcb));
                sleep_us(100 * MS);
                EQ(h.step, 100);
                OK(seL4_CNode_Revoke(AT(ut)));
        }
}

/* The revoking thread is deleted by its own revoke: it is gone, and somebody else can complete it. */
TEST(sched_revoke_of_oneself, "SCH-57")
{
        word ut = untyped_with_copies();
        struct helper h;

        helper_make(&h, EQUAL);
        give(&h, 100, 1000, 0);
        word tcb = made_in(ut, seL4_TCBObject, 0);
        OK(seL4_TCB_Configure(tcb, ROOT, 0, VSPACE, 0, h.buffer, h.frame));
        OK(seL4_SchedContext_Unbind(h.sc));
        OK(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 255, EQUAL, h.sc, 0));
        h.tcb = tcb;
        EQ(revoked_after_100_ms(&h, ut), 0);
        OK(seL4_CNode_Revoke(AT(ut)));
        OK(seL4_Untyped_Retype(ut, seL4_UntypedObject, 16, ROOT, 0, 0, new_slot(), 1));
}

/* What the thread runs on is taken away, changed and given back while its revoke is half done. */
TEST(sched_context_changed_in_the_middle, "SCH-57 SCH-06")
{
        word ep = new_endpoint();
        struct helper h;

        many_copies(ep);
        revoker(&h, 100, 1000);
        helper_start(&h, revokes, ep, (word)&h.step);
        for (word i = 0; h.step == 0 && i < 200; i++) {
                sleep_us(140);
                switch (i % 4) {
                case 0:
                        give(&h, 80, 900, i & 4 ? seL4_SchedContext_Sporadic : 0);
                        break;
                case 1:
                        OK(seL4_SchedContext_Unbind(h.sc));
                        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
                        break;
                case 2:
                        OK(seL4_TCB_Suspend(h.tcb));
                        OK(seL4_TCB_Resume(h.tcb));
                        break;
                default:
                        give(&h, 70, 70, 0);
                }
        }
        EQ(h.step, 100);
}

/* Out of budget at a preemption point is a timeout like any other, and the call is repeated after the answer. */
TEST(sched_timeout_in_the_middle_of_a_revoke, "SCH-57 IPC-94")
{
        word ep = new_endpoint(), faults = new_endpoint(), reply = new_reply(), seen = 0, badge;
        struct helper h;

        many_copies(ep);
        revoker(&h, 300, 1000);
        OK(seL4_TCB_SetTimeoutEndpoint(h.tcb, minted(faults, 3, seL4_AllRights)));
        helper_start(&h, revokes, ep, (word)&h.step);
        for (word i = 0; h.step == 0 && i < 200; i++) {
                sleep_us(500);
                badge = 0;
                seL4_MessageInfo_t m = seL4_NBRecv(faults, &badge, reply);
                if (badge != 3)
                        continue;
                EQ(seL4_MessageInfo_get_label(m), seL4_Fault_Timeout);
                seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
                seen++;
        }
        EQ(h.step, 100);
        CHECK(seen >= 2);
}

/* --- overrun --- */

static word long_call(word frame)
{
        word start = now_us();

        OK(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, 1ul << seL4_LargePageBits));
        return now_us() - start;
}

static void cleans(word frame, word unused)
{
        (void)unused;
        for (;;)
                seL4_ARM_Page_CleanInvalidate_Data(frame, 0, 1ul << seL4_LargePageBits);
}

/* Calls that take 2/3 of the budget each: two fit if the second may overrun, and the overrun is paid back, so the
 * share stays that of the budget. */
TEST(sched_overrun_is_paid_back, "SCH-30")
{
        word frame = new_object(seL4_ARM_LargePageObject, 0);
        struct helper h;

        OK(map_at(frame, 0x40000000, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        word one = long_call(frame), budget = one * 3 / 2, period = budget * 8;
        CHECK(one > 4 * MIN_US);
        helper_make(&h, EQUAL);
        OK(configure(h.sc, refills(budget, period, 24)));
        helper_start(&h, cleans, frame, 0);
        sleep_us(8 * period);
        consumed(h.sc);
        word got = share(&h, 40 * period), wanted = 1000 / 8;
        CHECK(got <= wanted * 102 / 100);
        CHECK(got >= wanted * 90 / 100);
}
