/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's trace (tessera/trace.h, docs/trace.md): its memory, one large frame that the server maps for reading, and the
 * names of what appears in it.
 *
 * Off, running, or stopped with its memory kept for those who read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <sel4/sel4.h>

/* 0, or SOS_E*: EBUSY while one runs, ENOMEM, ENOSYS when the kernel has no trace. */
int trace_begin(void);

/* No more events; false when none runs. */
bool trace_end(void);

/* Give the memory back, running or not. */
void trace_drop(void);

/* What an object is called, should a trace run: `name` and, if `number` is not 0, that in brackets. */
void trace_known(seL4_CPtr cap, const char *name, int number);

/* The same for what lives as long as the system, in every trace; `name` stays where it is. */
enum { TRACE_ALWAYS = 8 };
void trace_always(seL4_CPtr cap, const char *name);

struct trace_state {
        bool runs;
        seL4_Word paddr, bytes; /* of the memory; 0: there is none */
        seL4_Word written, lost;
};
struct trace_state trace_state(void);

/* Bytes of the memory from `at` on; how many. */
size_t trace_read(seL4_Word at, void *to, size_t size);
