/* SPDX-License-Identifier: BSD-2-Clause */
/* The first and the last instructions of the loader.
 *
 * The loader is entered twice: from firmware (head.S, MMU off, a device tree in x0), and at image_restart after it has copied
 * itself out of the way (EL1, MMU on).  Both entries make the image ready for C.  From EFI there is another one before the first.
 */
#include "loader/levels.h"

#define STACK_BYTES 16384

#define SPSR_EL2H   0x3c9
#define SCTLR_EL2_OFF 0x30c50830
#define MONITOR_LINES 0x54657373        /* the one function of our monitor */
#define TCR_EPD1    23
#define PAYLOAD_HYPERVISOR 52           /* struct payload: options.hypervisor */

.section .text.first, "ax"
.globl image_restart
image_restart:                          /* x0, x1, x2: arguments of loader_again */
        mov     x19, x0
        mov     x20, x1
        mov     x21, x2
        bl      prepare_image
        mov     x0, x19
        mov     x1, x20
        mov     x2, x21
        b       loader_again

.globl from_firmware, from_elf
from_firmware:                          /* x0: device tree */
        mov     x21, #0
from_elf:                               /* x21: the page in which other cores wait */
        mov     x19, x0
        msr     daifset, #15
        mrs     x20, CurrentEL
        lsr     x20, x20, #2
        cmp     x20, #3
        b.ne    1f
        bl      leave_el3
1:      mrs     x9, CurrentEL
        cmp     x9, #2 << 2
        b.ne    1f
        bl      leave_el2
1:      ldr     x0, =SCTLR_OFF
        msr     sctlr_el1, x0
        isb
        orr     x21, x21, x20
        msr     tpidr_el1, x21          /* for both lives: the level at which we were entered */
        bl      prepare_image
        mov     x0, x19
        mov     x1, x20
        b       loader_first

