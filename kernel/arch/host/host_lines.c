/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt controller with the states of a GIC: a line is pending, active, masked; claiming makes it active. */
#include "arch/arch.h"
#include "arch/host/face.h"
#include "arch/host/host.h"
#include "core/platform.h"
#include "core/state.h"
#include "drv/drivers.h"

#include <stdlib.h>
#include <string.h>

struct line {
        bool pending, level, active, enabled, edge;
};

static struct {
        struct line line[IRQ_LINES];
        word sgi_sent;
        bool split; /* delivering drops the priority only */
} lines;

static word work_cost;

static struct {
        word irq, asks;
} later;

void (*host_idle_hook)(void);
void (*host_halt_hook)(void);

void host_lines_reset(void)
{
        memset(&lines, 0, sizeof(lines));
        host_raise_at(0, 0);
}

void host_raise(word irq)
{
        lines.line[irq].pending = true;
}

void host_lower(word irq)
{
        lines.line[irq].pending = false;
}

void host_line_level(word irq, bool up)
{
        lines.line[irq].level = up;
}

bool host_line_is_idle(word irq)
{
        const struct line *l = &lines.line[irq];

        return !l->pending && !l->active && !l->edge;
}

void host_lines_split(bool split)
{
        lines.split = split;
}

bool host_line_is_masked(word irq)
{
        return !lines.line[irq].enabled;
}

word host_sgi_sent(void)
{
        return lines.sgi_sent;
}

/* Timers and the guests' interrupt interface hold their own lines up. */
static bool is_up(word irq)
{
        const struct line *l = &lines.line[irq];

        if (irq == platform.timer_irq)
                return host_timer_due();
        if (hypervisor_face() && irq == HOST_GUEST_TIMER_IRQ)
                return host_guest_timer_due();
        if (hypervisor_face() && irq == HOST_MAINTENANCE_IRQ)
                return host_guest_maintenance_due();
        return l->pending || l->level;
}

static bool is_waiting(word irq)
{
        const struct line *l = &lines.line[irq];

        return l->enabled && !l->active && is_up(irq);
}

static word first_waiting(void)
{
        for (word irq = 0; irq < IRQ_LINES; irq++) {
                if (is_waiting(irq))
                        return irq;
        }
        return IRQ_NONE;
}

static void start(void)
{
        for (word irq = 0; irq < IRQ_LINES; irq++)
                lines.line[irq].enabled = false;
}

static word claim(void)
{
        word irq = first_waiting();

        if (irq != IRQ_NONE) {
                lines.line[irq].active = true;
                lines.line[irq].pending = false;
        }
        return irq;
}

static void finish(word irq)
{
        lines.line[irq].active = false;
}

static void mask(word irq)
{
        lines.line[irq].enabled = false;
}

static void unmask(word irq)
{
        lines.line[irq].enabled = true;
}

static void deliver(word irq)
{
        if (lines.split)
                return;
        mask(irq);
        finish(irq);
}

static void acknowledge(word irq)
{
        if (lines.split)
                finish(irq);
        else
                unmask(irq);
}

static void forget(word irq)
{
        const struct line *l = &lines.line[irq];

        lines.line[irq] = (struct line){.level = l->level};
}

static void set_edge(word irq, bool edge)
{
        lines.line[irq].edge = edge;
}

static void send_sgi(word irq, word target)
{
        lines.sgi_sent++;
        if (target == 0)
                host_raise(irq);
}

bool drivers_probe(const struct handover *h)
{
        platform.irq = (struct irq_controller){
                .start = start,
                .claim = claim,
                .finish = finish,
                .mask = mask,
                .forget = forget,
                .unmask = unmask,
                .acknowledge = acknowledge,
                .deliver = deliver,
                .set_edge = set_edge,
                .send_sgi = send_sgi,
                .target_max = HOST_SGI_TARGETS - 1,
        };
        platform.timer_irq = h->timer_irq;
        platform.irq_last = HOST_IRQ_LAST;
        return true;
}

word drivers_withheld(const struct handover *h, struct handover_range *range)
{
        (void)h;
        range[0] = (struct handover_range){0x08000000, 0x08001000};
        range[1] = (struct handover_range){0x08010000, 0x08011000};
        return 2;
}

bool host_interrupt_waits(void)
{
        return first_waiting() != IRQ_NONE;
}

void host_work_cost(word ticks)
{
        work_cost = ticks;
}

void host_raise_at(word irq, word ask)
{
        later.irq = irq;
        later.asks = ask;
}

/* The kernel asks this in the middle of long work, after every hundred units. */
bool arch_interrupt_pending(void)
{
        host_advance(work_cost);
        if (later.asks && --later.asks == 0)
                host_raise(later.irq);
        return host_interrupt_waits();
}

void arch_wait(void)
{
        while (!host_interrupt_waits()) {
                if (host_idle_hook)
                        host_idle_hook();
                else if (!host_advance_to_deadline())
                        arch_halt();
        }
}

_Noreturn void arch_halt(void)
{
        if (host_halt_hook)
                host_halt_hook();
        exit(3);
}

/* The simulated machine has no firmware: switching off is refused. */
void arch_power_off(bool by_smc)
{
        (void)by_smc;
}
