/* SPDX-License-Identifier: BSD-2-Clause */
/* Which thread runs next: priorities, places in ready queues, and what moves a thread to the front of its equals. */
#include "sched_common.h"

enum { WORKERS = 4 };

/* Workers that mark 0 to 3; a director of the same priority does something to them and marks 9 when it has done. */
static struct helper worker[WORKERS], director, other;

static void make_workers(word priority)
{
        trace_clear();
        for (word i = 0; i < WORKERS; i++)
                helper_make(&worker[i], priority);
}

static void start_workers(word from, word to)
{
        for (word i = from; i < to; i++)
                helper_start(&worker[i], marks, i, 0);
}

static word own_priority_of(struct helper *h, word priority)
{
        return seL4_TCB_SetPriority(h->tcb, seL4_CapInitThreadTCB, priority);
}

/* Every number from high to low, to itself the last. */
TEST(sched_every_priority_descending, "SCH-11")
{
        static struct helper h[255];
        const word step = on_host() ? 5 : 1;

        OK(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 255));
        trace_clear();
        for (word p = 0; p < 255; p += step)
                spawn(&h[p], p, marks, p, 0);
        EQ(trace_length, 0);
        OK(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 0));
        seL4_Yield();
        EQ(trace_length, (254 / step) + 1);
        for (word i = 0; i < trace_length; i++)
                EQ(trace[i], step * (254 / step - i));
}

TEST(sched_started_from_above_run_in_reverse, "SCH-12")
{
        make_workers(EQUAL);
        start_workers(0, WORKERS);
        EQ(trace_length, 0);
        let_run();
        EQ(trace_digits(), 3210);
        EQ(trace_length, WORKERS);
}

static void starts_workers(word from, word to)
{
        start_workers(from, to);
        mark(9);
}

TEST(sched_started_by_an_equal_run_in_order, "SCH-13")
{
        make_workers(EQUAL);
        spawn(&director, EQUAL, starts_workers, 0, WORKERS);
        let_run();
        EQ(trace_digits(), 90123);
}

static word bells;

static void signals(word count, word unused)
{
        (void)unused;
        for (word i = 0; i < count; i++)
                seL4_Signal(bells + i);
        mark(9);
}

static void workers_wait(word priority)
{
        make_workers(priority);
        bells = new_slots(WORKERS);
        OK(seL4_Untyped_Retype(test_untyped(), seL4_NotificationObject, 0, ROOT, 0, 0, bells, WORKERS));
        for (word i = 0; i < WORKERS; i++)
                helper_start(&worker[i], waits_then_marks, bells + i, i);
        let_run();
        EQ(trace_length, 0);
}

TEST(sched_signalled_from_above_run_in_reverse, "SCH-14")
{
        workers_wait(EQUAL);
        signals(WORKERS, 0);
        let_run();
        EQ(trace_digits(), 93210);
}

TEST(sched_signalled_by_an_equal_run_in_order, "SCH-14")
{
        workers_wait(EQUAL);
        spawn(&director, EQUAL, signals, WORKERS, 0);
        let_run();
        EQ(trace_digits(), 90123);
}

static void signals_and_spins(word ntfn, word us)
{
        mark(1);
        seL4_Signal(ntfn);
        mark(3);
        spin_us(us);
        mark(5);
}

static void waits_and_spins(word ntfn, word us)
{
        seL4_Wait(ntfn, NULL);
        mark(2);
        spin_us(us);
}

/* The director has a slice of 10 ms, uses half a millisecond of it, is kept waiting for 6 ms, and has the rest of the
 * slice afterwards: its equal starts 10 ms of the director's own time after it. */
TEST(sched_preempted_keeps_its_slice, "SCH-15")
{
        word ntfn = new_notification();

        trace_clear();
        spawn_at(&other, UPPER, waits_and_spins, ntfn, 6 * MS, 20 * MS, 20 * MS);
        let_run();
        spawn(&worker[0], EQUAL, marks, 4, 0);
        spawn(&director, EQUAL, signals_and_spins, ntfn, 30 * MS);
        let_run();
        EQ(trace_digits(), 12345);
        CHECK(trace_time[1] - trace_time[0] < SLACK_US);
        NEAR(trace_time[3] - trace_time[0], 16 * MS, 2 * SLACK_US);
}

static void sets_priority_of_worker(word which, word priority)
{
        start_workers(0, WORKERS);
        OK(own_priority_of(&worker[which], priority));
        mark(9);
}

TEST(sched_priority_set_again_makes_next, "SCH-16")
{
        make_workers(EQUAL);
        spawn(&director, EQUAL, sets_priority_of_worker, 2, EQUAL);
        let_run();
        EQ(trace_digits(), 92013);
}

TEST(sched_raised_thread_runs_before_the_call_returns, "SCH-18")
{
        make_workers(EQUAL);
        spawn(&director, EQUAL, sets_priority_of_worker, 2, EQUAL + 1);
        let_run();
        EQ(trace_digits(), 29013);
}

