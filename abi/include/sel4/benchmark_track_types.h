/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the kernel's entry log (CONFIG_BENCHMARK_TRACK_KERNEL_ENTRIES). */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>
#include <sel4/simple_types.h>

#if defined(CONFIG_DEBUG_BUILD) || defined(CONFIG_BENCHMARK_TRACK_KERNEL_ENTRIES)

/* Why the kernel was entered. */
typedef enum {
        Entry_Unknown,
        Entry_Interrupt,
        Entry_UnknownSyscall,
        Entry_UserLevelFault,
        Entry_DebugFault,
        Entry_VMFault,
        Entry_Syscall,
        Entry_VCPUFault,
} entry_type_t;

/* One entry.  For a system call all fields are valid; for an interrupt or a fault `word` is its number. */
typedef struct SEL4_PACKED kernel_entry {
        seL4_Word path : 3; /* entry_type_t */
        seL4_Word word : 26;
        seL4_Word syscall_no : 4;
        seL4_Word cap_type : 5;
        seL4_Word is_fastpath : 1;
        seL4_Word invocation_tag : 19;
} kernel_entry_t;

#endif

#ifdef CONFIG_BENCHMARK_TRACK_KERNEL_ENTRIES
typedef struct benchmark_syscall_log_entry {
        seL4_Uint64 start_time; /* cycles */
        seL4_Uint64 duration;   /* cycles */
        kernel_entry_t entry;
} benchmark_track_kernel_entry_t;
#endif
