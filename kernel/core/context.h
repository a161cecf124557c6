/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of a user program, as the machine saves and restores them. */
#pragma once

#include "core/word.h"

/* User registers in the order arch/aarch64/entry/vectors.S stores them. */
struct context {
        word x[31];
        word sp;
        word pc; /* where a running thread goes on */
        word spsr;
        word restart; /* where it would repeat what it was doing: the svc or the faulting instruction */
        word tpidr, tpidrro;
        word spare;
};

/* FP and SIMD registers; loaded lazily (trap/leave.c). */
struct fpu {
        word v[64];
        word fpcr, fpsr;
} __attribute__((aligned(16)));

/* Where a thread, which begins with its context, keeps its name in debug builds; thread/thread.h asserts both. */
enum { THREAD_NAME_OFFSET = 1384 };

/* Single step and watchpoints (tessera/extensions.h), as the machine's registers want them. */
enum { WATCHPOINTS = 4 };
enum step { STEP_OFF, STEP_WANTED, STEP_BEGUN };
struct debug_state {
        struct {
                word address, control; /* control 0: off */
        } watch[WATCHPOINTS];
        word step;
};