static void lowers_itself(word priority, word unused)
{
        (void)unused;
        OK(own_priority_of(&director, priority));
        mark(9);
}

TEST(sched_lowered_to_others_goes_on, "SCH-17")
{
        make_workers(EQUAL);
        start_workers(0, WORKERS);
        spawn(&director, UPPER, lowers_itself, EQUAL, 0);
        let_run();
        EQ(trace_digits(), 93210);
}

TEST(sched_lowered_below_others_waits, "SCH-17")
{
        make_workers(EQUAL);
        start_workers(0, WORKERS);
        spawn(&director, UPPER, lowers_itself, EQUAL - 1, 0);
        let_run();
        EQ(trace_digits(), 32109);
}

static void binds_worker(word which, word unused)
{
        (void)unused;
        for (word i = 0; i < WORKERS; i++) {
                if (i != which)
                        start_workers(i, i + 1);
        }
        OK(seL4_SchedContext_Bind(worker[which].sc, worker[which].tcb));
        mark(9);
}

TEST(sched_bound_equal_is_next, "SCH-19")
{
        make_workers(EQUAL);
        helper_passive(&worker[3]);
        start_workers(3, WORKERS);
        let_run();
        EQ(trace_length, 0);
        spawn(&director, EQUAL, binds_worker, 3, 0);
        let_run();
        EQ(trace_digits(), 93012);
}

TEST(sched_passive_keeps_its_new_priority, "SCH-20")
{
        make_workers(EQUAL);
        helper_passive(&worker[0]);
        start_workers(0, WORKERS);
        OK(own_priority_of(&worker[0], UPPER));
        OK(seL4_SchedContext_Bind(worker[0].sc, worker[0].tcb));
        let_run();
        EQ(trace_digits(), 321);
        EQ(trace[0], 0);
        EQ(trace_length, WORKERS);
}

TEST(sched_authority_bounds_priorities, "SCH-21 SCH-22 OBJ-8.10.3")
{
        struct helper h;

        helper_make(&h, EQUAL);
        OK(seL4_TCB_SetMCPriority(h.tcb, seL4_CapInitThreadTCB, EQUAL + 5));
        OK(seL4_TCB_SetPriority(h.tcb, h.tcb, EQUAL + 5));
        EQ(seL4_TCB_SetPriority(h.tcb, h.tcb, EQUAL + 6), seL4_RangeError);
        CHECK(range_is(0, EQUAL + 5));
        EQ(seL4_TCB_SetMCPriority(h.tcb, h.tcb, EQUAL + 6), seL4_RangeError);
        CHECK(range_is(0, EQUAL + 5));
        EQ(seL4_TCB_SetSchedParams(h.tcb, h.tcb, EQUAL + 6, 1, h.sc, 0), seL4_RangeError);
        CHECK(range_is(0, EQUAL + 5));
        EQ(seL4_TCB_SetSchedParams(h.tcb, h.tcb, 1, EQUAL + 6, h.sc, 0), seL4_RangeError);
        CHECK(range_is(0, EQUAL + 5));
        for (word p = 256; p; p <<= 8) {
                EQ(seL4_TCB_SetPriority(h.tcb, seL4_CapInitThreadTCB, p), seL4_RangeError);
                CHECK(range_is(0, 255));
                EQ(seL4_TCB_SetMCPriority(h.tcb, seL4_CapInitThreadTCB, p), seL4_RangeError);
                CHECK(range_is(0, 255));
        }
}

/* With its own bound below its priority a thread still runs before those between. */
TEST(sched_lower_bound_leaves_priority, "SCH-21")
{
        make_workers(EQUAL);
        OK(own_priority_of(&worker[0], UPPER));
        OK(seL4_TCB_SetMCPriority(worker[0].tcb, seL4_CapInitThreadTCB, 5));
        start_workers(0, WORKERS);
        EQ(seL4_TCB_SetMCPriority(worker[0].tcb, worker[0].tcb, 6), seL4_RangeError);
        CHECK(range_is(0, 5));
        EQ(seL4_TCB_SetPriority(worker[0].tcb, worker[0].tcb, 6), seL4_RangeError);
        let_run();
        EQ(trace[0], 0);
        EQ(trace_length, WORKERS);
}

static void serves(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        mark(2);
        for (;;) {
                seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
                mark(2);
        }
}

static void calls_twice(word ep, word unused)
{
        (void)unused;
        helper_start(&other, marks, 4, 0);
        mark(1);
        seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        mark(3);
        seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        mark(3);
}

TEST(sched_call_and_back_lets_no_equal_in, "SCH-23")
{
        word ep = new_endpoint(), reply = new_reply();

        trace_clear();
        spawn(&worker[0], EQUAL, serves, ep, reply);
        let_run();
        helper_passive(&worker[0]);
        helper_make(&other, EQUAL);
        spawn(&director, EQUAL, calls_twice, ep, 0);
        let_run();
        EQ(trace_digits(), 123234);
}
