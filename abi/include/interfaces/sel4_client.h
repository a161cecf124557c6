/* SPDX-License-Identifier: BSD-2-Clause */
/* Stubs of all invocations of kernel objects.
 *
 * `_service` is the cap that is invoked; every other parameter that is a capability address may be
 * seL4_CapNull only where that is said. Errors are listed in the order in which the kernel looks for them;
 * before all of them come seL4_InvalidCapability(0) when _service is empty, seL4_IllegalOperation when it is of
 * another kind, and a cap fault of the caller when an address does not resolve. TruncatedMessage can only happen
 * without an IPC buffer. Details of an error are in message registers 0 to 3 of the IPC buffer, see
 * sel4/errors.h; after success the IPC buffer is unchanged, except for what the message needed. An error means
 * that nothing has changed.
 *
 * Cost: one kernel entry and the cost class given.
 *
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/invocation.h>
#include <sel4/macros.h>
#include <sel4/syscalls.h>
#include <sel4/types.h>

/* The common part of all stubs: a Call.  The details of an error go to the IPC buffer. */
LIBSEL4_INLINE_FUNC seL4_Error sel4_invoke(seL4_CPtr service, seL4_Word label, seL4_Word caps, seL4_Word length,
                                           struct sel4_mrs *m)
{
        seL4_MessageInfo_t tag = seL4_MessageInfo_new(label, 0, caps, length);
        seL4_Error error;

        tag = sel4_do_send_recv((seL4_Word)seL4_SysCall, service, tag, 0, m, 0);
        error = (seL4_Error)seL4_MessageInfo_get_label(tag);
        if (error != seL4_NoError)
                sel4_store_mrs(m);
        return error;
}

/* The first `count` words of a reply: four from registers, the others from the IPC buffer. */
LIBSEL4_INLINE_FUNC void sel4_give_words(seL4_Word *to, seL4_Word count, const struct sel4_mrs *m)
{
        const seL4_Word first[4] = {m->mr0, m->mr1, m->mr2, m->mr3};

        for (seL4_Word i = 0; i < count; i++)
                to[i] = i < 4 ? first[i] : seL4_GetMR((int)i);
}

/* Make objects of one type from the free memory of an untyped, with a cap for each in consecutive slots. If
 * no object made from it is left, all of it is free again, and is cleared first.
 *
 *         type             object type number, see sel4/objecttype.h
 *         size_bits        CNode: slots, log2; untyped and scheduling context: bytes, log2; otherwise
 *                          unused, below 64
 *         root             a CNode, in which the destination is looked up
 *         node_index       index of the destination CNode in `root`
 *         node_depth       how many bits of node_index count; 0: `root` itself is the destination
 *         node_offset      first slot
 *         num_objects      how many, 1 to seL4_UntypedRetypeMaxObjects
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(0)                 unknown type
 *         RangeError(0, 47)                  object too large
 *         InvalidArgument(1)                 CNode, untyped or scheduling context too small
 *         FailedLookup, RangeError(1, 64)    destination CNode not found
 *         RangeError(0, slots - 1)           node_offset beyond the CNode
 *         RangeError(1, 256)                 num_objects
 *         RangeError(1, slots left)          more objects than slots
 *         DeleteFirst                        a slot is not empty
 *         NotEnoughMemory(bytes free)
 *         InvalidArgument(1)                 a device untyped only makes untypeds and frames
 *
 * Cost: linear in the memory of the objects; clearing a used untyped is linear in its size and preemptible.
 *
 *         seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, seL4_CapInitThreadCNode, 0, 0, slot, 1); */
LIBSEL4_INLINE seL4_Error seL4_Untyped_Retype(
                seL4_Untyped _service, seL4_Word type, seL4_Word size_bits, seL4_CNode root,
                seL4_Word node_index, seL4_Word node_depth, seL4_Word node_offset, seL4_Word num_objects)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = type;
        m.mr1 = size_bits;
        m.mr2 = node_index;
        m.mr3 = node_depth;
        seL4_SetMR(4, node_offset);
        seL4_SetMR(5, num_objects);
        return sel4_invoke(_service, UntypedRetype, 1, 6, &m);
}

/* Read the first `count` registers of another thread. The thread should be suspended, before or by this
 * call.
 *
 *         suspend_source   suspend the thread first
 *         arch_flags       unused
 *         count            1 to 36
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(1, 36)                  count
 *         IllegalOperation                   the calling thread itself
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_ReadRegisters(
                seL4_TCB _service, seL4_Bool suspend_source, seL4_Uint8 arch_flags, seL4_Word count,
                seL4_UserContext *regs)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_Error error;

        m.mr0 = ((seL4_Word)suspend_source & 0x1u) | (((seL4_Word)arch_flags & 0xffu) << 8);
        m.mr1 = count;
        error = sel4_invoke(_service, TCBReadRegisters, 0, 2, &m);
        if (error == seL4_NoError)
                sel4_give_words((seL4_Word *)regs, count, &m);
        return error;
}

/* Set the first `count` registers of another thread; it continues at `regs->pc`.
 *
 *         resume_target    resume the thread afterwards
 *         arch_flags       unused
 *         count            0 to 36; more acts as 36
 *
 * Errors:
 *         TruncatedMessage                   more registers than words in the message
 *         IllegalOperation                   the calling thread itself
 *
 * Cost: constant.
 *
 *         seL4_UserContext regs = {.pc = entry, .sp = stack_top};
 *         seL4_TCB_WriteRegisters(tcb, 1, 0, 2, &regs); */
LIBSEL4_INLINE seL4_Error seL4_TCB_WriteRegisters(
                seL4_TCB _service, seL4_Bool resume_target, seL4_Uint8 arch_flags, seL4_Word count,
                seL4_UserContext *regs)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        for (int i = 4; i < 38; i++)
                seL4_SetMR(i, ((const seL4_Word *)regs)[i - 2]);
        m.mr0 = ((seL4_Word)resume_target & 0x1u) | (((seL4_Word)arch_flags & 0xffu) << 8);
        m.mr1 = count;
        m.mr2 = ((const seL4_Word *)regs)[0];
        m.mr3 = ((const seL4_Word *)regs)[1];
        return sel4_invoke(_service, TCBWriteRegisters, 0, 38, &m);
}

