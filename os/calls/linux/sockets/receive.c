/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving.  A read that has moved something ends, unless MSG_WAITALL is set; the rest of a datagram is dropped. */
#include "os/calls/linux/sockets/locals.h"
#include "os/memory/swap.h"

/* The result if nothing has come: the end, an error, or waiting. */
static long nothing_came(struct process *p, const struct message *m)
{
        struct socket *s = m->s;
        int error = socket_error(s, true);

        if (error)
                return -error;
        if (s->kind == SOCKET_STREAMING && !s->peer.family && !s->shut_in)
                return -SOS_ENOTCONN;
        if (socket_at_end(s))
                return 0;
        return message_may_wait(m) ? posix_wait_for(p, &s->changed, s->receive_us) : -SOS_EAGAIN;
}

/* A signal ends the wait for the rest: what has come is the answer. */
long message_enough(struct process *p, const struct message *m, seL4_Word done, seL4_Word bytes)
{
        if (!(m->flags & MSG_WAITALL) || done == bytes || socket_at_end(m->s) || !message_may_wait(m))
                return (long)done;
        p->call.progress = done;
        if (socket_ready(m->s, 1) > 0)
                return call_pauses(p);
        return posix_wait_for(p, &m->s->changed, m->s->receive_us);
}

bool message_is_enough(const struct message *m)
{
        return !(m->flags & MSG_WAITALL) || socket_at_end(m->s) || socket_error(m->s, false);
}

static long receive_bytes(struct process *p, const struct message *m, seL4_Word bytes)
{
        struct socket *s = m->s;
        seL4_Word done = p->call.progress, ready = socket_ready(s, 1), part = bytes - done;
        long n;

        if (bytes == 0)
                return 0;
        part = part < ready ? part : ready;
        if (part == 0)
                return done && message_is_enough(m) ? (long)done : nothing_came(p, m);
        n = message_copy(p, m, done, &s->rx, 0, part);
        if (n < 0)
                return done && !swap_awaited() ? (long)done : n;
        if (m->flags & MSG_PEEK)
                return n;
        ring_move(&s->rx, (uint32_t)n);
        socket_took(s);
        if ((seL4_Word)n == part)
                return message_enough(p, m, done + part, bytes);
        p->call.progress = done + (seL4_Word)n;
        return call_pauses(p);
}

/* The whole length goes to *length when the caller wants to know. */
static long receive_datagram(struct process *p, const struct message *m, seL4_Word room,
                             struct socket_name *from, uint32_t *told)
{
        struct socket *s = m->s;
        uint32_t ready = socket_ready(s, sizeof(struct socket_datagram));
        struct socket_datagram d;
        seL4_Word part;
        long n;

        if (ready < sizeof(d))
                return nothing_came(p, m);
        ring_get_at(&s->rx, 0, &d, sizeof(d));
        if (d.bytes > ready - sizeof(d)) { /* datagrams are put in whole: the other side lies */
                s->rx.broken = true;
                return -SOS_EIO;
        }
        part = room < d.bytes ? room : d.bytes;
        n = message_copy_whole(p, m, &s->rx, sizeof(d), part);
        if (n != (long)part)
                return n;
        *from = d.name;
        *told = part < d.bytes ? MSG_TRUNC : 0;
        if (!(m->flags & MSG_PEEK)) {
                ring_move(&s->rx, (uint32_t)sizeof(d) + d.bytes);
                socket_took(s);
        }
        return m->flags & MSG_TRUNC ? (long)d.bytes : (long)part;
}

static long receive_local(struct process *p, const struct message *m, uint32_t *told)
{
        struct arrived arrived;
        long n = local_receive(p, m, &arrived);

        *told = arrived.told;
        local_taken(m->s, &arrived);
        return n;
}

/* `told` gets flags for the caller. */
long message_receive(struct process *p, const struct message *m, struct socket_name *from, uint32_t *told)
{
        long bytes = message_bytes(p, m);

        *told = 0;
        *from = (struct socket_name){0};
        if (m->s->family == LOCAL)
                return receive_local(p, m, told);
        if (bytes < 0)
                return bytes;
        if (m->flags & ~(seL4_Word)MSG_RECEIVING)
                return -SOS_EOPNOTSUPP;
        if (m->s->listens)
                return -SOS_ENOTCONN;
        if (m->s->kind != SOCKET_STREAMING)
                return receive_datagram(p, m, (seL4_Word)bytes, from, told);
        return receive_bytes(p, m, (seL4_Word)bytes);
}
