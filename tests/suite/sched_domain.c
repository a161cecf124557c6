/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains: the checks of their invocations, and who runs when.
 *
 * Tests named domains_* run on a kernel with three domains.  They begin with one entry for domain 0 that never ends.
 */
#include "sched_common.h"

static const word FOREVER = (1ul << 56) - 1;

static word ticks(word us)
{
        return us * machine_ticks_per_us_x1000() / 1000;
}

static word entry(word index, word domain, word duration)
{
        struct invocation v = {
                seL4_CapDomain, DomainScheduleConfigure, 3, {index, domain, duration, 0, 0}, 0, {0}};

        return invoke(&v);
}

static word set_start(word index)
{
        return seL4_DomainSet_ScheduleSetStart(seL4_CapDomain, index);
}

/* --- checks --- */

static void set_checks(word domains)
{
        struct invocation v = {seL4_CapDomain, DomainSetSet, 0, {domains}, 0, {seL4_CapInitThreadTCB}};

        EQ(invoke(&v), seL4_TruncatedMessage);
        v.length = 1;
        for (word bad = domains; bad < 1ul << 60; bad = bad << 3 | domains) {
                v.mr[0] = bad;
                EQ(invoke(&v), seL4_InvalidArgument);
                EQ(seL4_GetMR(0), 0);
        }
        v.mr[0] = domains - 1;
        EQ(invoke(&v), seL4_TruncatedMessage);
        v.caps = 1;
        v.extra[0] = new_endpoint();
        EQ(invoke(&v), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 1);
        v.extra[0] = new_object(seL4_TCBObject, 0);
        OK(invoke(&v));
        v.label = TCBSuspend;
        EQ(invoke(&v), seL4_IllegalOperation);
        v.cap = v.extra[0];
        v.label = DomainSetSet;
        EQ(invoke(&v), seL4_IllegalOperation);
}

static void entry_checks(word domains, word length)
{
        struct invocation v = {seL4_CapDomain, DomainScheduleConfigure, 0, {0, 0, FOREVER, 0, 0}, 0, {0}};

        for (; v.length < 3; v.length++)
                EQ(invoke(&v), seL4_TruncatedMessage);
        OK(invoke(&v));
        EQ(entry(length - 1, domains, ~0ul), seL4_RangeError);
        CHECK(range_is(0, length - 2));
        EQ(entry(~0ul, 0, 1), seL4_RangeError);
        CHECK(range_is(0, length - 2));
        EQ(entry(0, domains, ~0ul), seL4_RangeError);
        CHECK(range_is(0, domains - 1));
        EQ(entry(0, 0, FOREVER + 1), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 2);
        EQ(entry(0, 0, 0), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 2);
        if (domains == 1)
                return;
        EQ(entry(0, 1, 0), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 1);
        OK(entry(length - 2, domains - 1, 1));
        OK(entry(length - 2, 0, 0));
}

static void start_checks(word length)
{
        struct invocation v = {seL4_CapDomain, DomainScheduleSetStart, 0, {0}, 0, {0}};

        EQ(invoke(&v), seL4_TruncatedMessage);
        v.length = 1;
        OK(invoke(&v));
        EQ(set_start(length), seL4_RangeError);
        CHECK(range_is(0, length - 1));
        EQ(set_start(~0ul), seL4_RangeError);
        CHECK(range_is(0, length - 1));
        EQ(set_start(length - 1), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 0);
        EQ(set_start(1), seL4_InvalidArgument);
        EQ(seL4_GetMR(0), 0);
        OK(set_start(0));
}

TEST(sched_one_domain_checks,
     "SCH-59 OBJ-10.1.1 OBJ-10.1.2 OBJ-10.1.3 OBJ-10.1.4 OBJ-10.2.1 OBJ-10.2.2 OBJ-10.2.3 "
     "OBJ-10.2.4 OBJ-10.2.6 OBJ-10.3.1 OBJ-10.3.2 OBJ-10.3.3 OBJ-17.17 OBJ-18.8")
{
        set_checks(1);
        entry_checks(1, 2);
        start_checks(2);
}

