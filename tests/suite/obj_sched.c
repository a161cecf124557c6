/* SPDX-License-Identifier: BSD-2-Clause */
/* Invocations on domains, scheduling control and scheduling contexts: their checks, and who is bound to whom. */
#include "obj_common.h"

enum { OWN = seL4_CapInitThreadTCB, DOMAIN = seL4_CapDomain, SCHEDULES = 2, MIN_US = 20, TIMER_KHZ = 62500 };

TEST(obj_domain_set, "OBJ-10.1.1 OBJ-10.1.2 OBJ-10.1.3 OBJ-10.1.4 OBJ-17.17 OBJ-18.8")
{
        word tcb = sample(S_TCB), copy = copied(DOMAIN, seL4_NoRights);

        EXPECT(truncated(), DOMAIN, DomainSetSet, 0, {0}, 1, {tcb});
        EXPECT(bad_argument(0), DOMAIN, DomainSetSet, 1, {1});
        EXPECT(bad_argument(0), DOMAIN, DomainSetSet, 1, {~0ul}, 1, {ROOT});
        EXPECT(bad_argument(0), DOMAIN, DomainSetSet, 1, {256}, 1, {tcb});
        EXPECT(truncated(), DOMAIN, DomainSetSet, 1, {0});
        EXPECT(bad_argument(1), DOMAIN, DomainSetSet, 1, {0}, 1, {ROOT});
        EXPECT(bad_argument(1), DOMAIN, DomainSetSet, 1, {0}, 1, {seL4_CapNull});
        EXPECT(done(), DOMAIN, DomainSetSet, 1, {0}, 1, {tcb});
        EXPECT(done(), copy, DomainSetSet, 2, {0, 9}, 1, {OWN});
        EXPECT(illegal(), DOMAIN, 0, 0);
        EXPECT(illegal(), DOMAIN, DomainSetSet - 1, 1, {0}, 1, {tcb});
        EXPECT(illegal(), tcb, DomainSetSet, 1, {0}, 1, {tcb});
}

TEST(obj_domain_schedule, "OBJ-10.2.1 OBJ-10.2.2 OBJ-10.2.3 OBJ-10.2.4 OBJ-10.2.5 OBJ-10.2.6")
{
        const word configure = DomainScheduleConfigure, longest = (1ul << 56) - 1;

        EXPECT(truncated(), DOMAIN, configure, 2, {9, 9});
        EXPECT(range_error(0, SCHEDULES - 2), DOMAIN, configure, 3, {SCHEDULES - 1, 9, 0});
        EXPECT(range_error(0, SCHEDULES - 2), DOMAIN, configure, 3, {~0ul, 9, 1ul << 56});
        EXPECT(range_error(0, 0), DOMAIN, configure, 3, {0, 1, 1ul << 56});
        EXPECT(range_error(0, 0), DOMAIN, configure, 3, {0, 256, 0});
        EXPECT(bad_argument(2), DOMAIN, configure, 3, {0, 0, 1ul << 56});
        EXPECT(bad_argument(2), DOMAIN, configure, 3, {0, 0, ~0ul});
        EXPECT(bad_argument(2), DOMAIN, configure, 3,
               {0, 0, 0}); /* the start index must not be an end marker */
        EXPECT(done(), DOMAIN, configure, 3, {0, 0, 1000000});
        EXPECT(done(), DOMAIN, configure, 3, {0, 0, longest});
}

TEST(obj_domain_start, "OBJ-10.3.1 OBJ-10.3.2 OBJ-10.3.3")
{
        const word start = DomainScheduleSetStart;

        EXPECT(truncated(), DOMAIN, start, 0);
        EXPECT(range_error(0, SCHEDULES - 1), DOMAIN, start, 1, {SCHEDULES});
        EXPECT(range_error(0, SCHEDULES - 1), DOMAIN, start, 1, {1ul << 32});
        EXPECT(bad_argument(0), DOMAIN, start, 1, {1});
        EXPECT(done(), DOMAIN, start, 1, {0});
}

/* The longest time that is accepted, with a timer of 62.5 MHz. */
static word longest_us(void)
{
        return ~0ul / TIMER_KHZ / 8;
}

