/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt controller with the states of a GIC: a line is pending, active, masked; claiming makes it active.  Each core has private
 * lines of its own; the others go to one core each. */
#include "arch/arch.h"
#include "arch/host/face.h"
#include "arch/host/host.h"
#include "arch/host/host_cores.h"
#include "core/platform.h"
#include "core/state.h"
#include "drv/drivers.h"

#include <stdlib.h>
#include <string.h>

enum { RINGS = 3 }; /* the kernel rings with the first two */

struct line {
        bool pending, level, active, enabled, edge;
        uint8_t core; /* where one that is not private goes */
};

static struct {
        struct line line[IRQ_LINES];
        struct line own[CORES_MAX][IRQ_PRIVATE]; /* instead of the first of `line` */
        word sgi_sent;
        bool split; /* delivering drops the priority only */
} lines;

static word work_cost;

static struct {
        word irq, asks;
} later;

void (*host_idle_hook)(void);
void (*host_halt_hook)(void);

static struct line *at(word irq)
{
        return irq < IRQ_PRIVATE ? &lines.own[this_core()->number][irq] : &lines.line[irq];
}

static void set_pending(struct line *l, bool pending)
{
        __atomic_store_n(&l->pending, pending, __ATOMIC_RELEASE);
}

void host_lines_reset(void)
{
        memset(&lines, 0, sizeof(lines));
        host_raise_at(0, 0);
}

void host_raise(word irq)
{
        set_pending(at(irq), true);
}

void host_lower(word irq)
{
        set_pending(at(irq), false);
}

void host_line_level(word irq, bool up)
{
        at(irq)->level = up;
}

bool host_line_is_idle(word irq)
{
        const struct line *l = at(irq);

        return !l->pending && !l->active && !l->edge;
}

void host_lines_split(bool split)
{
        lines.split = split;
}

bool host_line_is_masked(word irq)
{
        return !at(irq)->enabled;
}

word host_sgi_sent(void)
{
        return lines.sgi_sent;
}

/* Timers and the guests' interrupt interface hold their own lines up. */
static bool is_up(word irq)
{
        const struct line *l = at(irq);

        if (irq == platform.timer_irq)
                return host_timer_due();
        if (hypervisor_face() && irq == HOST_GUEST_TIMER_IRQ)
                return host_guest_timer_due();
        if (hypervisor_face() && irq == HOST_MAINTENANCE_IRQ)
                return host_guest_maintenance_due();
        return __atomic_load_n(&l->pending, __ATOMIC_ACQUIRE) || l->level;
}

static bool is_waiting(word irq)
{
        const struct line *l = at(irq);

        return l->enabled && !l->active && (irq < IRQ_PRIVATE || l->core == this_core()->number) &&
               is_up(irq);
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
                at(irq)->enabled = false;
}

static word claim(void)
{
        word irq = first_waiting();

        if (irq != IRQ_NONE) {
                at(irq)->active = true;
                set_pending(at(irq), false);
        }
        return irq;
}

static void finish(word irq)
{
        at(irq)->active = false;
}

static void mask(word irq)
{
        at(irq)->enabled = false;
}

static void unmask(word irq)
{
        at(irq)->enabled = true;
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
        const struct line *l = at(irq);

        *at(irq) = (struct line){.level = l->level, .core = l->core};
}

static void set_edge(word irq, bool edge)
{
        at(irq)->edge = edge;
}

static void send_sgi(word irq, word target)
{
        lines.sgi_sent++;
        if (target == 0)
                host_raise(irq);
}

/* --- several cores */

static void start_own(void)
{
        for (word irq = 0; irq < IRQ_PRIVATE; irq++)
                at(irq)->enabled = false;
}

static void ring(word core, word sgi)
{
        __atomic_fetch_add(&lines.sgi_sent, 1, __ATOMIC_RELAXED);
        set_pending(&lines.own[core][sgi], true);
}

static void hush(void)
{
        set_pending(at(1), false);
}

static void route(word irq, word core)
{
        at(irq)->core = (uint8_t)core;
}

static word claim_shared(void)
{
        word irq = claim();

        if (irq >= IRQ_PRIVATE || !(RINGS >> irq & 1))
                return irq;
        finish(irq);
        return IRQ_NONE;
}

static void share(void)
{
        platform.irq.claim = claim_shared;
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
                .share = share,
                .start_own = start_own,
                .ring = ring,
                .hush = hush,
                .route = route,
                .own_lines = RINGS,
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
                if (several_cores())
                        host_pause(NULL, 0, false);
                else if (host_idle_hook)
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