/* A short entry of the only domain changes nothing for its threads. */
TEST(sched_one_domain_never_ends, "SCH-59")
{
        struct helper h;

        spawn_spinner(&h, EQUAL, 10 * MS, 10 * MS);
        OK(entry(0, 0, ticks(100)));
        OK(set_start(0));
        NEAR(share(&h, 20 * MS), 1000, 10);
        OK(entry(0, 0, FOREVER));
        OK(set_start(0));
}

/* --- several domains --- */

enum { ENTRIES = 100, DOMAINS = 3 };

static void one_entry(void)
{
        OK(entry(0, 0, FOREVER));
        OK(set_start(0));
        for (word i = 1; i < ENTRIES - 1; i++)
                OK(entry(i, 0, 0));
}

TEST(domains_checks, "SCH-59 SCH-63 OBJ-10.1.2 OBJ-10.2.3 OBJ-10.2.5")
{
        one_entry();
        set_checks(DOMAINS);
        entry_checks(DOMAINS, ENTRIES);
        start_checks(ENTRIES);
}

/* Entries 0, 1, ... of the domains 0, 1, ... */
static void round_of(word domains, const word *us)
{
        one_entry();
        for (word i = 0; i < domains; i++)
                OK(entry(i, i, ticks(us[i])));
}

static void move(struct helper *h, word domain)
{
        OK(seL4_DomainSet_Set(seL4_CapDomain, (seL4_Uint8)domain, h->tcb));
}

static struct gaps gaps[DOMAINS];

/* One that notes when it runs. */
static void watch(struct helper *h, word domain)
{
        gaps[domain] = (struct gaps){0};
        spawn_at(h, EQUAL, notes_gaps, (word)&gaps[domain], 0, 900 * MS, 900 * MS);
        move(h, domain);
}

static word begin(void)
{
        OK(set_start(0));
        return now_us();
}

TEST(domains_share_by_duration, "SCH-60")
{
        struct helper h[DOMAINS];

        round_of(DOMAINS, (word[]){5 * MS, 10 * MS, 20 * MS});
        for (word i = 1; i < DOMAINS; i++)
                watch(&h[i], i);
        word start = begin();
        spin_us(3 * 35 * MS);
        for (word i = 1; i < DOMAINS; i++)
                NEAR(consumed(h[i].sc), 3 * 5 * i * 2 * MS, 4 * SLACK_US);
        for (word i = 1; i < DOMAINS; i++) {
                NEAR(gaps[i].begin - start, 5 * (2 * i - 1) * MS, 2 * SLACK_US);
                NEAR(gaps[i].resume[0] - gaps[i].begin, 35 * MS, 2 * SLACK_US);
                NEAR(gaps[i].stop[0] - gaps[i].begin, 10 * i * MS, 2 * SLACK_US);
        }
}

/* Nobody of domain 1 can run: the machine is idle until the domain is over. */
TEST(domains_idle_until_the_end, "SCH-60")
{
        round_of(2, (word[]){5 * MS, 10 * MS});
        word start = begin(), last = start, longest = 0;

        while (last - start < 40 * MS) {
                word now = now_us();

                if (now - last > longest)
                        longest = now - last;
                last = now;
                relax();
        }
        NEAR(longest, 10 * MS, 2 * SLACK_US);
}

static void makes_another(word other, word unused)
{
        (void)unused;
        spawn_at((struct helper *)other, EQUAL, notes_gaps, (word)&gaps[1], 0, 900 * MS, 900 * MS);
}

TEST(domains_new_threads_are_of_the_current_one, "SCH-60")
{
        struct helper maker, h;

        round_of(2, (word[]){5 * MS, 10 * MS});
        gaps[1] = (struct gaps){0};
        helper_make(&maker, EQUAL);
        move(&maker, 1);
        word start = begin();
        helper_start(&maker, makes_another, (word)&h, 0);
        spin_us(40 * MS);
        CHECK(gaps[1].begin - start >= 5 * MS && gaps[1].begin - start < 8 * MS);
        NEAR(gaps[1].stop[0] - start, 15 * MS, 2 * SLACK_US);
        NEAR(gaps[1].resume[0] - start, 20 * MS, 2 * SLACK_US);
}

