/* SPDX-License-Identifier: BSD-2-Clause */
/* Object type numbers that every Arm kernel has.  A type of an option that is off keeps its name, with a number
 * that seL4_Untyped_Retype rejects. */
#pragma once

#include <sel4/config.h>
#include <sel4/sel4_arch/objecttype.h>

typedef enum {
        seL4_ARM_SmallPageObject = seL4_ModeObjectTypeCount, /* frame, seL4_PageBits */
        seL4_ARM_LargePageObject,                            /* frame, seL4_LargePageBits */
        seL4_ARM_PageTableObject, /* any table but the top one, seL4_PageTableBits */
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        seL4_ARM_VCPUObject,
#endif
#ifdef CONFIG_TK1_SMMU
        seL4_ARM_IOPageTableObject,
#endif
        seL4_ObjectTypeCount,
} seL4_ArchObjectType;

#ifndef CONFIG_ARM_HYPERVISOR_SUPPORT
#define seL4_ARM_VCPUObject 0xfffe
#endif
#ifndef CONFIG_TK1_SMMU
#define seL4_ARM_IOPageTableObject 0xffff
#endif

typedef seL4_Word object_t; /* a type number of any of the three enumerations in a message word */
