/* SPDX-License-Identifier: BSD-2-Clause */
/* Words by copying, caps by derivation; everything a message moves (spec ipc.md 6, 7). */
#include "ipc/message.h"
#include "cap/derive.h"
#include "core/panic.h"

word message_get(const struct thread *t, const word *buffer, word i)
{
        return i < MESSAGE_REGISTERS ? t->context.x[REG_MESSAGE + i] : buffer[BUFFER_MESSAGE + i];
}

bool message_put(struct thread *t, word *buffer, word i, word value)
{
        if (i < MESSAGE_REGISTERS)
                t->context.x[REG_MESSAGE + i] = value;
        else if (buffer)
                buffer[BUFFER_MESSAGE + i] = value;
        else
                return false;
        return true;
}

/* The slot that the receiver named in its buffer, if it names an empty one. */
static struct slot *receive_slot(const struct thread *to, const word *buffer)
{
        struct lookup_fault f;
        struct refusal why;
        struct slot *root, *slot;

        if (!lookup_cap(to->slot[TCB_CSPACE].cap, buffer[BUFFER_RECEIVE_CNODE], &root, &f))
                return NULL;
        if (lookup_slot(root->cap, buffer[BUFFER_RECEIVE_INDEX], buffer[BUFFER_RECEIVE_DEPTH], 0, &slot, &why) != DONE)
                return NULL;
        return slot_is_empty(slot) ? slot : NULL;
}

/* Look up all extra caps before any is moved: a message carries all or none.  Answers how many. */
static word find_caps(const struct thread *from, const word *buffer, struct slot *caps[MESSAGE_CAPS])
{
        word n = buffer ? info_caps(from->context.x[REG_INFO]) : 0;
        struct lookup_fault f;

        for (word i = 0; i < n; i++) {
                if (!lookup_cap(from->slot[TCB_CSPACE].cap, buffer[BUFFER_CAPS + i], &caps[i], &f))
                        return 0;
        }
        return n;
}

static bool place_cap(struct slot *from, struct slot **to)
{
        struct refusal why;
        struct cap copy;

        if (!*to || cap_derive(from, from->cap, &copy, &why) != DONE || cap_is_null(copy))
                return false;
        slot_insert_derived(*to, copy, from);
        *to = NULL;
        return true;
}

/* Move the caps; answers the capsUnwrapped and extraCaps fields of the receiver's message info. */
static word transfer_caps(const struct thread *from, const word *source, const struct thread *to, word *dest,
                          const void *endpoint)
{
        struct slot *caps[MESSAGE_CAPS];
        word n = dest ? find_caps(from, source, caps) : 0, unwrapped = 0, i;

        if (n == 0)
                return 0;
        struct slot *place = receive_slot(to, dest);
        for (i = 0; i < n; i++) {
                struct cap c = caps[i]->cap;

                if (cap_kind(c) == CAP_ENDPOINT && cap_object(c) == endpoint) {
                        dest[BUFFER_CAPS + i] = c.b;
                        unwrapped |= bit(i);
                } else if (!place_cap(caps[i], &place)) {
                        break;
                }
        }
        return info_make(0, unwrapped, i, 0);
}

/* The words that travel in the buffers, two at a time: four instructions a pair. */
static void move_words(const word *source, word *dest, word length)
{
        const word *from = &source[BUFFER_MESSAGE + MESSAGE_REGISTERS], *end = &source[BUFFER_MESSAGE + length];
        word *to = &dest[BUFFER_MESSAGE + MESSAGE_REGISTERS];

        for (; end - from >= 2; from += 2, to += 2) {
                word a = from[0], b = from[1];

                to[0] = a;
                to[1] = b;
        }
        if (from < end)
                *to = *from;
}

void message_transfer(struct thread *from, struct thread *to, const void *endpoint, word badge, bool grant)
{
        word info = from->context.x[REG_INFO], length = info_length(info), caps = 0;
        const word *source = NULL;
        word *dest = NULL;

        if (length > MESSAGE_REGISTERS || (grant && info_caps(info))) {
                source = thread_buffer_readable(from);
                dest = thread_buffer_writable(to);
                if (!source || !dest)
                        length = min_word(length, MESSAGE_REGISTERS);
        }
        message_move_registers(from, to, length);
        if (length > MESSAGE_REGISTERS)
                move_words(source, dest, length);
        if (grant && info_caps(info))
                caps = transfer_caps(from, source, to, dest, endpoint);
        message_announce(to, badge, info_make(info_label(info), 0, 0, length) | caps);
}
