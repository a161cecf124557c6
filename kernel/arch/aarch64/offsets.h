/* SPDX-License-Identifier: BSD-2-Clause */
/* Where assembly finds the fields of struct context and struct fpu; cpu.c asserts every number. */
#pragma once

#define CONTEXT_X       0
#define CONTEXT_X30     240 /* followed by sp */
#define CONTEXT_PC      256 /* followed by spsr */
#define CONTEXT_RESTART 272 /* followed by tpidr */
#define CONTEXT_TPIDR   280 /* followed by tpidrro */

#define FPU_V    0
#define FPU_FPCR 512 /* followed by fpsr */

/* What a kernel bug leaves for arch_bug: x0..x30, then sp. */
#define BUG_SIZE 256

/* The words of the door, each at the beginning of what exclusive accesses watch, and those of a core (cpu.c asserts them). */
#define KERNEL_DOOR_TURN  4096
#define KERNEL_DOOR_NEXT  6144
#define KERNEL_CORE_LOCAL 0
#define KERNEL_CURRENT    16
#define KERNEL_CORES      8256

/* For EL2 (el2.c asserts them). */
#define KERNEL_GUEST 168
#define THREAD_VCPU  664

/* Where a trace point writes (cpu.c asserts them); NEXT, FIRST: followed by `end`, `memory`. */
#define KERNEL_TRACE         8192
#define KERNEL_CORE_NUMBER   216
#define TRACE_NEXT           0
#define TRACE_FIRST          16
#define TRACE_WRITTEN        32
#define TRACE_MEMORY_WRITTEN 56
