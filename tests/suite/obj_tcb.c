/* SPDX-License-Identifier: BSD-2-Clause */
/* TCB invocations that set up a thread: spaces, IPC buffer, priorities, fault handlers, notification. */
#include "obj_common.h"

enum { OWN = seL4_CapInitThreadTCB, MCP = 50, KIB = 1024, NODE_BITS = 4 };

static word used_untyped(void)
{
        word ut = new_untyped(12);

        OK(retyped(ut, seL4_EndpointObject, 0, new_slot()));
        return ut;
}

static word device_frame_cap(void)
{
        word i = 0, slot = new_slot();

        while (!suite_boot->untypedList[i].isDevice || suite_boot->untypedList[i].paddr < 0x10000000)
                i++;
        OK(retyped(suite_boot->untyped.start + i, seL4_ARM_SmallPageObject, 0, slot));
        return slot;
}

static word authority(void)
{
        word tcb = sample(S_TCB);

        OK(seL4_TCB_SetMCPriority(tcb, OWN, MCP));
        return tcb;
}

TEST(obj_tcb_labels, "OBJ-2.1.4 OBJ-17.17")
{
        static const word labels[] = {0,           UntypedRetype, TCBSetFlags + 1,
                                      CNodeDelete, DomainSetSet,  TCBSetFlags + 100};
        word tcb = sample(S_TCB);

        for (word i = 0; i < sizeof labels / sizeof *labels; i++)
                EXPECT(illegal(), tcb, labels[i], 1, {0}, 1, {tcb});
}

TEST(obj_configure_checks, "OBJ-8.7.1 OBJ-8.7.2 OBJ-8.7.3 OBJ-18.10")
{
        word tcb = sample(S_TCB), node = new_node(NODE_BITS), frame = new_frame(), ep = new_endpoint();

        EXPECT(truncated(), tcb, TCBConfigure, 2, {0, 0}, 3, {ROOT, VSPACE, frame});
        for (word caps = 0; caps < 3; caps++)
                EXPECT(truncated(), tcb, TCBConfigure, 3, {0, 0, 1}, caps, {ROOT, VSPACE});
        OK(seL4_TCB_SetSpace(tcb, 0, node, 0, VSPACE, 0));
        OK(seL4_CNode_Delete(AT(node))); /* the TCB holds the last cap */
        EXPECT(revoke_first(), tcb, TCBConfigure, 3, {0, 0, KIB}, 3, {ep, ep, used_untyped()});
        EXPECT(illegal(), tcb, TCBConfigure, 3, {0, 0, KIB}, 3, {used_untyped(), ep, ep});
        EXPECT(misaligned(), tcb, TCBConfigure, 3, {0, 0, KIB / 2}, 3, {used_untyped(), ep, frame});
        EXPECT(illegal(), tcb, TCBConfigure, 3, {0, 0, KIB}, 3, {used_untyped(), ep, frame});
        EXPECT(illegal(), tcb, TCBConfigure, 3, {0, 0, KIB}, 3, {ROOT, VSPACE, frame});
        EXPECT(illegal(), tcb, TCBSetSpace, 2, {0, 0}, 3, {0, ROOT, VSPACE});
}

/* Configure names CSpace and VSpace in caps 0 and 1, SetSpace in caps 1 and 2: one list of checks. */
static void space(struct said wanted, word data, word cspace, word vspace)
{
        word tcb = sample(S_TCB);

        EXPECT(wanted, tcb, TCBConfigure, 3, {data, ~0ul, 0}, 3, {cspace, vspace, 0});
        EXPECT(wanted, tcb, TCBSetSpace, 2, {data, ~0ul}, 3, {0, cspace, vspace});
}

