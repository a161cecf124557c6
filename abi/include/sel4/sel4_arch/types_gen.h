/* SPDX-License-Identifier: BSD-2-Clause */
/* Bitfield types with their accessors.
 *
 * T_new makes a value, T_get_f reads field f, T_set_f gives a copy with another f; the T_ptr_ forms work in place.
 * A value that does not fit into its field fails an assertion unless NDEBUG is defined, and is cut. All take
 * constant time.
 *
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/config.h>
#include <sel4/debug_assert.h>
#include <sel4/macros.h>
#include <sel4/simple_types.h>

/* A fault message, taken out of the message registers by seL4_getFault. */
typedef struct seL4_Fault {
        seL4_Uint64 words[14];
} seL4_Fault_t;

/* Kinds of it: the label of the message. */
typedef enum {
        seL4_Fault_NullFault = 0,
        seL4_Fault_CapFault = 1,
        seL4_Fault_UnknownSyscall = 2,
        seL4_Fault_UserException = 3,
#ifdef CONFIG_HARDWARE_DEBUG_API
        seL4_Fault_DebugException = 4,
#endif
#ifdef CONFIG_KERNEL_MCS
        seL4_Fault_Timeout = 5,
#endif
        seL4_Fault_VMFault = 6,
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        seL4_Fault_VGICMaintenance = 7,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        seL4_Fault_VCPUFault = 8,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        seL4_Fault_VPPIEvent = 9,
#endif
} seL4_Fault_tag_t;

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_get_seL4_FaultType(seL4_Fault_t seL4_Fault)
{
        return seL4_Fault.words[0] & 0xful;
}

