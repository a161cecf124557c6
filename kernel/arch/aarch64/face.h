/* SPDX-License-Identifier: BSD-2-Clause */
/* The two interfaces of the kernel: at EL1, or at EL2 with virtual machines (docs/decisions/011-hypervisor-face.md).
 *
 * It is one image.  Where the two differ by an instruction, the image has that of EL1, and lists that of EL2 in the section
 * .alternatives; the loader replaces them before a kernel for EL2 runs (abi/handover.h).  So EL1 pays nothing for a replaced instruction,
 * and one NOP for a decision.
 */
#pragma once

#ifdef __ASSEMBLER__
/* clang-format off */
        .macro  either one, two
661:    \one
        .pushsection .alternatives, "a"
        .long   661b - .
        \two
        .popsection
        .endm

/* The same, with an alternative for several cores. */
        .macro  several one, many
661:    \one
        .pushsection .alternatives, "a"
        .long   661b - . + 2
        \many
        .popsection
        .endm

/* The same, with another one for several cores at EL2. */
        .macro  several_or_both one, many, both
661:    \one
        .pushsection .alternatives, "a"
        .long   661b - . + 2
        \many
        .long   661b - . + 3
        \both
        .popsection
        .endm

/* An instruction for each: EL1, EL2, several cores at EL1.  Several cores at EL2 begin as one core there. */
        .macro  either_or_several one, two, many
661:    \one
        .pushsection .alternatives, "a"
        .long   661b - . + 2
        \many
        .long   661b - .
        \two
        .popsection
        .endm
/* clang-format on */
#else

#include <stdbool.h>

#define EITHER(one, two)                                                                                     \
        "661: " one "\n .pushsection .alternatives, \"a\"\n .long 661b - .\n " two "\n .popsection\n"

static inline __attribute__((always_inline)) bool runs_at_el2(void)
{
        __asm__ __inline__ goto(EITHER("nop", "b %l[yes]") : : : : yes);
        return false;
yes:
        return true;
}

/* The same, with two alternatives for EL2: address spaces of 40 and of 44 bits. */
#define EITHER_BY_BITS(one, two, three)                                                                      \
        "661: " one "\n .pushsection .alternatives, \"a\"\n .long 661b - .\n " two                           \
        "\n .long 661b - . + 1\n " three "\n .popsection\n"

/* Where in tables of three rows of 16 bytes: the interface of EL1, those of EL2 with spaces of 40 and of 44 bits. */
static inline unsigned long interface_row(void)
{
        unsigned long row;

        __asm__ __inline__(EITHER_BY_BITS("mov %0, #0", "mov %0, #16", "mov %0, #32") : "=r"(row));
        return row;
}

/* The last user address (seL4_UserTop). */
static inline unsigned long user_top(void)
{
        unsigned long last;

        __asm__ __inline__(
                EITHER_BY_BITS("mov %0, #0x7fffffffffff", "mov %0, #0xffffffffff", "mov %0, #0xfffffffffff")
                : "=r"(last));
        return last;
}

/* The image is for several cores: one NOP in one that is not. */
static inline __attribute__((always_inline)) bool several_cores(void)
{
        __asm__ __inline__ goto("661: nop\n .pushsection .alternatives, \"a\"\n .long 661b - . + 2\n b "
                                "%l[yes]\n .popsection\n"
                                :
                                :
                                :
                                : yes);
        return false;
yes:
        return true;
}

/* The same without any cost with one: then *value is the pointer at `p`. */
static inline __attribute__((always_inline)) bool several_cores_or(const void *const *p, const void **value)
{
        const void *there;

        __asm__ __inline__ goto(
                "661: ldr %0, %1\n .pushsection .alternatives, \"a\"\n .long 661b - . + 2\n b "
                "%l[yes]\n .popsection\n"
                : "=r"(there)
                : "m"(*p)
                :
                : yes);
        *value = there;
        return false;
yes:
        return true;
}

/* The word at `p`, which another core may be changing. */
static inline unsigned long changing(const unsigned long *p)
{
        return *(const volatile unsigned long *)p;
}

/* What tells this core from the others, its number for the machine with a bit that is 1 for all; 0 with one core. */
static inline __attribute__((always_inline)) unsigned long core_mark(void)
{
        unsigned long mark;

        __asm__ __inline__(
                "661: mov %0, #0\n .pushsection .alternatives, \"a\"\n .long 661b - . + 2\n mrs %0, "
                "mpidr_el1\n .popsection\n"
                : "=r"(mark));
        return mark;
}

/* *p is 0 from now on; nothing with several cores, where it is so already. */
static inline __attribute__((always_inline)) void one_core_clear(unsigned long *p)
{
        __asm__ __inline__("661: str xzr, %0\n .pushsection .alternatives, \"a\"\n .long 661b - . + 2\n "
                           "nop\n .popsection\n"
                           : "+m"(*p));
}

/* The word at `symbol` + `offset`, constant or code, is `word` in an image for several cores. */
#define several_cores_word(symbol, offset, word)                                                             \
        __asm__ __inline__(".pushsection .alternatives, \"a\"\n .long " #symbol                              \
                           " + %c0 - . + 2\n .long %c1\n .popsection"                                        \
                           :                                                                                 \
                           : "i"(offset), "i"(word))

/* The kernel runs at EL2, and this is the hypervisor interface. */
static inline __attribute__((always_inline)) bool hypervisor_face(void)
{
        return __builtin_expect_with_probability(runs_at_el2(), 0, 0.999);
}
#endif
