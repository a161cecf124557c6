/* SPDX-License-Identifier: BSD-2-Clause */
/* Several cores of the pretended machine.
 *
 * A core is whatever the test lets it be, a coroutine or a thread of the host: it says which core executes by host_core_is.  The kernel's
 * page of a core, its timer, private lines, FPU and TLB are its own.  What waits for another core ends in host_pause_hook, which
 * is to let others run; it may return for nothing.
 */
#pragma once

#include "core/word.h"
#include "handover.h"

struct context;

/* What a core waits for: that *at has, or no longer has, `value`; at == NULL: an interrupt. */
extern void (*host_pause_hook)(const uint32_t *at, uint32_t value, bool until);
void host_pause(const uint32_t *at, uint32_t value, bool until);

/* Other cores may have been waiting for a word that was written; NULL: nothing is to be done. */
extern void (*host_event_hook)(void);

/* The calling coroutine or thread is core `number`. */
void host_core_is(word number);

/* What `host_boot` puts into the hand-over, waiting for the others as the loader does; and what core `number`, which is not the first, does
 * from its start until it leaves the kernel for the first time. */
void host_cores_describe(struct handover *h);
struct context *host_core_start(word number);

/* The ways in and out (entry/cores.S): as trap_syscall and the others, behind the door where there is one.  Bit 0 of what they return: the
 * context is the one that came in, and the short way out is taken (arch_resume). */
struct context *host_syscall(void);
struct context *host_interrupt(void);
struct context *host_exception(word syndrome, word address);
struct context *host_out(struct context *c);
