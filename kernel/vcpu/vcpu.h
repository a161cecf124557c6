/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual processors: what a guest has beyond the registers of a thread (spec el2.md 2 to 8).
 *
 * Level 9.  A thread with a VCPU is a guest: it runs at EL1 and EL0 of its own, translated by its own tables and then by its
 * VSpace.  Invariants:
 *      v->thread and thread->vcpu agree; a thread without one is native, and its PSTATE names EL0;
 *      core->vcpu is resident: its registers are in the machine; all others are stored in their objects; no two cores have the same;
 *      core->guest is the resident one while its thread runs (active), NULL otherwise; then the machine's own control
 *      registers, timer and interrupt interface are those of native threads (vcpu_switch).
 */
#pragma once

#include "core/guest.h"
#include "door/door.h"
#include "thread/thread.h"

/* Several cores, inside the door: no other core has `v` in its machine any more, nor runs its thread; all of it is in the object. */
void vcpu_fetch_elsewhere(struct vcpu *v);

static inline void vcpu_fetch(struct vcpu *v)
{
        if (several_cores())
                vcpu_fetch_elsewhere(v);
}

/* Make cleared memory a VCPU. */
void vcpu_init(struct vcpu *v);

/* `v` and `t` belong together from now on, and to nobody else.  Cost: constant; at most two VCPUs are taken out of the machine. */
void vcpu_bind(struct vcpu *v, struct thread *t);

/* What any machine holds of `v` is stored: before its thread gets another VSpace, so that it is loaded there anew. */
void vcpu_leave(struct vcpu *v);

/* The pair, if there is one, comes apart; what the machine holds of the VCPU is stored first. */
void vcpu_unbind(struct vcpu *v);

/* The last cap is gone. */
void vcpu_retire(struct vcpu *v);

/* Before these four, vcpu_fetch (invocations.c). */
word vcpu_read(const struct vcpu *v, word n);
void vcpu_write(struct vcpu *v, word n, word value);

/* The timer's event may be reported again, from when the guest runs next. */
void vcpu_acknowledge(struct vcpu *v);

/* A list register gets a pending interrupt; false: an active one is in it. */
struct virtual_interrupt {
        word number, priority, group, index;
};
bool vcpu_inject(struct vcpu *v, struct virtual_interrupt i);

/* The machine becomes that of `t`, which runs next: called when its VCPU is not the active one, and with NULL when nobody runs. */
void vcpu_switch(struct thread *t);
