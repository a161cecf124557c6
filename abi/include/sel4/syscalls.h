/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls that every client uses; those that receive or reply are in sel4/syscalls_mcs.h.
 *
 * Common to all: message registers 0-3 are loaded from the IPC buffer before and stored back after the call,
 * all four whatever the length.  The WithMRs forms take them from variables instead and leave the buffer alone;
 * a null pointer sends 0 or drops the result, and only the first `length` are sent (Send and NBSend: all or, for
 * length 0, none).  Message registers from 4 on, extra caps and the receive path travel in the IPC buffer.
 *
 * None returns an error.  A capability address that does not resolve raises a cap fault, which goes to the
 * thread's fault handler; only NBSend and the sending part of combined calls then do nothing instead.  Sending
 * through a cap without the right to do so does nothing (Call: an error reply, seL4_InvalidCapability).
 *
 * Cost: one kernel entry, plus time linear in the length of the message (120 words at most) and in the depth of
 * the capability space. */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/macros.h>
#include <sel4/types.h>

#include <sel4/syscalls_master.h>
#include <sel4/syscalls_mcs.h>

/* Send a message and wait until somebody has received it.
 *
 * Needs an endpoint cap with write right, or any other cap: a notification is signalled, a reply object is
 * replied to, a kernel object executes the invocation; none of these waits, and the result is lost. */
LIBSEL4_INLINE_FUNC void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t msgInfo);

/* The same, but if nobody is waiting to receive, the message is dropped. */
LIBSEL4_INLINE_FUNC void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t msgInfo);

/* Send a message and wait for the answer to it.
 *
 * Needs an endpoint cap with write right and grant or grant-reply right; the receiver must have offered a reply
 * object.  On a kernel object: execute the invocation, the label of the answer is the seL4_Error.
 *
 *      seL4_SetMR(0, request);
 *      seL4_MessageInfo_t answer = seL4_Call(server, seL4_MessageInfo_new(REQUEST, 0, 0, 1)); */
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo);

LIBSEL4_INLINE_FUNC void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0,
                                          seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3);
LIBSEL4_INLINE_FUNC void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0,
                                            seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3);
LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                                        seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                        seL4_Word *mr3);

/* Set bits of a notification: those of the badge of the cap.  Never waits.  Constant time.
 *
 * Needs a notification cap with write right. */
LIBSEL4_INLINE_FUNC void seL4_Signal(seL4_CPtr dest);

/* Give up the rest of the current budget: the thread runs again after its next refill. */
LIBSEL4_INLINE_FUNC void seL4_Yield(void);

#ifdef CONFIG_PRINTING
/* Print one character on the kernel's console; a line feed gets a carriage return.  Waits for the UART. */
LIBSEL4_INLINE_FUNC void seL4_DebugPutChar(char c);

/* Print a string, one kernel entry per character. */
LIBSEL4_INLINE_FUNC void seL4_DebugPutString(char *str);

/* Print all threads: name, state, address, priority, whether it waits for budget. */
LIBSEL4_INLINE_FUNC void seL4_DebugDumpScheduler(void);
#endif

#ifdef CONFIG_DEBUG_BUILD
/* Stop the machine for good. */
LIBSEL4_INLINE_FUNC void seL4_DebugHalt(void);

/* Print all objects and capabilities. */
LIBSEL4_INLINE_FUNC void seL4_DebugSnapshot(void);

/* Kind of a cap: 0 none (or the address does not resolve), 1 frame, 2 untyped, 3 page table, 4 endpoint,
 * 6 notification, 8 reply object, 9 VSpace, 10 CNode, 11 ASID control, 12 TCB, 13 ASID pool, 14 IRQ control,
 * 16 IRQ handler, 18 being deleted, 20 domain set, 22 scheduling context, 24 scheduling control, 27 SGI. */
LIBSEL4_INLINE_FUNC seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap);

/* Name a thread for the kernel's reports.  Overwrites the message registers of the IPC buffer; a name that does
 * not fit there (959 characters) is cut.  The machine halts if `tcb` is not a TCB cap. */
LIBSEL4_INLINE_FUNC void seL4_DebugNameThread(seL4_CPtr tcb, const char *name);
#endif

#if defined(CONFIG_DEBUG_BUILD) && defined(CONFIG_ENABLE_SMP_SUPPORT)
/* Core of a thread. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_DebugGetThreadAffinity(seL4_CPtr tcb);

/* Send a software-generated interrupt to a core. */
LIBSEL4_INLINE_FUNC void seL4_DebugSendIPI(seL4_Uint8 target, unsigned int irq);
#endif

#ifdef CONFIG_DANGEROUS_CODE_INJECTION
/* Run a function of the caller in kernel mode. */
LIBSEL4_INLINE_FUNC void seL4_DebugRun(void (*userfn)(void *), void *userarg);
#endif

#ifdef CONFIG_ENABLE_BENCHMARKS
/* Empty the kernel's log. */
LIBSEL4_INLINE_FUNC seL4_Error seL4_BenchmarkResetLog(void);

/* Stop logging; the number of entries. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_BenchmarkFinalizeLog(void);

/* The large frame that the kernel logs to. */
LIBSEL4_INLINE_FUNC seL4_Error seL4_BenchmarkSetLogBuffer(seL4_Word frame_cptr);

/* Enter and leave the kernel. */
LIBSEL4_INLINE_FUNC void seL4_BenchmarkNullSyscall(void);

LIBSEL4_INLINE_FUNC void seL4_BenchmarkFlushCaches(void);

/* `cache_type` is a seL4_ARM_CacheType. */
LIBSEL4_INLINE_FUNC void seL4_BenchmarkFlushL1Caches(seL4_Word cache_type);
#endif

#ifdef CONFIG_BENCHMARK_TRACK_UTILISATION
/* Counters of a thread, to the IPC buffer; see sel4/benchmark_utilisation_types.h. */
LIBSEL4_INLINE_FUNC void seL4_BenchmarkGetThreadUtilisation(seL4_Word tcb_cptr);
LIBSEL4_INLINE_FUNC void seL4_BenchmarkResetThreadUtilisation(seL4_Word tcb_cptr);
#ifdef CONFIG_DEBUG_BUILD
LIBSEL4_INLINE_FUNC void seL4_BenchmarkDumpAllThreadsUtilisation(void);
LIBSEL4_INLINE_FUNC void seL4_BenchmarkResetAllThreadsUtilisation(void);
#endif
#endif

#ifdef CONFIG_SET_TLS_BASE_SELF
/* TLS base of the calling thread. */
LIBSEL4_INLINE_FUNC void seL4_SetTLSBase(seL4_Word tls_base);
#endif

#include <sel4/arch/syscalls.h>
