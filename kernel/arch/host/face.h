/* SPDX-License-Identifier: BSD-2-Clause */
/* The two faces of the kernel, chosen by host_boot's options. */
#pragma once

#include <stdbool.h>

extern bool host_hypervisor, host_several;
extern unsigned long host_user_top;

static inline bool hypervisor_face(void)
{
        return host_hypervisor;
}

/* The image is for several cores (host_cores.c). */
static inline bool several_cores(void)
{
        return host_several;
}

/* The same, or the pointer at `p`. */
static inline bool several_cores_or(const void *const *p, const void **value)
{
        if (host_several)
                return true;
        *value = *p;
        return false;
}

/* The word at `p`, which another core may be changing. */
static inline unsigned long changing(const unsigned long *p)
{
        return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/* What tells this core from the others; 0 with one. */
unsigned long host_core_mark(void);
static inline unsigned long core_mark(void)
{
        return host_several ? host_core_mark() : 0;
}

/* *p is 0 from now on; nothing with several cores, where it is so already. */
static inline void one_core_clear(unsigned long *p)
{
        if (!host_several)
                *p = 0;
}

/* The word at `symbol` + `offset` is another one with several cores: host_boot goes through them (struct host_word). */
#define several_cores_word(symbol, offset, word)                                                             \
        __asm__ __inline__(".pushsection host_words, \"aw\"\n .quad " #symbol                                \
                           " + %c0\n .quad %c1\n .popsection"                                                \
                           :                                                                                 \
                           : "i"(offset), "i"(word))

/* Where in tables of three rows of 16 bytes: the interface of EL1, those of EL2 with spaces of 40 and of 44 bits. */
static inline unsigned long interface_row(void)
{
        return !host_hypervisor ? 0 : host_user_top >> 40 ? 32 : 16;
}

/* The last user address (seL4_UserTop). */
static inline unsigned long user_top(void)
{
        return host_user_top;
}
