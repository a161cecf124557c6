/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two translation units of the link test share. */
#pragma once

#include <sel4/legacy.h>
#include <sel4/sel4.h>
#include <sel4/sel4_arch/mapping.h>

#ifdef __cplusplus
extern "C" {
#endif
seL4_Word other_unit(seL4_Word slot);
#ifdef __cplusplus
}
#endif