/* Copy registers from one thread to another; either may be the caller.
 *
 *         suspend_source   suspend the source first
 *         resume_target    resume the destination first
 *         transfer_frame   pc, sp, spsr, x0-x8, x16-x18, x29, x30
 *         transfer_integer the other registers
 *         arch_flags       unused
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               source is not a TCB
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_CopyRegisters(
                seL4_TCB _service, seL4_TCB source, seL4_Bool suspend_source, seL4_Bool resume_target,
                seL4_Bool transfer_frame, seL4_Bool transfer_integer, seL4_Uint8 arch_flags)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, source);
        m.mr0 = ((seL4_Word)suspend_source & 0x1u) | (((seL4_Word)resume_target & 0x1u) << 1) | (((seL4_Word)transfer_frame & 0x1u) << 2) | (((seL4_Word)transfer_integer & 0x1u) << 3) | (((seL4_Word)arch_flags & 0xffu) << 8);
        return sel4_invoke(_service, TCBCopyRegisters, 1, 1, &m);
}

/* Set a thread's capability space, address space and IPC buffer.
 *
 *         cspace_root_data new guard of cspace_root (seL4_CNode_CapData_t), 0 keeps the one it has
 *         vspace_root      a VSpace assigned to an ASID
 *         vspace_root_data unused
 *         buffer           address of the IPC buffer in the thread's address space, 0 for none
 *         bufferFrame      the frame that holds it
 *
 * Errors:
 *         TruncatedMessage
 *         as seL4_TCB_SetIPCBuffer
 *         IllegalOperation                   the thread holds the last cap to its present capability space
 *         IllegalOperation, RevokeFirst      cspace_root is not a CNode, or does not take the guard
 *         IllegalOperation                   vspace_root is not an assigned VSpace
 *
 * Cost: constant, plus what deleting the old caps takes.
 *
 *         seL4_TCB_Configure(tcb, cnode, seL4_CNode_CapData_new(0, 64 - radix).words[0], vspace, 0, address, frame); */
LIBSEL4_INLINE seL4_Error seL4_TCB_Configure(
                seL4_TCB _service, seL4_CNode cspace_root, seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, cspace_root);
        seL4_SetCap(1, vspace_root);
        seL4_SetCap(2, bufferFrame);
        m.mr0 = cspace_root_data;
        m.mr1 = vspace_root_data;
        m.mr2 = buffer;
        return sel4_invoke(_service, TCBConfigure, 3, 3, &m);
}

/* Set a thread's priority; it takes effect at once.
 *
 *         authority        thread whose maximum controlled priority is the limit
 *         priority         0 to 255, higher is more urgent
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               authority is not a TCB
 *         RangeError(0, limit)               priority
 *
 * Cost: linear in the queue that the thread waits in. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word priority)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, authority);
        m.mr0 = priority;
        return sel4_invoke(_service, TCBSetPriority, 1, 1, &m);
}

/* Set the highest priority that a thread may give.
 *
 *         authority        thread whose maximum controlled priority is the limit
 *         mcp              0 to 255
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               authority is not a TCB
 *         RangeError(0, limit)               mcp
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetMCPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, authority);
        m.mr0 = mcp;
        return sel4_invoke(_service, TCBSetMCPriority, 1, 1, &m);
}

/* Set all scheduling parameters of a thread, and its fault handler, which is looked up now, in the caller's
 * capability space.
 *
 *         authority        thread whose maximum controlled priority is the limit
 *         mcp              0 to 255
 *         priority         0 to 255
 *         sched_context    to bind, or seL4_CapNull to unbind
 *         fault_ep         endpoint with write right and grant or grant-reply right, or seL4_CapNull
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               authority is not a TCB
 *         RangeError(0, limit)               mcp, then priority
 *         IllegalOperation                   another scheduling context is bound, or this one to another
 *                                            thread, or the thread is blocked and this one has no budget
 *                                            now, or the caller would lose its own
 *         InvalidCapability(2)               sched_context is of another kind
 *         InvalidCapability(3)               fault_ep
 *
 * Cost: as seL4_TCB_SetPriority. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetSchedParams(
                seL4_TCB _service, seL4_TCB authority, seL4_Word mcp, seL4_Word priority,
                seL4_CPtr sched_context, seL4_CPtr fault_ep)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, authority);
        seL4_SetCap(1, sched_context);
        seL4_SetCap(2, fault_ep);
        m.mr0 = mcp;
        m.mr1 = priority;
        return sel4_invoke(_service, TCBSetSchedParams, 3, 2, &m);
}

#ifdef CONFIG_KERNEL_MCS
/* Set the handler that is notified when a thread has used up its budget; without one, the thread waits for
 * its next refill.
 *
 *         timeout_fault_ep endpoint with write right and grant or grant-reply right, or seL4_CapNull
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               timeout_fault_ep
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetTimeoutEndpoint(seL4_TCB _service, seL4_CPtr timeout_fault_ep)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, timeout_fault_ep);
        return sel4_invoke(_service, TCBSetTimeoutEndpoint, 1, 0, &m);
}
#endif

/* Set a thread's IPC buffer. The kernel uses the frame, not the mapping of it.
 *
 *         buffer           address in the thread's address space, multiple of 1024; 0 for none
 *         bufferFrame      the frame that holds it
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   bufferFrame is not a frame, or is device memory
 *         AlignmentError                     buffer
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetIPCBuffer(seL4_TCB _service, seL4_Word buffer, seL4_CPtr bufferFrame)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, bufferFrame);
        m.mr0 = buffer;
        return sel4_invoke(_service, TCBSetIPCBuffer, 1, 1, &m);
}

/* Set a thread's fault handler, capability space and address space.
 *
 *         fault_ep         endpoint with write right and grant or grant-reply right, or seL4_CapNull
 *         cspace_root_data new guard of cspace_root (seL4_CNode_CapData_t), 0 keeps the one it has
 *         vspace_root      a VSpace assigned to an ASID
 *         vspace_root_data unused
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   the thread holds the last cap to its present capability space
 *         IllegalOperation, RevokeFirst      cspace_root is not a CNode, or does not take the guard
 *         IllegalOperation                   vspace_root is not an assigned VSpace
 *         InvalidCapability(1)               fault_ep
 *
 * Cost: constant, plus what deleting the old caps takes. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetSpace(
                seL4_TCB _service, seL4_CPtr fault_ep, seL4_CNode cspace_root, seL4_Word cspace_root_data,
                seL4_CPtr vspace_root, seL4_Word vspace_root_data)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, fault_ep);
        seL4_SetCap(1, cspace_root);
        seL4_SetCap(2, vspace_root);
        m.mr0 = cspace_root_data;
        m.mr1 = vspace_root_data;
        return sel4_invoke(_service, TCBSetSpace, 3, 2, &m);
}

/* Stop a thread. Its wait and its fault are cancelled; when resumed, it makes its system call again.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_Suspend(seL4_TCB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, TCBSuspend, 0, 0, &m);
}

/* Let a stopped or blocked thread continue; it repeats the system call in which it was blocked.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_Resume(seL4_TCB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, TCBResume, 0, 0, &m);
}

/* Let a thread receive the signals of a notification while it waits on an endpoint. Only this thread can
 * then wait on the notification.
 *
 *         notification     with read right
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   the thread has one; not a notification; no read right; it has
 *                                            waiting threads or is bound
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_BindNotification(seL4_TCB _service, seL4_CPtr notification)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, notification);
        return sel4_invoke(_service, TCBBindNotification, 1, 0, &m);
}

/* Undo seL4_TCB_BindNotification.
 *
 * Errors:
 *         IllegalOperation                   none is bound
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_UnbindNotification(seL4_TCB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, TCBUnbindNotification, 0, 0, &m);
}

#ifdef CONFIG_HARDWARE_DEBUG_API
/* Set a breakpoint or watchpoint of a thread.
 *
 *         type             seL4_BreakpointType
 *         size             bytes, 0 for an instruction
 *         rw               seL4_BreakpointAccess
 *
 * Errors:
 *         InvalidArgument(1)                 vaddr
 *         InvalidArgument(2)                 type, or bp_num is not of that type
 *         InvalidArgument(3)                 size
 *         InvalidArgument(4)                 rw
 *         AlignmentError                     vaddr is not a multiple of size
 *         RangeError                         bp_num
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetBreakpoint(
                seL4_TCB _service, seL4_Uint16 bp_num, seL4_Word vaddr, seL4_Word type, seL4_Word size,
                seL4_Word rw)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = (seL4_Word)bp_num & 0xffffu;
        m.mr1 = vaddr;
        m.mr2 = type;
        m.mr3 = size;
        seL4_SetMR(4, rw);
        return sel4_invoke(_service, TCBSetBreakpoint, 0, 5, &m);
}
#endif

typedef struct seL4_TCB_GetBreakpoint_ {
        int error; /* seL4_Error */
        seL4_Word vaddr;
        seL4_Word type;
        seL4_Word size;
        seL4_Word rw;
        seL4_Bool is_enabled;
} seL4_TCB_GetBreakpoint_t;

