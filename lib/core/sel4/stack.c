/* SPDX-License-Identifier: BSD-2-Clause */
/* The first stack of a root task that does not say START_STACK.  In a file of its own: where the compiler sees the value of
 * a constant it uses it, weak or not. */
#include <sel4/start.h>

__attribute__((weak, aligned(16))) char start_stack[START_STACK_BYTES];
__attribute__((weak)) const size_t start_stack_bytes = START_STACK_BYTES;
