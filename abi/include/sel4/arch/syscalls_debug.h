/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug and benchmark calls: argument in x0, a second one in x1, result in x0; nothing else changes. */
#pragma once

#include <sel4/config.h>
#include <sel4/functions.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/syscalls.h>
#include <sel4/syscall.h>
#include <sel4/types.h>

/* A debug call with a result. */
LIBSEL4_INLINE_FUNC seL4_Word sel4_debug_ask(seL4_Word sys, seL4_Word argument)
{
        seL4_Word result, info, mr0 = 0, mr1 = 0, mr2 = 0, mr3 = 0;

        arm_sys_send_recv(sys, argument, &result, 0, &info, &mr0, &mr1, &mr2, &mr3, 0);
        return result;
}

#ifdef CONFIG_PRINTING
LIBSEL4_INLINE_FUNC void seL4_DebugPutChar(char c)
{
        arm_sys_send_null((seL4_Word)seL4_SysDebugPutChar, (unsigned char)c, 0);
}

LIBSEL4_INLINE_FUNC void seL4_DebugPutString(char *str)
{
        for (; *str; str++)
                seL4_DebugPutChar(*str);
}

LIBSEL4_INLINE_FUNC void seL4_DebugDumpScheduler(void)
{
        arm_sys_null((seL4_Word)seL4_SysDebugDumpScheduler);
}
#endif

#ifdef CONFIG_DEBUG_BUILD
LIBSEL4_INLINE_FUNC void seL4_DebugHalt(void)
{
        arm_sys_null((seL4_Word)seL4_SysDebugHalt);
}

LIBSEL4_INLINE_FUNC void seL4_DebugSnapshot(void)
{
        arm_sys_null((seL4_Word)seL4_SysDebugSnapshot);
}

LIBSEL4_INLINE_FUNC seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap)
{
        return (seL4_Uint32)sel4_debug_ask((seL4_Word)seL4_SysDebugCapIdentify, cap);
}

/* A longer name would run over the end of the message registers, so it is cut. */
LIBSEL4_INLINE_FUNC void seL4_DebugNameThread(seL4_CPtr tcb, const char *name)
{
        char *to = (char *)seL4_GetIPCBuffer()->msg;
        seL4_Word i;

        for (i = 0; i < seL4_MsgMaxLength * sizeof(seL4_Word) - 1 && name[i]; i++)
                to[i] = name[i];
        to[i] = 0;
        arm_sys_send_null((seL4_Word)seL4_SysDebugNameThread, tcb, 0);
}
#endif

#if defined(CONFIG_DEBUG_BUILD) && defined(CONFIG_ENABLE_SMP_SUPPORT)
LIBSEL4_INLINE_FUNC seL4_Word seL4_DebugGetThreadAffinity(seL4_CPtr tcb)
{
        return sel4_debug_ask((seL4_Word)seL4_SysDebugGetThreadAffinity, tcb);
}

LIBSEL4_INLINE_FUNC void seL4_DebugSendIPI(seL4_Uint8 target, unsigned int irq)
{
        arm_sys_send_null((seL4_Word)seL4_SysDebugSendIPI, target, irq);
}
#endif

#ifdef CONFIG_DANGEROUS_CODE_INJECTION
LIBSEL4_INLINE_FUNC void seL4_DebugRun(void (*userfn)(void *), void *userarg)
{
        arm_sys_send_null((seL4_Word)seL4_SysDebugRun, (seL4_Word)userfn, (seL4_Word)userarg);
}
#endif

#ifdef CONFIG_ENABLE_BENCHMARKS
LIBSEL4_INLINE_FUNC seL4_Error seL4_BenchmarkResetLog(void)
{
        return (seL4_Error)sel4_debug_ask((seL4_Word)seL4_SysBenchmarkResetLog, 0);
}

LIBSEL4_INLINE_FUNC seL4_Word seL4_BenchmarkFinalizeLog(void)
{
        return sel4_debug_ask((seL4_Word)seL4_SysBenchmarkFinalizeLog, 0);
}

LIBSEL4_INLINE_FUNC seL4_Error seL4_BenchmarkSetLogBuffer(seL4_Word frame_cptr)
{
        return (seL4_Error)sel4_debug_ask((seL4_Word)seL4_SysBenchmarkSetLogBuffer, frame_cptr);
}

LIBSEL4_INLINE_FUNC void seL4_BenchmarkNullSyscall(void)
{
        arm_sys_null((seL4_Word)seL4_SysBenchmarkNullSyscall);
}

LIBSEL4_INLINE_FUNC void seL4_BenchmarkFlushCaches(void)
{
        arm_sys_send_null((seL4_Word)seL4_SysBenchmarkFlushCaches, 0, 0);
}

LIBSEL4_INLINE_FUNC void seL4_BenchmarkFlushL1Caches(seL4_Word cache_type)
{
        arm_sys_send_null((seL4_Word)seL4_SysBenchmarkFlushCaches, 1, cache_type);
}
#endif

#ifdef CONFIG_BENCHMARK_TRACK_UTILISATION
LIBSEL4_INLINE_FUNC void seL4_BenchmarkGetThreadUtilisation(seL4_Word tcb_cptr)
{
        arm_sys_send_null((seL4_Word)seL4_SysBenchmarkGetThreadUtilisation, tcb_cptr, 0);
}

LIBSEL4_INLINE_FUNC void seL4_BenchmarkResetThreadUtilisation(seL4_Word tcb_cptr)
{
        arm_sys_send_null((seL4_Word)seL4_SysBenchmarkResetThreadUtilisation, tcb_cptr, 0);
}

#ifdef CONFIG_DEBUG_BUILD
LIBSEL4_INLINE_FUNC void seL4_BenchmarkDumpAllThreadsUtilisation(void)
{
        arm_sys_null((seL4_Word)seL4_SysBenchmarkDumpAllThreadsUtilisation);
}

LIBSEL4_INLINE_FUNC void seL4_BenchmarkResetAllThreadsUtilisation(void)
{
        arm_sys_null((seL4_Word)seL4_SysBenchmarkResetAllThreadsUtilisation);
}
#endif
#endif

#ifdef CONFIG_SET_TLS_BASE_SELF
LIBSEL4_INLINE_FUNC void seL4_SetTLSBase(seL4_Word tls_base)
{
        arm_sys_send_null((seL4_Word)seL4_SysSetTLSBase, tls_base, 0);
}
#endif
