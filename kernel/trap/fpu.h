/* SPDX-License-Identifier: BSD-2-Clause */
/* FP and SIMD registers stay with the thread that used them last; whoever uses them next traps once. */
#pragma once

#include "thread/thread.h"

/* `t` used the FPU and does not own it: give it over.  False when the thread's flag forbids it. */
bool fpu_take(struct thread *t);

/* Open or close the FPU for the thread about to run. */
void fpu_enter(const struct thread *t);

/* The registers of `t`, if it owns them, are saved and nobody owns the FPU. */
void fpu_release(struct thread *t);
