/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of invocations that AArch64 adds.
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/invocation_generic.h>

enum sel4_arch_invocation_label {
        ARMVSpaceClean_Data = nInvocationLabels,
        ARMVSpaceInvalidate_Data,
        ARMVSpaceCleanInvalidate_Data,
        ARMVSpaceUnify_Instruction,
        ARMSMCCall,
        nSeL4ArchInvocationLabels,
};
