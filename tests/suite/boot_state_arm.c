/* SPDX-License-Identifier: BSD-2-Clause */
/* What boot left behind, as far as it is still to be seen while the suite runs: processor state of the initial thread,
 * its mappings, and the set-up of the interrupt controller.
 */
#include "obj_common.h"

enum { BADGE = 0x33, PAGE = 4096 };

static const word CONDITION_FLAGS = 0xf0000000;

/* A thread looks at the root task, which waits for it. */
static void looks_at_root(word answer, word frames)
{
        (void)frames;
        seL4_UserContext c;
        word error = (word)seL4_TCB_ReadRegisters(seL4_CapInitThreadTCB, 0, 0, 3, &c);

        *(volatile word *)answer = error ? ~0ul : c.spsr;
}

TEST(boot_processor_state, "BOOT-3.4")
{
        static struct helper h;
        static volatile word spsr;

        spawn(&h, LOW, looks_at_root, (word)&spsr, 0);
        let_run();
        EQ(spsr & ~CONDITION_FLAGS, on_debug_kernel() ? 0x40 : 0x140);
}

static void runs_at(word address, word unused)
{
        (void)unused;
        ((void (*)(void))address)();
}

static void must_not_execute(word address)
{
        static struct helper h;
        word ep = new_endpoint();

        helper_make(&h, LOW);
        OK(seL4_TCB_SetSpace(h.tcb, ep, ROOT, 0, VSPACE, 0));
        helper_start(&h, runs_at, address, 0);
        struct message m = poll_message(ep, new_reply());
        CHECK(m.any);
        EQ(m.label, seL4_Fault_VMFault);
        EQ(m.mr[seL4_VMFault_Addr], address);
        EQ(m.mr[seL4_VMFault_PrefetchFault], 1);
        OK(seL4_TCB_Suspend(h.tcb));
}

static void is_writable(word address)
{
        volatile word *at = (volatile word *)address;
        word before = *at;

        *at = ~before;
        EQ(*at, ~before);
        *at = before;
}

TEST(boot_pages_of_the_initial_thread, "BOOT-4.2 BOOT-4.3")
{
        const word buffer = (word)suite_boot->ipcBuffer, info = (word)suite_boot;

        EQ(info, buffer + PAGE);
        is_writable(buffer + PAGE - 8);
        is_writable(info + PAGE - 8);
        must_not_execute(buffer);
        must_not_execute(info);
}

/* The transmit interrupt of the console: masked until issued, delivered to this core, and level triggered, so it fires again
 * when it is acknowledged while its cause is still there. */
TEST(boot_shared_interrupts, "BOOT-9.1 BOOT-9.2")
{
        word handler = new_slot(), ntfn = new_notification();

        OK(seL4_IRQControl_Get(seL4_CapIRQControl, machine_irq(), ROOT, handler, 64));
        OK(seL4_IRQHandler_SetNotification(handler, minted(ntfn, BADGE, seL4_AllRights)));
        OK(seL4_IRQHandler_Ack(handler));
        let_run();
        EQ(poll_word(ntfn), 0);
        machine_put('\n');
        machine_irq_set(1);
        spin_us(10);
        EQ(poll_word(ntfn), BADGE);
        spin_us(10);
        EQ(poll_word(ntfn), 0); /* masked until it is acknowledged */
        OK(seL4_IRQHandler_Ack(handler));
        spin_us(10);
        EQ(poll_word(ntfn), BADGE);
        machine_irq_set(0);
        OK(seL4_IRQHandler_Ack(handler));
        spin_us(10);
        EQ(poll_word(ntfn), 0);
}