#ifdef CONFIG_HARDWARE_DEBUG_API
/* Read a breakpoint or watchpoint of a thread.
 *
 * Errors:
 *         RangeError                         bp_num
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_TCB_GetBreakpoint_t seL4_TCB_GetBreakpoint(seL4_TCB _service, seL4_Uint16 bp_num)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_TCB_GetBreakpoint_t result;

        m.mr0 = (seL4_Word)bp_num & 0xffffu;
        result.error = sel4_invoke(_service, TCBGetBreakpoint, 0, 1, &m);
        result.vaddr = m.mr0;
        result.type = m.mr1;
        result.size = m.mr2;
        result.rw = m.mr3;
        result.is_enabled = (seL4_Bool)(seL4_GetMR(4) & 1);
        return result;
}
#endif

#ifdef CONFIG_HARDWARE_DEBUG_API
/* Clear a breakpoint or watchpoint of a thread.
 *
 * Errors:
 *         RangeError                         bp_num
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_UnsetBreakpoint(seL4_TCB _service, seL4_Uint16 bp_num)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = (seL4_Word)bp_num & 0xffffu;
        return sel4_invoke(_service, TCBUnsetBreakpoint, 0, 1, &m);
}
#endif

typedef struct seL4_TCB_ConfigureSingleStepping_ {
        int error; /* seL4_Error */
        seL4_Bool bp_was_consumed;
} seL4_TCB_ConfigureSingleStepping_t;

#ifdef CONFIG_HARDWARE_DEBUG_API
/* Raise a debug exception after the given number of instructions.
 *
 *         bp_num           unused on AArch64
 *         num_instructions 0 stops stepping
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_TCB_ConfigureSingleStepping_t seL4_TCB_ConfigureSingleStepping(
                seL4_TCB _service, seL4_Uint16 bp_num, seL4_Word num_instructions)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_TCB_ConfigureSingleStepping_t result;

        m.mr0 = (seL4_Word)bp_num & 0xffffu;
        m.mr1 = num_instructions;
        result.error = sel4_invoke(_service, TCBConfigureSingleStepping, 0, 2, &m);
        result.bp_was_consumed = (seL4_Bool)(m.mr0 & 1);
        return result;
}
#endif

/* Set TPIDR_EL0 of a thread; the caller may set its own.
 *
 * Errors:
 *         TruncatedMessage
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_TCB_SetTLSBase(seL4_TCB _service, seL4_Word tls_base)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = tls_base;
        return sel4_invoke(_service, TCBSetTLSBase, 0, 1, &m);
}

typedef struct seL4_TCB_SetFlags_ {
        int error; /* seL4_Error */
        seL4_Word flags;
} seL4_TCB_SetFlags_t;

/* Change a thread's flags (seL4_TCBFlag): first clear, then set. Unknown flags are ignored.
 *
 * Result: flags, all flags afterwards.
 *
 * Errors:
 *         TruncatedMessage
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_TCB_SetFlags_t seL4_TCB_SetFlags(seL4_TCB _service, seL4_Word clear, seL4_Word set)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_TCB_SetFlags_t result;

        m.mr0 = clear;
        m.mr1 = set;
        result.error = sel4_invoke(_service, TCBSetFlags, 0, 2, &m);
        result.flags = m.mr0;
        return result;
}

/* Delete all caps derived from the one in a slot, but not itself.
 *
 *         index            slot
 *         depth            how many bits of index count, 1 to 64
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) slot not found
 *
 * Cost: linear in the number of caps and in what deleting them takes; preemptible. */
LIBSEL4_INLINE seL4_Error seL4_CNode_Revoke(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = index;
        m.mr1 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, CNodeRevoke, 0, 2, &m);
}

/* Empty a slot. An object is destroyed with its last cap.
 *
 *         index            slot
 *         depth            how many bits of index count, 1 to 64
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) slot not found
 *
 * Cost: constant; the last cap of a CNode or TCB: linear in its slots, and preemptible.
 *
 *         seL4_CNode_Delete(seL4_CapInitThreadCNode, slot, seL4_WordBits); */
LIBSEL4_INLINE seL4_Error seL4_CNode_Delete(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = index;
        m.mr1 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, CNodeDelete, 0, 2, &m);
}

