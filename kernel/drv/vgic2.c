/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual interrupt interface of a GICv2: its control frame, GICH (spec el2.md 8). */
#include "core/guest.h"
#include "drv/drivers.h"

enum {
        GICH_HCR = 0x00,
        GICH_VTR = 0x04,
        GICH_VMCR = 0x08,
        GICH_EISR =
                0x20, /* two words: list registers that asked to report the end of their interrupt, and whose interrupt has ended */
        GICH_APR = 0xf0,
        GICH_LR = 0x100,

        LR_PENDING = 1 << 28,
        LR_ACTIVE = 1 << 29,
        LR_GROUP = 1 << 30,
        LR_PRIORITY = 23, /* 5 bits */
        LR_TELL = 1 << 19,
};

static word control; /* constant after boot */

static volatile uint32_t *list(word n)
{
        return register_at(control + GICH_LR + 4 * n);
}

static void store(struct virtual_interface *v)
{
        v->vmcr = *register_at(control + GICH_VMCR);
        v->active = *register_at(control + GICH_APR);
        for (word i = 0; i < platform.guest.lists; i++)
                v->list[i] = *list(i);
}

static void load(const struct virtual_interface *v)
{
        *register_at(control + GICH_VMCR) = (uint32_t)v->vmcr;
        *register_at(control + GICH_APR) = (uint32_t)v->active;
        for (word i = 0; i < platform.guest.lists; i++)
                *list(i) = (uint32_t)v->list[i];
}

static void enable(word wanted)
{
        *register_at(control + GICH_HCR) = (uint32_t)wanted;
}

static word disable(void)
{
        word before = *register_at(control + GICH_HCR);

        *register_at(control + GICH_HCR) = 0;
        return before;
}

static word list_read(word n)
{
        return *list(n);
}

static void list_write(word n, word value)
{
        *list(n) = (uint32_t)value;
}

static word list_pending(word number, word priority, word group)
{
        return number | priority << LR_PRIORITY | (group ? LR_GROUP : 0) | LR_PENDING | LR_TELL;
}

static bool is_active(word value)
{
        return (value & (LR_PENDING | LR_ACTIVE)) == LR_ACTIVE;
}

static word take_ended(void)
{
        word ended = *register_at(control + GICH_EISR) | (word)*register_at(control + GICH_EISR + 4) << 32;

        if (ended == 0)
                return ~(word)0;
        word n = (word)__builtin_ctzl(ended);
        *list(n) &= ~(uint32_t)LR_TELL;
        return n;
}

__attribute__((cold)) void vgic2_probe(const struct handover_device *d)
{
        control = d->reg[2].start;
        *register_at(control + GICH_HCR) = 0;
        platform.guest = (struct guest_interrupts){
                .lists = (*register_at(control + GICH_VTR) & 63) + 1,
                .store = store,
                .load = load,
                .enable = enable,
                .disable = disable,
                .list_read = list_read,
                .list_write = list_write,
                .list_pending = list_pending,
                .is_active = is_active,
                .take_ended = take_ended,
        };
}