TEST(obj_configure_flags, "OBJ-11.0 OBJ-11.1 OBJ-11.2 OBJ-11.3 OBJ-11.4 OBJ-11.5 OBJ-11.6 OBJ-11.7 OBJ-11.8")
{
        const word control = suite_boot->schedcontrol.start, label = SchedControlConfigureFlags,
                   max = longest_us();
        word sc = sample(S_SC), ep = new_endpoint();

        EXPECT(illegal(), control, 0, 0);
        EXPECT(illegal(), control, SchedContextBind, 5, {1, 1, 0, 0, 0}, 1, {sc});
        EXPECT(truncated(), control, label, 0);
        EXPECT(truncated(), control, label, 5, {max + 1, max + 1, 99, 0, 0});
        EXPECT(truncated(), control, label, 4, {max + 1, max + 1, 99, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {max + 1, max + 1, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {~0ul, 0, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {0, max + 1, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {MIN_US - 1, 100, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {0, 0, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {100, MIN_US - 1, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, max), control, label, 5, {100, 0, 99, 0, 0}, 1, {ep});
        EXPECT(range_error(MIN_US, 99), control, label, 5, {100, 99, 99, 0, 0}, 1, {ep});
        EXPECT(bad_capability(1), control, label, 5, {100, 100, 99, 0, 0}, 1, {ep});
        EXPECT(bad_capability(1), control, label, 5, {100, 100, 99, 0, 0}, 1, {seL4_CapNull});
        EXPECT(done(), control, label, 5, {MIN_US, MIN_US, 0, 0, ~0ul}, 1, {sc});
        EXPECT(done(), control, label, 5, {max, max, 0, 0, 0}, 1, {sc});
}

TEST(obj_extra_refills, "OBJ-11.9")
{
        static const struct {
                word bits, extra;
        } sizes[] = {{7, 0}, {8, 8}, {9, 24}, {10, 56}};
        const word control = suite_boot->schedcontrol.start, label = SchedControlConfigureFlags;

        for (word i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                word sc = new_object(seL4_SchedContextObject, sizes[i].bits), extra = sizes[i].extra;

                EQ(extra, seL4_MaxExtraRefills(sizes[i].bits));
                EXPECT(range_error(0, extra), control, label, 5, {50, 100, extra + 1, 0, 0}, 1, {sc});
                EXPECT(range_error(0, extra), control, label, 5, {50, 50, ~0ul, 0, 0}, 1,
                       {sc}); /* though unused */
                EXPECT(done(), control, label, 5, {50, 100, extra, 0, 1}, 1, {sc});
        }
}

TEST(obj_sched_context_labels, "OBJ-17.15 OBJ-12.1.4")
{
        word sc = sample(S_SC), ep = new_endpoint();

        EXPECT(illegal(), sc, 0, 0);
        EXPECT(illegal(), sc, SchedContextYieldTo + 1, 0);
        EXPECT(illegal(), sc, SchedControlConfigureFlags, 5, {100, 100, 0, 0, 0}, 1, {sc});
        EXPECT(bad_capability(1), sc, SchedContextBind, 0, {0}, 1, {ep});
        EXPECT(bad_capability(1), sc, SchedContextBind, 0, {0}, 1, {seL4_CapNull});
        EXPECT(bad_capability(1), sc, SchedContextUnbindObject, 0, {0}, 1, {ep});
        EXPECT(bad_capability(1), sc, SchedContextUnbindObject, 0, {0}, 1, {ROOT});
}

TEST(obj_bind, "OBJ-12.1.1 OBJ-12.1.2 OBJ-12.1.3 OBJ-17.15")
{
        static struct agent a;
        word sc = sample(S_SC), other = sample(S_SC), tcb = sample(S_TCB), ntfn = new_notification();

        EXPECT(truncated(), sc, SchedContextBind, 0);
        EXPECT(done(), sc, SchedContextBind, 0, {0}, 1, {tcb});
        EXPECT(illegal(), sc, SchedContextBind, 0, {0}, 1, {tcb});
        EXPECT(illegal(), sc, SchedContextBind, 0, {0}, 1, {sample(S_TCB)});
        EXPECT(illegal(), other, SchedContextBind, 0, {0}, 1, {tcb});
        EXPECT(done(), sc, SchedContextBind, 0, {0}, 1, {copied(ntfn, seL4_NoRights)});
        EXPECT(illegal(), sc, SchedContextBind, 0, {0}, 1, {ntfn});
        EXPECT(illegal(), sc, SchedContextBind, 0, {0}, 1, {new_notification()});
        EXPECT(illegal(), other, SchedContextBind, 0, {0}, 1, {ntfn});
        EXPECT(illegal(), other, SchedContextBind, 0, {0}, 1, {OWN});
        agent_make(&a, LOW);
        does_wait(&a, ntfn);
        OK(seL4_SchedContext_Unbind(sc));
        agent_passive(&a);
        EXPECT(illegal(), other, SchedContextBind, 0, {0}, 1,
               {a.h.tcb}); /* blocked, and no time to come back with */
        EXPECT(done(), a.h.sc, SchedContextBind, 0, {0}, 1, {a.h.tcb});
}

TEST(obj_unbind, "OBJ-12.2.1 OBJ-12.3.1 OBJ-12.3.2 OBJ-12.3.3 OBJ-12.3.4 OBJ-17.15")
{
        word sc = sample(S_SC), tcb = sample(S_TCB), ntfn = new_notification();

        EXPECT(illegal(), seL4_CapInitThreadSC, SchedContextUnbind, 0);
        EXPECT(done(), sc, SchedContextUnbind, 0);
        EXPECT(truncated(), sc, SchedContextUnbindObject, 0);
        EXPECT(illegal(), sc, SchedContextUnbindObject, 0, {0}, 1, {tcb});
        EXPECT(illegal(), sc, SchedContextUnbindObject, 0, {0}, 1, {ntfn});
        EXPECT(illegal(), seL4_CapInitThreadSC, SchedContextUnbindObject, 0, {0}, 1, {OWN});
        EXPECT(bad_capability(1), sc, SchedContextUnbindObject, 0, {0}, 1, {seL4_CapNull});
        for (int both = 0; both < 2; both++) {
                OK(seL4_SchedContext_Bind(sc, tcb));
                OK(seL4_SchedContext_Bind(sc, ntfn));
                if (both) {
                        EXPECT(done(), sc, SchedContextUnbind, 0);
                        continue;
                }
                EXPECT(illegal(), sc, SchedContextUnbindObject, 0, {0}, 1, {sample(S_TCB)});
                EXPECT(illegal(), sc, SchedContextUnbindObject, 0, {0}, 1, {new_notification()});
                EXPECT(done(), sc, SchedContextUnbindObject, 0, {0}, 1, {tcb});
                EXPECT(illegal(), sc, SchedContextUnbindObject, 0, {0}, 1, {tcb});
                EXPECT(done(), sc, SchedContextUnbindObject, 0, {0}, 1, {ntfn});
        }
        OK(seL4_SchedContext_Bind(sc, tcb));
        OK(seL4_SchedContext_Bind(sc, ntfn));
}

/* A lent scheduling context is bound to whom it was lent. */
TEST(obj_unbind_follows_donation, "OBJ-12.3.2")
{
        static struct agent caller, server;
        word ep = new_endpoint();

        agent_make(&server, MIDDLE);
        does_recv(&server, ep, new_reply());
        does_wait(&server, new_notification());
        agent_passive(&server);
        agent_make(&caller, LOW);
        does_call(&caller, ep, info_word(1, 0, 0));
        agent_run(&caller);
        CHECK(agent_is(&server, 1));
        EXPECT(illegal(), caller.h.sc, SchedContextUnbindObject, 0, {0}, 1, {caller.h.tcb});
        EXPECT(done(), caller.h.sc, SchedContextUnbindObject, 0, {0}, 1, {server.h.tcb});
}

TEST(obj_yield_to, "OBJ-12.5.1 OBJ-12.5.2 OBJ-12.5.3 OBJ-17.15")
{
        word sc = new_sc(1000, 1000), tcb = sample(S_TCB);

        EXPECT(illegal(), sc, SchedContextYieldTo, 0);
        EXPECT(illegal(), seL4_CapInitThreadSC, SchedContextYieldTo, 0);
        OK(seL4_SchedContext_Bind(sc, tcb));
        EXPECT(says_word(0), sc, SchedContextYieldTo, 0); /* never resumed */
        OK(seL4_TCB_SetPriority(tcb, OWN, 201));
        EXPECT(says_word(0), sc, SchedContextYieldTo, 0);
}

/* Above the MCP of the caller: the agent's own is 50. */
TEST(obj_yield_to_above_mcp, "OBJ-12.5.3 OBJ-17.15")
{
        static struct agent a;
        word sc = new_sc(1000, 1000), tcb = sample(S_TCB), ntfn = new_notification();

        OK(seL4_SchedContext_Bind(sc, tcb));
        OK(seL4_TCB_SetPriority(tcb, OWN, 51));
        agent_make(&a, LOW);
        OK(seL4_TCB_SetMCPriority(a.h.tcb, OWN, 50));
        does_call(&a, sc, info_word(SchedContextYieldTo, 0, 0));
        does_wait(&a, ntfn);
        does_call(&a, sc, info_word(SchedContextYieldTo, 0, 0));
        agent_run(&a);
        EQ(agent_out(&a, 0)[1], info_word(seL4_IllegalOperation, 0, 0));
        OK(seL4_TCB_SetMCPriority(a.h.tcb, OWN, 51));
        seL4_Signal(ntfn);
        CHECK(agent_is(&a, 3));
        EQ(agent_out(&a, 2)[1], info_word(0, 0, 1));
}