TEST(domains_moved_thread_waits_for_its_turn, "SCH-61")
{
        struct helper h;

        round_of(2, (word[]){5 * MS, 10 * MS});
        gaps[1] = (struct gaps){0};
        spawn_at(&h, EQUAL, notes_gaps, (word)&gaps[1], 0, 900 * MS, 900 * MS);
        word start = begin();
        spin_us(1 * MS);
        move(&h, 1);
        spin_us(40 * MS);
        NEAR(gaps[1].begin - start, 5 * MS, 2 * SLACK_US);
        NEAR(gaps[1].stop[0] - start, 15 * MS, 2 * SLACK_US);
        move(&h, 0);
        consumed(h.sc);
        spin_us(20 * MS);
        EQ(consumed(h.sc), 0);
}

static void moves_itself(word tcb, word domain)
{
        mark(0);
        OK(seL4_DomainSet_Set(seL4_CapDomain, (seL4_Uint8)domain, tcb));
        mark(1);
}

TEST(domains_caller_moves_itself, "SCH-61")
{
        struct helper h;

        trace_clear();
        round_of(DOMAINS, (word[]){5 * MS, 5 * MS, 5 * MS});
        helper_make(&h, SUITE_PRIORITY + 1);
        word start = begin();
        helper_start(&h, moves_itself, h.tcb, 2);
        spin_us(20 * MS);
        EQ(trace_length, 2);
        CHECK(trace_time[0] - start < 1 * MS);
        NEAR(trace_time[1] - start, 10 * MS, 2 * SLACK_US);
}

TEST(domains_start_again_at_the_same_index, "SCH-62")
{
        struct helper h;

        round_of(2, (word[]){5 * MS, 10 * MS});
        watch(&h, 1);
        word start = begin();
        spin_us(3 * MS);
        OK(set_start(0));
        spin_us(15 * MS);
        NEAR(gaps[1].begin - start, 8 * MS, 2 * SLACK_US);
}

TEST(domains_start_enters_at_once, "SCH-62")
{
        struct helper h;

        round_of(3, (word[]){5 * MS, 10 * MS, 3 * MS});
        OK(entry(2, 0, ticks(20 * MS)));
        watch(&h, 1);
        word start = begin();
        spin_us(2 * MS);
        OK(set_start(1));
        NEAR(now_us() - start, 12 * MS, 2 * SLACK_US);
        NEAR(gaps[1].begin - start, 2 * MS, 2 * SLACK_US);
        spin_us(30 * MS); /* 20 ms here, then entry 1 again and not entry 0 */
        NEAR(gaps[1].resume[0] - start, 32 * MS, 2 * SLACK_US);
}

TEST(domains_running_entry_configured, "SCH-62")
{
        struct helper h;

        round_of(2, (word[]){5 * MS, 10 * MS});
        watch(&h, 1);
        word start = begin();
        OK(entry(0, 0, ticks(20 * MS)));
        spin_us(60 * MS);
        NEAR(gaps[1].begin - start, 5 * MS, 2 * SLACK_US);
        NEAR(gaps[1].resume[0] - start, 35 * MS, 2 * SLACK_US);
}

TEST(domains_end_marker_in_the_middle, "SCH-63")
{
        struct helper h[DOMAINS];

        round_of(2, (word[]){5 * MS, 5 * MS});
        OK(entry(3, 2, ticks(5 * MS)));
        OK(entry(4, 0, ticks(5 * MS)));
        watch(&h[1], 1);
        watch(&h[2], 2);
        begin();
        spin_us(30 * MS);
        NEAR(consumed(h[1].sc), 15 * MS, 4 * SLACK_US);
        EQ(gaps[2].begin, 0);
        OK(set_start(3));
        consumed(h[1].sc);
        consumed(h[2].sc);
        spin_us(30 * MS);
        EQ(consumed(h[1].sc), 0);
        NEAR(consumed(h[2].sc), 15 * MS, 4 * SLACK_US);
}

