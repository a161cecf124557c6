/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuring scheduling contexts: what is refused, and how a thread behaves by the new values. */
#include "sched_common.h"

static word control(void)
{
        return suite_boot->schedcontrol.start;
}

/* --- refusals --- */

enum { EXTRA_IN_512 = 24 };

TEST(sched_configure_checks_in_order, "SCH-01 OBJ-11.3 OBJ-11.4 OBJ-11.5 OBJ-11.6 OBJ-11.7 OBJ-11.8 OBJ-11.9")
{
        const word max = max_us(), ep = new_endpoint(), sc = sc_of_bits(9);
        const struct {
                word budget, period, extra, cap, error, first, second;
        } row[] = {
                {max + 1, max + 1, 0, sc, seL4_RangeError, MIN_US, max},
                {100, max + 1, 0, sc, seL4_RangeError, MIN_US, max},
                {MIN_US - 1, MIN_US - 1, 0, sc, seL4_RangeError, MIN_US, max},
                {MIN_US, MIN_US - 1, 0, sc, seL4_RangeError, MIN_US, max},
                {5001, 5000, 99, ep, seL4_RangeError, MIN_US, 5000},
                {4000, 5000, 99, ep, seL4_InvalidCapability, 1, 0},
                {4000, 5000, EXTRA_IN_512 + 1, sc, seL4_RangeError, 0, EXTRA_IN_512},
                {5000, 5000, EXTRA_IN_512 + 1, sc, seL4_RangeError, 0, EXTRA_IN_512},
                {4000, 5000, EXTRA_IN_512, sc, seL4_NoError, 0, 0},
        };

        for (word i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
                EQ(configure(row[i].cap, refills(row[i].budget, row[i].period, row[i].extra)), row[i].error);
                if (row[i].error)
                        EQ(seL4_GetMR(0), row[i].first);
                if (row[i].error == seL4_RangeError)
                        EQ(seL4_GetMR(1), row[i].second);
        }
}

TEST(sched_configure_wants_a_whole_message, "SCH-01 OBJ-11.0 OBJ-11.1 OBJ-11.2")
{
        struct invocation v = {control(),      SchedControlConfigureFlags, 5, {4000, 5000, 0, 0, 0}, 1,
                               {sc_of_bits(9)}};

        OK(invoke(&v));
        for (v.length = 0; v.length < 5; v.length++)
                EQ(invoke(&v), seL4_TruncatedMessage);
        v.caps = 0;
        EQ(invoke(&v), seL4_TruncatedMessage);
        v.length = 4;
        v.label = SchedContextBind;
        EQ(invoke(&v), seL4_IllegalOperation);
        v.label = 1000;
        EQ(invoke(&v), seL4_IllegalOperation);
}

/* shows: known bugs 3 "Huge budget/period values overflowed the arithmetic" */
TEST(sched_extreme_times, "SCH-02 SCH-03")
{
        const word max = max_us();
        const word value[] = {0, 1, MIN_US - 1, MIN_US, max, max + 1, 1ul << 63, ~0ul};
        word sc = sc_of_bits(8);

        for (word i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
                word v = value[i], fits = v >= MIN_US && v <= max;
                word wanted = fits ? seL4_NoError : seL4_RangeError;

                EQ(configure(sc, plain(v, v)), wanted);
                if (!fits)
                        CHECK(range_is(MIN_US, max));
                EQ(configure(sc, plain(MIN_US, v)), wanted);
                if (!fits)
                        CHECK(range_is(MIN_US, max));
                EQ(configure(sc, plain(v, 5000)), v == MIN_US ? seL4_NoError : seL4_RangeError);
        }
}

TEST(sched_object_size_gives_refills, "SCH-04")
{
        static const word EXTRA[] = {[7] = 0, [8] = 8, [9] = 24, [10] = 56};

        for (word bits = 7; bits <= 10; bits++) {
                word sc = sc_of_bits(bits);

                OK(configure(sc, refills(1000, 2000, EXTRA[bits])));
                OK(configure(sc, refills(2000, 2000, EXTRA[bits])));
                EQ(configure(sc, refills(1000, 2000, EXTRA[bits] + 1)), seL4_RangeError);
                CHECK(range_is(0, EXTRA[bits]));
                EQ(configure(sc, refills(2000, 2000, EXTRA[bits] + 1)), seL4_RangeError);
                CHECK(range_is(0, EXTRA[bits]));
        }
}

TEST(sched_object_of_64_bytes, "SCH-05")
{
        EQ(seL4_Untyped_Retype(test_untyped(), seL4_SchedContextObject, 6, ROOT, 0, 0, new_slot(), 1),
           seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 1);
}

/* --- behaviour by the new values --- */

