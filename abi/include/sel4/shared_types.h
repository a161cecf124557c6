/* SPDX-License-Identifier: BSD-2-Clause */
/* The IPC buffer, cap faults, and sets of rights. */
#pragma once

#include <sel4/arch/shared_types.h>
#include <sel4/config.h>
#include <sel4/constants.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/constants.h>
#include <sel4/shared_types_gen.h>
#include <sel4/simple_types.h>

/* Memory of a thread through which messages travel that do not fit into registers: 1024 bytes at a multiple of
 * 1024.  The kernel reads and writes it by the frame that was given to seL4_TCB_SetIPCBuffer. */
typedef struct seL4_IPCBuffer_ {
        seL4_MessageInfo_t tag;           /* not used by the kernel */
        seL4_Word msg[seL4_MsgMaxLength]; /* message registers; the kernel leaves the first four alone */
        seL4_Word userData;               /* not used by the kernel */
        seL4_Word caps_or_badges[seL4_MsgMaxExtraCaps]; /* sending: extra caps; receiving: unwrapped badges */
        seL4_CPtr receiveCNode;                         /* where a received cap goes: a slot of this CNode, */
        seL4_CPtr receiveIndex;                         /* of this index, */
        seL4_Word receiveDepth;                         /* of which this many low bits count, 1 to 64 */
} seL4_IPCBuffer __attribute__((__aligned__(1 << seL4_IPCBufferSizeBits)));

SEL4_COMPILE_ASSERT(ipc_buffer_size, sizeof(seL4_IPCBuffer) == 1 << seL4_IPCBufferSizeBits)

/* Message registers of a cap fault; those from 4 on depend on the type of the lookup failure. */
__extension__ typedef enum {
        seL4_CapFault_IP,
        seL4_CapFault_Addr,              /* the capability address that did not resolve */
        seL4_CapFault_InRecvPhase,       /* 1 if it was to be received from */
        seL4_CapFault_LookupFailureType, /* seL4_LookupFailureType */
        seL4_CapFault_BitsLeft,
        seL4_CapFault_DepthMismatch_BitsFound,
        seL4_CapFault_GuardMismatch_GuardFound = seL4_CapFault_DepthMismatch_BitsFound,
        seL4_CapFault_GuardMismatch_BitsFound,
        SEL4_FORCE_LONG_ENUM(seL4_CapFault_Msg),
} seL4_CapFault_Msg;

/* Sets of rights, as masks: a copy has those rights of the mask that its source has. */
#define seL4_AllRights     seL4_CapRights_new(1, 1, 1, 1)
#define seL4_NoRights      seL4_CapRights_new(0, 0, 0, 0)
#define seL4_ReadWrite     seL4_CapRights_new(0, 0, 1, 1)
#define seL4_CanRead       seL4_CapRights_new(0, 0, 1, 0) /* read a frame, receive, wait */
#define seL4_CanWrite      seL4_CapRights_new(0, 0, 0, 1) /* write a frame, send, signal */
#define seL4_CanGrant      seL4_CapRights_new(0, 1, 0, 0) /* send caps, with replies too */
#define seL4_CanGrantReply seL4_CapRights_new(1, 0, 0, 0) /* call, without caps either way */
#define seL4_NoWrite       seL4_CapRights_new(1, 1, 1, 0)
#define seL4_NoRead        seL4_CapRights_new(1, 1, 0, 1)
