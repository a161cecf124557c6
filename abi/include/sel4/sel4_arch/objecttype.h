/* SPDX-License-Identifier: BSD-2-Clause */
/* Object type numbers that 64-bit Arm adds. */
#pragma once

#include <sel4/objecttype.h>

typedef enum {
        seL4_ARM_HugePageObject = seL4_NonArchObjectTypeCount, /* frame, seL4_HugePageBits */
        seL4_ARM_VSpaceObject,                                 /* top table, seL4_VSpaceBits */
        seL4_ModeObjectTypeCount,
} seL4_ModeObjectType;