TEST(sched_reconfigured_inactive, "SCH-06")
{
        struct helper h;

        helper_make(&h, EQUAL);
        give(&h, 1 * MS, 5 * MS, 0);
        give(&h, 2 * MS, 5 * MS, 0);
        helper_start(&h, spins, (word)&h, 0);
        NEAR(share(&h, 50 * MS), 400, 10);
}

/* shows: known bugs 3 "Configure could leave an SC inactive or without refills" */
TEST(sched_reconfigured_in_every_state, "SCH-06")
{
        struct helper h;

        spawn_spinner(&h, EQUAL, 2 * MS, 10 * MS);
        NEAR(share(&h, 50 * MS), 200, 10);
        sleep_us(1 * MS); /* ready, its slice begun */
        give(&h, 3 * MS, 10 * MS, 0);
        sleep_us(10 * MS);
        NEAR(share(&h, 50 * MS), 300, 10);
        sleep_us(8 * MS); /* waiting for budget */
        give(&h, 8 * MS, 10 * MS, 0);
        sleep_us(10 * MS);
        NEAR(share(&h, 50 * MS), 800, 10);
        give(&h, 10 * MS, 10 * MS, 0);
        NEAR(share(&h, 50 * MS), 1000, 10);
        give(&h, 1 * MS, 10 * MS, 0);
        sleep_us(20 * MS);
        NEAR(share(&h, 50 * MS), 100, 10);
}

static void reconfigures_itself(word sc, word result)
{
        *(volatile word *)result = 100 + configure(sc, plain(3 * MS, 10 * MS));
        spins(result - offsetof(struct helper, step), 0);
}

TEST(sched_reconfigured_by_itself, "SCH-06")
{
        struct helper h;

        helper_make(&h, EQUAL);
        helper_start(&h, reconfigures_itself, h.sc, (word)&h.step);
        sleep_us(10 * MS);
        CHECK(h.step > 100);
        NEAR(share(&h, 50 * MS), 300, 10);
}

/* A thread blocked at a notification keeps a context that can be given new values. */
TEST(sched_reconfigured_while_blocked, "SCH-06")
{
        word ntfn = new_notification();
        struct helper h;

        helper_make(&h, EQUAL);
        helper_start(&h, waits_then_marks, ntfn, 1);
        let_run();
        trace_clear();
        for (word i = 0; i < 20; i++) {
                word period = i % 3 ? 10 * MS : 1 * MS;

                give(&h, 1 * MS, period, i & 1);
                seL4_Signal(ntfn);
                let_run();
                EQ(trace_length, i + 1);
        }
}

TEST(sched_new_values_are_no_second_budget, "SCH-07")
{
        struct helper h;

        spawn_spinner(&h, EQUAL, 2 * MS, 50 * MS);
        CHECK(runs(&h, 5 * MS));
        give(&h, 10 * MS, 20 * MS, 0);
        CHECK(!runs(&h, 40 * MS));
        CHECK(runs(&h, 10 * MS));
}

TEST(sched_round_robin_runs_at_once, "SCH-08")
{
        struct helper h;

        spawn_spinner(&h, EQUAL, 2 * MS, 500 * MS);
        CHECK(runs(&h, 5 * MS));
        CHECK(!runs(&h, 5 * MS));
        give(&h, 10 * MS, 10 * MS, 0);
        CHECK(runs(&h, 1 * MS));
}

TEST(sched_badge_in_timeout_fault, "SCH-09 SCH-49")
{
        word ep = new_endpoint(), reply = new_reply(), badge = 0;
        struct helper h;

        helper_make(&h, EQUAL);
        OK(seL4_TCB_SetTimeoutEndpoint(h.tcb, ep));
        OK(configure(h.sc,
                     (struct budget){.budget = 2 * MS, .period = 10 * MS, .badge = 0xbad9e, .flags = ~1ul}));
        helper_start(&h, spins, (word)&h, 0);
        sleep_us(5 * MS);
        seL4_MessageInfo_t m = seL4_NBRecv(ep, &badge, reply);
        EQ(seL4_MessageInfo_get_label(m), seL4_Fault_Timeout);
        EQ(seL4_MessageInfo_get_length(m), 2);
        EQ(seL4_GetMR(0), 0xbad9e);
        NEAR(seL4_GetMR(1), 2 * MS, MIN_US);
        EQ(consumed(h.sc), 0);
}

TEST(sched_unconfigured_does_not_run, "SCH-10")
{
        struct helper h;

        helper_make(&h, EQUAL);
        OK(seL4_SchedContext_Unbind(h.sc));
        h.sc = sc_of_bits(8);
        OK(seL4_SchedContext_Bind(h.sc, h.tcb));
        helper_start(&h, spins, (word)&h, 0);
        CHECK(!runs(&h, 2 * MS));
        give(&h, 10 * MS, 10 * MS, 0);
        CHECK(runs(&h, 2 * MS));
}
