/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving words and caps between threads (spec ipc.md 6 and 7, abi.md 2).
 *
 * Level 11.  Only this room, trap/short_call.c and trap/request.c write a thread's message registers.
 */
#pragma once

#include "cap/lookup.h"
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

/* The caps of a message and where the receiver wants one, looked up before anything happens: all caps or none. */
struct message_caps {
        const struct thread *from;
        word count;
        struct slot *cap[MESSAGE_CAPS];
        struct slot *place; /* NULL: the receiver names no empty slot */
};

/* How a message affects later lookups: a cap in a slot, and badges in place of names in a buffer. */
struct message_effect {
        struct expected placed;
        const word *buffer;
        word unwrapped; /* bit i: word i of the names is badge[i] */
        word badge[MESSAGE_CAPS];
};

extern const struct message_effect message_none;

/* Look up what a message from `from` to `to` carries, for the running thread, as things will be after another message.  AGAIN: lookups took
 * long, and an interrupt waits. */
enum outcome message_find_caps(struct thread *from, struct thread *to, const struct message_effect *after,
                               struct message_caps *m);

/* What message_transfer of `m` to `to` will change; *effect is clear. */
void message_foresee(struct thread *to, const void *endpoint, const struct message_caps *m,
                     struct message_effect *effect);

/* The same for a message that carries caps, where each CSpace is one CNode that resolves all bits and both buffers are mapped.  False if
 * they are not. */
bool message_find_near_caps(struct thread *from, struct thread *to, struct message_caps *m);

/* The message in `from`'s registers goes to `to`, with the caps that were found (NULL: none).  `endpoint`: for unwrapping,
 * NULL for replies. */
void message_transfer(struct thread *from, struct thread *to, const void *endpoint, word badge,
                      const struct message_caps *caps);

/* The same without caps: short if both buffers are known, which is nearly always so. */
void message_transfer_words(struct thread *from, struct thread *to, word badge);

/* Message word i of `t` (kernel's view); the caller has checked that the buffer exists for i >= 4. */
word message_get(const struct thread *t, const word *buffer, word i);

/* The words of a message that travel in registers; those beyond `length` keep what `to` had there. */
static inline __attribute__((always_inline)) void message_set_registers(struct thread *to, const word *x,
                                                                        word length)
{
        word *y = &to->context.x[REG_MESSAGE];

        if (length >= MESSAGE_REGISTERS) {
                word a = x[0], b = x[1], c = x[2], d = x[3];

                y[0] = a, y[1] = b, y[2] = c, y[3] = d;
        } else if (length > 0) {
                y[0] = x[0];
                if (length > 1)
                        y[1] = x[1];
                if (length > 2)
                        y[2] = x[2];
        }
}

static inline __attribute__((always_inline)) void message_move_registers(const struct thread *from,
                                                                         struct thread *to, word length)
{
        message_set_registers(to, &from->context.x[REG_MESSAGE], length);
}

/* What the receiver is told: the badge, and the info of a message without caps. */
static inline void message_announce(struct thread *to, word badge, word info)
{
        to->context.x[REG_BADGE] = badge;
        to->context.x[REG_INFO] = info;
}

/* A message without caps, of any length. */
static inline void message_deliver(struct thread *from, struct thread *to, word badge)
{
        word info = from->context.x[REG_INFO];

        if (info_fits_registers(info)) {
                message_move_registers(from, to, info & ones(7));
                message_announce(to, badge, info_plain(info));
        } else {
                message_transfer_words(from, to, badge);
        }
}

/* The same where short paths need no call for it: the words fit in registers, or both buffers are known. */
static inline bool message_is_short(const struct thread *from, const struct thread *to, word info)
{
        word length_and_caps = info & ones(9);

        return length_and_caps <= MESSAGE_REGISTERS ||
               (length_and_caps <= MESSAGE_WORDS && thread_knows_buffer(from) && thread_knows_buffer(to));
}

/* `n` words: the rest by steps of four, two and one, and eight a turn in thirteen instructions. */
static inline void message_copy_words(const word *source, word *dest, word n)
{
        if (n & 4) {
                word a = source[0], b = source[1], c = source[2], d = source[3];

                dest[0] = a, dest[1] = b, dest[2] = c, dest[3] = d;
                source += 4, dest += 4;
        }
        if (n & 2) {
                word a = source[0], b = source[1];

                dest[0] = a, dest[1] = b;
                source += 2, dest += 2;
        }
        if (n & 1)
                *dest++ = *source++;
        for (; rarely(n >= 8); n -= 8, source += 8, dest += 8) {
                for (word i = 0; i < 8; i += 4) {
                        word a = source[i], b = source[i + 1], c = source[i + 2], d = source[i + 3];

                        dest[i] = a, dest[i + 1] = b, dest[i + 2] = c, dest[i + 3] = d;
                }
        }
}

static inline __attribute__((always_inline)) void
message_deliver_short(const struct thread *from, struct thread *to, word badge, word info)
{
        word length = info & ones(9); /* there are no caps */

        message_announce(to, badge, info_plain(info));
        if (length <= MESSAGE_REGISTERS) {
                message_move_registers(from, to, length);
        } else {
                message_copy_words(from->buffer + BUFFER_MESSAGE + MESSAGE_REGISTERS,
                                   to->buffer + BUFFER_MESSAGE + MESSAGE_REGISTERS,
                                   length - MESSAGE_REGISTERS);
                message_move_registers(from, to, MESSAGE_REGISTERS);
        }
}

/* Set message word i of `t`; false when it has no room for it. */
bool message_put(struct thread *t, word *buffer, word i, word value);
