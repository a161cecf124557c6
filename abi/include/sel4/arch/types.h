/* SPDX-License-Identifier: BSD-2-Clause */
/* Capability kinds and mapping attributes of Arm. */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/types.h>
#include <sel4/simple_types.h>

typedef seL4_CPtr seL4_ARM_Page; /* a frame of any size */
typedef seL4_CPtr seL4_ARM_PageTable;
typedef seL4_CPtr seL4_ARM_PageDirectory;
typedef seL4_CPtr seL4_ARM_ASIDControl;
typedef seL4_CPtr seL4_ARM_ASIDPool;
typedef seL4_CPtr seL4_ARM_VCPU;
typedef seL4_CPtr seL4_ARM_IOSpace;
typedef seL4_CPtr seL4_ARM_IOPageTable;
typedef seL4_CPtr seL4_ARM_SIDControl;
typedef seL4_CPtr seL4_ARM_SID;
typedef seL4_CPtr seL4_ARM_CBControl;
typedef seL4_CPtr seL4_ARM_CB;
typedef seL4_CPtr seL4_ARM_SMC;
typedef seL4_CPtr seL4_ARM_SGI_Signal;

/* How a frame is mapped; a set of bits.  Device registers want 0 or seL4_ARM_ExecuteNever. */
__extension__ typedef enum {
        seL4_ARM_PageCacheable = 0x1, /* normal write-back memory; without it Device-nGnRnE */
        seL4_ARM_ParityEnabled = 0x2, /* no effect */
        seL4_ARM_Default_VMAttributes = seL4_ARM_PageCacheable | seL4_ARM_ParityEnabled,
        seL4_ARM_ExecuteNever = 0x4,
        SEL4_FORCE_LONG_ENUM(seL4_ARM_VMAttributes),
} seL4_ARM_VMAttributes;

/* Which cache seL4_BenchmarkFlushL1Caches flushes. */
__extension__ typedef enum {
        seL4_ARM_CacheI = 0x1,
        seL4_ARM_CacheD = 0x2,
        seL4_ARM_CacheID = seL4_ARM_CacheI | seL4_ARM_CacheD,
        SEL4_FORCE_LONG_ENUM(seL4_ARM_CacheType),
} seL4_ARM_CacheType;
