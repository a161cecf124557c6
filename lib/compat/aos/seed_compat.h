/* SPDX-License-Identifier: BSD-2-Clause */
/* The names and signatures of the lecture's slides, so that their code compiles as printed.
 *
 * Nothing written today needs this header.  Names: several vintages of the interface, each defined as what it means now.
 * Signatures: where the slides call a function with other arguments than its present form, a macro counts the arguments
 * and picks.  Include it after the libraries' own headers (it includes those it needs).
 */
#pragma once

#include <aos/mapping.h>
#include <cpio/cpio.h>
#include <cspace/cspace.h>
#include <elf/elf.h>
#include <process/process.h>
#include <sel4/sel4.h>
#include <threads/threads.h>
#include <ut/ut.h>

/* --- names --- */

#ifndef BIT
#define BIT(n) (1ul << (n))
#endif

#undef seL4_PageDirBits /* deprecated elsewhere; the slide's object is the top-level table */
#define seL4_PageDirBits               seL4_VSpaceBits
#define seL4NilData                    seL4_NilData
#define seL4_PageObject                seL4_PageBits /* the slide has it where the size belongs */
#define seL4_Default_VMAttributes      seL4_ARM_Default_VMAttributes
#define seL4_ARCH_Default_VMAttributes seL4_ARM_Default_VMAttributes
#define seL4_ARCH_Page_Map             seL4_ARM_Page_Map
#define seL4_ARCH_Page_Unmap           seL4_ARM_Page_Unmap
#define PageGlobalDirectoryObject      seL4_ARM_VSpaceObject
#define TTY_PRIORITY                   0

static inline void Signal(seL4_CPtr notification)
{
        seL4_Signal(notification);
}

static inline seL4_MessageInfo_t Poll(seL4_CPtr notification, seL4_Word *badge)
{
        return seL4_Poll(notification, badge);
}

/* --- ut_free(ut) or ut_free(ut, size_bits): a size that is not the piece's is refused --- */

enum ut_error ut_free_sized(ut_t *piece, size_t size_bits);

#define SEED_PICK_2(a, b, name, ...) name
#define ut_free(...)                 SEED_PICK_2(__VA_ARGS__, ut_free_sized, ut_free_checked, 0)(__VA_ARGS__)

/* --- cpio_get_file(archive, name, &size) or (archive, length, name, &size) --- */

extern char _cpio_archive[], _cpio_archive_end[];

char *seed_cpio_get_file(const void *archive, const char *name, unsigned long *size);
char *seed_cpio_get_file_4(const void *archive, unsigned long len, const char *name, unsigned long *size);

#define SEED_PICK_4(a, b, c, d, name, ...) name
#define cpio_get_file(...)                                                                                   \
        SEED_PICK_4(__VA_ARGS__, seed_cpio_get_file_4, seed_cpio_get_file, 0, 0, 0)(__VA_ARGS__)

/* --- images by address alone: their sizes are known from cpio_get_file --- */

int seed_elf_load(cspace_t *cspace, seL4_CPtr loader_vspace, seL4_CPtr loadee_vspace, const void *elf_base);
int seed_elf_load_3(cspace_t *cspace, seL4_CPtr loadee_vspace, const elf_t *elf);

#define elf_load(...) SEED_PICK_4(__VA_ARGS__, seed_elf_load, seed_elf_load_3, 0, 0, 0)(__VA_ARGS__)

/* The address of the first instruction; 0 if it is no image. */
seL4_Word seed_entry(const void *elf_base);
seL4_Word seed_entry_elf(const elf_t *elf);

#define elf_getEntryPoint(image)                                                                             \
        _Generic((image), elf_t *: seed_entry_elf, const elf_t *: seed_entry_elf, default: seed_entry)(image)

/* Map a stack below PROCESS_STACK_TOP and fill it; the initial stack pointer, 0 on failure. */
seL4_Word seed_init_process_stack(cspace_t *cspace, seL4_CPtr vspace, const void *elf_base);

#define init_process_stack seed_init_process_stack