TEST(obj_space_checks, "OBJ-8.7.4 OBJ-8.7.5 OBJ-8.8.3 OBJ-8.8.4 OBJ-17.12")
{
        word node = new_node(NODE_BITS), ep = new_endpoint(), fresh = new_object(seL4_ARM_VSpaceObject, 0);
        word badged = minted(ep, 3, seL4_AllRights);

        space(revoke_first(), 0, used_untyped(), ep);
        space(revoke_first(), 64, used_untyped(), ep);
        space(illegal(), 0, new_object(seL4_ARM_PageTableObject, 0), VSPACE);
        space(illegal(), 0, seL4_CapIRQControl, VSPACE);
        space(illegal(), 0, ep, VSPACE);
        space(illegal(), 5, badged, VSPACE);
        space(illegal(), 0, new_slot(), VSPACE);
        space(illegal(), 0, seL4_CapNull, VSPACE);
        space(illegal(), data_word(0, 61), node, VSPACE);
        space(done(), data_word(0, 60), node, VSPACE);
        space(illegal(), 0, node, fresh);
        space(illegal(), 0, node, ep);
        space(illegal(), 0, node, seL4_CapNull);
        space(illegal(), 0, node, sample(S_TABLE));
        space(revoke_first(), 0, node, used_untyped());
        space(done(), 0, node, sample(S_VSPACE));
}

TEST(obj_set_space_checks, "OBJ-8.8.1 OBJ-8.8.2 OBJ-8.8.5 OBJ-17.13")
{
        word tcb = sample(S_TCB), ep = new_endpoint(), node = new_node(NODE_BITS);

        EXPECT(truncated(), tcb, TCBSetSpace, 1, {0}, 3, {0, ROOT, VSPACE});
        for (word caps = 0; caps < 3; caps++)
                EXPECT(truncated(), tcb, TCBSetSpace, 2, {0, 0}, caps, {ep, ep});
        EXPECT(illegal(), tcb, TCBSetSpace, 2, {0, 0}, 3, {node, ROOT, ep}); /* spaces before handler */
        EXPECT(bad_capability(1), tcb, TCBSetSpace, 2, {0, 0}, 3, {node, ROOT, VSPACE});
        EXPECT(bad_capability(1), tcb, TCBSetSpace, 2, {0, 0}, 3, {copied(ep, seL4_CanWrite), ROOT, VSPACE});
        EXPECT(done(), tcb, TCBSetSpace, 2, {0, 0}, 3,
               {minted(ep, 9, seL4_CapRights_new(1, 0, 0, 1)), ROOT, VSPACE});
        EXPECT(done(), tcb, TCBSetSpace, 2, {0, 0}, 3, {0, ROOT, VSPACE});
        EXPECT(done(), tcb, TCBSetSpace, 2, {0, 0}, 3, {new_slot(), node, VSPACE});
        OK(seL4_CNode_Delete(AT(node)));
        EXPECT(illegal(), tcb, TCBSetSpace, 2, {0, 0}, 3,
               {0, used_untyped(), ep}); /* last cap before the rest */
}

TEST(obj_set_buffer_checks, "OBJ-8.9.1 OBJ-8.9.2")
{
        word tcb = sample(S_TCB), frame = new_frame(), ep = new_endpoint();

        EXPECT(truncated(), tcb, TCBSetIPCBuffer, 0, {0}, 1, {frame});
        EXPECT(truncated(), tcb, TCBSetIPCBuffer, 1, {0});
        EXPECT(revoke_first(), tcb, TCBSetIPCBuffer, 1, {1}, 1, {used_untyped()});
        EXPECT(illegal(), tcb, TCBSetIPCBuffer, 1, {1}, 1, {seL4_CapIRQControl});
        EXPECT(illegal(), tcb, TCBSetIPCBuffer, 1, {1}, 1, {ep});
        EXPECT(illegal(), tcb, TCBSetIPCBuffer, 1, {1}, 1, {new_slot()});
        EXPECT(illegal(), tcb, TCBSetIPCBuffer, 1, {1}, 1, {device_frame_cap()});
        for (word at = 1; at < KIB; at *= 2)
                EXPECT(misaligned(), tcb, TCBSetIPCBuffer, 1, {0x10000000 + at}, 1, {frame});
        EXPECT(done(), tcb, TCBSetIPCBuffer, 1, {~0ul << 10}, 1, {frame}); /* need not be mapped there */
        EXPECT(done(), tcb, TCBSetIPCBuffer, 1, {0}, 1, {ep});
}

