/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's registers in the machine (vcpu/vcpu.h; spec el2.md 3.6, 5).
 *
 * Debug registers and performance counters trap until a guest uses them first (MDCR_EL2); only the registers of guests that did so are
 * moved.  Native threads have the counters as the image says, and never a breakpoint.
 */
#include "core/guest.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/el2.h"
#include "arch/arch.h"

/* VM, SWIO, FMO, IMO, AMO, TWI, TWE, TSC, RW.  With several cores also FB, BSU: what a guest forgets of its translations for its core alone
 * is forgotten on all, and its barriers wait for that, since it may go on elsewhere. */
static inline word hcr_of_guests(void)
{
        word hcr;

        __asm__ __inline__("661: mov %0, #0x6039\n .pushsection .alternatives, \"a\"\n .long 661b - . + 2\n "
                           "mov %0, #0x6639\n .popsection\n movk %0, #0x8008, lsl #16"
                           : "=r"(hcr));
        return hcr;
}

/* MDCR_EL2: accesses to debug registers (TDRA, TDOSA, TDA) and to performance counters (TPM, TPMCR) come to EL2. */
enum { MDCR_DEBUG = 7 << 9, MDCR_COUNTERS = 3 << 5 };

/* Register `n` of the public order, for registers that are read and written in the same way. */
/* clang-format off */
#define EACH_REGISTER(EACH) \
        EACH(0, sctlr_el1) EACH(1, cpacr_el1) EACH(2, ttbr0_el1) EACH(3, ttbr1_el1) \
        EACH(4, tcr_el1) EACH(5, mair_el1) EACH(6, amair_el1) EACH(7, contextidr_el1) \
        EACH(8, actlr_el1) EACH(9, afsr0_el1) EACH(10, afsr1_el1) EACH(11, esr_el1) \
        EACH(12, far_el1) EACH(13, par_el1) EACH(14, vbar_el1) EACH(15, tpidr_el1) \
        EACH(16, vmpidr_el2) EACH(17, sp_el1) EACH(18, elr_el1) EACH(19, spsr_el1) \
        EACH(20, cntv_ctl_el0) EACH(21, cntv_cval_el0) EACH(22, cntvoff_el2) EACH(23, cntkctl_el1)
/* clang-format on */

#define READ_CASE(n, name)                                                                                   \
        case n:                                                                                              \
                return read_register(name);
#define WRITE_CASE(n, name)                                                                                  \
        case n:                                                                                              \
                write_register(name, value);                                                                 \
                break;

word arch_guest_read(word n)
{
        switch (n) {
                EACH_REGISTER(READ_CASE)
        default:
                return 0;
        }
}

void arch_guest_write(word n, word value)
{
        switch (n) {
                EACH_REGISTER(WRITE_CASE)
        default:
                break;
        }
}

#define STORE(n, name)                                                                                       \
        if ((n) >= VCPU_RANGE_FIRST && (n) <= VCPU_RANGE_LAST)                                               \
                v->reg[n] = read_register(name);
#define LOAD(n, name)                                                                                        \
        if ((n) >= VCPU_RANGE_FIRST && (n) <= VCPU_RANGE_LAST)                                               \
                write_register(name, v->reg[n]);

void arch_guest_store(struct vcpu *v)
{
        EACH_REGISTER(STORE)
        v->csselr = read_register(csselr_el1);
        if (v->uses_debug)
                guest_debug_store(&v->debug);
}

void arch_guest_load(struct vcpu *v)
{
        EACH_REGISTER(LOAD)
        write_register(csselr_el1, v->csselr);
        if (v->uses_debug)
                guest_debug_load(&v->debug);
}

void arch_guest_forget(void)
{
        __asm__ volatile("isb\n tlbi vmalle1\n dsb nsh\n isb" : : : "memory");
}

static void trap_first_use(const struct vcpu *v)
{
        word mdcr = el2_debug_control();

        mdcr |= v->uses_debug ? 0 : MDCR_DEBUG;
        mdcr |= v->uses_counters ? 0 : MDCR_COUNTERS;
        write_register(mdcr_el2, mdcr);
}

void arch_guest_enable(struct vcpu *v)
{
        write_register(hcr_el2, hcr_of_guests());
        write_register(sctlr_el1, v->reg[VCPU_SCTLR]);
        write_register(cpacr_el1, v->reg[VCPU_CPACR]);
        write_register(cntkctl_el1, v->reg[VCPU_CNTKCTL]);
        write_register(cntvoff_el2, v->reg[VCPU_CNTVOFF]);
        write_register(cntv_cval_el0, v->reg[VCPU_CNTV_CVAL]);
        write_register(cntv_ctl_el0, v->reg[VCPU_CNTV_CTL]);
        trap_first_use(v);
        if (v->uses_debug)
                write_register(mdscr_el1, v->debug.mdscr);
        if (v->uses_counters)
                guest_counters_load(&v->counters);
}

/* CNTVOFF stays: native threads see what the last guest left, as in the reference (el2.md 5.1).  A monitor beside programs that read the
 * counter leaves it at 0. */
void arch_guest_disable(struct vcpu *v)
{
        v->reg[VCPU_SCTLR] = read_register(sctlr_el1);
        v->reg[VCPU_CPACR] = read_register(cpacr_el1);
        v->reg[VCPU_CNTKCTL] = read_register(cntkctl_el1);
        v->reg[VCPU_CNTV_CVAL] = read_register(cntv_cval_el0);
        v->reg[VCPU_CNTV_CTL] = read_register(cntv_ctl_el0) & 3;
        if (v->uses_debug)
                v->debug.mdscr = read_register(mdscr_el1);
        if (v->uses_counters)
                guest_counters_store(&v->counters);
        el2_native(v->uses_counters);
}

bool arch_guest_first_use(struct vcpu *v, word syndrome)
{
        word op0 = syndrome >> 20 & 3, op1 = syndrome >> 14 & 7, crn = syndrome >> 10 & 15,
             crm = syndrome >> 1 & 15;
        bool counters = op0 == 3 && ((crn == 9 && crm >= 12) || (crn == 14 && crm >= 8 && op1 == 3));

        if (op0 == 2 && !v->uses_debug) {
                v->uses_debug = true;
                v->debug.mdscr = 0;
                guest_debug_load(&v->debug);
                write_register(mdscr_el1, 0);
        } else if (counters && !v->uses_counters) {
                v->uses_counters = true;
                guest_counters_load(&v->counters);
        } else {
                return false;
        }
        trap_first_use(v);
        return true;
}

/* The page is in HPFAR if the architecture fills it in.  It does not for permission faults of the access itself; then the address comes
 * from the guest's stage 1, translated by way of its PAR.  At the door of several cores the guest's space was left, and entered again just
 * now: hence the first ISB. */
word arch_guest_abort_address(word syndrome, word address)
{
        enum { S1PTW = 1 << 7, PERMISSION = 3, PAR_FAILED = 1 };
        word page, par, kept;

        if ((syndrome & S1PTW) || (syndrome >> 2 & 15) != PERMISSION) {
                page = (read_register(hpfar_el2) >> 4 & ones(40)) << 12;
                return page | (address & ones(12));
        }
        kept = read_register(par_el1);
        __asm__ volatile("isb\n at s1e1r, %0\n isb" : : "r"(address) : "memory");
        par = read_register(par_el1);
        write_register(par_el1, kept);
        if (par & PAR_FAILED)
                return address;
        return (par & ones(48) & ~ones(12)) | (address & ones(12));
}
