/* SPDX-License-Identifier: BSD-2-Clause */
/* All types of the API, and the names of capability kinds that every architecture has.  A capability type is
 * always an address in the caller's capability space; its name only says what must be found there. */
#pragma once

#include <sel4/arch/types.h>
#include <sel4/config.h>
#include <sel4/errors.h>
#include <sel4/macros.h>
#include <sel4/mode/types.h>
#include <sel4/objecttype.h>
#include <sel4/shared_types.h>
#include <sel4/simple_types.h>

typedef seL4_CPtr seL4_CNode;
typedef seL4_CPtr seL4_IRQHandler;
typedef seL4_CPtr seL4_IRQControl;
typedef seL4_CPtr seL4_TCB;
typedef seL4_CPtr seL4_Untyped;
typedef seL4_CPtr seL4_DomainSet;
typedef seL4_CPtr seL4_SchedContext;
typedef seL4_CPtr seL4_SchedControl;

typedef seL4_Word seL4_NodeId; /* number of a core */
typedef seL4_Word seL4_PAddr;  /* physical address */
typedef seL4_Word seL4_Domain;
typedef seL4_Uint64 seL4_Time; /* microseconds, or timer ticks where a call says so */

#define seL4_NilData 0 /* no badge, no guard */

#define seL4_UntypedRetypeMaxObjects CONFIG_RETYPE_FAN_OUT_LIMIT
