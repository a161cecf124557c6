/* SPDX-License-Identifier: BSD-2-Clause */
/* Delivering interrupts.  Owns kernel.irq_state. */
#include "irq/irq.h"
#include "cap/remove.h"
#include "console/log.h"
#include "core/platform.h"
#include "core/state.h"
#include "ipc/notification.h"
#include "trace/trace.h"

/* Who is notified of a line; the line is masked now. */
static inline const struct slot *deliver(word irq)
{
        struct slot *slot = &kernel.irq[irq];
        struct cap c = slot->cap;

        platform.irq.deliver(irq);
        trace(TESSERA_TRACE_INTERRUPT, this_core()->current, 0, irq, 0);
        if (cap_kind(c) == CAP_NOTIFICATION && (cap_rights(c) & RIGHT_WRITE))
                return slot;
        print_debug("Tessera: interrupt %lu has no notification\n", irq);
        return NULL;
}

const struct slot *irq_take(void)
{
        word irq = platform.irq.claim();

        if (irq == platform.timer_irq) {
                this_core()->reprogram = true;
                platform.irq.finish(irq);
        } else if (irq < IRQ_ALL && kernel.irq_state[irq] == IRQ_ISSUED) {
                return deliver(irq);
        } else if (irq != IRQ_NONE && !(hypervisor_face() && guest_event(irq))) {
                platform.irq.mask(irq);
                platform.irq.finish(irq);
        }
        return NULL;
}

void irq_handle(void)
{
        const struct slot *slot = irq_take();

        if (slot)
                notification_signal(cap_object(slot->cap), cap_badge(slot->cap));
}

void irq_issue(word irq)
{
        kernel.irq_state[irq] = IRQ_ISSUED;
        platform.irq.unmask(irq);
}

void irq_retire(word irq)
{
        platform.irq.forget(irq);
        slot_delete_now(&kernel.irq[irq]);
        kernel.irq_state[irq] = IRQ_FREE;
}
