/* SPDX-License-Identifier: BSD-2-Clause */
/* What a message moves: words are copied, caps are derived (spec ipc.md 6, 7). */
#include "ipc/message.h"
#include "cap/derive.h"
#include "time/preempt.h"

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

const struct message_effect message_none;

/* The slot that the receiver named in its buffer, if it names an empty one. */
static __attribute__((cold)) enum outcome find_place(const struct thread *to, const word *buffer,
                                                     const struct message_effect *after, struct slot **place)
{
        word depth = buffer[BUFFER_RECEIVE_DEPTH], left;
        struct lookup_fault f;
        struct slot *s;

        *place = NULL;
        if (!lookup_expecting(&after->placed, to->slot[TCB_CSPACE].cap, buffer[BUFFER_RECEIVE_CNODE], 64, &s,
                              &left, &f))
                return DONE;
        if (preempt_unkept(0))
                return AGAIN;
        if (depth < 1 || depth > 64 ||
            !lookup_expecting(&after->placed, lookup_expected(&after->placed, s),
                              buffer[BUFFER_RECEIVE_INDEX], depth, &s, &left, &f))
                return DONE;
        if (left == 0 && cap_is_null(lookup_expected(&after->placed, s)))
                *place = s;
        return preempt_unkept(0) ? AGAIN : DONE;
}

/* Name i of the caps in the buffer of a sender. */
static word cap_name(const word *source, word i, const struct message_effect *after)
{
        return source == after->buffer && after->unwrapped & bit(i) ? after->badge[i]
                                                                    : source[BUFFER_CAPS + i];
}

__attribute__((cold)) enum outcome message_find_caps(struct thread *from, struct thread *to,
                                                     const struct message_effect *after,
                                                     struct message_caps *m)
{
        const word *source = thread_buffer_readable(from), *dest = thread_buffer_writable(to);
        word n = source && dest ? info_caps(from->context.x[REG_INFO]) : 0, left;
        struct lookup_fault f;

        m->from = from;
        m->count = 0;
        for (word i = 0; i < n; i++) {
                if (!lookup_expecting(&after->placed, from->slot[TCB_CSPACE].cap, cap_name(source, i, after),
                                      64, &m->cap[i], &left, &f))
                        return DONE;
                if (preempt_unkept(0))
                        return AGAIN;
        }
        if (n > 0 && find_place(to, dest, after, &m->place) == AGAIN)
                return AGAIN;
        m->count = n;
        return DONE;
}

bool message_find_near_caps(struct thread *from, struct thread *to, struct message_caps *m)
{
        const word *source = thread_buffer_readable(from), *dest = thread_buffer_writable(to);
        struct cap cspace = from->slot[TCB_CSPACE].cap, wanted = to->slot[TCB_CSPACE].cap;
        word n = info_caps(from->context.x[REG_INFO]);

        if (!source || !dest || !lookup_is_near(wanted, dest[BUFFER_RECEIVE_CNODE]))
                return false;
        for (word i = 0; i < n; i++) {
                if (!lookup_is_near(cspace, source[BUFFER_CAPS + i]))
                        return false;
                m->cap[i] = lookup_near(cspace, source[BUFFER_CAPS + i]);
        }
        struct slot *place = lookup_here(lookup_near(wanted, dest[BUFFER_RECEIVE_CNODE])->cap,
                                         dest[BUFFER_RECEIVE_INDEX], dest[BUFFER_RECEIVE_DEPTH]);
        m->place = place && slot_is_empty(place) ? place : NULL;
        m->count = n;
        return place != NULL;
}

/* A cap to the endpoint that the message went through is sent as its badge only. */
static inline bool is_unwrapped(struct cap c, const void *endpoint)
{
        return cap_kind(c) == CAP_ENDPOINT && cap_object(c) == endpoint;
}

/* In steps with transfer_caps. */
__attribute__((cold)) void message_foresee(struct thread *to, const void *endpoint,
                                           const struct message_caps *m, struct message_effect *effect)
{
        struct refusal why;

        effect->buffer = thread_buffer_writable(to);
        for (word i = 0; i < m->count; i++) {
                struct cap c = m->cap[i]->cap;

                if (is_unwrapped(c, endpoint)) {
                        effect->badge[i] = cap_badge(c);
                        effect->unwrapped |= bit(i);
                } else {
                        if (!m->place || effect->placed.slot ||
                            cap_derive(m->cap[i], c, &effect->placed.cap, &why) != DONE)
                                return;
                        effect->placed.slot = m->place;
                }
        }
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

/* Move the caps; returns the capsUnwrapped and extraCaps fields of the receiver's message info. */
static word transfer_caps(const struct message_caps *m, word *dest, const void *endpoint)
{
        struct slot *place = m->place;
        word unwrapped = 0, i;

        for (i = 0; i < m->count; i++) {
                struct cap c = m->cap[i]->cap;

                if (is_unwrapped(c, endpoint)) {
                        dest[BUFFER_CAPS + i] = cap_badge(c);
                        unwrapped |= bit(i);
                } else if (!place_cap(m->cap[i], &place)) {
                        break;
                }
        }
        return info_make(0, unwrapped, i, 0);
}

/* The words of a message longer than the registers. */
static __attribute__((noinline)) void move_words(const struct thread *from, struct thread *to,
                                                 const word *source, word *dest, word length)
{
        message_move_registers(from, to, MESSAGE_REGISTERS);
        message_copy_words(source + BUFFER_MESSAGE + MESSAGE_REGISTERS,
                           dest + BUFFER_MESSAGE + MESSAGE_REGISTERS, length - MESSAGE_REGISTERS);
}

void message_transfer(struct thread *from, struct thread *to, const void *endpoint, word badge,
                      const struct message_caps *caps)
{
        word info = from->context.x[REG_INFO], length = info_length(info), moved = 0;

        const word *source = NULL;
        word *dest = NULL;

        if (length > MESSAGE_REGISTERS) {
                source = thread_buffer_readable(from);
                dest = thread_buffer_writable(to);
        }
        if (source && dest) {
                move_words(from, to, source, dest, length);
        } else {
                length = min_word(length, MESSAGE_REGISTERS);
                message_move_registers(from, to, length);
        }
        if (caps && caps->count > 0)
                moved = transfer_caps(caps, thread_buffer_writable(to), endpoint);
        message_announce(to, badge, info_make(info_label(info), 0, 0, length) | moved);
}

void message_transfer_words(struct thread *from, struct thread *to, word badge)
{
        word info = from->context.x[REG_INFO], length = info_length(info);

        if (length <= MESSAGE_REGISTERS || !thread_knows_buffer(from) || !thread_knows_buffer(to)) {
                message_transfer(from, to, NULL, badge, NULL);
                return;
        }
        message_announce(to, badge, info_make(info_label(info), 0, 0, length));
        move_words(from, to, from->buffer, to->buffer, length);
}