static void device_space_given_back(void)
{
        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                if (suite_boot->untypedList[i].isDevice && suite_boot->untypedList[i].paddr >= 0x10000000) {
                        seL4_CNode_Revoke(AT(suite_boot->untyped.start + i));
                        return;
                }
        }
}

/* A buffer in any quarter of the page; gone with its frame cap. */
TEST(obj_buffer_place, "OBJ-8.9.2 OBJ-14.3.r3")
{
        static struct agent a;
        word ep = new_endpoint(), address, frame = map_new_page(&address);
        word page = address + 3 * KIB;

        device_space_given_back();
        agent_make(&a, LOW);
        for (word i = 0; i < 3; i++)
                does_send(&a, ep, info_word(1, 0, 5));
        ((seL4_IPCBuffer *)page)->msg[4] = 0x1234;
        OK(seL4_TCB_SetIPCBuffer(a.h.tcb, page, frame));
        agent_run(&a);
        struct message m = poll_message(ep, new_reply());
        EQ(m.length, 5);
        EQ(get_mr(4), 0x1234);
        OK(seL4_ARM_Page_Unmap(frame)); /* the kernel does not mind */
        EQ(poll_message(ep, new_reply()).length, 5);
        OK(seL4_CNode_Revoke(AT(frame)));
        EQ(poll_message(ep, new_reply()).length, 4); /* it was a derived cap */
}

TEST(obj_priority_checks, "OBJ-8.10.1 OBJ-8.10.2 OBJ-8.10.3 OBJ-17.11")
{
        static const word labels[] = {TCBSetPriority, TCBSetMCPriority};
        word tcb = sample(S_TCB), weak = authority();

        OK(seL4_TCB_SetPriority(tcb, OWN, 100));
        for (word i = 0; i < 2; i++) {
                EXPECT(truncated(), tcb, labels[i], 0, {0}, 1, {OWN});
                EXPECT(truncated(), tcb, labels[i], 1, {999});
                EXPECT(bad_capability(1), tcb, labels[i], 1, {999}, 1, {ROOT});
                EXPECT(bad_capability(1), tcb, labels[i], 1, {0}, 1, {seL4_CapNull});
                EXPECT(range_error(0, 255), tcb, labels[i], 1, {256}, 1, {OWN});
                EXPECT(range_error(0, 255), tcb, labels[i], 1, {1ul << 32}, 1, {OWN});
                EXPECT(range_error(0, MCP), tcb, labels[i], 1, {MCP + 1}, 1,
                       {weak}); /* though lower than it has */
                EXPECT(done(), tcb, labels[i], 1, {MCP}, 1, {weak});
                EXPECT(done(), tcb, labels[i], 1, {255}, 1, {OWN});
        }
}

/* The MCP of a thread may fall below its priority, which stays. */
TEST(obj_mcp_below_priority, "OBJ-17.11")
{
        static struct agent a;
        word ntfn = new_notification();
        word *in;

        agent_make(&a, 150);
        in = does_call(&a, a.h.tcb, info_word(TCBSetMCPriority, 1, 1));
        in[2] = MCP;
        in = does_call(&a, a.h.tcb, info_word(TCBSetPriority, 1, 1));
        in[2] = MCP + 1;
        does_wait(&a, ntfn);
        does_send(&a, ntfn, info_word(0, 0, 0));
        agent_buffer(&a)->caps_or_badges[0] = a.h.tcb;
        agent_run(&a);
        CHECK(agent_is(&a, 2));
        EQ(agent_out(&a, 0)[1], 0);
        EQ(agent_out(&a, 1)[1], info_word(seL4_RangeError, 0, 2));
        EQ(agent_out(&a, 1)[3], MCP);
        seL4_Signal(ntfn);
        OK(seL4_TCB_SetPriority(OWN, OWN, 149)); /* only a thread above 149 runs */
        word steps = a.h.step;
        OK(seL4_TCB_SetPriority(OWN, OWN, SUITE_PRIORITY));
        EQ(steps, 4);
}

