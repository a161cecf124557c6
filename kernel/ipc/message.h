/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving words and caps between threads (spec ipc.md 6 and 7, abi.md 2).
 *
 * Level 4.  Only this file, ipc/fastpath.c and trap/finish.c write a thread's message registers.
 */
#pragma once

#include "thread/registers.h"
#include "thread/thread.h"

/* Word offsets in the IPC buffer. */
enum {
        BUFFER_MESSAGE = 1,
        BUFFER_CAPS = 122,
        BUFFER_RECEIVE_CNODE = 125,
        BUFFER_RECEIVE_INDEX = 126,
        BUFFER_RECEIVE_DEPTH = 127,
};

/* The message in `from`'s registers goes to `to`.  `endpoint`: for unwrapping, NULL for replies. */
void message_transfer(struct thread *from, struct thread *to, const void *endpoint, word badge, bool grant);

/* Message word i of `t` (kernel's view); the caller has checked that the buffer exists for i >= 4. */
word message_get(const struct thread *t, const word *buffer, word i);

/* Set message word i of `t`; false when it has no room for it. */
bool message_put(struct thread *t, word *buffer, word i, word value);