/* From EFI (x0: handle, x1: system table; MMU on, its stack).  It returns a status if it cannot go on. */
.globl efi_start
efi_start:
        stp     x29, x30, [sp, #-48]!
        mov     x29, sp
        stp     x19, x20, [sp, #16]
        mov     x19, x0
        mov     x20, x1
        bl      prepare_variables
        mov     x0, x19
        mov     x1, x20
        add     x2, sp, #32
        bl      efi_main               /* (handle, table, where the device tree's address goes) */
        cbnz    x0, 3f
        ldr     x0, [sp, #32]
        msr     daifset, #15
        mrs     x9, CurrentEL
        mov     x10, #0x1005            /* I, C, M: all memory that matters has been cleaned */
        cmp     x9, #2 << 2
        b.ne    1f
        mrs     x11, sctlr_el2
        bic     x11, x11, x10
        msr     sctlr_el2, x11
        isb
        tlbi    alle2
        b       2f
1:      mrs     x11, sctlr_el1
        bic     x11, x11, x10
        msr     sctlr_el1, x11
        isb
        tlbi    vmalle1
2:      ic      iallu
        dsb     sy
        isb
        b       from_firmware
3:      ldp     x19, x20, [sp, #16]
        ldp     x29, x30, [sp], #48
        ret

/* Vectors, floating point for libfdt, zeroed variables, relocations, stack. */
prepare_image:
        mov     x14, x30
        adr     x9, vectors
        msr     vbar_el1, x9
        mov     x9, #3 << 20
        msr     cpacr_el1, x9
        isb
        bl      prepare_variables
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        ret     x14

prepare_variables:
        adrp    x9, bss_start
        add     x9, x9, :lo12:bss_start
        adrp    x10, bss_end
        add     x10, x10, :lo12:bss_end
1:      stp     xzr, xzr, [x9], #16
        cmp     x9, x10
        b.lo    1b
        adr     x11, image_start
        adrp    x9, rela_start
        add     x9, x9, :lo12:rela_start
        adrp    x10, rela_end
        add     x10, x10, :lo12:rela_end
2:      cmp     x9, x10
        b.hs    3f
        ldp     x12, x13, [x9], #24     /* offset, type: the linker script leaves relative ones only */
        ldur    x13, [x9, #-8]
        add     x13, x13, x11
        str     x13, [x11, x12]
        b       2b
3:      ret

/* Entered without firmware (an emulator with an ELF file): run the rest in the non-secure world, at EL2 if there is one.  As long
 * as the loader runs, it asks `monitor` for what only EL3 may do. */
leave_el3:
        mov     x9, #0x531              /* non-secure, HVC, lower levels are AArch64 */
        msr     scr_el3, x9
        msr     cptr_el3, xzr
        msr     mdcr_el3, xzr
        adr     x9, monitor_vectors
        msr     vbar_el3, x9
        mrs     x9, id_aa64pfr0_el1
        ubfx    x10, x9, #24, #4        /* system registers of a GICv3, open below */
        cbz     x10, 1f
        mov     x10, #0xf
        msr     s3_6_c12_c12_5, x10     /* ICC_SRE_EL3 */
        isb
1:      ubfx    x10, x9, #8, #4
        mov     x9, #SPSR_EL1H
        cbz     x10, 2f
        ldr     x9, =SCTLR_EL2_OFF
        msr     sctlr_el2, x9
        mov     x9, #SPSR_EL2H
2:      msr     spsr_el3, x9
        msr     elr_el3, x30
        isb
        eret
        dsb     nsh             /* never reached: ends speculation past ERET */
        isb

/* Goes to EL1 with nothing trapped and no offset on the virtual counter. */
leave_el2:
        open_el1
        adrp    x9, image_end           /* the way back, for an image that asks for it */
        add     x9, x9, :lo12:image_end
        ldr     w9, [x9, #PAYLOAD_HYPERVISOR]
        cbz     w9, 1f
        adr     x9, el2_gate
        msr     vbar_el2, x9
1:      mov     x9, #SPSR_EL1H
        msr     spsr_el2, x9
        msr     elr_el2, x30
        eret
        dsb     nsh             /* never reached: ends speculation past ERET */
        isb

.text
/* mmu_start(ttbr0, mair, tcr): the map must contain the code and the stack one to one. */
.globl mmu_start
mmu_start:
        msr     mair_el1, x1
        msr     tcr_el1, x2
        msr     ttbr0_el1, x0
        isb
        tlbi    vmalle1
        ic      iallu
        dsb     nsh
        isb
        ldr     x3, =SCTLR_ON
        msr     sctlr_el1, x3
        isb
        ret

/* kernel_enter(ttbr1, entry, handover): x0 of the kernel is the record's address in its window. */
.globl kernel_enter
kernel_enter:
        dsb     sy
        msr     ttbr1_el1, x0
        mrs     x3, tcr_el1
        bic     x3, x3, #1 << TCR_EPD1
        msr     tcr_el1, x3
        isb
        tlbi    vmalle1
        ic      iallu
        dsb     nsh
        isb
        mov     x0, x2
        br      x1

/* psci_call(function, use_smc, core, entry) */
.globl psci_call
psci_call:
        mov     x4, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, #0
        cbnz    x4, 1f
        hvc     #0
        ret
1:      smc     #0
        ret

.balign 2048
vectors:
.rept 16
        .balign 128
        mrs     x0, esr_el1
        mrs     x1, elr_el1
        mrs     x2, far_el1
        b       loader_fault
.endr

/* monitor_lines(distributor, interface, version): all interrupt lines to the non-secure world.  `interface`: registers of a
 * GICv2's CPU interface, or of this core's redistributor.  Only after an entry at EL3. */
.globl monitor_lines
monitor_lines:
        mov     x3, x2
        mov     x2, x1
        mov     x1, x0
        ldr     x0, =MONITOR_LINES
        smc     #0
        ret

.balign 2048
monitor_vectors:
.rept 16
        .balign 128
        b       monitor
.endr

/* At EL3, MMU off. */
monitor:
        ldr     x9, =MONITOR_LINES
        cmp     x0, x9
        mov     x0, #-1                 /* not supported */
        b.ne    5f
        ldr     w4, [x1, #4]            /* GICD_TYPER */
        and     w4, w4, #31
        mov     w5, #-1
        cmp     x3, #3
        b.eq    2f
        add     x6, x1, #0x80           /* GICD_IGROUPR */
1:      str     w5, [x6], #4
        subs    w4, w4, #1
        b.pl    1b
        mov     w5, #0xff
        str     w5, [x2, #4]            /* GICC_PMR */
        mov     w5, #3
        str     w5, [x2]                /* GICC_CTLR, GICD_CTLR: both groups */
        str     w5, [x1]
        b       4f
2:      mov     w7, #0x30               /* affinity routing in both worlds */
        str     w7, [x1]
        ldr     w6, [x2, #0x14]         /* GICR_WAKER: not asleep */
        bic     w6, w6, #2
        str     w6, [x2, #0x14]
3:      ldr     w6, [x2, #0x14]
        tbnz    w6, #2, 3b
        add     x6, x2, #0x10, lsl #12
        str     w5, [x6, #0x80]         /* GICR_IGROUPR0 */
        add     x6, x1, #0x80
6:      str     w5, [x6], #4
        subs    w4, w4, #1
        b.pl    6b
        mov     w7, #0x32               /* and the non-secure group */
        str     w7, [x1]
        mov     x6, #0xff
        msr     s3_0_c4_c6_0, x6        /* ICC_PMR_EL1 */
        mov     x6, #1
        msr     s3_6_c12_c12_7, x6      /* ICC_IGRPEN1_EL3 */
        isb
4:      mov     x0, #0
5:      eret
        dsb     nsh             /* never reached: ends speculation past ERET */
        isb

/* The gate to EL2: el2_gate_call(0, gate, ...) moves it, el2_gate_call(root, entry, handover, tcr, mair) enters the kernel. */
.globl el2_gate_call, el2_gate
el2_gate_call:
        hvc     #0
        ret

.balign 2048
el2_gate:
        .skip   0x400                   /* exceptions of EL2 itself: there are none */
        cbnz    x0, 1f
        msr     vbar_el2, x1
        isb
        eret
        dsb     nsh
        isb
1:      translate_el2 x0, x3, x4, x5
        mov     x0, x2
        br      x1
.balign 2048

.bss
.balign 4096
        .space  STACK_BYTES
.globl stack_top
stack_top:
