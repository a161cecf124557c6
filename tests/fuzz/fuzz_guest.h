/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps about virtual processors, for histories of a machine with the interface of EL2.  `next_byte` is the history. */
#pragma once

#include "core/word.h"

/* The running thread is a guest: it uses its machine. */
void fuzz_guest(word (*next_byte)(void));

/* A native thread calls one of the VCPUs, or binds it. */
void fuzz_vcpu(word (*next_byte)(void));
