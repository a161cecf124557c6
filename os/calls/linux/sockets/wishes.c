/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of sockets that are told back as they were set, as on Linux, and change nothing here: how a packet is to be treated on its way is
 * for others to decide, errors of datagrams come back in any case, no data is urgent, and buffers have the size that they have. */
#include "os/calls/linux/sockets/locals.h"

enum { SOL_SOCKET = 1, LEVEL_IP = 0 };
enum { SEND_BYTES = 7, RECEIVE_BYTES = 8, SEND_FORCED = 32, RECEIVE_FORCED = 33 };
enum { FLAG, NUMBER, BYTE, KIND };

static const struct wish {
        uint8_t level, name, form, first;
} wishes[] = {
        {SOL_SOCKET, 1, FLAG, 0},    /* SO_DEBUG */
        {SOL_SOCKET, 10, FLAG, 0},   /* SO_OOBINLINE */
        {SOL_SOCKET, 11, FLAG, 0},   /* SO_NO_CHECK */
        {SOL_SOCKET, 12, NUMBER, 0}, /* SO_PRIORITY */
        {SOL_SOCKET, 36, NUMBER, 0}, /* SO_MARK */
        {LEVEL_IP, 1, BYTE, 0},      /* IP_TOS */
        {LEVEL_IP, 10, KIND, 1},     /* IP_MTU_DISCOVER */
        {LEVEL_IP, 11, FLAG, 0},     /* IP_RECVERR */
};
_Static_assert(sizeof(wishes) / sizeof(*wishes) == SOCKET_WISHES, "each has a place");

static const struct wish *find(const struct socket *s, seL4_Word level, seL4_Word name)
{
        if (level == LEVEL_IP && s->family != 4 && s->family != 6)
                return NULL;
        for (const struct wish *w = wishes; w < wishes + SOCKET_WISHES; w++) {
                if (w->level == level && w->name == name)
                        return w;
        }
        return NULL;
}

static bool is_size(seL4_Word level, seL4_Word name)
{
        return level == SOL_SOCKET &&
               (name == SEND_BYTES || name == RECEIVE_BYTES || name == SEND_FORCED || name == RECEIVE_FORCED);
}

bool posix_is_wish(const struct socket *s, seL4_Word level, seL4_Word name)
{
        return is_size(level, name) || find(s, level, name);
}

/* Twice what is asked for, within bounds, as Linux counts it. */
static long set_size(const struct process *p, struct socket *s, seL4_Word name, int32_t value)
{
        enum { MOST = 212992, LEAST_SENT = 4608, LEAST_RECEIVED = 2304 };
        bool sent = name == SEND_BYTES || name == SEND_FORCED;
        uint32_t least = sent ? LEAST_SENT : LEAST_RECEIVED, size = (uint32_t)value;

        if (name == SEND_FORCED || name == RECEIVE_FORCED) {
                if (!user_can(&p->user, CAPABLE_NETWORK))
                        return -SOS_EPERM;
                size = value < 0 ? 0 : value > INT32_MAX / 2 ? INT32_MAX / 2 : (uint32_t)value;
        } else {
                size = size < MOST ? size : MOST;
        }
        s->sizes[sent] = 2 * size < least ? least : 2 * size;
        return 0;
}

/* What somebody may wish for who may not rule the network. */
static long may_wish(const struct process *p, const struct wish *w, int32_t value)
{
        enum { DEBUG = 0, PRIORITY = 3, MARK = 4, PRIORITY_MOST = 6, KIND_MOST = 5 };
        unsigned number = (unsigned)(w - wishes);

        if (w->form == KIND && (value < 0 || value > KIND_MOST))
                return -SOS_EINVAL;
        if (user_can(&p->user, CAPABLE_NETWORK))
                return 0;
        if (number == DEBUG && value)
                return -SOS_EACCES;
        return number == MARK || (number == PRIORITY && (value < 0 || value > PRIORITY_MOST)) ? -SOS_EPERM
                                                                                              : 0;
}

/* The lowest bits of this byte belong to TCP itself. */
static uint32_t as_kept(const struct socket *s, const struct wish *w, int32_t value)
{
        if (w->form == FLAG)
                return value != 0;
        return w->form != BYTE ? (uint32_t)value
                               : (uint32_t)value & (s->kind == SOCKET_STREAMING ? 0xfc : 0xff);
}

long posix_set_wish(struct process *p, struct socket *s, seL4_Word level, seL4_Word name)
{
        const struct wish *w = find(s, level, name);
        int32_t value;
        long error = posix_option_number(p, &value);

        if (error)
                return error;
        if (!w)
                return set_size(p, s, name, value);
        error = may_wish(p, w, value);
        if (!error) {
                s->wish[w - wishes] = as_kept(s, w, value);
                s->wished |= (uint8_t)(1u << (w - wishes));
        }
        return error;
}

long posix_wish(const struct socket *s, seL4_Word level, seL4_Word name)
{
        enum { USUAL = 212992, STREAM_SENT = 16384, STREAM_RECEIVED = 131072 };
        const struct wish *w = find(s, level, name);
        bool sent = name == SEND_BYTES, stream = s->kind == SOCKET_STREAMING && s->family != LOCAL;

        if (w)
                return s->wished >> (w - wishes) & 1 ? (long)s->wish[w - wishes] : w->first;
        if (name == SEND_FORCED || name == RECEIVE_FORCED)
                return -SOS_ENOPROTOOPT;
        if (s->sizes[sent])
                return (long)s->sizes[sent];
        return !stream ? USUAL : sent ? STREAM_SENT : STREAM_RECEIVED;
}
