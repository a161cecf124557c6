/* SPDX-License-Identifier: BSD-2-Clause */
/* System registers by name, and the registers saved at a kernel bug. */
#pragma once

#include "core/word.h"
#include "face.h"

#define read_register(name)                                                                                  \
        ({                                                                                                   \
                word value_;                                                                                 \
                __asm__ volatile("mrs %0, " #name : "=r"(value_));                                           \
                value_;                                                                                      \
        })

#define write_register(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((word)(value)) : "memory")

/* A register of the level that the kernel runs at, by its names at EL1 and at EL2. */
#define read_either(one, two)                                                                                \
        ({                                                                                                   \
                word value_;                                                                                 \
                __asm__ __volatile__ __inline__(EITHER("mrs %0, " #one, "mrs %0, " #two) : "=r"(value_));    \
                value_;                                                                                      \
        })

#define write_either(one, two, value)                                                                        \
        __asm__ __volatile__ __inline__(EITHER("msr " #one ", %0", "msr " #two ", %0")                       \
                                        :                                                                    \
                                        : "r"((word)(value))                                                 \
                                        : "memory")

static inline void isb(void)
{
        __asm__ volatile("isb" : : : "memory");
}

/* As bug_entry in vectors.S stores them. */
struct bug {
        word x[31];
        word sp;
};

void arch_mmu_start(word empty_root);
void registers_start(word exports);
void counters_start(word exports);

/* el2.c */
void el2_start(word exports, word empty_root);
