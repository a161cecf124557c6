/* SPDX-License-Identifier: BSD-2-Clause */
/* The two faces of the kernel, chosen by host_boot's options. */
#pragma once

#include <stdbool.h>

extern bool host_hypervisor;
extern unsigned long host_user_top;

static inline bool hypervisor_face(void)
{
        return host_hypervisor;
}

/* The image is for several cores: there is one core here. */
static inline bool several_cores(void)
{
        return false;
}

#define several_cores_word(symbol, offset, word) (void)0

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
