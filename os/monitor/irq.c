/* SPDX-License-Identifier: BSD-2-Clause */
/* See irq.h. */
#include "os/monitor/irq.h"
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"

enum { FREE = 0xff, PRIORITY_SHIFT = 3, LEAST = 255 };

struct irqs irqs;

static struct {
        unsigned count, group;
} lists;

static uint32_t bit(unsigned irq)
{
        return 1u << irq % 32;
}

struct irq_bits *irq_bits(struct processor *p, unsigned word)
{
        return word ? &irqs.bits[word] : &p->irq.bits;
}

static uint8_t priority_of(const struct processor *p, unsigned irq)
{
        return irq < IRQ_PRIVATE ? p->irq.priority[irq] : irqs.priority[irq];
}

/* The kernel says how many there are when asked for one too many. */
static unsigned count_lists(void)
{
        seL4_ARM_VCPU_InjectIRQ(monitor.processor[0].vcpu, 0, 0, 0, LEAST);
        return (unsigned)seL4_GetMR(1) + 1;
}

void irq_open(unsigned gic)
{
        lists.count = count_lists();
        if (lists.count > LISTS)
                lists.count = LISTS;
        lists.group = gic == 2 ? 0 : 1;
        for (unsigned i = 0; i < monitor.processors; i++) {
                struct irq_own *own = &monitor.processor[i].irq;

                for (unsigned n = 0; n < LISTS; n++)
                        own->holds[n] = FREE;
                own->bits.enabled = gic == 2 ? (1u << SGIS) - 1 : 0;
                own->here[0] = ~0u;
                own->sleeps = true;
        }
        for (unsigned irq = IRQ_PRIVATE; irq < IRQS; irq++)
                irqs.home[irq] = IRQ_NOWHERE;
}

/* --- what is delivered --- */

/* The most urgent one that waits for a list register; IRQS: none. */
static unsigned most_urgent(struct processor *p)
{
        unsigned best = IRQS;

        for (unsigned w = 0; w < IRQ_WORDS; w++) {
                const struct irq_bits *b = irq_bits(p, w);
                uint32_t wanted = (b->edge | b->line) & b->enabled & ~b->listed & p->irq.here[w];

                for (; wanted; wanted &= wanted - 1) {
                        unsigned irq = w * 32 + (unsigned)__builtin_ctz(wanted);

                        if (best == IRQS || priority_of(p, irq) < priority_of(p, best))
                                best = irq;
                }
        }
        return best;
}

static unsigned free_list(const struct processor *p)
{
        unsigned i = 0;

        while (i < lists.count && p->irq.holds[i] != FREE)
                i++;
        return i;
}

bool irq_holds(const struct processor *p)
{
        for (unsigned i = 0; i < lists.count; i++) {
                if (p->irq.holds[i] != FREE)
                        return true;
        }
        return false;
}

/* A timer that fires is masked by the kernel until somebody says that it was dealt with. */
static void unmask_timer(struct processor *p)
{
        bool waits = (p->irq.bits.edge | p->irq.bits.listed) & bit(TIMER_IRQ);

        if (!p->irq.timer_masked || waits)
                return;
        p->irq.timer_masked = false;
        seL4_ARM_VCPU_AckVPPI(p->vcpu, TIMER_IRQ);
}

static bool put(struct processor *p, unsigned irq, unsigned list)
{
        struct irq_bits *b = irq_bits(p, irq / 32);

        if (seL4_ARM_VCPU_InjectIRQ(p->vcpu, (seL4_Uint16)irq, priority_of(p, irq) >> PRIORITY_SHIFT,
                                    (seL4_Uint8)lists.group, (seL4_Uint8)list))
                return false;
        p->irq.holds[list] = (uint8_t)irq;
        p->irq.edge[list] = b->edge & bit(irq);
        b->listed |= bit(irq);
        b->edge &= ~bit(irq);
        return true;
}

