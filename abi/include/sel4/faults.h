/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault messages: telling them apart, and taking them out of the message registers.
 *
 * A fault arrives as a message whose label is a seL4_Fault_tag_t.  Right after the receive:
 *
 *      seL4_MessageInfo_t tag = seL4_Recv(fault_ep, &badge, reply);
 *      if (seL4_isVMFault_tag(tag)) {
 *              seL4_Fault_t fault = seL4_getFault(tag);
 *              if (provide(seL4_Fault_VMFault_get_Addr(fault)))
 *                      seL4_Send(reply, seL4_MessageInfo_new(0, 0, 0, 0));
 *      }
 *
 * A reply with label 0 lets the thread continue.  All calls here take constant time and never enter the kernel. */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/faults.h>
#include <sel4/types.h>

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isNullFault_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_NullFault;
}

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isCapFault_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_CapFault;
}

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isVMFault_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_VMFault;
}

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isUnknownSyscall_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_UnknownSyscall;
}

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isUserException_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_UserException;
}

LIBSEL4_INLINE_FUNC seL4_Bool seL4_isTimeoutFault_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_Timeout;
}

#ifdef CONFIG_HARDWARE_DEBUG_API
LIBSEL4_INLINE_FUNC seL4_Bool seL4_isDebugException_tag(seL4_MessageInfo_t tag)
{
        return seL4_MessageInfo_get_label(tag) == seL4_Fault_DebugException;
}
#endif

/* Prepare a reply to a timeout: message registers 0 to length - 1 get the first `length` words of `regs` (at most
 * seL4_TimeoutReply_Length), which replace the thread's registers; it continues if `resume` is set.  The result is
 * the message info of the reply. */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_TimeoutReply_new(seL4_Bool resume, seL4_UserContext regs,
                                                             seL4_Word length)
{
        const seL4_Word *words = &regs.pc;
        seL4_Word i;

        for (i = 0; i < length && i < seL4_TimeoutReply_Length; i++)
                seL4_SetMR((int)i, words[i]);
        return seL4_MessageInfo_new(!resume, 0, 0, length);
}

/* The fault message in the message registers, as one value.  A label that is not that of a fault gives a null fault. */
LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_getFault(seL4_MessageInfo_t tag)
{
        switch (seL4_MessageInfo_get_label(tag)) {
        case seL4_Fault_CapFault:
                return seL4_Fault_CapFault_new(seL4_GetMR(seL4_CapFault_IP), seL4_GetMR(seL4_CapFault_Addr),
                                               seL4_GetMR(seL4_CapFault_InRecvPhase),
                                               seL4_GetMR(seL4_CapFault_LookupFailureType),
                                               seL4_GetMR(seL4_CapFault_BitsLeft),
                                               seL4_GetMR(seL4_CapFault_GuardMismatch_GuardFound),
                                               seL4_GetMR(seL4_CapFault_GuardMismatch_BitsFound));
        case seL4_Fault_Timeout:
                return seL4_Fault_Timeout_new(seL4_GetMR(seL4_Timeout_Data),
                                              seL4_GetMR(seL4_Timeout_Consumed));
#ifdef CONFIG_HARDWARE_DEBUG_API
        case seL4_Fault_DebugException:
                return seL4_Fault_DebugException_new(seL4_GetMR(seL4_DebugException_FaultIP),
                                                     seL4_GetMR(seL4_DebugException_ExceptionReason),
                                                     seL4_GetMR(seL4_DebugException_TriggerAddress),
                                                     seL4_GetMR(seL4_DebugException_BreakpointNumber));
#endif
        default:
                return seL4_getArchFault(tag);
        }
}
