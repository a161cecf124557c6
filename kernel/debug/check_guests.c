/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual processors: pairs agree from both ends, the machine holds the registers that the kernel says, and each thread runs in a mode that
 * it may have
 * (spec el2.md 15.4). */
#include "core/guest.h"
#include "core/platform.h"
#include "debug/checker.h"

static void check_pair(const struct thread *t)
{
        HOLDS(!t->vcpu || (object_exists(CAP_VCPU, t->vcpu) && t->vcpu->thread == t));
        HOLDS(!t->vcpu || thread_pstate(t, t->context.spsr) == t->context.spsr);
}

/* A list register is in the machine only while its VCPU is; those that the machine does not have stay empty. */
static void check_vcpu(const struct vcpu *v)
{
        HOLDS(!v->thread || (object_exists(CAP_TCB, v->thread) && v->thread->vcpu == v));
        for (word i = platform.guest.lists; i < LIST_REGISTERS; i++)
                HOLDS(v->interface.list[i] == 0);
}

static void check_machine(const struct core *core)
{
        HOLDS(!core->vcpu || object_exists(CAP_VCPU, core->vcpu));
        HOLDS(!core->guest || core->guest == core->vcpu);
        HOLDS(core->guest == (core->current ? core->current->vcpu : NULL));
        HOLDS(!core->guest || core->guest_timer_open == !core->guest->timer_masked);
}

void check_guests(void)
{
        for (struct thread *t = kernel.threads; t; t = t->all_next)
                check_pair(t);
        for (word i = 0; i < checker.objects; i++) {
                struct cap c = checker.object[i].slot->cap;

                HOLDS(cap_kind(c) != CAP_VCPU || hypervisor_face());
                if (cap_kind(c) == CAP_VCPU)
                        check_vcpu(cap_object(c));
        }
        check_machine(this_core());
}