TEST(obj_sched_params_checks, "OBJ-8.11.1 OBJ-8.11.2 OBJ-8.11.3 OBJ-8.11.4 OBJ-8.11.6 OBJ-8.11.7 OBJ-8.11.8")
{
        word tcb = sample(S_TCB), weak = authority(), sc = new_sc(1000, 1000), ep = new_endpoint();

        EXPECT(truncated(), tcb, TCBSetSchedParams, 1, {0}, 3, {OWN, 0, 0});
        for (word caps = 0; caps < 3; caps++)
                EXPECT(truncated(), tcb, TCBSetSchedParams, 2, {999, 999}, caps, {ROOT, ROOT});
        EXPECT(bad_capability(1), tcb, TCBSetSchedParams, 2, {999, 999}, 3, {ROOT, ROOT, ROOT});
        EXPECT(range_error(0, MCP), tcb, TCBSetSchedParams, 2, {MCP + 1, 999}, 3, {weak, ROOT, ROOT});
        EXPECT(range_error(0, 255), tcb, TCBSetSchedParams, 2, {255, 256}, 3, {OWN, ROOT, ROOT});
        EXPECT(range_error(0, MCP), tcb, TCBSetSchedParams, 2, {MCP, MCP + 1}, 3, {weak, ROOT, ROOT});
        EXPECT(illegal(), OWN, TCBSetSchedParams, 2, {255, SUITE_PRIORITY}, 3, {OWN, 0, ROOT});
        EXPECT(bad_capability(2), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, ROOT, ROOT});
        EXPECT(bad_capability(2), OWN, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, ep, ROOT});
        EXPECT(bad_capability(3), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, sc, ROOT});
        EXPECT(bad_capability(3), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, 0, copied(ep, seL4_CanRead)});
        OK(seL4_SchedContext_Bind(sc, tcb)); /* nothing of all that had an effect */
        EXPECT(done(), tcb, TCBSetSchedParams, 2, {MCP, MCP}, 3, {weak, sc, ep});
        EXPECT(range_error(0, MCP), weak, TCBSetPriority, 1, {MCP + 1}, 1, {tcb});
        EXPECT(done(), tcb, TCBSetSchedParams, 2, {0, 0}, 3, {weak, 0, 0});
        OK(seL4_SchedContext_Bind(sc, weak)); /* null took it away */
}

TEST(obj_sched_params_context, "OBJ-8.11.5")
{
        static struct agent blocked;
        word tcb = sample(S_TCB), sc = new_sc(1000, 1000), other = new_sc(1000, 1000), bound = sample(S_TCB);
        word raw_sc = sample(S_SC), ntfn = new_notification();

        OK(seL4_SchedContext_Bind(sc, tcb));
        OK(seL4_SchedContext_Bind(other, bound));
        EXPECT(illegal(), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, raw_sc, 0}); /* it has another */
        EXPECT(illegal(), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, other, ROOT});
        EXPECT(illegal(), sample(S_TCB), TCBSetSchedParams, 2, {1, 1}, 3,
               {OWN, other, 0});                                            /* of another thread */
        EXPECT(done(), tcb, TCBSetSchedParams, 2, {1, 1}, 3, {OWN, sc, 0}); /* the same */
        EXPECT(done(), sample(S_TCB), TCBSetSchedParams, 2, {1, 1}, 3, {OWN, sample(S_SC), 0});
        agent_make(&blocked, LOW);
        does_wait(&blocked, ntfn);
        agent_passive(&blocked);
        EXPECT(illegal(), blocked.h.tcb, TCBSetSchedParams, 2, {1, LOW}, 3, {OWN, raw_sc, 0});
        EXPECT(done(), blocked.h.tcb, TCBSetSchedParams, 2, {1, LOW}, 3, {OWN, blocked.h.sc, 0});
        seL4_Signal(ntfn);
        CHECK(agent_is(&blocked, 1));
}

