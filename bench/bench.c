/* SPDX-License-Identifier: BSD-2-Clause */
/* What each path costs, in instructions, measured at user level (spec performance.md).
 *
 * Under `-icount shift=0` the cycle counter of the emulated processor counts executed instructions exactly.  A figure is
 * the median difference of two readings around the operation, so it holds user stub, kernel entry, kernel and exit.
 * Runs on the runner of the behaviour suite: each measurement is a test that prints `cost NAME N`.
 */
#include "suite.h"

enum { ROUNDS = 64, PARTNER_EQUAL = SUITE_PRIORITY };

static word cycles(void)
{
        word n;

        __asm__ volatile("isb; mrs %0, pmccntr_el0" : "=r"(n));
        return n;
}

static void start_counter(void)
{
        word enable = 1 | 1 << 2, cycle_counter = 1ul << 31;

        __asm__ volatile("msr pmcr_el0, %0; msr pmcntenset_el0, %1; isb" ::"r"(enable), "r"(cycle_counter));
}

static word samples[ROUNDS];

static void report(const char *name, word first, word n, word divide)
{
        for (word i = first; i < n; i++) {
                for (word j = i; j > first && samples[j - 1] > samples[j]; j--) {
                        word swap = samples[j];

                        samples[j] = samples[j - 1];
                        samples[j - 1] = swap;
                }
        }
        say("cost %s %lu\n", name, samples[first + (n - first) / 2] / divide);
}

#define MEASURE(name, operation)                                                                             \
        do {                                                                                                 \
                start_counter();                                                                             \
                for (word round = 0; round < ROUNDS; round++) {                                              \
                        word before = cycles();                                                              \
                        operation;                                                                           \
                        samples[round] = cycles() - before;                                                  \
                }                                                                                            \
                report(name, 8, ROUNDS, 1);                                                                  \
        } while (0)

static void echo(word ep, word reply)
{
        word badge;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        for (;;)
                info = seL4_ReplyRecv(ep, info, &badge, reply);
}

static void measure_calls(const char *name, int passive, word length)
{
        struct helper server;
        word ep = new_endpoint(), reply = new_reply();
        seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, 0, length);

        spawn(&server, PARTNER_EQUAL, echo, ep, reply);
        let_run();
        if (passive)
                helper_passive(&server);
        MEASURE(name, seL4_Call(ep, info));
}

TEST(call_passive_0, "")
{
        measure_calls("call-reply-passive-0", 1, 0);
}

TEST(call_passive_4, "")
{
        measure_calls("call-reply-passive-4", 1, 4);
}

TEST(call_active_0, "")
{
        measure_calls("call-reply-active-0", 0, 0);
}

TEST(call_active_10, "")
{
        measure_calls("call-reply-active-10", 0, 10);
}

TEST(call_active_120, "")
{
        measure_calls("call-reply-active-120", 0, 120);
}

TEST(signal_and_poll, "")
{
        word n = new_notification(), badge;

        MEASURE("signal-nobody", seL4_Signal(n));
        MEASURE("poll", seL4_Poll(n, &badge));
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

        spawn(&waiter, 100, wait_for_ever, n, 0);
        start_counter();
        for (word round = 0; round < ROUNDS; round++) {
                let_run();
                word before = cycles();
                seL4_Signal(n);
                samples[round] = cycles() - before;
        }
        report("signal-lower-waiter", 8, ROUNDS, 1);
}

TEST(objects, "")
{
        struct helper other;
        seL4_UserContext c;
        word to = new_slots(4096), ep = new_endpoint(), frame = new_frame(), at = new_page_address(),
             sc = new_sc(10000, 10000);

        helper_make(&other, 10);
        MEASURE("tcb-set-priority", seL4_TCB_SetPriority(other.tcb, seL4_CapInitThreadTCB, 10));
        MEASURE("tcb-read-registers-36", seL4_TCB_ReadRegisters(other.tcb, 0, 0, 36, &c));
        MEASURE("sched-configure",
                seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, 10000, 10000, 0, 0, 0));
        OK(map_at(frame, at, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        MEASURE("page-map-again",
                seL4_ARM_Page_Map(frame, VSPACE, at, seL4_CanRead, seL4_ARM_Default_VMAttributes));
        MEASURE("cnode-copy", seL4_CNode_Copy(AT(to + round), AT(ep), seL4_AllRights));
        MEASURE("cnode-delete", seL4_CNode_Delete(AT(to + round)));
        MEASURE("cnode-mint", seL4_CNode_Mint(AT(to + round), AT(ep), seL4_AllRights, 7));
        word before = cycles();
        OK(seL4_CNode_Revoke(AT(ep)));
        say("cost revoke-per-child %lu\n", (cycles() - before) / ROUNDS);
        MEASURE("retype-endpoint",
                seL4_Untyped_Retype(test_untyped(), seL4_EndpointObject, 0, ROOT, 0, 0, to + 100 + round, 1));
        MEASURE("retype-frame", seL4_Untyped_Retype(test_untyped(), seL4_ARM_SmallPageObject, 0, ROOT, 0, 0,
                                                    to + 200 + round, 1));
        MEASURE("page-map", seL4_ARM_Page_Map(to + 200 + round, VSPACE, at + 8192 * (round + 1),
                                              seL4_AllRights, seL4_ARM_Default_VMAttributes));
        MEASURE("page-unmap", seL4_ARM_Page_Unmap(to + 200 + round));
}
