/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at a running system: what is printed goes to the report lines (sel4/report.h).
 *
 * Kinds of capabilities and names of threads are known to debug kernels only; with a release kernel the calls below that
 * need them do nothing and say so.
 */
#pragma once

#include <aos/registers.h>
#include <aos/sel4_zf_logif.h>
#include <aos/strerror.h>
#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <stdbool.h>

/* Does the present kernel know the debug calls?  False until debug_kernel_is_debug was called with true: a release kernel answers
 * them with a fault. */
void debug_kernel_is_debug(bool yes);

/* The kernel's number for the kind of capability in this slot; 0 for an empty slot.  The second form reports it. */
seL4_Word debug_cap_kind(seL4_CPtr cap);
void debug_cap_identify(seL4_CPtr cap);

void debug_print_bootinfo(seL4_BootInfo *bi);

/* One line about the fault whose message is in the registers now. */
void debug_print_fault(seL4_MessageInfo_t tag, const char *thread_name);

/* Everything a thread's program can see: x0-x30, sp, pc, spsr, tpidr_el0; and v0-v31, fpcr, fpsr in images packed with
 * `mkimage --extensions`, else a line says that they are not told.  The thread must not be the caller's.  Uses the message
 * registers. */
void debug_dump_registers(seL4_CPtr tcb);

/* Slots in use of a CSpace: numbers, and kinds with a debug kernel.  At most `limit` lines; returns how many there were. */
size_t cspace_dump(const cspace_t *cspace, size_t limit);

/* Tell a debug kernel the name of a thread. */
void debug_name_thread(seL4_CPtr tcb, const char *name);
#define NAME_THREAD(tcb, name) debug_name_thread(tcb, name)

/* Return addresses of the calling function and its callers, through frame pointers (-fno-omit-frame-pointer). */
void print_backtrace(void);
