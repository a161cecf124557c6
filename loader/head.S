/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of the image, and what runs before any of our own entry points: one file is
 *
 *      an arm64 Linux Image    QEMU, U-Boot and others enter it at its first byte
 *      a PE/COFF program       EFI enters it at efi_start; mkimage writes the sizes, which are those of the whole file
 *      the body of an ELF      made by mkimage --elf; emulators enter it at elf_entry, on all cores and at EL3
 *      no program for Arm32    where a 32-bit core is told why it cannot run this
 */
#include "loader/ways.h"

#define PE_SECTIONS 2
#define PE_ARM64    0xaa64
#define PE_PLUS     0x20b
#define PE_PROGRAM  10              /* subsystem */
#define PE_FLAGS    0x0206          /* can be run, has no lines, is not debugged */
#define PE_NO_EXEC  0x0100          /* data need not be executable */
#define PE_CODE     0x60000020      /* code: read, execute */
#define PE_DATA     0xc0000040      /* data: read, write */

/* "MZ", for EFI.  As an instruction of A64 it is `ands x13, x18, x0, lsl #22`, which is harmless; as one of A32 it is a
 * branch to image_start + A32_AT. */
.section .text.head, "ax"
.globl image_start
image_start:
        .long   0xea005a4d
        b       from_firmware
        .quad   0                       /* text offset */
        .quad   0                       /* size of the file, written by mkimage */
        .quad   0xa                     /* little-endian, 4 KiB pages, anywhere in RAM */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   pe_start - image_start

pe_start:
        .ascii  "PE\0\0"
        .short  PE_ARM64, PE_SECTIONS
        .long   0, 0, 0                 /* no date, no symbols */
        .short  pe_sections - pe_optional, PE_FLAGS
.globl pe_optional
pe_optional:
        .short  PE_PLUS, 0
        .long   data_start - image_start - PE_PAGE
        .long   0, 0                    /* size of data, by mkimage (PE_DATA_AT); all data have bytes in the file */
        .long   efi_start - image_start
        .long   PE_PAGE
        .quad   0                       /* linked at 0; moves itself */
        .long   PE_PAGE, PE_FILE_UNIT
        .short  0, 0, 1, 0, 1, 0        /* versions: system none, image 1.0, as systemd's stub requires of kernels; EFI 1.0 */
        .long   0
        .long   0                       /* size in memory, by mkimage (PE_MEMORY_AT) */
        .long   PE_PAGE
        .long   0
        .short  PE_PROGRAM, PE_NO_EXEC
        .quad   0, 0, 0, 0
        .long   0, 6
        .quad   0, 0, 0, 0, 0, 0        /* no directories; the sixth would be relocations */
pe_sections:
        .ascii  ".text\0\0\0"
        .long   data_start - image_start - PE_PAGE, PE_PAGE
        .long   data_start - image_start - PE_PAGE, PE_PAGE
        .long   0, 0, 0, PE_CODE
.globl pe_data
pe_data:
        .ascii  ".data\0\0\0"
        .long   0, data_start - image_start     /* both sizes by mkimage (PE_SECTION_AT) */
        .long   0, data_start - image_start
        .long   0, 0, 0, PE_DATA

.org ELF_ENTRY_AT
        b       elf_start
.org PE_PAGE

/* Entered as an ELF file, on every core: the first one goes on, the others stay here for ever, in a page that is given to nobody. */
.section .text.park, "ax"
.balign 4096
park_page:
elf_start:
        msr     daifset, #15
        mrs     x9, mpidr_el1
        ldr     x10, =0xff00ffffff
        tst     x9, x10
        b.ne    1f
        adr     x21, park_page
        b       from_elf
1:      wfi
        b       1b
        .ltorg
.balign 4096

/* On a 32-bit core, in A32 (this assembler knows A64 only): the reason is printed on the one machine where a serial line can be known
 * for certain, QEMU's `virt`, by its device tree (r2); others just stop. */
.section .a32, "ax"
.globl a32_start
a32_start:
        .long   0xe3520000              /*         cmp   r2, #0                     */
        .long   0x0a00001f              /*         beq   still                      */
        .long   0xe5923000              /*         ldr   r3, [r2]                   */
        .long   0xe59f407c              /*         ldr   r4, magic                  */
        .long   0xe1530004              /*         cmp   r3, r4                     */
        .long   0x1a00001b              /*         bne   still                      */
        .long   0xe5925008              /*         ldr   r5, [r2, #8]               */
        .long   0xe6bf5f35              /*         rev   r5, r5                     */
        .long   0xe5926024              /*         ldr   r6, [r2, #36]              */
        .long   0xe6bf6f36              /*         rev   r6, r6                     */
        .long   0xe0855002              /*         add   r5, r5, r2                 */
        .long   0xe0866005              /*         add   r6, r6, r5                 */
        .long   0xe28f705c              /*         adr   r7, name                   */
        .long   0xe8970f00              /*         ldm   r7, {r8, r9, r10, r11}     */
        .long   0xe1550006              /* next:   cmp   r5, r6                     */
        .long   0x2a000011              /*         bhs   still                      */
        .long   0xe1a07005              /*         mov   r7, r5                     */
        .long   0xe897001b              /*         ldm   r7, {r0, r1, r3, r4}       */
        .long   0xe1500008              /*         cmp   r0, r8                     */
        .long   0x01510009              /*         cmpeq r1, r9                     */
        .long   0x0153000a              /*         cmpeq r3, r10                    */
        .long   0x0154000b              /*         cmpeq r4, r11                    */
        .long   0xe2855004              /*         add   r5, r5, #4                 */
        .long   0x1afffff5              /*         bne   next                       */
        .long   0xe3a04409              /*         mov   r4, #0x09000000            */
        .long   0xe28f7038              /*         adr   r7, text                   */
        .long   0xe4d70001              /* put:    ldrb  r0, [r7], #1               */
        .long   0xe3500000              /*         cmp   r0, #0                     */
        .long   0x0a000004              /*         beq   still                      */
        .long   0xe5941018              /* full:   ldr   r1, [r4, #0x18]            */
        .long   0xe3110020              /*         tst   r1, #0x20                  */
        .long   0x1afffffc              /*         bne   full                       */
        .long   0xe5840000              /*         str   r0, [r4]                   */
        .long   0xeafffff7              /*         b     put                        */
        .long   0xe320f003              /* still:  wfi                              */
        .long   0xeafffffd              /*         b     still                      */
        .long   0xedfe0dd0              /* magic: of a device tree */
        .ascii  "linux,dummy-virt"      /* name */
        .asciz  "Tessera needs a 64-bit core: -cpu cortex-a53\r\n" /* text */
