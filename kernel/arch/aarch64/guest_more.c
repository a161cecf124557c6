/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug registers and performance counters of guests that use them: how many there are, the machine says. */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/el2.h"
#include "core/guest.h"

/* An indexed register has a name for each index; cases fall through from the last one that the machine has. */
#define DOWN_16(do)                                                                                          \
        do                                                                                                   \
        (15) do(14) do(13) do(12) do(11) do(10) do(9) do(8) do(7) do(6) do(5) do(4) do(3) do(2) do(1) do(0)

static word breakpoints(void)
{
        return (read_register(id_aa64dfr0_el1) >> 12 & 15) + 1;
}

static word watchpoints(void)
{
        return (read_register(id_aa64dfr0_el1) >> 20 & 15) + 1;
}

#define STORE_BREAK(n)                                                                                       \
        case (n) + 1:                                                                                        \
                d->bvr[n] = read_register(dbgbvr##n##_el1);                                                  \
                d->bcr[n] = read_register(dbgbcr##n##_el1);                                                  \
                __attribute__((fallthrough));
#define STORE_WATCH(n)                                                                                       \
        case (n) + 1:                                                                                        \
                d->wvr[n] = read_register(dbgwvr##n##_el1);                                                  \
                d->wcr[n] = read_register(dbgwcr##n##_el1);                                                  \
                __attribute__((fallthrough));
#define LOAD_BREAK(n)                                                                                        \
        case (n) + 1:                                                                                        \
                write_register(dbgbvr##n##_el1, d->bvr[n]);                                                  \
                write_register(dbgbcr##n##_el1, d->bcr[n]);                                                  \
                __attribute__((fallthrough));
#define LOAD_WATCH(n)                                                                                        \
        case (n) + 1:                                                                                        \
                write_register(dbgwvr##n##_el1, d->wvr[n]);                                                  \
                write_register(dbgwcr##n##_el1, d->wcr[n]);                                                  \
                __attribute__((fallthrough));

void guest_debug_store(struct debug_registers *d)
{
        switch (breakpoints()) {
                DOWN_16(STORE_BREAK)
        default:
                break;
        }
        switch (watchpoints()) {
                DOWN_16(STORE_WATCH)
        default:
                break;
        }
}

void guest_debug_load(const struct debug_registers *d)
{
        switch (breakpoints()) {
                DOWN_16(LOAD_BREAK)
        default:
                break;
        }
        switch (watchpoints()) {
                DOWN_16(LOAD_WATCH)
        default:
                break;
        }
}

static word counters(void)
{
        word version = read_register(id_aa64dfr0_el1) >> 8 & 15;

        return version == 0 || version == 15 ? 0 : read_register(pmcr_el0) >> 11 & 31;
}

/* Counting stops first, so that the values read are consistent. */
void guest_counters_store(struct counter_registers *c)
{
        word n = counters();

        c->pmcr = read_register(pmcr_el0) & 0xff;
        write_register(pmcr_el0, 0);
        isb();
        c->enabled = read_register(pmcntenset_el0);
        c->interrupts = read_register(pmintenset_el1);
        c->overflows = read_register(pmovsset_el0);
        c->select = read_register(pmselr_el0);
        c->user = read_register(pmuserenr_el0);
        c->filter = read_register(pmccfiltr_el0);
        c->cycles = read_register(pmccntr_el0);
        for (word i = 0; i < n; i++) {
                write_register(pmselr_el0, i);
                isb();
                c->event[i] = read_register(pmxevcntr_el0);
                c->type[i] = read_register(pmxevtyper_el0);
        }
}

void guest_counters_load(const struct counter_registers *c)
{
        word n = counters();

        write_register(pmcr_el0, 0);
        isb();
        write_register(pmcntenclr_el0, ones(32));
        write_register(pmintenclr_el1, ones(32));
        write_register(pmovsclr_el0, ones(32));
        for (word i = 0; i < n; i++) {
                write_register(pmselr_el0, i);
                isb();
                write_register(pmxevcntr_el0, c->event[i]);
                write_register(pmxevtyper_el0, c->type[i]);
        }
        write_register(pmccntr_el0, c->cycles);
        write_register(pmccfiltr_el0, c->filter);
        write_register(pmselr_el0, c->select);
        write_register(pmuserenr_el0, c->user);
        write_register(pmcntenset_el0, c->enabled);
        write_register(pmintenset_el1, c->interrupts);
        write_register(pmovsset_el0, c->overflows);
        write_register(pmcr_el0, c->pmcr & ~(word)6); /* without its two command bits, which reset counters */
        isb();
}
