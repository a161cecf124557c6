/* SPDX-License-Identifier: BSD-2-Clause */
/* Where seL4_BenchmarkGetThreadUtilisation leaves its counters: words of the IPC buffer from message register 0
 * on, in cycles or counts. */
#pragma once

#include <sel4/config.h>

#ifdef CONFIG_BENCHMARK_TRACK_UTILISATION
enum benchmark_track_util_ipc_index {
        /* the thread asked for */
        BENCHMARK_TCB_UTILISATION,
        BENCHMARK_TCB_NUMBER_SCHEDULES,
        BENCHMARK_TCB_KERNEL_UTILISATION,
        BENCHMARK_TCB_NUMBER_KERNEL_ENTRIES,
        /* the idle thread of this core and of the thread's core */
        BENCHMARK_IDLE_LOCALCPU_UTILISATION,
        BENCHMARK_IDLE_TCBCPU_UTILISATION,
        BENCHMARK_IDLE_NUMBER_SCHEDULES,
        BENCHMARK_IDLE_KERNEL_UTILISATION,
        BENCHMARK_IDLE_NUMBER_KERNEL_ENTRIES,
        /* everything */
        BENCHMARK_TOTAL_UTILISATION,
        BENCHMARK_TOTAL_NUMBER_SCHEDULES,
        BENCHMARK_TOTAL_KERNEL_UTILISATION,
        BENCHMARK_TOTAL_NUMBER_KERNEL_ENTRIES,
};
#endif
