/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of the interface, and interrupts of several cores (spec smp.md 1, 2). */
#include "smp.h"

enum { SGI = 5, PRIVATE_FREE = 20, SHARED_FREE = 100, TIMER = 27, BADGE = 0x51 };

TEST(smp_bootinfo, "SMP-01 SMP-02")
{
        EQ(suite_boot->numNodes, CORES);
        EQ(suite_boot->nodeID, 0);
        EQ(suite_boot->schedcontrol.end - suite_boot->schedcontrol.start, CORES);
        CHECK(suite_boot->userImageFrames.start == suite_boot->schedcontrol.end);
        CHECK(suite_boot->untyped.start >= suite_boot->userImageFrames.end);
        CHECK(suite_boot->empty.start >= suite_boot->untyped.end);
        for (word core = 0; core < CORES; core++)
                if (on_debug_kernel())
                        EQ(kind_of(control_of(core)), kind_of(suite_boot->schedcontrol.start));
        EQ(affinity(seL4_CapInitThreadTCB), 0);
}

static word get_of_core(word irq, word trigger, word slot, word depth, word core)
{
        return seL4_IRQControl_GetTriggerCore(seL4_CapIRQControl, irq, trigger, ROOT, slot, (seL4_Uint8)depth,
                                              core);
}

/* The whole core word, and a short message. */
static word invoke_get(word length, word caps, word irq, word core, word depth, word slot)
{
        seL4_SetCap(0, ROOT);
        seL4_SetMR(4, core);
        word mr0 = irq, mr1 = 0, mr2 = slot, mr3 = depth;
        seL4_MessageInfo_t r = seL4_CallWithMRs(
                seL4_CapIRQControl, seL4_MessageInfo_new(ARMIRQIssueIRQHandlerTriggerCore, 0, caps, length),
                &mr0, &mr1, &mr2, &mr3);
        return seL4_MessageInfo_get_label(r);
}

TEST(smp_get_trigger_core_checks, "SMP-08 SMP-15")
{
        word full = new_endpoint(), to = new_slot();

        EQ(invoke_get(4, 1, 999, 9, 64, to), seL4_TruncatedMessage);
        EQ(invoke_get(5, 0, 999, 9, 64, to), seL4_TruncatedMessage);
        EQ(get_of_core(160, 0, full, 64, CORES), seL4_RangeError);
        EQ(seL4_GetMR(0), 0);
        EQ(seL4_GetMR(1), 159);
        EQ(get_of_core(TIMER, 0, full, 64, CORES), seL4_InvalidArgument);
        EQ(invoke_get(5, 1, TIMER, ~0ul, 64, full), seL4_InvalidArgument);
        EQ(invoke_get(5, 1, TIMER, 1ul << 32, 64, full), seL4_InvalidArgument);
        EQ(get_of_core(TIMER, 0, full, 0, 3), seL4_RevokeFirst);
        EQ(invoke_get(5, 1, SHARED_FREE, 1, 0, full), seL4_RangeError); /* a depth of 1 to 64 */
        EQ(get_of_core(SHARED_FREE, 0, full, 64, 1), seL4_DeleteFirst);
        EQ(invoke_get(5, 1, SHARED_FREE, 1, 320, to), seL4_NoError); /* 64 in the low eight bits */
        EQ(get_of_core(SHARED_FREE, 0, new_slot(), 64, 2), seL4_RevokeFirst);
        OK(seL4_CNode_Delete(AT(to)));
}

TEST(smp_get_and_get_trigger_of_private_lines, "SMP-09")
{
        word to = new_slot();

        EQ(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, PRIVATE_FREE, 0, AT(to)), seL4_IllegalOperation);
        EQ(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, SGI, 0, AT(to)), seL4_IllegalOperation);
        EQ(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, 160, 0, AT(to)), seL4_RangeError);
        OK(seL4_IRQControl_Get(seL4_CapIRQControl, PRIVATE_FREE, AT(to)));
        EQ(get_of_core(PRIVATE_FREE, 0, new_slot(), 64, 0), seL4_RevokeFirst);
        OK(seL4_CNode_Delete(AT(to)));
}

