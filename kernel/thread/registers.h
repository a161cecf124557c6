/* SPDX-License-Identifier: BSD-2-Clause */
/* Which register carries what: the message registers of a system call and the public order of a user context. */
#pragma once

#include "core/word.h"

enum {
        REG_BADGE = 0,   /* in: cap to use; out: badge */
        REG_INFO = 1,    /* message info */
        REG_MESSAGE = 2, /* x2..x5: MR0..MR3 */
        REG_REPLY = 6,
        REG_SYSCALL = 7,
        REG_SECOND = 8,
};

enum { MESSAGE_REGISTERS = 4, MESSAGE_WORDS = 120, MESSAGE_CAPS = 3 };

/* The message info word (spec abi.md 2.1). */
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

/* No caps, and no words beyond the registers. */
static inline bool info_fits_registers(word info)
{
        return (info & ones(9)) <= MESSAGE_REGISTERS;
}

/* The same message without caps, as a receiver sees it. */
static inline word info_plain(word info)
{
        return info & ~(ones(5) << 7);
}

struct context;

/* seL4_UserContext: word i of the public order; pc is the restart address (spec abi.md 5). */
enum { USER_CONTEXT_WORDS = 36, USER_CONTEXT_TIMEOUT = 34 };

/* The words of an answer to an unknown system call (spec ipc.md 13.5), set as if they were words 36 to 47. */
enum { SYSCALL_ANSWER_WORDS = 12 };

word user_context_get(const struct context *c, word i);
void user_context_set(struct context *c, word i, word value); /* spsr is filtered */

/* All 36 words at once; public[i] is word i where it does not travel in a message register, that is from word 4 on when
 * read and from word 2 on when written, and head[0..] are the words before. */
void user_context_read(const struct context *c, word *head, word *public);
void user_context_write(struct context *c, const word *head, const word *public);

/* Words 0 to 16, and 17 to 35, from another context. */
void user_context_copy_frame(struct context *to, const struct context *from);
void user_context_copy_integer(struct context *to, const struct context *from);
