/* SPDX-License-Identifier: BSD-2-Clause */
/* What the root tasks of tests/trace share: objects, threads with a time of their own, and the trace of them.
 *
 *      root_begin(info); ... root_trace(info); root_start(info, &task); ... root_end();
 */
#pragma once

#include <sel4/sel4.h>

enum { PERIOD_US = 10000 };

struct task {
        const char *name;
        void (*work)(seL4_Word who);
        seL4_Word who;
        seL4_Word priority, core;
        seL4_Word budget_us; /* in PERIOD_US */
        seL4_Word *stack;
        seL4_CPtr tcb, sc; /* made by root_start */
};

enum { STACK_WORDS = 256 };

void root_begin(const seL4_BootInfo *info);
seL4_CPtr root_make(seL4_Word type, seL4_Word bits);
/* From now on. */
void root_trace(void);
void root_name(seL4_CPtr cap, const char *name);
void root_start(const seL4_BootInfo *info, struct task *t);
/* On that core, with that budget. */
void root_configure(const seL4_BootInfo *info, seL4_CPtr sc, seL4_Word core, seL4_Word budget_us);
/* Prints where the memory of the trace is; the other one halts then. */
void root_report(void);
void root_end(void);

/* For threads. */
void compute(seL4_Word us);
void call(seL4_CPtr to);
/* Serves for ever, with the help of another one or none: `us` before and half of it after. */
void serve(seL4_CPtr door, seL4_CPtr reply, seL4_CPtr helper, seL4_Word us);
void await(seL4_CPtr notification);
