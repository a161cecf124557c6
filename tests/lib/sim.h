/* SPDX-License-Identifier: BSD-2-Clause */
/* Driving the kernel by hand: a test plays all user programs and the hardware.
 *
 * After each entry the simulator takes the interrupts that are pending, as a machine does, and (unless told not to)
 * runs the whole-state checker and compares the TLB with the page tables.  A kernel panic, a stale translation or an
 * endless row of interrupts fails the running case.
 */
#pragma once

#include "arch/host/host.h"
#include "arch/host/host_tlb.h"
#include "core/state.h"
#include "thread/registers.h"
#include "thread/thread.h"

enum { SIM_COST_DEFAULT = 100 };

struct sim_settings {
        word cost;                     /* ticks that pass in every kernel entry */
        bool hold_interrupts;          /* pending interrupts wait for sim_interrupt */
        bool no_checks;                /* the test is about speed */
        bool trace;                    /* every entry on standard error */
        void (*fail)(const char *why); /* must not return; NULL: print and abort */
};

extern struct sim_settings sim;

/* Boots and runs to the first thread, which it returns. */
struct thread *sim_boot(const struct host_options *options);

/* The running thread, or NULL while the machine is idle. */
struct thread *sim_current(void);

/* The current thread executes the svc at its pc with the registers it has; a guest, HVC. */
struct thread *sim_syscall(void);

/* The current thread takes another exception. */
struct thread *sim_exception(word syndrome, word address);

/* It touches memory: true when that works (and *paddr, unless NULL, says where); otherwise it has faulted. */
bool sim_touch(word va, enum host_access how, word *paddr);

/* Time passes, and whatever interrupt that makes pending is taken. */
struct thread *sim_pass(word ticks);

/* An interrupt is taken, if one is pending. */
struct thread *sim_interrupt(void);

/* Idle until the timer's deadline; NULL when there is none or nobody became runnable. */
struct thread *sim_wait(void);

/* Runs the checker and the TLB comparison now. */
void sim_check(void);