LIBSEL4_INLINE_FUNC int seL4_Fault_seL4_FaultType_equals(
                seL4_Fault_t seL4_Fault, seL4_Uint64 seL4_Fault_type_tag)
{
        return (seL4_Fault.words[0] & 0xful) == seL4_Fault_type_tag;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_ptr_get_seL4_FaultType(seL4_Fault_t *seL4_Fault_ptr)
{
        return seL4_Fault_ptr->words[0] & 0xful;
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_NullFault_new(void)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_NullFault;
        seL4_Fault.words[1] = 0;
        seL4_Fault.words[2] = 0;
        seL4_Fault.words[3] = 0;
        seL4_Fault.words[4] = 0;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_NullFault_ptr_new(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_NullFault;
        seL4_Fault_ptr->words[1] = 0;
        seL4_Fault_ptr->words[2] = 0;
        seL4_Fault_ptr->words[3] = 0;
        seL4_Fault_ptr->words[4] = 0;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_new(
                seL4_Uint64 IP, seL4_Uint64 Addr, seL4_Uint64 InRecvPhase, seL4_Uint64 LookupFailureType,
                seL4_Uint64 MR4, seL4_Uint64 MR5, seL4_Uint64 MR6)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_CapFault;
        seL4_Fault.words[1] = MR6;
        seL4_Fault.words[2] = MR5;
        seL4_Fault.words[3] = MR4;
        seL4_Fault.words[4] = LookupFailureType;
        seL4_Fault.words[5] = InRecvPhase;
        seL4_Fault.words[6] = Addr;
        seL4_Fault.words[7] = IP;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 IP, seL4_Uint64 Addr, seL4_Uint64 InRecvPhase,
                seL4_Uint64 LookupFailureType, seL4_Uint64 MR4, seL4_Uint64 MR5, seL4_Uint64 MR6)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_CapFault;
        seL4_Fault_ptr->words[1] = MR6;
        seL4_Fault_ptr->words[2] = MR5;
        seL4_Fault_ptr->words[3] = MR4;
        seL4_Fault_ptr->words[4] = LookupFailureType;
        seL4_Fault_ptr->words[5] = InRecvPhase;
        seL4_Fault_ptr->words[6] = Addr;
        seL4_Fault_ptr->words[7] = IP;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_IP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[7];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_IP(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[7] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_IP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[7];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_IP(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[7] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_Addr(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[6];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_Addr(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[6] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_Addr(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[6];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_Addr(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[6] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_InRecvPhase(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[5];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_InRecvPhase(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[5] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_InRecvPhase(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[5];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_InRecvPhase(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[5] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_LookupFailureType(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[4];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_LookupFailureType(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[4] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_LookupFailureType(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[4];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_LookupFailureType(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[4] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_MR4(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[3];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_MR4(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[3] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_MR4(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[3];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_MR4(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[3] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_MR5(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_MR5(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_MR5(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_MR5(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_get_MR6(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_CapFault_set_MR6(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_CapFault_ptr_get_MR6(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_set_MR6(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_CapFault);
        seL4_Fault_ptr->words[1] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_new(
                seL4_Uint64 X0, seL4_Uint64 X1, seL4_Uint64 X2, seL4_Uint64 X3, seL4_Uint64 X4,
                seL4_Uint64 X5, seL4_Uint64 X6, seL4_Uint64 X7, seL4_Uint64 FaultIP, seL4_Uint64 SP,
                seL4_Uint64 LR, seL4_Uint64 SPSR, seL4_Uint64 Syscall)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_UnknownSyscall;
        seL4_Fault.words[1] = Syscall;
        seL4_Fault.words[2] = SPSR;
        seL4_Fault.words[3] = LR;
        seL4_Fault.words[4] = SP;
        seL4_Fault.words[5] = FaultIP;
        seL4_Fault.words[6] = X7;
        seL4_Fault.words[7] = X6;
        seL4_Fault.words[8] = X5;
        seL4_Fault.words[9] = X4;
        seL4_Fault.words[10] = X3;
        seL4_Fault.words[11] = X2;
        seL4_Fault.words[12] = X1;
        seL4_Fault.words[13] = X0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 X0, seL4_Uint64 X1, seL4_Uint64 X2, seL4_Uint64 X3,
                seL4_Uint64 X4, seL4_Uint64 X5, seL4_Uint64 X6, seL4_Uint64 X7, seL4_Uint64 FaultIP,
                seL4_Uint64 SP, seL4_Uint64 LR, seL4_Uint64 SPSR, seL4_Uint64 Syscall)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_UnknownSyscall;
        seL4_Fault_ptr->words[1] = Syscall;
        seL4_Fault_ptr->words[2] = SPSR;
        seL4_Fault_ptr->words[3] = LR;
        seL4_Fault_ptr->words[4] = SP;
        seL4_Fault_ptr->words[5] = FaultIP;
        seL4_Fault_ptr->words[6] = X7;
        seL4_Fault_ptr->words[7] = X6;
        seL4_Fault_ptr->words[8] = X5;
        seL4_Fault_ptr->words[9] = X4;
        seL4_Fault_ptr->words[10] = X3;
        seL4_Fault_ptr->words[11] = X2;
        seL4_Fault_ptr->words[12] = X1;
        seL4_Fault_ptr->words[13] = X0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X0(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[13];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X0(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[13] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X0(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[13];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X0(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[13] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X1(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[12];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X1(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[12] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X1(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[12];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X1(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[12] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X2(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[11];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X2(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[11] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X2(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[11];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X2(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[11] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X3(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[10];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X3(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[10] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X3(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[10];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X3(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[10] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X4(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[9];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X4(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[9] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X4(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[9];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X4(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[9] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X5(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[8];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X5(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[8] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X5(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[8];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X5(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[8] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X6(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[7];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X6(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[7] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X6(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[7];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X6(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[7] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_X7(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[6];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_X7(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[6] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_X7(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[6];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_X7(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[6] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_FaultIP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[5];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_FaultIP(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[5] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_FaultIP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[5];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_FaultIP(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[5] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_SP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[4];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_SP(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[4] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_SP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[4];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_SP(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[4] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_LR(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[3];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_LR(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[3] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_LR(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[3];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_LR(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[3] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_SPSR(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_SPSR(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_SPSR(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_SPSR(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_get_Syscall(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UnknownSyscall_set_Syscall(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UnknownSyscall_ptr_get_Syscall(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_set_Syscall(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UnknownSyscall);
        seL4_Fault_ptr->words[1] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_new(
                seL4_Uint64 FaultIP, seL4_Uint64 Stack, seL4_Uint64 SPSR, seL4_Uint64 Number,
                seL4_Uint64 Code)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_UserException;
        seL4_Fault.words[1] = Code;
        seL4_Fault.words[2] = Number;
        seL4_Fault.words[3] = SPSR;
        seL4_Fault.words[4] = Stack;
        seL4_Fault.words[5] = FaultIP;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 FaultIP, seL4_Uint64 Stack, seL4_Uint64 SPSR,
                seL4_Uint64 Number, seL4_Uint64 Code)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_UserException;
        seL4_Fault_ptr->words[1] = Code;
        seL4_Fault_ptr->words[2] = Number;
        seL4_Fault_ptr->words[3] = SPSR;
        seL4_Fault_ptr->words[4] = Stack;
        seL4_Fault_ptr->words[5] = FaultIP;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_get_FaultIP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault.words[5];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_set_FaultIP(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault.words[5] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_ptr_get_FaultIP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault_ptr->words[5];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_set_FaultIP(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault_ptr->words[5] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_get_Stack(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault.words[4];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_set_Stack(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault.words[4] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_ptr_get_Stack(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault_ptr->words[4];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_set_Stack(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault_ptr->words[4] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_get_SPSR(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault.words[3];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_set_SPSR(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault.words[3] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_ptr_get_SPSR(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault_ptr->words[3];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_set_SPSR(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault_ptr->words[3] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_get_Number(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_set_Number(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_ptr_get_Number(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_set_Number(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_get_Code(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_UserException_set_Code(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_UserException_ptr_get_Code(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_set_Code(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_UserException);
        seL4_Fault_ptr->words[1] = v64;
}

#ifdef CONFIG_HARDWARE_DEBUG_API
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_DebugException_new(
                seL4_Uint64 FaultIP, seL4_Uint64 ExceptionReason, seL4_Uint64 TriggerAddress,
                seL4_Uint64 BreakpointNumber)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_DebugException;
        seL4_Fault.words[1] = BreakpointNumber;
        seL4_Fault.words[2] = TriggerAddress;
        seL4_Fault.words[3] = ExceptionReason;
        seL4_Fault.words[4] = FaultIP;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_DebugException_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 FaultIP, seL4_Uint64 ExceptionReason,
                seL4_Uint64 TriggerAddress, seL4_Uint64 BreakpointNumber)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_DebugException;
        seL4_Fault_ptr->words[1] = BreakpointNumber;
        seL4_Fault_ptr->words[2] = TriggerAddress;
        seL4_Fault_ptr->words[3] = ExceptionReason;
        seL4_Fault_ptr->words[4] = FaultIP;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_get_FaultIP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault.words[4];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_DebugException_set_FaultIP(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault.words[4] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_ptr_get_FaultIP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault_ptr->words[4];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_DebugException_ptr_set_FaultIP(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault_ptr->words[4] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_get_ExceptionReason(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault.words[3];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_DebugException_set_ExceptionReason(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault.words[3] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_ptr_get_ExceptionReason(
                seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault_ptr->words[3];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_DebugException_ptr_set_ExceptionReason(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault_ptr->words[3] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_get_TriggerAddress(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_DebugException_set_TriggerAddress(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_ptr_get_TriggerAddress(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_DebugException_ptr_set_TriggerAddress(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_get_BreakpointNumber(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_DebugException_set_BreakpointNumber(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_DebugException_ptr_get_BreakpointNumber(
                seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_DebugException_ptr_set_BreakpointNumber(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_DebugException);
        seL4_Fault_ptr->words[1] = v64;
}
#endif

#ifdef CONFIG_KERNEL_MCS
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_Timeout_new(seL4_Uint64 data, seL4_Uint64 consumed)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_Timeout;
        seL4_Fault.words[1] = consumed;
        seL4_Fault.words[2] = data;
        seL4_Fault.words[3] = 0;
        seL4_Fault.words[4] = 0;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_Timeout_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 data, seL4_Uint64 consumed)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_Timeout;
        seL4_Fault_ptr->words[1] = consumed;
        seL4_Fault_ptr->words[2] = data;
        seL4_Fault_ptr->words[3] = 0;
        seL4_Fault_ptr->words[4] = 0;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_Timeout_get_data(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_Timeout);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_Timeout_set_data(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_Timeout);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_Timeout_ptr_get_data(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_Timeout);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_Timeout_ptr_set_data(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_Timeout);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_Timeout_get_consumed(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_Timeout);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_Timeout_set_consumed(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_Timeout);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_Timeout_ptr_get_consumed(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_Timeout);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_Timeout_ptr_set_consumed(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_Timeout);
        seL4_Fault_ptr->words[1] = v64;
}
#endif

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VMFault_new(
                seL4_Uint64 IP, seL4_Uint64 Addr, seL4_Uint64 PrefetchFault, seL4_Uint64 FSR)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_VMFault;
        seL4_Fault.words[1] = FSR;
        seL4_Fault.words[2] = PrefetchFault;
        seL4_Fault.words[3] = Addr;
        seL4_Fault.words[4] = IP;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_new(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 IP, seL4_Uint64 Addr, seL4_Uint64 PrefetchFault,
                seL4_Uint64 FSR)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_VMFault;
        seL4_Fault_ptr->words[1] = FSR;
        seL4_Fault_ptr->words[2] = PrefetchFault;
        seL4_Fault_ptr->words[3] = Addr;
        seL4_Fault_ptr->words[4] = IP;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_get_IP(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault.words[4];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VMFault_set_IP(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault.words[4] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_ptr_get_IP(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault_ptr->words[4];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_set_IP(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault_ptr->words[4] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_get_Addr(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault.words[3];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VMFault_set_Addr(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault.words[3] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_ptr_get_Addr(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault_ptr->words[3];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_set_Addr(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault_ptr->words[3] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_get_PrefetchFault(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault.words[2];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VMFault_set_PrefetchFault(
                seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault.words[2] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_ptr_get_PrefetchFault(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault_ptr->words[2];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_set_PrefetchFault(
                seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault_ptr->words[2] = v64;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_get_FSR(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VMFault_set_FSR(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VMFault_ptr_get_FSR(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_set_FSR(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VMFault);
        seL4_Fault_ptr->words[1] = v64;
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VGICMaintenance_new(seL4_Uint64 IDX)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_VGICMaintenance;
        seL4_Fault.words[1] = IDX;
        seL4_Fault.words[2] = 0;
        seL4_Fault.words[3] = 0;
        seL4_Fault.words[4] = 0;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VGICMaintenance_ptr_new(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 IDX)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_VGICMaintenance;
        seL4_Fault_ptr->words[1] = IDX;
        seL4_Fault_ptr->words[2] = 0;
        seL4_Fault_ptr->words[3] = 0;
        seL4_Fault_ptr->words[4] = 0;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VGICMaintenance_get_IDX(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VGICMaintenance);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VGICMaintenance_set_IDX(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VGICMaintenance);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VGICMaintenance_ptr_get_IDX(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VGICMaintenance);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VGICMaintenance_ptr_set_IDX(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VGICMaintenance);
        seL4_Fault_ptr->words[1] = v64;
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VCPUFault_new(seL4_Uint64 HSR)
{
        seL4_Fault_t seL4_Fault;

        seL4_DebugAssert((HSR & ~0xfffffffful) == 0);
        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_VCPUFault;
        seL4_Fault.words[1] = (HSR & 0xfffffffful);
        seL4_Fault.words[2] = 0;
        seL4_Fault.words[3] = 0;
        seL4_Fault.words[4] = 0;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VCPUFault_ptr_new(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 HSR)
{
        seL4_DebugAssert((HSR & ~0xfffffffful) == 0);
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_VCPUFault;
        seL4_Fault_ptr->words[1] = (HSR & 0xfffffffful);
        seL4_Fault_ptr->words[2] = 0;
        seL4_Fault_ptr->words[3] = 0;
        seL4_Fault_ptr->words[4] = 0;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VCPUFault_get_HSR(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VCPUFault);
        return seL4_Fault.words[1] & 0xfffffffful;
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VCPUFault_set_HSR(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VCPUFault);
        seL4_DebugAssert((v64 & ~0xfffffffful) == 0);
        seL4_Fault.words[1] = (seL4_Fault.words[1] & 0xffffffff00000000ul) | (v64 & 0xfffffffful);
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VCPUFault_ptr_get_HSR(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VCPUFault);
        return seL4_Fault_ptr->words[1] & 0xfffffffful;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VCPUFault_ptr_set_HSR(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VCPUFault);
        seL4_DebugAssert((v64 & ~0xfffffffful) == 0);
        seL4_Fault_ptr->words[1] = (seL4_Fault_ptr->words[1] & 0xffffffff00000000ul) | (v64 & 0xfffffffful);
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VPPIEvent_new(seL4_Uint64 irq)
{
        seL4_Fault_t seL4_Fault;

        seL4_Fault.words[0] = (seL4_Uint64)seL4_Fault_VPPIEvent;
        seL4_Fault.words[1] = irq;
        seL4_Fault.words[2] = 0;
        seL4_Fault.words[3] = 0;
        seL4_Fault.words[4] = 0;
        seL4_Fault.words[5] = 0;
        seL4_Fault.words[6] = 0;
        seL4_Fault.words[7] = 0;
        seL4_Fault.words[8] = 0;
        seL4_Fault.words[9] = 0;
        seL4_Fault.words[10] = 0;
        seL4_Fault.words[11] = 0;
        seL4_Fault.words[12] = 0;
        seL4_Fault.words[13] = 0;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VPPIEvent_ptr_new(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 irq)
{
        seL4_Fault_ptr->words[0] = (seL4_Uint64)seL4_Fault_VPPIEvent;
        seL4_Fault_ptr->words[1] = irq;
        seL4_Fault_ptr->words[2] = 0;
        seL4_Fault_ptr->words[3] = 0;
        seL4_Fault_ptr->words[4] = 0;
        seL4_Fault_ptr->words[5] = 0;
        seL4_Fault_ptr->words[6] = 0;
        seL4_Fault_ptr->words[7] = 0;
        seL4_Fault_ptr->words[8] = 0;
        seL4_Fault_ptr->words[9] = 0;
        seL4_Fault_ptr->words[10] = 0;
        seL4_Fault_ptr->words[11] = 0;
        seL4_Fault_ptr->words[12] = 0;
        seL4_Fault_ptr->words[13] = 0;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VPPIEvent_get_irq(seL4_Fault_t seL4_Fault)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VPPIEvent);
        return seL4_Fault.words[1];
}

LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_VPPIEvent_set_irq(seL4_Fault_t seL4_Fault, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault.words[0] & 0xful) == seL4_Fault_VPPIEvent);
        seL4_Fault.words[1] = v64;
        return seL4_Fault;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_VPPIEvent_ptr_get_irq(seL4_Fault_t *seL4_Fault_ptr)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VPPIEvent);
        return seL4_Fault_ptr->words[1];
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VPPIEvent_ptr_set_irq(seL4_Fault_t *seL4_Fault_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((seL4_Fault_ptr->words[0] & 0xful) == seL4_Fault_VPPIEvent);
        seL4_Fault_ptr->words[1] = v64;
}
#endif