static void never_ends(word a, word b)
{
        (void)a;
        (void)b;
        for (;;)
                relax();
}

/* A thread that awaits the answer to its timeout fault is blocked, and its own budget lies in the future. */
TEST(obj_sched_params_not_released, "OBJ-8.11.5 OBJ-18.13 OBJ-12.1.2")
{
        static struct helper h;
        word ep = new_endpoint(), reply = new_reply();

        helper_make(&h, LOW);
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, 1000, 5000000, 0, 55, 0));
        OK(seL4_TCB_SetTimeoutEndpoint(h.tcb, ep));
        helper_start(&h, never_ends, 0, 0);
        struct message m = {0};
        for (int i = 0; i < 20 && !m.any; i++)
                m = poll_message(ep, reply);
        CHECK(m.any);
        EQ(m.label, seL4_Fault_Timeout);
        EQ(m.mr[0], 55);
        EXPECT(illegal(), h.tcb, TCBSetSchedParams, 2, {1, LOW}, 3, {OWN, h.sc, 0});
        OK(seL4_SchedContext_UnbindObject(h.sc, h.tcb));
        EXPECT(illegal(), h.sc, SchedContextBind, 0, {0}, 1, {h.tcb});
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, h.sc, 1000, 5000000, 0, 55, 0));
        EXPECT(done(), h.sc, SchedContextBind, 0, {0}, 1, {h.tcb});
        EXPECT(done(), h.tcb, TCBSetSchedParams, 2, {1, LOW}, 3, {OWN, h.sc, 0});
}

TEST(obj_timeout_handler_checks, "OBJ-8.12.1 OBJ-8.12.2")
{
        word tcb = sample(S_TCB);

        EXPECT(truncated(), tcb, TCBSetTimeoutEndpoint, 0);
        EXPECT(bad_capability(1), tcb, TCBSetTimeoutEndpoint, 0, {0}, 1, {ROOT});
        EXPECT(bad_capability(1), tcb, TCBSetTimeoutEndpoint, 0, {0}, 1, {new_notification()});
        EXPECT(done(), tcb, TCBSetTimeoutEndpoint, 0, {0}, 1, {new_slot()});
}

TEST(obj_bind_notification_checks,
     "OBJ-8.15.1 OBJ-8.15.2 OBJ-8.15.3 OBJ-8.15.4 OBJ-8.15.5 OBJ-8.16.1 OBJ-18.7")
{
        static struct agent waiter;
        word tcb = sample(S_TCB), other = sample(S_TCB), ntfn = new_notification(), busy = new_notification();

        EXPECT(truncated(), tcb, TCBBindNotification, 0);
        EXPECT(illegal(), tcb, TCBUnbindNotification, 0);
        EXPECT(illegal(), tcb, TCBBindNotification, 0, {0}, 1, {seL4_CapNull});
        EXPECT(illegal(), tcb, TCBBindNotification, 0, {0}, 1, {new_endpoint()});
        EXPECT(illegal(), tcb, TCBBindNotification, 0, {0}, 1, {copied(ntfn, seL4_CanWrite)});
        agent_make(&waiter, LOW);
        does_wait(&waiter, busy);
        agent_run(&waiter);
        EXPECT(illegal(), tcb, TCBBindNotification, 0, {0}, 1, {busy});
        seL4_Signal(ntfn);
        EXPECT(done(), tcb, TCBBindNotification, 0, {0}, 1, {minted(ntfn, 8, seL4_CanRead)});
        EXPECT(illegal(), tcb, TCBBindNotification, 0, {0}, 1, {new_notification()}); /* has one */
        EXPECT(truncated(), tcb, TCBBindNotification, 0);
        EXPECT(illegal(), other, TCBBindNotification, 0, {0}, 1, {ntfn}); /* bound to another */
        EXPECT(done(), tcb, TCBUnbindNotification, 0);
        EXPECT(illegal(), tcb, TCBUnbindNotification, 0);
        EXPECT(done(), other, TCBBindNotification, 0, {0}, 1, {ntfn});
}