/* Take all threads off an endpoint that are sending with the badge of this cap; their calls start again.
 *
 *         index            slot
 *         depth            how many bits of index count, 1 to 64
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) slot not found
 *         IllegalOperation                   not an endpoint cap with all rights
 *
 * Cost: linear in the endpoint's queue. */
LIBSEL4_INLINE seL4_Error seL4_CNode_CancelBadgedSends(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = index;
        m.mr1 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, CNodeCancelBadgedSends, 0, 2, &m);
}

/* Copy a cap to an empty slot, with those of its rights that `rights` allows.
 *
 *         dest_index       slot in the invoked CNode
 *         src_index        slot in src_root
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *         FailedLookup(1), RangeError(1, 64) source not found, or empty
 *         RevokeFirst, IllegalOperation      the cap cannot be copied: an untyped in use, a page table that
 *                                            is not mapped, a VSpace without ASID, IRQ control
 *
 * Cost: constant.
 *
 *         seL4_CNode_Copy(cnode, to, 64, cnode, from, 64, seL4_CanRead); */
LIBSEL4_INLINE seL4_Error seL4_CNode_Copy(
                seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root,
                seL4_Word src_index, seL4_Uint8 src_depth, seL4_CapRights_t rights)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, src_root);
        m.mr0 = dest_index;
        m.mr1 = (seL4_Word)dest_depth & 0xffu;
        m.mr2 = src_index;
        m.mr3 = (seL4_Word)src_depth & 0xffu;
        seL4_SetMR(4, rights.words[0]);
        return sel4_invoke(_service, CNodeCopy, 1, 5, &m);
}

/* Copy a cap to an empty slot, with those of its rights that `rights` allows, and with a badge (an endpoint
 * or notification without one) or a new guard (a CNode; 0 is the empty guard).
 *
 *         dest_index       slot in the invoked CNode
 *         src_index        slot in src_root
 *         badge            badge, or seL4_CNode_CapData_t word
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *         FailedLookup(1), RangeError(1, 64) source not found, or empty
 *         RevokeFirst, IllegalOperation      the cap cannot be copied, has a badge already, or does not take
 *                                            the guard
 *
 * Cost: constant.
 *
 *         seL4_CNode_Mint(cnode, to, 64, cnode, endpoint, 64, seL4_CanWrite, client_number); */
LIBSEL4_INLINE seL4_Error seL4_CNode_Mint(
                seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root,
                seL4_Word src_index, seL4_Uint8 src_depth, seL4_CapRights_t rights, seL4_Word badge)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, src_root);
        m.mr0 = dest_index;
        m.mr1 = (seL4_Word)dest_depth & 0xffu;
        m.mr2 = src_index;
        m.mr3 = (seL4_Word)src_depth & 0xffu;
        seL4_SetMR(4, rights.words[0]);
        seL4_SetMR(5, badge);
        return sel4_invoke(_service, CNodeMint, 1, 6, &m);
}

/* Move a cap to an empty slot.
 *
 *         dest_index       slot in the invoked CNode
 *         src_index        slot in src_root
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *         FailedLookup(1), RangeError(1, 64) source not found, or empty
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_CNode_Move(
                seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root,
                seL4_Word src_index, seL4_Uint8 src_depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, src_root);
        m.mr0 = dest_index;
        m.mr1 = (seL4_Word)dest_depth & 0xffu;
        m.mr2 = src_index;
        m.mr3 = (seL4_Word)src_depth & 0xffu;
        return sel4_invoke(_service, CNodeMove, 1, 4, &m);
}

/* Move a cap to an empty slot and give it a new guard, if it is a CNode.
 *
 *         dest_index       slot in the invoked CNode
 *         src_index        slot in src_root
 *         badge            seL4_CNode_CapData_t word
 *
 * Errors:
 *         TruncatedMessage
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *         FailedLookup(1), RangeError(1, 64) source not found, or empty
 *         IllegalOperation                   an endpoint or notification cap, or a CNode that does not take
 *                                            the guard
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_CNode_Mutate(
                seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_CNode src_root,
                seL4_Word src_index, seL4_Uint8 src_depth, seL4_Word badge)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, src_root);
        m.mr0 = dest_index;
        m.mr1 = (seL4_Word)dest_depth & 0xffu;
        m.mr2 = src_index;
        m.mr3 = (seL4_Word)src_depth & 0xffu;
        seL4_SetMR(4, badge);
        return sel4_invoke(_service, CNodeMutate, 1, 5, &m);
}

/* Move the pivot's cap to the destination and the source's cap to the pivot, in one step. Source and
 * destination may be the same slot: then the two caps swap.
 *
 *         dest_index       slot in the invoked CNode
 *         dest_badge       new guard of the pivot's cap, if a CNode
 *         pivot_index      slot in pivot_root
 *         pivot_badge      new guard of the source's cap, if a CNode
 *         src_index        slot in src_root
 *
 * Errors:
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         TruncatedMessage
 *         FailedLookup(1), RangeError(1, 64) source, then pivot not found
 *         IllegalOperation                   the pivot is the source or the destination
 *         DeleteFirst                        destination not empty
 *         FailedLookup(1)                    source empty
 *         FailedLookup(0)                    pivot empty
 *         IllegalOperation                   an endpoint or notification cap, or a CNode that does not take
 *                                            its guard
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_CNode_Rotate(
                seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth, seL4_Word dest_badge,
                seL4_CNode pivot_root, seL4_Word pivot_index, seL4_Uint8 pivot_depth, seL4_Word pivot_badge,
                seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, pivot_root);
        seL4_SetCap(1, src_root);
        m.mr0 = dest_index;
        m.mr1 = (seL4_Word)dest_depth & 0xffu;
        m.mr2 = dest_badge;
        m.mr3 = pivot_index;
        seL4_SetMR(4, (seL4_Word)pivot_depth & 0xffu);
        seL4_SetMR(5, pivot_badge);
        seL4_SetMR(6, src_index);
        seL4_SetMR(7, (seL4_Word)src_depth & 0xffu);
        return sel4_invoke(_service, CNodeRotate, 2, 8, &m);
}

/* Make the handler cap of an interrupt, and unmask the interrupt.
 *
 *         irq              number at the interrupt controller
 *         index            destination slot in root
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(0, largest)             irq
 *         RevokeFirst                        a handler exists, or the kernel uses the interrupt
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *
 * Cost: constant.
 *
 *         seL4_IRQControl_Get(seL4_CapIRQControl, 33, seL4_CapInitThreadCNode, slot, seL4_WordBits); */
