/* SPDX-License-Identifier: BSD-2-Clause */
/* Access to the calling thread's IPC buffer.  All calls here take constant time and never enter the kernel.
 *
 * __sel4_ipc_buffer is defined by the API library or by the program; it must be set (seL4_SetIPCBuffer) before
 * anything else of this header is used in a thread. */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>
#include <sel4/types.h>

#ifdef __cplusplus
extern "C" {
#endif
extern LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;
#ifdef CONFIG_KERNEL_INVOCATION_REPORT_ERROR_IPC
extern char __sel4_print_error;
#endif
#ifdef __cplusplus
}
#endif

/* Tell the library where this thread's IPC buffer is: the address given to seL4_TCB_SetIPCBuffer. */
LIBSEL4_INLINE_FUNC void seL4_SetIPCBuffer(seL4_IPCBuffer *ipc_buffer)
{
        __sel4_ipc_buffer = ipc_buffer;
}

LIBSEL4_INLINE_FUNC seL4_IPCBuffer *seL4_GetIPCBuffer(void)
{
        return __sel4_ipc_buffer;
}

/* Message register `i`, 0 to seL4_MsgMaxLength - 1. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_GetMR(int i)
{
        return seL4_GetIPCBuffer()->msg[i];
}

LIBSEL4_INLINE_FUNC void seL4_SetMR(int i, seL4_Word mr)
{
        seL4_GetIPCBuffer()->msg[i] = mr;
}

/* One word that is the thread's own. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_GetUserData(void)
{
        return seL4_GetIPCBuffer()->userData;
}

LIBSEL4_INLINE_FUNC void seL4_SetUserData(seL4_Word data)
{
        seL4_GetIPCBuffer()->userData = data;
}

/* Badge of extra cap `i` of the message just received; valid if bit i of capsUnwrapped is set. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_GetBadge(int i)
{
        return seL4_GetIPCBuffer()->caps_or_badges[i];
}

/* Extra cap `i` (0 to seL4_MsgMaxExtraCaps - 1) of the next message to be sent. */
LIBSEL4_INLINE_FUNC seL4_CPtr seL4_GetCap(int i)
{
        return (seL4_CPtr)seL4_GetIPCBuffer()->caps_or_badges[i];
}

LIBSEL4_INLINE_FUNC void seL4_SetCap(int i, seL4_CPtr cptr)
{
        seL4_GetIPCBuffer()->caps_or_badges[i] = (seL4_Word)cptr;
}

/* The slot that the next received cap goes to.  It must be empty when the message arrives; otherwise the
 * message comes without the cap.
 *
 *      seL4_SetCapReceivePath(seL4_CapInitThreadCNode, free_slot, seL4_WordBits); */
LIBSEL4_INLINE_FUNC void seL4_GetCapReceivePath(seL4_CPtr *receiveCNode, seL4_CPtr *receiveIndex,
                                                seL4_Word *receiveDepth)
{
        seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

        if (receiveCNode)
                *receiveCNode = buffer->receiveCNode;
        if (receiveIndex)
                *receiveIndex = buffer->receiveIndex;
        if (receiveDepth)
                *receiveDepth = buffer->receiveDepth;
}

LIBSEL4_INLINE_FUNC void seL4_SetCapReceivePath(seL4_CPtr receiveCNode, seL4_CPtr receiveIndex,
                                                seL4_Word receiveDepth)
{
        seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

        buffer->receiveCNode = receiveCNode;
        buffer->receiveIndex = receiveIndex;
        buffer->receiveDepth = receiveDepth;
}

#ifdef CONFIG_KERNEL_INVOCATION_REPORT_ERROR_IPC
/* The kernel's text about the last invocation that failed. */
LIBSEL4_INLINE_FUNC char *seL4_GetDebugError(void)
{
        return (char *)&seL4_GetIPCBuffer()->msg[DEBUG_MESSAGE_START];
}

/* Whether stubs print that text. */
LIBSEL4_INLINE_FUNC void seL4_SetPrintError(char print_error)
{
        __sel4_print_error = print_error;
}

LIBSEL4_INLINE_FUNC char seL4_CanPrintError(void)
{
        return __sel4_print_error;
}
#endif
