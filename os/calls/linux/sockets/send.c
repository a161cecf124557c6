/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending.  On a connection it goes on until everything is in the stream, unless it must not wait, or a signal comes: then the
 * call says how much was sent.  A datagram becomes known to the other side when all of it has been written. */
#include "os/calls/linux/sockets/locals.h"
#include "os/memory/swap.h"
#include "os/process/signals/signal.h"

long message_broken_pipe(struct process *p, const struct message *m)
{
        if (p->kind.foreign && !(m->flags & MSG_NOSIGNAL))
                signal_send(p, SIGNAL_PIPE);
        return -SOS_EPIPE;
}

/* Why nothing can be sent; 0: it can, or will. */
static long cannot_send(struct process *p, const struct message *m)
{
        struct socket *s = m->s;
        int error = socket_error(s, true);
        uint32_t flags = socket_status(s).flags;

        if (error)
                return -error;
        if (s->shut_out || flags & SOCKET_GONE || s->tx.broken)
                return message_broken_pipe(p, m);
        if (s->kind == SOCKET_STREAMING && !(flags & SOCKET_CONNECTED) && !s->connecting && !s->peer.family)
                return message_broken_pipe(p, m);
        return 0;
}

/* What has room; 0: nothing was moved, or -SOS_EFAULT. */
static long send_some(struct process *p, const struct message *m, seL4_Word bytes)
{
        struct socket *s = m->s;
        seL4_Word done = p->call.progress, part = bytes - done;
        seL4_Word room = socket_status(s).flags & SOCKET_CONNECTED ? socket_room(s, 1) : 0;

        long n;

        part = part < room ? part : room;
        n = message_copy(p, m, done, &s->tx, 0, part);
        if (n <= 0)
                return n;
        ring_move(&s->tx, (uint32_t)n);
        p->call.progress += (seL4_Word)n;
        socket_put(s);
        return n;
}

static long wait_for_room(struct process *p, const struct message *m)
{
        long n = -SOS_EAGAIN;

        if (message_may_wait(m))
                n = posix_wait_for(p, &m->s->changed, m->s->send_us);
        return n == -SOS_EAGAIN && p->call.progress ? (long)p->call.progress : n;
}

long message_send_stream(struct process *p, const struct message *m, seL4_Word bytes,
                         const struct message_stream *stream)
{
        for (;;) {
                long n = stream->refuses(p, m);

                if (n == 0 && p->call.progress < bytes)
                        n = stream->send_some(p, m, bytes);
                if (n < 0)
                        return p->call.progress && !swap_awaited() ? (long)p->call.progress : n;
                if (p->call.progress >= bytes)
                        return (long)bytes;
                if (n == 0)
                        return wait_for_room(p, m);
                if (!call_goes_on(p, stream->pages))
                        return CALL_NO_VALUE;
        }
}

static long send_datagram(struct process *p, const struct message *m, seL4_Word bytes)
{
        struct socket_datagram d = {.bytes = (uint32_t)bytes};
        struct socket *s = m->s;
        long error = m->name ? posix_read_name(p, s, m->name, m->name_bytes, &d.name) : cannot_send(p, m);

        if (error)
                return error;
        posix_to_here(&d.name);
        if (bytes > SOCKET_DATAGRAM_MAX)
                return -SOS_EMSGSIZE;
        if (!d.name.family && !s->peer.family)
                return -SOS_EDESTADDRREQ;
        if (socket_room(s, (uint32_t)(sizeof(d) + bytes)) < sizeof(d) + bytes)
                return message_may_wait(m) ? posix_wait_for(p, &s->changed, s->send_us) : -SOS_EAGAIN;
        error = message_put(p, m, &s->tx, sizeof(d), bytes);
        if (error != (long)bytes)
                return error;
        ring_put_at(&s->tx, 0, &d, sizeof(d));
        ring_move(&s->tx, (uint32_t)(sizeof(d) + bytes));
        socket_put(s);
        return (long)bytes;
}

long message_send(struct process *p, const struct message *m)
{
        static const struct message_stream stream = {cannot_send, send_some, SOCKET_STREAM / PAGE};
        long bytes = message_bytes(p, m);

        if (m->s->family == LOCAL)
                return local_send(p, m);
        if (bytes < 0)
                return bytes;
        if (m->flags & ~(seL4_Word)MSG_SENDING)
                return -SOS_EOPNOTSUPP;
        if (m->s->kind != SOCKET_STREAMING)
                return send_datagram(p, m, (seL4_Word)bytes);
        return message_send_stream(p, m, (seL4_Word)bytes, &stream);
}
