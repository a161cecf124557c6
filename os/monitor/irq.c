/* SPDX-License-Identifier: BSD-2-Clause */
/* See irq.h. */
#include "os/monitor/irq.h"
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"

enum { LISTS = 64, FREE = 0xff, PRIORITY_SHIFT = 3, LEAST = 255 };

struct irqs irqs;

static struct {
        unsigned count, group;
        uint8_t holds[LISTS];
        bool timer_masked; /* the kernel waits for AckVPPI */
} lists;

static uint32_t bit(unsigned irq)
{
        return 1u << irq % 32;
}

/* The kernel says how many there are when asked for one too many. */
static unsigned count_lists(void)
{
        seL4_ARM_VCPU_InjectIRQ(MACHINE_VCPU, 0, 0, 0, LEAST);
        return (unsigned)seL4_GetMR(1) + 1;
}

void irq_open(unsigned gic)
{
        lists.count = count_lists();
        if (lists.count > LISTS)
                lists.count = LISTS;
        lists.group = gic == 2 ? 0 : 1;
        for (unsigned i = 0; i < LISTS; i++)
                lists.holds[i] = FREE;
        irqs.enabled[0] = gic == 2 ? (1u << SGIS) - 1 : 0;
}

void irq_edge(unsigned irq)
{
        irqs.edge[irq / 32] |= bit(irq);
        lists.timer_masked |= irq == TIMER_IRQ;
}

void irq_line(unsigned irq, bool up)
{
        if (up)
                irqs.line[irq / 32] |= bit(irq);
        else
                irqs.line[irq / 32] &= ~bit(irq);
}

/* The most urgent one that waits for a list register; IRQS: none. */
static unsigned most_urgent(void)
{
        unsigned best = IRQS;

        for (unsigned w = 0; w < IRQ_WORDS; w++) {
                uint32_t wanted = (irqs.edge[w] | irqs.line[w]) & irqs.enabled[w] & ~irqs.listed[w];

                for (; wanted; wanted &= wanted - 1) {
                        unsigned irq = w * 32 + (unsigned)__builtin_ctz(wanted);

                        if (best == IRQS || irqs.priority[irq] < irqs.priority[best])
                                best = irq;
                }
        }
        return best;
}

static unsigned free_list(void)
{
        unsigned i = 0;

        while (i < lists.count && lists.holds[i] != FREE)
                i++;
        return i;
}

/* A timer that fires is masked by the kernel until somebody says that it was dealt with. */
static void unmask_timer(void)
{
        bool waits = (irqs.edge[0] | irqs.listed[0]) & bit(TIMER_IRQ);

        if (!lists.timer_masked || waits)
                return;
        lists.timer_masked = false;
        seL4_ARM_VCPU_AckVPPI(MACHINE_VCPU, TIMER_IRQ);
}

/* What is delivered ends the guest's wait here: a device delivers by itself, and nothing is left for whoever asks later. */
bool irq_deliver(void)
{
        bool any = false;
        unsigned irq, list;

        while (irqs.on && (irq = most_urgent()) != IRQS) {
                any = true;
                list = free_list();
                if (list == lists.count)
                        break;
                if (seL4_ARM_VCPU_InjectIRQ(MACHINE_VCPU, (seL4_Uint16)irq,
                                            irqs.priority[irq] >> PRIORITY_SHIFT, (seL4_Uint8)lists.group,
                                            (seL4_Uint8)list))
                        break;
                lists.holds[list] = (uint8_t)irq;
                irqs.listed[irq / 32] |= bit(irq);
                irqs.edge[irq / 32] &= ~bit(irq);
                monitor.parked = false;
        }
        unmask_timer();
        return any;
}

void irq_done(unsigned index)
{
        if (index >= lists.count || lists.holds[index] == FREE)
                return;
        irqs.listed[lists.holds[index] / 32] &= ~bit(lists.holds[index]);
        lists.holds[index] = FREE;
        irq_deliver();
}
