/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of invocations that every architecture has.
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/config.h>

enum invocation_label {
        InvalidInvocation,
        UntypedRetype,
        TCBReadRegisters,
        TCBWriteRegisters,
        TCBCopyRegisters,
        TCBConfigure,
        TCBSetPriority,
        TCBSetMCPriority,
        TCBSetSchedParams,
#ifdef CONFIG_KERNEL_MCS
        TCBSetTimeoutEndpoint,
#endif
        TCBSetIPCBuffer,
        TCBSetSpace,
        TCBSuspend,
        TCBResume,
        TCBBindNotification,
        TCBUnbindNotification,
#if !defined(CONFIG_KERNEL_MCS) && defined(CONFIG_ENABLE_SMP_SUPPORT)
        TCBSetAffinity,
#endif
#ifdef CONFIG_HARDWARE_DEBUG_API
        TCBSetBreakpoint,
#endif
#ifdef CONFIG_HARDWARE_DEBUG_API
        TCBGetBreakpoint,
#endif
#ifdef CONFIG_HARDWARE_DEBUG_API
        TCBUnsetBreakpoint,
#endif
#ifdef CONFIG_HARDWARE_DEBUG_API
        TCBConfigureSingleStepping,
#endif
        TCBSetTLSBase,
        TCBSetFlags,
        CNodeRevoke,
        CNodeDelete,
        CNodeCancelBadgedSends,
        CNodeCopy,
        CNodeMint,
        CNodeMove,
        CNodeMutate,
        CNodeRotate,
#ifndef CONFIG_KERNEL_MCS
        CNodeSaveCaller,
#endif
        IRQIssueIRQHandler,
        IRQAckIRQ,
        IRQSetIRQHandler,
        IRQClearIRQHandler,
        DomainSetSet,
        DomainScheduleConfigure,
        DomainScheduleSetStart,
#ifdef CONFIG_KERNEL_MCS
        SchedControlConfigureFlags,
#endif
#ifdef CONFIG_KERNEL_MCS
        SchedContextBind,
#endif
#ifdef CONFIG_KERNEL_MCS
        SchedContextUnbind,
#endif
#ifdef CONFIG_KERNEL_MCS
        SchedContextUnbindObject,
#endif
#ifdef CONFIG_KERNEL_MCS
        SchedContextConsumed,
#endif
#ifdef CONFIG_KERNEL_MCS
        SchedContextYieldTo,
#endif
        nInvocationLabels,
};
