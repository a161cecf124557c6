/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls of kernels without CONFIG_KERNEL_MCS.  Tessera always has it, so there are none. */
#pragma once

#include <sel4/config.h>

#ifndef CONFIG_KERNEL_MCS
#error "only the MCS system calls exist; CONFIG_KERNEL_MCS must be defined"
#endif