LIBSEL4_INLINE seL4_Error seL4_IRQControl_Get(
                seL4_IRQControl _service, seL4_Word irq, seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = irq;
        m.mr1 = index;
        m.mr2 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, IRQIssueIRQHandler, 1, 3, &m);
}

/* Let the interrupt fire again, after the device has been served.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, IRQAckIRQ, 0, 0, &m);
}

/* Set the notification that the interrupt signals.
 *
 *         notification     with write right; its badge is what is signalled
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(0)               not a notification, or no write right
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQHandler_SetNotification(seL4_IRQHandler _service, seL4_CPtr notification)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, notification);
        return sel4_invoke(_service, IRQSetIRQHandler, 1, 0, &m);
}

/* Undo seL4_IRQHandler_SetNotification.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQHandler_Clear(seL4_IRQHandler _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, IRQClearIRQHandler, 0, 0, &m);
}

/* Move a thread to a domain.
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(0)                 domain
 *         TruncatedMessage                   no thread
 *         InvalidArgument(1)                 thread is not a TCB
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_DomainSet_Set(seL4_DomainSet _service, seL4_Uint8 domain, seL4_TCB thread)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, thread);
        m.mr0 = (seL4_Word)domain & 0xffu;
        return sel4_invoke(_service, DomainSetSet, 1, 1, &m);
}

/* Write an entry of the domain schedule.
 *
 *         duration         timer ticks, below 2^56; 0 with domain 0 makes an end marker
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError                         index; the last entry cannot be written
 *         RangeError                         domain
 *         InvalidArgument(2)                 duration too long
 *         InvalidArgument(1)                 duration 0 and domain not 0
 *         InvalidArgument(2)                 duration 0 at the start of the schedule
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_DomainSet_ScheduleConfigure(
                seL4_DomainSet _service, seL4_Word index, seL4_Uint8 domain, seL4_Time duration)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = index;
        m.mr1 = (seL4_Word)domain & 0xffu;
        m.mr2 = duration;
        return sel4_invoke(_service, DomainScheduleConfigure, 0, 3, &m);
}

/* Let the domain schedule continue at an entry, now and whenever it reaches an end marker.
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError                         index
 *         InvalidArgument(0)                 the entry is an end marker
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_DomainSet_ScheduleSetStart(seL4_DomainSet _service, seL4_Word index)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = index;
        return sel4_invoke(_service, DomainScheduleSetStart, 0, 1, &m);
}

#ifdef CONFIG_KERNEL_MCS
/* Give a scheduling context its time: `budget` in every `period`. If both are equal, it runs round robin
 * with that time slice.
 *
 *         budget           microseconds
 *         period           microseconds
 *         extra_refills    up to seL4_MaxExtraRefills: pieces that the budget may break into
 *         badge            data word of timeout faults
 *         flags            seL4_SchedContextFlag
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(smallest, largest)      budget or period
 *         RangeError(smallest, period)       budget larger than period
 *         InvalidCapability(1)               schedcontext
 *         RangeError(0, most)                extra_refills
 *
 * Cost: linear in the refills.
 *
 *         seL4_SchedControl_ConfigureFlags(bootinfo->schedcontrol.start, sc, 2000, 10000, 0, 0, 0); // 20 % */
LIBSEL4_INLINE seL4_Error seL4_SchedControl_ConfigureFlags(
                seL4_SchedControl _service, seL4_SchedContext schedcontext, seL4_Time budget,
                seL4_Time period, seL4_Word extra_refills, seL4_Word badge, seL4_Word flags)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, schedcontext);
        m.mr0 = budget;
        m.mr1 = period;
        m.mr2 = extra_refills;
        m.mr3 = badge;
        seL4_SetMR(4, flags);
        return sel4_invoke(_service, SchedControlConfigureFlags, 1, 5, &m);
}
#endif

#ifdef CONFIG_KERNEL_MCS
/* Let a thread run on this scheduling context, or let a notification lend it to the thread that it wakes.
 *
 *         cap              TCB or notification
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   either side has one already, or the thread is blocked and there
 *                                            is no budget now
 *         InvalidCapability(1)               cap is of another kind
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_SchedContext_Bind(seL4_SchedContext _service, seL4_CPtr cap)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, cap);
        return sel4_invoke(_service, SchedContextBind, 1, 0, &m);
}
#endif

#ifdef CONFIG_KERNEL_MCS
/* Take the scheduling context away from its thread, its notification and the callers who lent it.
 *
 * Errors:
 *         IllegalOperation                   the caller runs on it
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_SchedContext_Unbind(seL4_SchedContext _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, SchedContextUnbind, 0, 0, &m);
}
#endif

#ifdef CONFIG_KERNEL_MCS
/* Take the scheduling context away from one thread or notification.
 *
 *         cap              TCB or notification
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   not bound to it, or it is the caller
 *         InvalidCapability(1)               cap is of another kind
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_SchedContext_UnbindObject(seL4_SchedContext _service, seL4_CPtr cap)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, cap);
        return sel4_invoke(_service, SchedContextUnbindObject, 1, 0, &m);
}
#endif

typedef struct seL4_SchedContext_Consumed_ {
        int error; /* seL4_Error */
        seL4_Time consumed;
} seL4_SchedContext_Consumed_t;

#ifdef CONFIG_KERNEL_MCS
/* Time used since the last such call, YieldTo, or timeout fault.
 *
 * Result: consumed, microseconds.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_SchedContext_Consumed_t seL4_SchedContext_Consumed(seL4_SchedContext _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_SchedContext_Consumed_t result;

        result.error = sel4_invoke(_service, SchedContextConsumed, 0, 0, &m);
        result.consumed = m.mr0;
        return result;
}
#endif

typedef struct seL4_SchedContext_YieldTo_ {
        int error; /* seL4_Error */
        seL4_Time consumed;
} seL4_SchedContext_YieldTo_t;

#ifdef CONFIG_KERNEL_MCS
/* Put the thread of this scheduling context at the head of its priority's queue, and wait until it has run.
 *
 * Result: consumed, microseconds that it ran.
 *
 * Errors:
 *         IllegalOperation                   no thread, the caller itself, or a thread of higher priority
 *                                            than the caller may control
 *
 * Cost: constant, plus the wait. */
LIBSEL4_INLINE seL4_SchedContext_YieldTo_t seL4_SchedContext_YieldTo(seL4_SchedContext _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_SchedContext_YieldTo_t result;

        result.error = sel4_invoke(_service, SchedContextYieldTo, 0, 0, &m);
        result.consumed = m.mr0;
        return result;
}
#endif

