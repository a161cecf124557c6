/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual interrupt interface of a GICv3: system registers of EL2 (spec el2.md 8).  Of the active priorities one register
 * is kept, which is all that controllers with 32 preemption levels have for group 1. */
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

static word list_read(word n)
{
        switch (n) {
        case 0:
                return read_register(s3_4_c12_c12_0);
        case 1:
                return read_register(s3_4_c12_c12_1);
        case 2:
                return read_register(s3_4_c12_c12_2);
        case 3:
                return read_register(s3_4_c12_c12_3);
        case 4:
                return read_register(s3_4_c12_c12_4);
        case 5:
                return read_register(s3_4_c12_c12_5);
        case 6:
                return read_register(s3_4_c12_c12_6);
        case 7:
                return read_register(s3_4_c12_c12_7);
        case 8:
                return read_register(s3_4_c12_c13_0);
        case 9:
                return read_register(s3_4_c12_c13_1);
        case 10:
                return read_register(s3_4_c12_c13_2);
        case 11:
                return read_register(s3_4_c12_c13_3);
        case 12:
                return read_register(s3_4_c12_c13_4);
        case 13:
                return read_register(s3_4_c12_c13_5);
        case 14:
                return read_register(s3_4_c12_c13_6);
        case 15:
                return read_register(s3_4_c12_c13_7);
        default:
                return 0;
        }
}

static void list_write(word n, word value)
{
        switch (n) {
        case 0:
                write_register(s3_4_c12_c12_0, value);
                break;
        case 1:
                write_register(s3_4_c12_c12_1, value);
                break;
        case 2:
                write_register(s3_4_c12_c12_2, value);
                break;
        case 3:
                write_register(s3_4_c12_c12_3, value);
                break;
        case 4:
                write_register(s3_4_c12_c12_4, value);
                break;
        case 5:
                write_register(s3_4_c12_c12_5, value);
                break;
        case 6:
                write_register(s3_4_c12_c12_6, value);
                break;
        case 7:
                write_register(s3_4_c12_c12_7, value);
                break;
        case 8:
                write_register(s3_4_c12_c13_0, value);
                break;
        case 9:
                write_register(s3_4_c12_c13_1, value);
                break;
        case 10:
                write_register(s3_4_c12_c13_2, value);
                break;
        case 11:
                write_register(s3_4_c12_c13_3, value);
                break;
        case 12:
                write_register(s3_4_c12_c13_4, value);
                break;
        case 13:
                write_register(s3_4_c12_c13_5, value);
                break;
        case 14:
                write_register(s3_4_c12_c13_6, value);
                break;
        case 15:
                write_register(s3_4_c12_c13_7, value);
                break;
        default:
                break;
        }
}

static void store(struct virtual_interface *v)
{
        v->vmcr = read_named(VMCR);
        v->active = read_named(AP1R);
        for (word i = 0; i < platform.guest.lists; i++)
                v->list[i] = list_read(i);
}

static void load(const struct virtual_interface *v)
{
        write_named(VMCR, v->vmcr);
        write_named(AP1R, v->active);
        for (word i = 0; i < platform.guest.lists; i++)
                list_write(i, v->list[i]);
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
        list_write(n, list_read(n) & ~((word)1 << LR_TELL));
        return n;
}

/* Guests have system registers only, and do not see that there is another way (Enable is 0). */
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
                .list_read = list_read,
                .list_write = list_write,
                .list_pending = list_pending,
                .is_active = is_active,
                .take_ended = take_ended,
        };
}
