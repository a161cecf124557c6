/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts that a guest causes become faults of its thread (spec el2.md 7.2, 8.2).
 *
 * Both lines are levels that only the active VCPU can raise.  An event that cannot be reported now is left pending: the line falls when the
 * guest stops, and rises again when it runs.
 */
#include "core/platform.h"
#include "ipc/fault.h"
#include "irq/irq.h"
#include "time/sched_context.h"
#include "vcpu/vcpu.h"

/* The guest whose thread runs, and may have a fault now. */
static struct vcpu *hearer(void)
{
        struct core *core = this_core();
        struct thread *t = core->current;
        bool may = t && t->vcpu && t->vcpu == core->guest && thread_is_runnable(t) && !t->in_ready &&
                   !t->in_release && t->sc && sc_is_usable(t->sc);

        return may ? t->vcpu : NULL;
}

static void raise(struct thread *t, word type, word detail)
{
        t->fault.type = type;
        t->fault.user.number = detail;
        fault_raise(t);
}

static void timer_event(word irq)
{
        struct vcpu *v = hearer();

        if (!v)
                return;
        platform.irq.mask(irq);
        this_core()->guest_timer_open = false;
        v->timer_masked = true;
        raise(v->thread, FAULT_VPPI_EVENT, irq);
}

/* An interrupt has ended; its list register, the lowest if there are several, no longer asks to be told. */
static void maintenance_event(void)
{
        struct vcpu *v = hearer();

        if (v)
                raise(v->thread, FAULT_VGIC_MAINTENANCE, platform.guest.take_ended());
}

bool guest_event(word irq)
{
        if (irq != platform.guest_timer_irq && irq != platform.maintenance_irq)
                return false;
        if (irq == platform.guest_timer_irq)
                timer_event(irq);
        else
                maintenance_event();
        platform.irq.finish(irq);
        return true;
}