/* Write dirty cache lines of a range within one mapped page to memory.
 *
 *         start            user address
 *         end              exclusive
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(1)                 end is not above start
 *         IllegalOperation                   end above seL4_UserVSpaceTop
 *         InvalidCapability(0)               no ASID
 *         FailedLookup(0), InvalidCapability(0) the ASID is gone or another space's
 *         RangeError(start, end of page)     the range leaves the page
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VSpace_Clean_Data(seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start;
        m.mr1 = end;
        return sel4_invoke(_service, ARMVSpaceClean_Data, 0, 2, &m);
}

/* Drop cache lines of a range within one mapped page, so that memory is read again.
 *
 *         start            user address
 *         end              exclusive
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(1)                 end is not above start
 *         IllegalOperation                   end above seL4_UserVSpaceTop
 *         InvalidCapability(0)               no ASID
 *         FailedLookup(0), InvalidCapability(0) the ASID is gone or another space's
 *         RangeError(start, end of page)     the range leaves the page
 *         IllegalOperation                   the page is not writable
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VSpace_Invalidate_Data(
                seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start;
        m.mr1 = end;
        return sel4_invoke(_service, ARMVSpaceInvalidate_Data, 0, 2, &m);
}

/* Write dirty cache lines of a range within one mapped page to memory and drop them.
 *
 *         start            user address
 *         end              exclusive
 *
 * Errors:
 *         as seL4_ARM_VSpace_Clean_Data
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VSpace_CleanInvalidate_Data(
                seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start;
        m.mr1 = end;
        return sel4_invoke(_service, ARMVSpaceCleanInvalidate_Data, 0, 2, &m);
}

/* Make instructions that were written to a range within one mapped page visible to instruction fetches.
 *
 *         start            user address
 *         end              exclusive
 *
 * Errors:
 *         as seL4_ARM_VSpace_Clean_Data
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VSpace_Unify_Instruction(
                seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start;
        m.mr1 = end;
        return sel4_invoke(_service, ARMVSpaceUnify_Instruction, 0, 2, &m);
}

/* Call secure firmware with eight registers.
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   the cap is for another function
 *
 * Cost: that of the firmware. */
LIBSEL4_INLINE seL4_Error seL4_ARM_SMC_Call(
                seL4_ARM_SMC _service, seL4_ARM_SMCContext *smc_args, seL4_ARM_SMCContext *smc_response)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_Error error;

        for (int i = 4; i < 8; i++)
                seL4_SetMR(i, ((const seL4_Word *)smc_args)[i]);
        m.mr0 = ((const seL4_Word *)smc_args)[0];
        m.mr1 = ((const seL4_Word *)smc_args)[1];
        m.mr2 = ((const seL4_Word *)smc_args)[2];
        m.mr3 = ((const seL4_Word *)smc_args)[3];
        error = sel4_invoke(_service, ARMSMCCall, 0, 8, &m);
        if (error == seL4_NoError)
                sel4_give_words((seL4_Word *)smc_response, 8, &m);
        return error;
}

/* Install a translation table at the first level that vaddr lacks.
 *
 *         vaddr            user address; low bits are ignored
 *         attr             ignored
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(0)               it is mapped
 *         InvalidCapability(1)               vspace is not a VSpace with ASID
 *         InvalidArgument(0)                 vaddr is not a user address
 *         FailedLookup(0), InvalidCapability(1) the ASID is gone or another space's
 *         DeleteFirst                        all tables are there, or a large frame is mapped
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_PageTable_Map(
                seL4_ARM_PageTable _service, seL4_CPtr vspace, seL4_Word vaddr, seL4_ARM_VMAttributes attr)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, vspace);
        m.mr0 = vaddr;
        m.mr1 = (seL4_Word)attr;
        return sel4_invoke(_service, ARMPageTableMap, 1, 2, &m);
}

/* Remove a translation table; what was mapped through it no longer is.
 *
 * Errors:
 *         RevokeFirst                        another cap to the table exists
 *
 * Cost: constant (512 entries). */
LIBSEL4_INLINE seL4_Error seL4_ARM_PageTable_Unmap(seL4_ARM_PageTable _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMPageTableUnmap, 0, 0, &m);
}

#ifdef CONFIG_TK1_SMMU
/* Install a translation table of a device's address space.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_IOPageTable_Map(
                seL4_ARM_IOPageTable _service, seL4_ARM_IOSpace iospace, seL4_Word ioaddr)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, iospace);
        m.mr0 = ioaddr;
        return sel4_invoke(_service, ARMIOPageTableMap, 1, 1, &m);
}
#endif

#ifdef CONFIG_TK1_SMMU
/* Undo seL4_ARM_IOPageTable_Map.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_IOPageTable_Unmap(seL4_ARM_IOPageTable _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMIOPageTableUnmap, 0, 0, &m);
}
#endif

/* Map a frame, or change rights and attributes of its mapping. Whatever was mapped there is replaced.
 *
 *         vaddr            user address, multiple of the frame's size
 *         rights           mask for the rights of the cap
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               vspace is not a VSpace with ASID
 *         FailedLookup(0), InvalidCapability(1) the ASID is gone or another space's
 *         AlignmentError                     vaddr
 *         InvalidCapability(1), InvalidArgument(0) the cap is mapped in another space, at another address
 *         InvalidArgument(0)                 vaddr is not a user address
 *         FailedLookup(0)                    a table is missing: see sel4/sel4_arch/mapping.h
 *
 * Cost: constant.
 *
 *         seL4_ARM_Page_Map(frame, seL4_CapInitThreadVSpace, 0x10000000, seL4_ReadWrite,
 *                 seL4_ARM_Default_VMAttributes); */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_Map(
                seL4_ARM_Page _service, seL4_CPtr vspace, seL4_Word vaddr, seL4_CapRights_t rights,
                seL4_ARM_VMAttributes attr)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, vspace);
        m.mr0 = vaddr;
        m.mr1 = rights.words[0];
        m.mr2 = (seL4_Word)attr;
        return sel4_invoke(_service, ARMPageMap, 1, 3, &m);
}

