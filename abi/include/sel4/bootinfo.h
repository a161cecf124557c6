/* SPDX-License-Identifier: BSD-2-Clause */
/* Old way to hand bootinfo around: through a global of the API library.  Pass the pointer instead. */
#pragma once

#include <sel4/bootinfo_types.h>
#include <sel4/macros.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Store the address of bootinfo in the library. */
void seL4_InitBootInfo(seL4_BootInfo *bi) SEL4_DEPRECATED("pass the pointer explicitly");

/* The address that was stored, null before that. */
seL4_BootInfo *seL4_GetBootInfo(void) SEL4_DEPRECATED("pass the pointer explicitly");

#ifdef __cplusplus
}
#endif
