/* SPDX-License-Identifier: BSD-2-Clause */
/* As it is, with the view of the guest's memory where the sanitizers leave room. */
#pragma once

#include "lib/compat/sosapi/include/sos/machine.h"

#undef MACHINE_RAM_VIEW
#define MACHINE_RAM_VIEW 0x300000000000ull
