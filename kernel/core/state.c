/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's one variable, and the facts of the board. */
#include "core/state.h"
#include "core/platform.h"

struct kernel kernel
        __attribute__((section(".bss.kernel"))); /* begins with what each core has of its own (kernel.ld) */
struct platform platform;
