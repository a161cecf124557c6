/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of guests on several cores, and many invocations at once (spec smp.md 17.3, 17.4). */
#include "guests.h"

static struct guest g[2];
static volatile word words[8];

/* The monitor's part: the next event, `ticks` after this one. */
static void next_event(struct guest *a, word ticks)
{
        set_reg(a->vcpu, seL4_VCPUReg_CNTV_CVAL, reg(a->vcpu, seL4_VCPUReg_CNTV_CVAL) + ticks);
        OK(seL4_ARM_VCPU_AckVPPI(a->vcpu, VIRTUAL_TIMER));
        answer(a->reply, 0, 0);
}

/* Two timers with different periods on two cores; now and then a guest changes its core, with its event acknowledged or not. */
TEST(smp_timers_of_two_guests, "SMP-17.4.1 SMP-17.2.5 SMP-17.3")
{
        enum { TICKS = 200000 }; /* more than one turn of ours */
        word events[2] = {0, 0};

        for (word i = 0; i < 2; i++) {
                words[i] = 0;
                guest_on(&g[i], 1 + i);
                guest_start(&g[i], guest_ticks, (word)&words[i], TICKS << i, 0);
        }
        for (word turn = 0; events[0] < 24 || events[1] < 12; turn++) {
                CHECK(turn < TURNS);
                for (word i = 0; i < 2; i++) {
                        struct message m = poll_now(g[i].a.faults, g[i].reply);

                        if (!m.any)
                                continue;
                        EQ(m.label, seL4_Fault_VPPIEvent);
                        EQ(m.mr[0], VIRTUAL_TIMER);
                        events[i]++;
                        if (events[i] % 4 == 0)
                                OK(place(g[i].a.h.sc, (events[i] / 4 + i) % CORES));
                        next_event(&g[i], TICKS << i);
                }
                sleep_us(TURN_US);
        }
        CHECK(get(&words[0]) > 0 && get(&words[1]) > 0);
}

/* Not acknowledged, none comes, on no core; acknowledged while it runs on another core: at once. */
TEST(smp_events_of_a_running_guest_are_acknowledged, "SMP-17.3 SMP-17.4.1")
{
        words[0] = 0;
        guest_on(&g[0], 2);
        guest_start(&g[0], guest_ticks, (word)words, 1000, 0);
        guest_await(&g[0]);
        EQ(g[0].m.label, seL4_Fault_VPPIEvent);
        answer(g[0].reply, 0, 0);
        for (word core = 1; core < CORES; core++) {
                OK(place(g[0].a.h.sc, core));
                CHECK(counts_up(words) && counts_up(words));
                CHECK(!poll_now(g[0].a.faults, g[0].reply).any);
        }
        OK(seL4_ARM_VCPU_AckVPPI(g[0].vcpu, VIRTUAL_TIMER));
        guest_await(&g[0]);
        EQ(g[0].m.label, seL4_Fault_VPPIEvent);
}

/* One that is out of budget most of the time gets each event once, when it runs. */
TEST(smp_events_of_a_guest_with_little_budget, "SMP-17.4.2")
{
        enum { BUDGET_US = 1000, PERIOD_US = 10000, TICKS = 100000 };

        words[0] = 0;
        guest_on(&g[0], 2);
        OK(seL4_SchedControl_ConfigureFlags(control_of(2), g[0].a.h.sc, BUDGET_US, PERIOD_US, 0, 0, 0));
        guest_start(&g[0], guest_ticks, (word)words, TICKS, 0);
        for (word i = 0; i < 5; i++) {
                guest_await(&g[0]);
                EQ(g[0].m.label, seL4_Fault_VPPIEvent);
                next_event(&g[0], TICKS);
        }
}

static volatile word rounds[CORES];

/* Everything that one may do to another core's VCPU, from two cores at once. */
static void disturbs(word number, word unused)
{
        (void)unused;
        for (word i = 0; i < 100 * STRESS; i++) {
                const struct guest *a = &g[(i + number) % 2];

                (void)seL4_ARM_VCPU_ReadRegs(a->vcpu, seL4_VCPUReg_TPIDR_EL1);
                (void)seL4_ARM_VCPU_WriteRegs(a->vcpu, seL4_VCPUReg_AFSR0, i);
                (void)seL4_ARM_VCPU_AckVPPI(a->vcpu, VIRTUAL_TIMER);
                if (i % 4 == 0)
                        (void)place(a->a.h.sc, (i / 4 + number) % CORES);
                if (i % 8 == 1) {
                        (void)seL4_TCB_Suspend(tcb_of(a));
                        (void)seL4_TCB_Resume(tcb_of(a));
                }
                put(&rounds[number], i + 1);
        }
}

TEST(smp_two_monitors_disturb_the_same_guests, "SMP-17.3")
{
        static struct helper monitor[CORES];

        for (word i = 0; i < 2; i++) {
                words[i] = 0;
                guest_on(&g[i], 2 + i);
                guest_start(&g[i], guest_computes, (word)&words[i], 0, 0);
        }
        for (word core = 1; core < 3; core++)
                spawn_on(&monitor[core], core, ABOVE, disturbs, core, 0);
        for (word core = 1; core < 3; core++)
                UNTIL(get(&monitor[core].done));
        for (word i = 0; i < 2; i++)
                EQ(get(&rounds[1 + i]), 100 * STRESS);
        for (word i = 0; i < 2; i++) {
                OK(place(g[i].a.h.sc, 3 - i));
                CHECK(counts_up(&words[i]));
                CHECK(!poll_now(g[i].a.faults, g[i].reply).any);
        }
}
