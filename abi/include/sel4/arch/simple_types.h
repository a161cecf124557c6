/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer types: what depends on the architecture family, which is nothing beyond the instruction set. */
#pragma once

#include <sel4/sel4_arch/simple_types.h>
