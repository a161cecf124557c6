/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor: what is set once at boot, and stopping.
 *
 * Invariant: the kernel runs with every exception masked, and uses neither FP registers nor user addresses.  Where the
 * machine can hold it to the latter (PAN), it does.  What every register is set to and why: docs/registers.md.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/offsets.h"
#include "arch/arch.h"
#include "core/context.h"
#include "core/state.h"
#include "handover.h"
#include "tessera/trace.h"

_Static_assert(offsetof(struct context, x) == CONTEXT_X, "");
_Static_assert(offsetof(struct context, x[30]) == CONTEXT_X30, "");
_Static_assert(offsetof(struct context, sp) == CONTEXT_X30 + 8, "");
_Static_assert(offsetof(struct context, pc) == CONTEXT_PC, "");
_Static_assert(offsetof(struct context, spsr) == CONTEXT_PC + 8, "");
_Static_assert(offsetof(struct context, restart) == CONTEXT_RESTART, "");
_Static_assert(offsetof(struct context, tpidr) == CONTEXT_TPIDR, "");
_Static_assert(offsetof(struct context, tpidr) == CONTEXT_RESTART + 8, "");
_Static_assert(offsetof(struct context, tpidrro) == CONTEXT_TPIDR + 8, "");
_Static_assert(offsetof(struct fpu, v) == FPU_V, "");
_Static_assert(offsetof(struct fpu, fpcr) == FPU_FPCR, "");
_Static_assert(offsetof(struct fpu, fpsr) == FPU_FPCR + 8, "");
_Static_assert(offsetof(struct kernel, door.turn) == KERNEL_DOOR_TURN, "");
_Static_assert(offsetof(struct kernel, door.next) == KERNEL_DOOR_NEXT, "");
_Static_assert(offsetof(struct kernel, core[0].local) == KERNEL_CORE_LOCAL, "");
_Static_assert(offsetof(struct kernel, core[0].current) == KERNEL_CURRENT, "");
_Static_assert(offsetof(struct kernel, cores) == KERNEL_CORES, "");
_Static_assert(offsetof(struct kernel, trace) == KERNEL_TRACE, "");
_Static_assert(offsetof(struct kernel, core[0].number) == KERNEL_CORE_NUMBER, "");
_Static_assert(offsetof(struct trace, next) == TRACE_NEXT, "");
_Static_assert(offsetof(struct trace, end) == TRACE_NEXT + 8, "");
_Static_assert(offsetof(struct trace, first) == TRACE_FIRST, "");
_Static_assert(offsetof(struct trace, memory) == TRACE_FIRST + 8, "");
_Static_assert(offsetof(struct trace, written) == TRACE_WRITTEN, "");
_Static_assert(offsetof(struct tessera_trace_header, written) == TRACE_MEMORY_WRITTEN, "");

extern const char arch_vectors[];

static const word PSCI_SYSTEM_OFF = 0x84000008;

/* SCTLR_EL1 */
enum {
        SCTLR_ONES = 0x30d00800, /* reserved as one in Armv8.0 */
        SCTLR_M = 1 << 0,
        SCTLR_C = 1 << 2,
        SCTLR_SA = 1 << 3, /* alignment of the kernel's own stack pointer */
        SCTLR_I = 1 << 12,
        SCTLR_UCT = 1 << 15,
        SCTLR_NTWI = 1 << 16,
        SCTLR_NTWE = 1 << 18,
        SCTLR_WXN = 1 << 19,
        SCTLR_SPAN = 1 << 23, /* one of those reserved in Armv8.0: exceptions leave PSTATE.PAN alone */
        SCTLR_UCI = 1 << 26,
};

/* TCR_EL1: the user half; the loader has chosen the kernel half. */
static const word TCR_USER = 16 | 1 << 8 | 1 << 10 | 3 << 12;
static const word TCR_USER_MASK = 0xffff | 1 << 22 | (word)1 << 37;
static const word TCR_AS = (word)1 << 36; /* ASIDs of 16 bits */