TEST(smp_lines_of_the_kernel, "SMP-10")
{
        for (word core = 0; core < CORES; core++) {
                EQ(get_of_core(0, 0, new_slot(), 64, core), seL4_RevokeFirst);
                EQ(get_of_core(1, 0, new_slot(), 64, core), seL4_RevokeFirst);
                EQ(get_of_core(TIMER, 0, new_slot(), 64, core), seL4_RevokeFirst);
        }
        EQ(seL4_IRQControl_Get(seL4_CapIRQControl, 0, AT(new_slot())), seL4_RevokeFirst);
        EQ(seL4_IRQControl_Get(seL4_CapIRQControl, TIMER, AT(new_slot())), seL4_RevokeFirst);
}

/* A handler of (core, line), signalling `ntfn` with that badge. */
static word handler(word line, word core, word ntfn, word badge)
{
        word to = new_slot();

        OK(get_of_core(line, 0, to, 64, core));
        OK(seL4_IRQHandler_SetNotification(to, minted(ntfn, badge, seL4_AllRights)));
        return to;
}

TEST(smp_a_private_line_on_two_cores, "SMP-11")
{
        word n = new_notification(), first = handler(PRIVATE_FREE, 1, n, 1),
             second = handler(PRIVATE_FREE, 2, n, 2);

        EQ(get_of_core(PRIVATE_FREE, 0, new_slot(), 64, 1), seL4_RevokeFirst);
        OK(seL4_IRQHandler_Ack(first));
        OK(seL4_IRQHandler_Ack(second));
        OK(seL4_CNode_Delete(AT(first)));
        OK(get_of_core(PRIVATE_FREE, 0, first, 64, 1));
        OK(seL4_CNode_Delete(AT(first)));
        OK(seL4_CNode_Delete(AT(second)));
}

static word poll(word n)
{
        word badge = 0;

        seL4_Poll(n, &badge);
        return badge;
}

static word heard;

static word hears(word n)
{
        heard |= poll(n);
        return heard;
}

/* An interrupt of each core arrives at the handler of that core only; acknowledged from core 0, it comes again. */
TEST(smp_interrupts_between_cores, "SMP-13 SMP-14")
{
        word n = new_notification(), of[CORES];

        if (!on_debug_kernel())
                return;
        for (word core = 0; core < CORES; core++)
                of[core] = handler(SGI, core, n, 1ul << core);
        for (word round = 0; round < 4 * STRESS; round++)
                for (word core = 0; core < CORES; core++) {
                        heard = 0;
                        send_ipi(core, SGI);
                        UNTIL(hears(n) != 0);
                        EQ(heard, 1ul << core);
                        OK(seL4_IRQHandler_Ack(of[core]));
                }
        for (word core = 0; core < CORES; core++)
                OK(seL4_CNode_Delete(AT(of[core])));
        turns_elsewhere();
        EQ(poll(n), 0);
}

static void waits_and_acknowledges(word n, word handler_of)
{
        word badge;

        for (word i = 0; i < 4 * STRESS; i++) {
                seL4_Wait(n, &badge);
                heard += badge;
                seL4_IRQHandler_Ack(handler_of);
        }
}

/* The waiter is on a third core. */
TEST(smp_interrupt_wakes_a_thread_of_another_core, "SMP-13")
{
        static struct helper h;
        word n = new_notification(), of = handler(SGI, 2, n, 1);

        if (!on_debug_kernel())
                return;
        heard = 0;
        spawn_on(&h, 3, EQUAL, waits_and_acknowledges, n, of);
        for (word i = 0; i < 4 * STRESS; i++) {
                send_ipi(2, SGI);
                UNTIL(get(&heard) == i + 1);
        }
        UNTIL(get(&h.done));
        OK(seL4_CNode_Delete(AT(of)));
}

/* A device's line goes to the chosen core, and after deletion to another one. */
TEST(smp_shared_line_is_routed, "SMP-12")
{
        word n = new_notification(), to;

        for (word i = 0; i < 3 * STRESS; i++) {
                word core = 1 + i % 3;

                to = handler(machine_irq(), core, n, BADGE);
                machine_irq_set(1);
                heard = 0;
                UNTIL(hears(n) == BADGE);
                machine_irq_set(0);
                OK(seL4_IRQHandler_Ack(to));
                OK(seL4_CNode_Delete(AT(to)));
        }
}

TEST(smp_kernels_own_sgis_do_no_harm, "SMP-14")
{
        static struct helper h;

        if (!on_debug_kernel())
                return;
        spawn_on(&h, 1, EQUAL, counts, (word)&h, 0);
        for (word i = 0; i < 20; i++)
                for (word core = 0; core < CORES; core++)
                        send_ipi(core, i % 2);
        CHECK(moves(&h));
}
