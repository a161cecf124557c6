/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts at random moments of an operation, and how long each waited for its driver (docs/bounded.md).
 *
 * The physical timer is the device: a driver of the highest priority sets it to a random time ahead, waits for its interrupt,
 * records how much later than that it runs, and sets it again.  One in four comes later, because lookups at the beginning of a call
 * are repeated after each interrupt, and must finish between two.  With `-icount shift=0` a tick of the counter is 16
 * instructions, and QEMU raises the line at exactly the requested instruction.
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

                if (inject.asked >=
                    waits) { /* otherwise it came while the driver was busy with the one before */
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
        seL4_TCB_Suspend(
                inject.driver.tcb); /* it no longer exists where the operation reclaimed its memory */
        __asm__ volatile("msr cntp_ctl_el0, xzr; isb");
        OK(seL4_CNode_Delete(AT(inject.handler)));
}