/* What is delivered ends the processor's wait here: a device delivers by itself, and nothing is left for whoever asks later. */
bool irq_deliver(struct processor *p)
{
        bool any = false;
        unsigned irq, list;

        if (!processor_is_on(p))
                return false;
        while (irqs.on && (irq = most_urgent(p)) != IRQS) {
                any = true;
                list = free_list(p);
                if (list == lists.count || !put(p, irq, list))
                        break;
                p->told = true;
                processor_wake(p);
        }
        unmask_timer(p);
        return any;
}

/* --- what changes --- */

static void deliver_home(unsigned irq)
{
        if (irqs.home[irq] != IRQ_NOWHERE)
                irq_deliver(&monitor.processor[irqs.home[irq]]);
}

void irq_changed(struct processor *p, unsigned word, uint32_t bits)
{
        uint32_t homes = 0;

        if (word == 0) {
                irq_deliver(p);
                return;
        }
        for (; bits; bits &= bits - 1) {
                unsigned home = irqs.home[word * 32 + (unsigned)__builtin_ctz(bits)];

                homes |= home == IRQ_NOWHERE ? 0 : 1u << home;
        }
        for (; homes; homes &= homes - 1)
                irq_deliver(&monitor.processor[__builtin_ctz(homes)]);
}

void irq_changed_all(void)
{
        for (unsigned i = 0; i < monitor.processors; i++)
                irq_deliver(&monitor.processor[i]);
}

void irq_line(unsigned irq, bool up)
{
        uint32_t *line = &irqs.bits[irq / 32].line;

        if (!(*line & bit(irq)) == !up)
                return;
        *line ^= bit(irq);
        deliver_home(irq);
}

void irq_send(uint64_t set, unsigned sgi)
{
        for (set &= processors_all(); set; set &= set - 1) {
                struct processor *p = &monitor.processor[__builtin_ctzll(set)];

                p->irq.bits.edge |= bit(sgi);
                irq_deliver(p);
        }
}

void irq_timer(struct processor *p)
{
        p->irq.bits.edge |= bit(TIMER_IRQ);
        p->irq.timer_masked = true;
        irq_deliver(p);
}

void irq_done(struct processor *p, unsigned index)
{
        unsigned irq = index < lists.count ? p->irq.holds[index] : FREE;

        if (irq == FREE)
                return;
        irq_bits(p, irq / 32)->listed &= ~bit(irq);
        p->irq.holds[index] = FREE;
        irq_deliver(p);
        if (irq >= IRQ_PRIVATE && irqs.home[irq] != p->number)
                deliver_home(irq);
}

/* --- where the shared ones go --- */

/* True: it has another home now. */
static bool settle(unsigned irq)
{
        uint32_t set = irqs.set[irq] & monitor.on;
        unsigned before = irqs.home[irq], home = set ? (unsigned)__builtin_ctz(set) : IRQ_NOWHERE;

        if (home == before)
                return false;
        if (before != IRQ_NOWHERE)
                monitor.processor[before].irq.here[irq / 32] &= ~bit(irq);
        if (home != IRQ_NOWHERE)
                monitor.processor[home].irq.here[irq / 32] |= bit(irq);
        irqs.home[irq] = (uint8_t)home;
        return true;
}

void irq_route(unsigned irq, uint32_t set)
{
        irqs.set[irq] = (uint8_t)set;
        if (settle(irq))
                deliver_home(irq);
}

void irq_switched(void)
{
        for (unsigned irq = IRQ_PRIVATE; irq < IRQS; irq++)
                settle(irq);
        irq_changed_all();
}

/* An edge that was used up for what is in a list register is there again: it may not have been seen.  The timer is reset. */
void irq_leave(struct processor *p)
{
        for (unsigned i = 0; i < lists.count; i++) {
                unsigned irq = p->irq.holds[i];
                struct irq_bits *b;

                if (irq == FREE)
                        continue;
                p->irq.holds[i] = FREE;
                b = irq_bits(p, irq / 32);
                b->listed &= ~bit(irq);
                b->edge |= p->irq.edge[i] ? bit(irq) : 0;
        }
        p->irq.bits.edge &= ~bit(TIMER_IRQ);
        p->irq.timer_masked = false;
}