/* Undo seL4_ARM_Page_Map of this cap; unmapping what is not mapped is not an error.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_Unmap(seL4_ARM_Page _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMPageUnmap, 0, 0, &m);
}

#ifdef CONFIG_TK1_SMMU
/* Map a frame for a device.
 *
 *         rights           mask for the rights of the cap
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_MapIO(
                seL4_ARM_Page _service, seL4_ARM_IOSpace iospace, seL4_CapRights_t rights, seL4_Word ioaddr)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, iospace);
        m.mr0 = rights.words[0];
        m.mr1 = ioaddr;
        return sel4_invoke(_service, ARMPageMapIO, 1, 2, &m);
}
#endif

/* Write dirty cache lines of a mapped frame to memory.
 *
 *         start_offset     bytes from the frame's start
 *         end_offset       exclusive
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   not mapped
 *         FailedLookup(0)                    the address space is gone
 *         InvalidArgument(1)                 end is not above start
 *         InvalidArgument(0)                 range outside the frame
 *         InvalidCapability(0)               the frame is no longer mapped there
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_Clean_Data(
                seL4_ARM_Page _service, seL4_Word start_offset, seL4_Word end_offset)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start_offset;
        m.mr1 = end_offset;
        return sel4_invoke(_service, ARMPageClean_Data, 0, 2, &m);
}

/* Drop cache lines of a mapped frame, so that memory is read again.
 *
 *         start_offset     bytes from the frame's start
 *         end_offset       exclusive
 *
 * Errors:
 *         as seL4_ARM_Page_Clean_Data
 *         IllegalOperation                   the mapping is not writable
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_Invalidate_Data(
                seL4_ARM_Page _service, seL4_Word start_offset, seL4_Word end_offset)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start_offset;
        m.mr1 = end_offset;
        return sel4_invoke(_service, ARMPageInvalidate_Data, 0, 2, &m);
}

/* Write dirty cache lines of a mapped frame to memory and drop them.
 *
 *         start_offset     bytes from the frame's start
 *         end_offset       exclusive
 *
 * Errors:
 *         as seL4_ARM_Page_Clean_Data
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_CleanInvalidate_Data(
                seL4_ARM_Page _service, seL4_Word start_offset, seL4_Word end_offset)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start_offset;
        m.mr1 = end_offset;
        return sel4_invoke(_service, ARMPageCleanInvalidate_Data, 0, 2, &m);
}

/* Make instructions that were written to a mapped frame visible to instruction fetches.
 *
 *         start_offset     bytes from the frame's start
 *         end_offset       exclusive
 *
 * Errors:
 *         as seL4_ARM_Page_Clean_Data
 *
 * Cost: linear in the range. */
LIBSEL4_INLINE seL4_Error seL4_ARM_Page_Unify_Instruction(
                seL4_ARM_Page _service, seL4_Word start_offset, seL4_Word end_offset)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = start_offset;
        m.mr1 = end_offset;
        return sel4_invoke(_service, ARMPageUnify_Instruction, 0, 2, &m);
}

typedef struct seL4_ARM_Page_GetAddress_ {
        int error; /* seL4_Error */
        seL4_Word paddr;
} seL4_ARM_Page_GetAddress_t;

/* Physical address of a frame.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_ARM_Page_GetAddress_t seL4_ARM_Page_GetAddress(seL4_ARM_Page _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_ARM_Page_GetAddress_t result;

        result.error = sel4_invoke(_service, ARMPageGetAddress, 0, 0, &m);
        result.paddr = m.mr0;
        return result;
}

/* Make a pool of 512 address space identifiers from an untyped, all of which it uses.
 *
 *         untyped          of seL4_ASIDPoolBits, not device memory
 *         index            destination slot in root
 *
 * Errors:
 *         TruncatedMessage
 *         DeleteFirst                        no pool is left
 *         InvalidCapability(1)               untyped
 *         RevokeFirst                        the untyped is in use
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *
 * Cost: constant (4 KiB are cleared). */
LIBSEL4_INLINE seL4_Error seL4_ARM_ASIDControl_MakePool(
                seL4_ARM_ASIDControl _service, seL4_Untyped untyped, seL4_CNode root, seL4_Word index,
                seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, untyped);
        seL4_SetCap(1, root);
        m.mr0 = index;
        m.mr1 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, ARMASIDControlMakePool, 2, 2, &m);
}

/* Give an address space an identifier; before that nothing can be mapped in it.
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidCapability(1)               not a VSpace, or it has one
 *         FailedLookup(0), InvalidCapability(0) the pool is gone
 *         DeleteFirst                        the pool is used up
 *
 * Cost: linear in the pool (512). */
LIBSEL4_INLINE seL4_Error seL4_ARM_ASIDPool_Assign(seL4_ARM_ASIDPool _service, seL4_CPtr vspace)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, vspace);
        return sel4_invoke(_service, ARMASIDPoolAssign, 1, 0, &m);
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* Run a thread on a virtual processor.
 *
 * Errors:
 *         TruncatedMessage
 *         IllegalOperation                   not a TCB
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VCPU_SetTCB(seL4_ARM_VCPU _service, seL4_TCB tcb)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, tcb);
        return sel4_invoke(_service, ARMVCPUSetTCB, 1, 0, &m);
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* Make an interrupt pending at a virtual processor.
 *
 *         index            list register
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError                         a field is out of range
 *         DeleteFirst                        the list register is in use
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VCPU_InjectIRQ(
                seL4_ARM_VCPU _service, seL4_Uint16 virq, seL4_Uint8 priority, seL4_Uint8 group,
                seL4_Uint8 index)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = ((seL4_Word)virq & 0xffffu) | (((seL4_Word)priority & 0xffu) << 16) | (((seL4_Word)group & 0xffu) << 24) | (((seL4_Word)index & 0xffu) << 32);
        return sel4_invoke(_service, ARMVCPUInjectIRQ, 0, 1, &m);
}
#endif

typedef struct seL4_ARM_VCPU_ReadRegs_ {
        int error; /* seL4_Error */
        seL4_Word value;
} seL4_ARM_VCPU_ReadRegs_t;

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* Read a register of a virtual processor.
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(1)                 field
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_ARM_VCPU_ReadRegs_t seL4_ARM_VCPU_ReadRegs(seL4_ARM_VCPU _service, seL4_VCPUReg field)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_ARM_VCPU_ReadRegs_t result;

        m.mr0 = (seL4_Word)field;
        result.error = sel4_invoke(_service, ARMVCPUReadReg, 0, 1, &m);
        result.value = m.mr0;
        return result;
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* Write a register of a virtual processor.
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(1)                 field
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VCPU_WriteRegs(seL4_ARM_VCPU _service, seL4_VCPUReg field, seL4_Word value)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = (seL4_Word)field;
        m.mr1 = value;
        return sel4_invoke(_service, ARMVCPUWriteReg, 0, 2, &m);
}
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* Let a virtual private interrupt fire again.
 *
 * Errors:
 *         TruncatedMessage
 *         InvalidArgument(0)                 irq
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_VCPU_AckVPPI(seL4_ARM_VCPU _service, seL4_Word irq)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        m.mr0 = irq;
        return sel4_invoke(_service, ARMVCPUAckVPPI, 0, 1, &m);
}
#endif