/* MAIR_EL1: 0 Device-nGnRnE, 1 Device-nGnRE, 2 Device-GRE, 3 uncached, 4 write-back, 5 write-through */
static const word MAIR = 0x0000aaff440c0400;

void arch_start(word exports, word empty_root)
{
        if (hypervisor_face()) {
                el2_start(exports, empty_root);
                return;
        }
        bool pan = read_register(id_aa64mmfr1_el1) >> 20 & 15;
        word keep = read_register(sctlr_el1) & SCTLR_WXN, span = pan ? SCTLR_SPAN : 0;
        word tcr = read_register(tcr_el1) & ~(TCR_USER_MASK | TCR_AS);

        write_register(vbar_el1, arch_vectors);
        write_register(mair_el1, MAIR);
        write_register(tcr_el1, tcr | TCR_USER | (arch_asid_bits() == 16 ? TCR_AS : 0));
        write_register(sctlr_el1, (SCTLR_ONES & ~span) | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I | SCTLR_UCT |
                                          SCTLR_NTWI | SCTLR_NTWE | SCTLR_UCI | keep);
        if (pan)
                __asm__ volatile(".inst 0xd500419f" : : : "memory"); /* msr pan, #1 */
        registers_start(exports);
        write_register(cntv_cval_el0, ~(word)0);
        write_register(cntv_ctl_el0, 1);
        arch_fpu_enable(false);
        isb();
        arch_mmu_start(empty_root);
}

/* entry.S looks at bit 0. */
struct context *arch_resume(struct context *c)
{
        return (struct context *)((word)c | 1);
}

bool arch_interrupt_pending(void)
{
        return read_register(isr_el1) >> 7 & 1;
}

/* WFI wakes up for a masked interrupt too, and sometimes for nothing. */
void arch_wait(void)
{
        while (!arch_interrupt_pending())
                __asm__ volatile("wfi" : : : "memory");
}

/* Having been read exclusively, the word wakes this core when it is written. */
void arch_doze_while(const uint32_t *at, uint32_t value)
{
        uint32_t found;

        __asm__ volatile("ldaxr %w0, [%1]\n cmp %w0, %w2\n b.ne 1f\n wfe\n1:"
                         : "=&r"(found)
                         : "r"(at), "r"(value)
                         : "memory", "cc");
}

void arch_doze_unless(const uint32_t *at, uint32_t value)
{
        uint32_t found;

        __asm__ volatile("ldaxr %w0, [%1]\n cmp %w0, %w2\n b.eq 1f\n wfe\n1:"
                         : "=&r"(found)
                         : "r"(at), "r"(value)
                         : "memory", "cc");
}

void arch_tell_cores(void)
{
        __asm__ volatile("dsb ish\n sev" : : : "memory");
}

_Noreturn void arch_halt(void)
{
        __asm__ volatile("msr daifset, #15");
        for (;;)
                __asm__ volatile("wfi");
}

void arch_firmware_call(word x[FIRMWARE_WORDS])
{
        register word x0 __asm__("x0") = x[0];
        register word x1 __asm__("x1") = x[1];
        register word x2 __asm__("x2") = x[2];
        register word x3 __asm__("x3") = x[3];
        register word x4 __asm__("x4") = x[4];
        register word x5 __asm__("x5") = x[5];
        register word x6 __asm__("x6") = x[6];
        register word x7 __asm__("x7") = x[7];

        __asm__ volatile("smc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
                         :
                         : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
        x[0] = x0;
        x[1] = x1;
        x[2] = x2;
        x[3] = x3;
        x[4] = x4;
        x[5] = x5;
        x[6] = x6;
        x[7] = x7;
}

void arch_power_off(bool by_smc)
{
        register word x0 __asm__("x0") = PSCI_SYSTEM_OFF;

        if (by_smc)
                __asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
        else
                __asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}
