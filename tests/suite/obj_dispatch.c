/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kind of the invoked cap decides, for each of the system calls that invoke. */
#include "obj_common.h"

enum { FREE_IRQ = 92, BADGE = 0x42 };

TEST(obj_labels_are_user_data, "OBJ-2.2.r3")
{
        static const word labels[] = {0, 1, TCBSuspend, CNodeDelete, (1ul << 52) - 1};
        static struct agent a;
        word ep = new_endpoint(), ntfn = minted(new_notification(), BADGE, seL4_AllRights),
             reply = new_reply();

        agent_make(&a, LOW);
        for (word i = 0; i < 5; i++)
                does_call(&a, ep, info_word(labels[i], 0, 0));
        agent_start(&a);
        for (word i = 0; i < 5; i++) {
                EQ(poll_message(ep, reply).label, labels[i]);
                EXPECT(done(), ntfn, labels[i], 3, {1, 2, 3});
                EQ(poll_word(ntfn), BADGE);
                EXPECT(done(), reply, labels[4 - i], 0); /* Call on a reply cap answers at once */
                CHECK(agent_is(&a, i + 1));
                EQ(agent_out(&a, i)[1], info_word(labels[4 - i], 0, 0));
                EXPECT(done(), reply, labels[i], 0); /* nobody waits: nothing */
        }
}

TEST(obj_empty_slot_invoked, "OBJ-2.2.r1 OBJ-2.1.5")
{
        word empty = new_slot();

        EXPECT(bad_capability(0), empty, 0, 0);
        EXPECT(bad_capability(0), empty, CNodeDelete, 2, {1, 2}, 2, {ROOT, ROOT});
        send_question((word)seL4_SysSend, &(struct question){empty, 0, 0});
        send_question((word)seL4_SysNBSend, &(struct question){empty, CNodeDelete, 2, {1, 2}});
        combined_question(&(struct question){empty, CNodeDelete, 2, {1, 2}});
}

/* No answer, no register changed, for errors as for successes; the operation is done all the same. */
TEST(obj_send_is_silent, "OBJ-2.1.5 OBJ-15.2.r1")
{
        static const word numbers[] = {(word)seL4_SysSend, (word)seL4_SysNBSend};
        word sc = new_sc(1000, 1000);

        for (word i = 0; i < 2; i++) {
                word ep = new_endpoint(), to = new_slot(), tcb = sample(S_TCB);

                send_question(numbers[i], &(struct question){ROOT, 0, 0});
                send_question(numbers[i], &(struct question){ROOT, CNodeDelete, 2, {ep, 0}});
                send_question(numbers[i],
                              &(struct question){ROOT, CNodeMove, 4, {ep, 64, ep, 64}, 1, {ROOT}});
                CHECK(there(ep));
                send_question(numbers[i],
                              &(struct question){ROOT, CNodeMove, 4, {to, 64, ep, 64}, 1, {ROOT}});
                CHECK(there(to) && !there(ep));
                send_question(numbers[i], &(struct question){tcb, TCBSetFlags, 2, {0, 1}});
                EXPECT(says_word(1), tcb, TCBSetFlags, 2, {0, 0});
                send_question(numbers[i], &(struct question){sc, SchedContextConsumed, 0});
        }
}

/* Kinds that a combined call must not invoke: nothing happens, and no error is seen. */
TEST(obj_combined_refused, "OBJ-2.2.r5")
{
        word ep = new_endpoint(), tcb = sample(S_TCB), sc = sample(S_SC);

        combined_question(&(struct question){ROOT, CNodeDelete, 2, {ep, 64}});
        CHECK(there(ep));
        combined_question(&(struct question){tcb, TCBSetFlags, 2, {0, 1}});
        EXPECT(says_word(0), tcb, TCBSetFlags, 2, {0, 0});
        combined_question(&(struct question){sc, SchedContextBind, 0, {0}, 1, {tcb}});
        combined_question(&(struct question){
                suite_boot->schedcontrol.start, SchedControlConfigureFlags, 5, {99, 99}, 1, {sc}});
        OK(seL4_SchedContext_Bind(sc, tcb)); /* it was not bound */
        combined_question(&(struct question){seL4_CapDomain, DomainSetSet, 1, {0}, 1, {tcb}});
        for (int i = 0; i < 2; i++) /* and by label for the other calls */
                EXPECT(i ? illegal() : says_word(0), tcb, i ? 0 : TCBSetFlags, 2, {0, 0});
}