/* As seL4_IRQControl_Get, and set the trigger mode of the interrupt.
 *
 *         irq              number at the interrupt controller
 *         trigger          0 level, else edge
 *         index            destination slot in root
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(0, largest)             irq
 *         RevokeFirst                        a handler exists, or the kernel uses the interrupt
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQControl_GetTrigger(
                seL4_IRQControl _service, seL4_Word irq, seL4_Word trigger, seL4_CNode root, seL4_Word index,
                seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = irq;
        m.mr1 = trigger;
        m.mr2 = index;
        m.mr3 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, ARMIRQIssueIRQHandlerTrigger, 1, 4, &m);
}

#ifdef CONFIG_ENABLE_SMP_SUPPORT
/* As seL4_IRQControl_GetTrigger, for an interrupt of one core.
 *
 *         irq              number at the interrupt controller
 *         trigger          0 level, else edge
 *         index            destination slot in root
 *         target           core
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(0, largest)             irq
 *         InvalidArgument                    target
 *         RevokeFirst                        a handler exists
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQControl_GetTriggerCore(
                seL4_IRQControl _service, seL4_Word irq, seL4_Word trigger, seL4_CNode root, seL4_Word index,
                seL4_Uint8 depth, seL4_Word target)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = irq;
        m.mr1 = trigger;
        m.mr2 = index;
        m.mr3 = (seL4_Word)depth & 0xffu;
        seL4_SetMR(4, target);
        return sel4_invoke(_service, ARMIRQIssueIRQHandlerTriggerCore, 1, 5, &m);
}
#endif

#ifndef CONFIG_ENABLE_SMP_SUPPORT
/* Make a cap that sends a software-generated interrupt; seL4_Signal on it does.
 *
 *         irq              0 to 15
 *         target           core: 0 to 7 on GICv2, affinity on GICv3
 *         index            destination slot in root
 *
 * Errors:
 *         TruncatedMessage
 *         RangeError(0, 15)                  irq
 *         InvalidArgument(1)                 target
 *         FailedLookup(0), RangeError(1, 64) destination not found
 *         DeleteFirst                        destination not empty
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_IRQControl_IssueSGISignal(
                seL4_IRQControl _service, seL4_Word irq, seL4_Word target, seL4_CNode root, seL4_Word index,
                seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = irq;
        m.mr1 = target;
        m.mr2 = index;
        m.mr3 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, ARMIRQIssueSGISignal, 1, 4, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Make the cap of a stream id.
 *
 *         index            destination slot in root
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_SIDControl_GetSID(
                seL4_ARM_SIDControl _service, seL4_Word sid, seL4_CNode root, seL4_Word index,
                seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = sid;
        m.mr1 = index;
        m.mr2 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, ARMSIDIssueSIDManager, 1, 3, &m);
}
#endif

typedef struct seL4_ARM_SIDControl_GetFault_ {
        int error; /* seL4_Error */
        seL4_Word status;
        seL4_Word syndrome_0;
        seL4_Word syndrome_1;
} seL4_ARM_SIDControl_GetFault_t;

#ifdef CONFIG_ARM_SMMU
/* Read the SMMU's global fault registers.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_ARM_SIDControl_GetFault_t seL4_ARM_SIDControl_GetFault(seL4_ARM_SIDControl _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_ARM_SIDControl_GetFault_t result;

        result.error = sel4_invoke(_service, ARMSIDGetFault, 0, 0, &m);
        result.status = m.mr0;
        result.syndrome_0 = m.mr1;
        result.syndrome_1 = m.mr2;
        return result;
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Clear the SMMU's global fault.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_SIDControl_ClearFault(seL4_ARM_SIDControl _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMSIDClearFault, 0, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Let a context bank translate for a stream id.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_SID_BindCB(seL4_ARM_SID _service, seL4_CPtr cb)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, cb);
        return sel4_invoke(_service, ARMSIDBindCB, 1, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Undo seL4_ARM_SID_BindCB.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_SID_UnbindCB(seL4_ARM_SID _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMSIDUnbindCB, 0, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Make the cap of a context bank.
 *
 *         index            destination slot in root
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CBControl_GetCB(
                seL4_ARM_CBControl _service, seL4_Word cb, seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, root);
        m.mr0 = cb;
        m.mr1 = index;
        m.mr2 = (seL4_Word)depth & 0xffu;
        return sel4_invoke(_service, ARMCBIssueCBManager, 1, 3, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Empty the TLB of the SMMU.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CBControl_TLBInvalidateAll(seL4_ARM_CBControl _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMCBTLBInvalidateAll, 0, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Let a context bank translate by an address space.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CB_AssignVspace(seL4_ARM_CB _service, seL4_CPtr vspace)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        seL4_SetCap(0, vspace);
        return sel4_invoke(_service, ARMCBAssignVspace, 1, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Undo seL4_ARM_CB_AssignVspace.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CB_UnassignVspace(seL4_ARM_CB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMCBUnassignVspace, 0, 0, &m);
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Empty the TLB of a context bank.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CB_TLBInvalidate(seL4_ARM_CB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMCBTLBInvalidate, 0, 0, &m);
}
#endif

typedef struct seL4_ARM_CB_CBGetFault_ {
        int error; /* seL4_Error */
        seL4_Word status;
        seL4_Word address;
} seL4_ARM_CB_CBGetFault_t;

#ifdef CONFIG_ARM_SMMU
/* Read the fault registers of a context bank.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_ARM_CB_CBGetFault_t seL4_ARM_CB_CBGetFault(seL4_ARM_CB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};
        seL4_ARM_CB_CBGetFault_t result;

        result.error = sel4_invoke(_service, ARMCBGetFault, 0, 0, &m);
        result.status = m.mr0;
        result.address = m.mr1;
        return result;
}
#endif

#ifdef CONFIG_ARM_SMMU
/* Clear the fault of a context bank.
 *
 * Cost: constant. */
LIBSEL4_INLINE seL4_Error seL4_ARM_CB_CBClearFault(seL4_ARM_CB _service)
{
        struct sel4_mrs m = {0, 0, 0, 0};

        return sel4_invoke(_service, ARMCBClearFault, 0, 0, &m);
}
#endif
