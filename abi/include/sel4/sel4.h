/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything a normal client needs.  Not here: sel4/arch/mapping.h and the benchmark headers. */
#pragma once

#include <sel4/config.h>

#include <sel4/assert.h>
#include <sel4/bootinfo.h>
#include <sel4/bootinfo_types.h>
#include <sel4/constants.h>
#include <sel4/debug_assert.h>
#include <sel4/errors.h>
#include <sel4/faults.h>
#include <sel4/functions.h>
#include <sel4/invocation.h>
#include <sel4/macros.h>
#include <sel4/objecttype.h>
#include <sel4/plat/api/constants.h>
#include <sel4/shared_types.h>
#include <sel4/simple_types.h>
#include <sel4/syscall.h>
#include <sel4/syscalls.h>
#include <sel4/types.h>

#include <interfaces/sel4_client.h>
#include <sel4/virtual_client.h>

#include <sel4/arch/deprecated.h>
#include <sel4/deprecated.h>
#include <sel4/sel4_arch/deprecated.h>
