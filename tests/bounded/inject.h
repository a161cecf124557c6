/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts at random moments of an operation, and how long each waited for its driver (docs/bounded.md).
 *
 * The physical timer is the device: a driver above everybody arms it for some random time ahead, waits for its interrupt,
 * notes how much later than asked for it runs, and arms it again.  One of four comes later, for what is looked up before
 * anything has happened is looked up again after each interrupt, and must get through between two.  With `-icount shift=0` a tick of
 * the counter is 16
 * instructions, and QEMU raises the line at exactly the instruction that was asked for.
 */
#pragma once

#include "suite.h"

enum { INJECT_LINE = 30, INJECT_PRIORITY = 253, INJECT_NEAR = 8, INJECT_SPREAD = 500, INJECT_FAR = 4000 };

static struct {
        struct helper driver;
        word handler, random, asked, worst, seen;
} inject;

static word inject_now(void)
{
        word now;

        __asm__ volatile("isb; mrs %0, cntpct_el0" : "=r"(now)::"memory");
        return now;
}

static void inject_arm(void)
{
        inject.random ^= inject.random << 13;
        inject.random ^= inject.random >> 7;
        inject.random ^= inject.random << 17;
        inject.asked = inject_now() + INJECT_NEAR +
                       inject.random % (inject.random >> 60 < 4 ? INJECT_FAR : INJECT_SPREAD);
        __asm__ volatile("msr cntp_cval_el0, %0; msr cntp_ctl_el0, %1; isb" ::"r"(inject.asked), "r"(1ul)
                         : "memory");
}

static void inject_drive(word notification, word handler)
{
        word badge;

        for (;;) {
                word waits = inject_now();

                seL4_Wait(notification, &badge);
                word late = inject_now() - inject.asked;

                if (inject.asked >= waits) { /* else it came while the driver was busy with the one before */
                        inject.seen++;
                        inject.worst = late > inject.worst ? late : inject.worst;
                }
                inject_arm();
                seL4_IRQHandler_Ack(handler);
        }
}

static void inject_start(word seed)
{
        word notification = new_notification();

        inject.handler = new_slot();
        inject.random = 0x9e3779b97f4a7c15 * (seed + 1);
        inject.worst = inject.seen = 0;
        OK(seL4_IRQControl_Get(seL4_CapIRQControl, INJECT_LINE, ROOT, inject.handler, 64));
        OK(seL4_IRQHandler_SetNotification(inject.handler, notification));
        spawn(&inject.driver, INJECT_PRIORITY, inject_drive, notification, inject.handler);
        inject_arm();
}

static void inject_stop(void)
{
        seL4_TCB_Suspend(inject.driver.tcb); /* it is gone already where the operation took its memory back */
        __asm__ volatile("msr cntp_ctl_el0, xzr; isb");
        OK(seL4_CNode_Delete(AT(inject.handler)));
}
