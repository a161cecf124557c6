/* SPDX-License-Identifier: BSD-2-Clause */
/* See guests.h. */
#include "guests.h"

void guest_on(struct guest *g, word core)
{
        guest_make(g);
        OK(place(g->a.h.sc, core));
        set_reg(g->vcpu, seL4_VCPUReg_CPACR, 3 << 20);
}

void guest_start(struct guest *g, const char *code, word x0, word x1, word x2)
{
        seL4_UserContext c = {.pc = (word)code, .spsr = EL1H, .x0 = x0, .x1 = x1, .x2 = x2, .x20 = x1};

        OK(seL4_TCB_WriteRegisters(tcb_of(g), 1, 0, sizeof c / sizeof(word), &c));
}

void guest_await(struct guest *g)
{
        UNTIL((g->m = poll_now(g->a.faults, g->reply)).any);
        EQ(g->m.badge, FAULT_BADGE);
        OK(registers_read(&g->a.h, &g->c, 0));
}

int counts_up(const volatile word *at)
{
        word before = get(at);

        UNTIL(get(at) != before);
        return 1;
}

int stands(const volatile word *at)
{
        word before = get(at);

        turns_elsewhere();
        return get(at) == before;
}
