/* SPDX-License-Identifier: BSD-2-Clause */
/* See guest.h. */
#include "guest.h"

void guest_make(struct guest *g, word priority, void (*code)(void), word x0)
{
        seL4_UserContext c = {.pc = (word)code, .spsr = EL1H, .x0 = x0};

        counting();
        helper_make(&g->h, priority);
        g->vcpu = new_object(seL4_ARM_VCPUObject, 0);
        g->faults = new_endpoint();
        g->reply = new_reply();
        OK(seL4_TCB_SetSpace(g->h.tcb, g->faults, ROOT, 0, seL4_CapInitThreadVSpace, 0));
        OK(seL4_ARM_VCPU_SetTCB(g->vcpu, g->h.tcb));
        OK(seL4_TCB_WriteRegisters(g->h.tcb, 1, 0, sizeof c / sizeof(word), &c));
}