/* The last configurable entry is followed by the end marker that always exists. */
TEST(domains_schedule_of_full_length, "SCH-63")
{
        struct helper h;

        one_entry();
        for (word i = 0; i < ENTRIES - 1; i++)
                OK(entry(i, i % 2, ticks(200)));
        watch(&h, 1);
        begin();
        consumed(h.sc);
        spin_us(99 * 200 * 2);
        NEAR(consumed(h.sc), 49 * 200 * 2, 49 * 2 * (MIN_US + 2));
}

static void calls_at(word when, word ntfn)
{
        while (now_us() < when)
                relax();
        mark(0);
        seL4_Signal(ntfn);
        mark(1);
}

/* With less than MIN of the domain left a call is made in its next turn. */
TEST(domains_call_at_the_last_moment, "SCH-60")
{
        struct helper h;

        trace_clear();
        round_of(2, (word[]){5 * MS, 10 * MS});
        helper_make(&h, SUITE_PRIORITY + 1);
        word start = begin();
        helper_start(&h, calls_at, start + 5 * MS - MIN_US / 2 - 2, new_notification());
        spin_us(20 * MS);
        EQ(trace_length, 2);
        CHECK(trace_time[0] - start < 5 * MS);
        NEAR(trace_time[1] - start, 15 * MS, 2 * SLACK_US);
}

static void serves(word ep, word reply)
{
        word badge;

        seL4_Recv(ep, &badge, reply);
        mark(2);
        seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, reply);
}

static void calls(word ep, word unused)
{
        (void)unused;
        mark(1);
        seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
        mark(3);
}

TEST(domains_call_and_reply_across, "SCH-64")
{
        word ep = new_endpoint(), reply = new_reply();
        struct helper server, client;

        one_entry();
        trace_clear();
        spawn(&server, EQUAL, serves, ep, reply);
        let_run();
        helper_passive(&server);
        move(&server, 1);
        round_of(2, (word[]){5 * MS, 10 * MS});
        helper_make(&client, SUITE_PRIORITY + 1);
        word start = begin();
        helper_start(&client, calls, ep, 0);
        spin_us(20 * MS);
        EQ(trace_digits(), 123);
        CHECK(trace_time[0] - start < 1 * MS);
        NEAR(trace_time[1] - start, 5 * MS, 2 * SLACK_US);
        NEAR(trace_time[2] - start, 15 * MS, 2 * SLACK_US);
}

TEST(domains_signal_across, "SCH-64")
{
        word bell[2] = {new_notification(), new_notification()};
        struct helper h[2];

        one_entry();
        trace_clear();
        for (word i = 0; i < 2; i++) {
                spawn(&h[i], EQUAL, waits_then_marks, bell[i], i + 1);
                let_run();
                move(&h[i], 1);
        }
        round_of(2, (word[]){5 * MS, 10 * MS});
        word start = begin();
        seL4_Signal(bell[0]);
        seL4_Signal(bell[1]);
        spin_us(20 * MS);
        EQ(trace_digits(), 21);
        NEAR(trace_time[0] - start, 5 * MS, 2 * SLACK_US);
}

/* Budgets come back while another domain runs. */
TEST(domains_release_waits_in_its_queue, "SCH-60 SCH-35")
{
        struct helper h;

        round_of(2, (word[]){5 * MS, 10 * MS});
        gaps[1] = (struct gaps){0};
        spawn_at(&h, EQUAL, notes_gaps, (word)&gaps[1], 0, 2 * MS, 9 * MS);
        move(&h, 1);
        word start = begin();
        spin_us(50 * MS);
        NEAR(gaps[1].begin - start, 5 * MS, 2 * SLACK_US);
        NEAR(gaps[1].stop[0] - start, 7 * MS, 2 * SLACK_US);
        NEAR(gaps[1].resume[0] - start, 14 * MS, 2 * SLACK_US);
        NEAR(gaps[1].stop[1] - start, 15 * MS, 2 * SLACK_US);
        NEAR(gaps[1].resume[1] - start, 20 * MS, 2 * SLACK_US);
}
