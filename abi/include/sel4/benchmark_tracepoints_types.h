/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of the kernel's trace points (CONFIG_MAX_NUM_TRACE_POINTS above 0). */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>

#if CONFIG_MAX_NUM_TRACE_POINTS > 0
typedef struct benchmark_tracepoint_log_entry {
        seL4_Word id;
        seL4_Word duration; /* cycles between the two ends of the trace point */
} benchmark_tracepoint_log_entry_t;
#endif
