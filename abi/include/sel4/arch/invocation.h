/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of invocations that Arm adds.
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/config.h>
#include <sel4/sel4_arch/invocation.h>

enum arch_invocation_label {
        ARMPageTableMap = nSeL4ArchInvocationLabels,
        ARMPageTableUnmap,
#ifdef CONFIG_TK1_SMMU
        ARMIOPageTableMap,
#endif
#ifdef CONFIG_TK1_SMMU
        ARMIOPageTableUnmap,
#endif
        ARMPageMap,
        ARMPageUnmap,
#ifdef CONFIG_TK1_SMMU
        ARMPageMapIO,
#endif
        ARMPageClean_Data,
        ARMPageInvalidate_Data,
        ARMPageCleanInvalidate_Data,
        ARMPageUnify_Instruction,
        ARMPageGetAddress,
        ARMASIDControlMakePool,
        ARMASIDPoolAssign,
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        ARMVCPUSetTCB,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        ARMVCPUInjectIRQ,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        ARMVCPUReadReg,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        ARMVCPUWriteReg,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        ARMVCPUAckVPPI,
#endif
        ARMIRQIssueIRQHandlerTrigger,
#ifdef CONFIG_ENABLE_SMP_SUPPORT
        ARMIRQIssueIRQHandlerTriggerCore,
#endif
#ifndef CONFIG_ENABLE_SMP_SUPPORT
        ARMIRQIssueSGISignal,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMSIDIssueSIDManager,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMSIDGetFault,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMSIDClearFault,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMSIDBindCB,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMSIDUnbindCB,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBIssueCBManager,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBTLBInvalidateAll,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBAssignVspace,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBUnassignVspace,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBTLBInvalidate,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBGetFault,
#endif
#ifdef CONFIG_ARM_SMMU
        ARMCBClearFault,
#endif
        nArchInvocationLabels,
};
