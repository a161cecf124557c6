/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local storage for AArch64 (variant I): where a thread's own copy of each __thread variable lies.
 *
 *      low  | C library's thread record | 16 bytes | initialised data | zeroed data |  high
 *                                       ^ thread pointer, tpidr_el0
 *
 * The record in front is what musl expects below the thread pointer: errno and the identity of the thread live
 * there, so that its pure functions work on any thread made with these calls.
 */
#pragma once

#include <sel4/sel4.h>
#include <stddef.h>

/* Bytes one thread's block needs, a multiple of 16; 0 where threads have no thread pointer of their own (host). */
size_t tls_size(void);

/* Fill `block` (16-byte aligned, tls_size() bytes) with initial values and `buffer` as the thread's IPC buffer.
 * Returns the thread pointer for the new thread. */
seL4_Word tls_write(void *block, seL4_IPCBuffer *buffer);

/* Use `thread_pointer` from now on in the calling thread. */
void tls_enter(seL4_Word thread_pointer);

/* The word in the new thread's block that corresponds to the __thread variable `mine` of the calling thread. */
void *tls_variable(seL4_Word thread_pointer, void *mine);
