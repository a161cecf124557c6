/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving words and caps between threads (spec ipc.md 6 and 7, abi.md 2).
 *
 * Level 4.  Only this file, ipc/fastpath.c and trap/finish.c write a thread's message registers.
 */
#pragma once

#include "thread/thread.h"

enum {
        MESSAGE_REGISTERS = 4,
        MESSAGE_WORDS = 120,
        MESSAGE_CAPS = 3,
        /* word offsets in the IPC buffer */
        BUFFER_MESSAGE = 1,
        BUFFER_CAPS = 122,
        BUFFER_RECEIVE_CNODE = 125,
        BUFFER_RECEIVE_INDEX = 126,
        BUFFER_RECEIVE_DEPTH = 127,
        /* registers */
        REG_BADGE = 0,
        REG_INFO = 1,
        REG_MESSAGE = 2,
};

static inline word info_make(word label, word unwrapped, word caps, word length)
{
        return label << 12 | unwrapped << 9 | caps << 7 | length;
}

static inline word info_label(word info)
{
        return info >> 12;
}

static inline word info_caps(word info)
{
        return info >> 7 & 3;
}

static inline word info_length(word info)
{
        return min_word(info & 127, MESSAGE_WORDS);
}

/* The message in `from`'s registers goes to `to`.  `endpoint`: for unwrapping, NULL for replies. */
void message_transfer(struct thread *from, struct thread *to, const void *endpoint, word badge, bool grant);

/* Message word i of `t` (kernel's view); the caller has checked that the buffer exists for i >= 4. */
word message_get(const struct thread *t, const word *buffer, word i);

/* Set message word i of `t` if it has room for it. */
void message_put(struct thread *t, word *buffer, word i, word value);
