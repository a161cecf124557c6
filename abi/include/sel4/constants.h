/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits and small enumerations of the API that do not depend on the machine.  Usable from assembly. */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>

#define seL4_MsgMaxExtraCaps 3 /* most extra caps of one message */
#define seL4_CapRightsBits   4

/* A scheduling context of 2^size bytes holds 2 refills, and an extra one per seL4_RefillSizeBytes beyond the
 * core; see seL4_MaxExtraRefills. */
#define seL4_MinSchedContextBits   7
#define seL4_CoreSchedContextBytes 128
#define seL4_RefillSizeBytes       16

#ifdef CONFIG_KERNEL_INVOCATION_REPORT_ERROR_IPC
#define DEBUG_MESSAGE_START  6  /* message register where the error text starts */
#define DEBUG_MESSAGE_MAXLEN 50 /* words */
#endif

#ifndef __ASSEMBLER__

#include <sel4/simple_types.h>

enum {
        seL4_InvalidPrio = -1,
        seL4_MinPrio = 0,
        seL4_MaxPrio = CONFIG_NUM_PRIORITIES - 1, /* most urgent */
};

enum {
        seL4_MsgLengthBits = 7,
        seL4_MsgExtraCapBits = 2,
        seL4_MsgMaxLength = 120, /* words */
};

/* Why a capability address did not resolve.  The words that follow the type, in a cap fault from message
 * register 4 on, in a seL4_FailedLookup error from message register 2 on: */
__extension__ typedef enum {
        seL4_NoFailure = 0,
        seL4_InvalidRoot = 1,       /* nothing */
        seL4_MissingCapability = 2, /* bits left */
        seL4_DepthMismatch = 3,     /* bits left, bits found */
        seL4_GuardMismatch = 4,     /* bits left, guard found, bits found */
        SEL4_FORCE_LONG_ENUM(seL4_LookupFailureType),
} seL4_LookupFailureType;

/* Bits of seL4_TCB_SetFlags. */
__extension__ typedef enum {
        seL4_TCBFlag_NoFlag = 0,
        seL4_TCBFlag_fpuDisabled = 1, /* FP and SIMD instructions raise a user exception */
#ifdef CONFIG_HAVE_FPU
        seL4_TCBFlag_MASK = 1, /* all that can be set */
#else
        seL4_TCBFlag_MASK = 0,
#endif
        SEL4_FORCE_LONG_ENUM(seL4_TCBFlag),
} seL4_TCBFlag;

/* Bits of seL4_SchedControl_ConfigureFlags. */
__extension__ typedef enum {
        seL4_SchedContext_NoFlag = 0,
        seL4_SchedContext_Sporadic = 1, /* refill as a sporadic server does */
        SEL4_FORCE_LONG_ENUM(seL4_SchedContextFlag),
} seL4_SchedContextFlag;

#ifdef CONFIG_HARDWARE_DEBUG_API
__extension__ typedef enum {
        seL4_DataBreakpoint = 0,
        seL4_InstructionBreakpoint = 1,
        seL4_SingleStep = 2,
        seL4_SoftwareBreakRequest = 3,
        SEL4_FORCE_LONG_ENUM(seL4_BreakpointType),
} seL4_BreakpointType;

__extension__ typedef enum {
        seL4_BreakOnRead = 0,
        seL4_BreakOnWrite = 1,
        seL4_BreakOnReadWrite = 2,
        seL4_MaxBreakpointAccess = 3,
        SEL4_FORCE_LONG_ENUM(seL4_BreakpointAccess),
} seL4_BreakpointAccess;

/* Message registers of a debug exception. */
__extension__ typedef enum {
        seL4_DebugException_FaultIP = 0,
        seL4_DebugException_ExceptionReason = 1,
        seL4_DebugException_TriggerAddress = 2,
        seL4_DebugException_BreakpointNumber = 3,
        seL4_DebugException_Length = 4,
        SEL4_FORCE_LONG_ENUM(seL4_DebugException_Msg),
} seL4_DebugException_Msg;
#endif

/* Refills beyond the two that every scheduling context has, for an object of 2^size bytes: the largest
 * `extra_refills` that seL4_SchedControl_ConfigureFlags accepts.  0 for sizes that no object can have. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_MaxExtraRefills(seL4_Word size)
{
        if (size < seL4_MinSchedContextBits || size >= 64)
                return 0;
        return (LIBSEL4_BIT(size) - seL4_CoreSchedContextBytes) / seL4_RefillSizeBytes;
}

#endif /* __ASSEMBLER__ */