TEST(obj_combined_allowed, "OBJ-2.2.r6")
{
        word ut = new_untyped(12), ep = new_slot(), handler = new_slot(), ntfn = new_notification(),
             pool = new_slot();
        word frame = new_frame(), address = new_page_address(), space = new_object(seL4_ARM_VSpaceObject, 0);
        word table = new_object(seL4_ARM_PageTableObject, 0), far = 0x8000000000, copy = new_slot();

        combined_question(
                &(struct question){ut, UntypedRetype, 6, {seL4_EndpointObject, 0, 0, 0, ep, 1}, 1, {ROOT}});
        CHECK(there(ep));
        combined_question(&(struct question){
                seL4_CapIRQControl, IRQIssueIRQHandler, 3, {FREE_IRQ, handler, 64}, 1, {ROOT}});
        CHECK(there(handler));
        combined_question(&(struct question){handler, IRQSetIRQHandler, 0, {0}, 1, {ntfn}});
        word small = new_untyped(12);
        combined_question(&(struct question){
                seL4_CapASIDControl, ARMASIDControlMakePool, 2, {pool, 64}, 2, {small, ROOT}});
        CHECK(there(pool));
        combined_question(&(struct question){pool, ARMASIDPoolAssign, 0, {0}, 1, {space}});
        OK(seL4_CNode_Copy(AT(copy), AT(space), seL4_AllRights)); /* an unassigned one has no copies */
        OK(map_at(frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        combined_question(&(struct question){frame, ARMPageUnmap, 0});
        word second = new_frame();
        OK(map_at(second, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        combined_question(&(struct question){table, ARMPageTableMap, 2, {far, 3}, 1, {space}});
        OK(seL4_CNode_Copy(AT(new_slot()), AT(table), seL4_AllRights)); /* as for tables that are mapped */
}

TEST(obj_labels_of_other_kinds, "OBJ-2.1.4 OBJ-2.2.r5 OBJ-2.2.r6")
{
        for (word kind = S_CNODE; kind < SAMPLES; kind++) {
                word cap = sample((enum sample)kind);

                if (kind == S_REPLY || kind == S_SGI)
                        continue; /* their labels are not looked at */
                EXPECT(illegal(), cap, 0, 0);
                EXPECT(illegal(), cap, kind == S_CNODE ? TCBSuspend : CNodeDelete, 0);
                EXPECT(illegal(), cap, kind == S_UNTYPED ? CNodeDelete : UntypedRetype, 6, {1, 2, 3, 4, 5, 6},
                       1, {ROOT});
                EXPECT(illegal(), cap, ~0ul >> 12, 0);
        }
}

TEST(obj_kind_numbers, "OBJ-17.21 OBJ-16.r4")
{
        if (!on_debug_kernel())
                return;
        EQ(kind_of(new_slot()), 0);
        EQ(kind_of(seL4_CapNull), 0);
        EQ(kind_of(unresolvable()), 0); /* no fault */
        for (word kind = 0; kind < SAMPLES; kind++)
                EQ(kind_of(sample((enum sample)kind)), sample_number((enum sample)kind));
}

/* A kernel without debug calls treats their numbers as any unknown one. */
TEST(obj_unknown_debug_calls, "OBJ-16.r4")
{
        static const seL4_Syscall_ID debug_only[] = {(seL4_Syscall_ID)-12, (seL4_Syscall_ID)-13,
                                                     (seL4_Syscall_ID)-14, (seL4_Syscall_ID)-15,
                                                     (seL4_Syscall_ID)-16, (seL4_Syscall_ID)-17};
        static struct agent a[6];

        if (on_debug_kernel())
                return;
        for (word i = 0; i < 6; i++) {
                agent_make(&a[i], LOW);
                agent_watch(&a[i]);
                does(&a[i], debug_only[i], a[i].h.tcb, 0);
                agent_run(&a[i]);
                EQ(fault_of(&a[i], new_reply()).label, seL4_Fault_UnknownSyscall);
        }
}
