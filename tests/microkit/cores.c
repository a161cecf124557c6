/* SPDX-License-Identifier: BSD-2-Clause */
/* Domains on several cores: ROLE 0 calls another core's server and waits for the others, 1 is that server, 2 takes its core's private
 * timer, 3 runs only if a domain that never ends is on another core.  One of them prints. */
#include <microkit.h>

enum { CALL = 1, ALARM = 5, ALL = 1 << 2 | 1 << 3 | 1 << 4 };

static unsigned ticks, heard;

static void alarm_in(seL4_Word ms)
{
        seL4_Word hz;

        __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
        __asm__ volatile("msr cntp_tval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb" ::"r"(hz * ms / 1000),
                         "r"(1ul));
}

void init(void)
{
        if (ROLE == 0) {
                microkit_mr_set(0, 20);
                microkit_ppcall(CALL, microkit_msginfo_new(0, 1));
                if (microkit_mr_get(0) == 21)
                        microkit_notify(2);
        }
        if (ROLE == 2)
                alarm_in(20);
        if (ROLE == 3)
                microkit_notify(3);
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
        (void)ch, (void)msginfo;
        microkit_mr_set(0, microkit_mr_get(0) + 1);
        return microkit_msginfo_new(0, 1);
}

void notified(microkit_channel ch)
{
        heard |= 1u << ch;
        if (ROLE == 0 && heard & ~(unsigned)ALL)
                microkit_dbg_puts("cores: the starved one runs\n");
        if (ROLE == 0 && heard == ALL)
                microkit_dbg_puts("cores: done\n");
        if (ROLE == 1)
                microkit_notify(ch);
        if (ROLE != 2 || ch != ALARM)
                return;
        __asm__ volatile("msr cntp_ctl_el0, xzr");
        microkit_irq_ack(ch);
        if (++ticks == 3)
                microkit_notify(4);
        else
                alarm_in(20);
}
