/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual interrupt interface of a GICv3: system registers of EL2 (spec el2.md 8).  One register of active priorities is saved:
 * controllers with 32 preemption levels have no more for group 1. */
#include "arch/aarch64/cpu.h"
#include "core/guest.h"
#include "drv/drivers.h"

/* ICH_HCR_EL2, VTR, EISR, VMCR, AP1R0; ICC_SRE_EL2. */
#define HCR  s3_4_c12_c11_0
#define VTR  s3_4_c12_c11_1
#define EISR s3_4_c12_c11_3
#define VMCR s3_4_c12_c11_7
#define AP1R s3_4_c12_c9_0
#define SRE  s3_4_c12_c9_5
/* One step more, in which the names above are replaced. */
#define read_named(name)         read_register(name)
#define write_named(name, value) write_register(name, value)

enum { LR_GROUP = 60, LR_PRIORITY = 48, LR_TELL = 41, LR_STATE = 62 };

/* vgic3_lists.S: a register for each number, which is below platform.guest.lists. */
word vgic3_list_read(word n);
void vgic3_list_write(word n, word value);

static void store(struct virtual_interface *v)
{
        v->vmcr = read_named(VMCR);
        v->active = read_named(AP1R);
        for (word i = 0; i < platform.guest.lists; i++)
                v->list[i] = vgic3_list_read(i);
}

static void load(const struct virtual_interface *v)
{
        write_named(VMCR, v->vmcr);
        write_named(AP1R, v->active);
        for (word i = 0; i < platform.guest.lists; i++)
                vgic3_list_write(i, v->list[i]);
}

static void enable(word wanted)
{
        write_named(HCR, wanted);
}

static word disable(void)
{
        word before = read_named(HCR);

        write_named(HCR, 0);
        return before;
}

static word list_pending(word number, word priority, word group)
{
        return number | priority << LR_PRIORITY | group << LR_GROUP | (word)1 << LR_STATE |
               (word)1 << LR_TELL;
}

static bool is_active(word value)
{
        return value >> LR_STATE == 2;
}

static word take_ended(void)
{
        word ended = read_named(EISR) & 0xffff;

        if (ended == 0)
                return ~(word)0;
        word n = (word)__builtin_ctzl(ended);
        vgic3_list_write(n, vgic3_list_read(n) & ~((word)1 << LR_TELL));
        return n;
}

/* Guests have system registers only, and cannot see that the memory-mapped interface exists (Enable is 0). */
__attribute__((cold)) void vgic3_probe(const struct handover_device *d)
{
        (void)d;
        write_named(SRE, 7);
        isb();
        write_named(HCR, 0);
        platform.guest = (struct guest_interrupts){
                .lists = (read_named(VTR) & 31) + 1,
                .store = store,
                .load = load,
                .enable = enable,
                .disable = disable,
                .list_read = vgic3_list_read,
                .list_write = vgic3_list_write,
                .list_pending = list_pending,
                .is_active = is_active,
                .take_ended = take_ended,
        };
}
