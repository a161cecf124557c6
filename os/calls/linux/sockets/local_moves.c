/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending and receiving between processes.  Bytes go into the stream of whoever receives, and from there to the memory of the program;
 * open files go along in parcels (os/net/parcel.h), which are made and taken in the same step as the bytes are. */
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"
#include "os/calls/linux/sockets/netlink.h"
#include "os/memory/swap.h"

/* --- sending --- */

static const struct control nothing;

/* Does the receiver want to know who sends, or the sender that it does? */
static struct sender sender(const struct process *p, const struct message *m, const struct socket *to)
{
        if (!m->s->passes && !to->passes)
                return (struct sender){0};
        if (m->with && m->with->by.pid)
                return m->with->by;
        return (struct sender){p->leader->pid, p->user.user[USER_REAL], p->user.group[USER_REAL]};
}

static long cannot_send(struct process *p, const struct message *m)
{
        struct socket *s = m->s;
        int error = socket_error(s, true);

        if (error)
                return -error;
        if (s->shut_out || s->parted || (s->other && s->other->shut_in))
                return message_broken_pipe(p, m);
        return s->other ? 0 : -SOS_ENOTCONN;
}

/* What has room; 0: nothing was moved, or -SOS_E*. */
static long send_some(struct process *p, const struct message *m, seL4_Word bytes)
{
        struct socket *to = m->s->other;
        struct ring *in = &to->in;
        seL4_Word done = p->call.progress, part = bytes - done, room = ring_ready(in);
        uint32_t start = in->position;
        const struct control *with = done || !m->with ? &nothing : m->with;
        struct sender by = sender(p, m, to);
        long n;

        n = message_copy(p, m, done, in, 0, part < room ? part : room);
        if (n <= 0)
                return n;
        if ((with->count || by.pid) &&
            !parcel_add(to, start, start + (uint32_t)n, &by, with->file, with->count))
                return -SOS_ETOOMANYREFS;
        ring_move(in, (uint32_t)n);
        p->call.progress += (seL4_Word)n;
        local_moved(m->s);
        return n;
}

/* Where a message goes: 0, or -SOS_E*. */
static long find_receiver(struct process *p, const struct message *m, struct socket **to)
{
        struct socket *s = m->s;
        int error = socket_error(s, true);
        long why;

        *to = s->other;
        if (m->name && s->protocol == LOCAL_DATAGRAM) {
                why = posix_local_find(p, m->name, m->name_bytes, to);
                if (why)
                        return why;
        }
        if (error)
                return -error;
        if (s->shut_out || s->parted)
                return -SOS_EPIPE;
        return s->protocol == LOCAL_DATAGRAM ? local_refuses(s, *to)
               : !*to                        ? -SOS_ENOTCONN
               : (*to)->shut_in              ? -SOS_EPIPE
                                             : 0;
}

static long send_message(struct process *p, const struct message *m, seL4_Word bytes)
{
        struct local_message head = {.bytes = (uint32_t)bytes, .from = m->s->name};
        struct socket *to;
        uint32_t start;
        long error = find_receiver(p, m, &to);

        if (error)
                return error;
        if (bytes > LOCAL_MESSAGE_MAX)
                return -SOS_EMSGSIZE;
        if (ring_ready(&to->in) < sizeof(head) + bytes)
                return message_may_wait(m) ? posix_wait_for(p, &to->changed, m->s->send_us) : -SOS_EAGAIN;
        head.by = sender(p, m, to);
        start = to->in.position;
        error = message_put(p, m, &to->in, sizeof(head), bytes);
        if (error != (long)bytes)
                return error;
        if (m->with && m->with->count &&
            !parcel_add(to, start, start + (uint32_t)sizeof(head), &head.by, m->with->file, m->with->count))
                return -SOS_ETOOMANYREFS;
        ring_put_at(&to->in, 0, &head, sizeof(head));
        ring_move(&to->in, (uint32_t)(sizeof(head) + bytes));
        local_moved(to);
        return (long)bytes;
}

long local_send(struct process *p, const struct message *m)
{
        static const struct message_stream stream = {cannot_send, send_some, LOCAL_BYTES / PAGE};
        long bytes = message_bytes(p, m);

        if (bytes < 0)
                return bytes;
        if (m->flags & ~(seL4_Word)MSG_SENDING)
                return -SOS_EOPNOTSUPP;
        if (m->s->netlink.type)
                return posix_netlink_send(p, m, (seL4_Word)bytes);
        if (m->s->kind != SOCKET_STREAMING)
                return send_message(p, m, (seL4_Word)bytes);
        if (m->name && m->name_bytes)
                return m->s->other ? -SOS_EISCONN : -SOS_EOPNOTSUPP;
        return message_send_stream(p, m, (seL4_Word)bytes, &stream);
}

/* --- receiving --- */

/* The result if nothing has come: the end, an error, or waiting. */
static long nothing_came(struct process *p, const struct message *m)
{
        struct socket *s = m->s;
        int error = socket_error(s, true);

        if (error)
                return -error;
        if (s->protocol != LOCAL_DATAGRAM && !s->other && !s->parted)
                return s->kind == SOCKET_STREAMING ? -SOS_EINVAL : -SOS_ENOTCONN;
        if (socket_at_end(s))
                return 0;
        return message_may_wait(m) ? posix_wait_for(p, &s->changed, s->receive_us) : -SOS_EAGAIN;
}

static bool before(uint32_t a, uint32_t b)
{
        return (int32_t)(a - b) < 0;
}

/* Where what one process has sent ends, if that is to be known. */
static uint32_t sent_by_one(const struct socket *s, uint32_t from, uint32_t end)
{
        const struct parcel *first = s->passes ? parcel_before(s, end) : NULL,
                            *next = first ? first->next : NULL;

        if (!first)
                return end;
        if (before(from, first->start))
                return first->start;
        return before(first->end, end) &&
                               !(next && next->start == first->end && next->by.pid == first->by.pid)
                       ? first->end
                       : end;
}

/* How far one read goes: to the end of what came with files, and not into what another process has sent. */
static uint32_t read_up_to(const struct socket *s, uint32_t from, uint32_t end)
{
        const struct parcel *first;

        end = sent_by_one(s, from, end);
        first = parcel_before(s, end);
        while (first && !first->files)
                first = first->next;
        return first && before(first->end, end) ? first->end : end;
}

/* The first parcel with files that begins before `end`; those without go. */
static void look_at_parcels(struct socket *s, uint32_t end, struct arrived *arrived)
{
        struct parcel *first = parcel_before(s, end);

        if (first)
                arrived->by = first->by;
        while (first && !first->files && !before(end, first->end) && !arrived->kept) {
                parcel_drop(s);
                first = parcel_before(s, end);
        }
        while (first && !first->files)
                first = first->next && before(first->next->start, end) ? first->next : NULL;
        arrived->parcel = first;
}

/* Of `part` bytes, which one read takes of those that are there, `n` were copied: they have been read.  What has come with them is given to
 * the call now, so it ends; or it ends with that part. */
static long received(struct process *p, const struct message *m, const struct arrived *arrived, seL4_Word n,
                     seL4_Word part, bool ends, seL4_Word bytes)
{
        seL4_Word done = p->call.progress + n;

        ring_move(&m->s->rx, (uint32_t)n);
        local_moved(m->s);
        if (arrived->parcel || (n == part && ends))
                return (long)done;
        if (n == part)
                return message_enough(p, m, done, bytes);
        p->call.progress = done;
        return call_pauses(p);
}

static long receive_bytes(struct process *p, const struct message *m, seL4_Word bytes,
                          struct arrived *arrived)
{
        struct socket *s = m->s;
        seL4_Word done = p->call.progress, ready = ring_ready(&s->rx), part;
        uint32_t from = s->rx.position;
        long n;

        if (bytes == 0)
                return 0;
        ready = bytes - done < ready ? bytes - done : ready;
        part = ready ? read_up_to(s, from, from + (uint32_t)ready) - from : 0;
        if (part == 0)
                return done && message_is_enough(m) ? (long)done : nothing_came(p, m);
        n = message_copy(p, m, done, &s->rx, 0, part);
        if (n < 0)
                return done && !swap_awaited() ? (long)done : n;
        look_at_parcels(s, from + (uint32_t)n, arrived);
        if (arrived->kept)
                return n;
        return received(p, m, arrived, (seL4_Word)n, part, part < ready, bytes);
}

static long receive_message(struct process *p, const struct message *m, seL4_Word room,
                            struct arrived *arrived)
{
        struct socket *s = m->s;
        struct local_message head;
        seL4_Word part;
        long n;

        if (ring_ready(&s->rx) < sizeof(head))
                return nothing_came(p, m);
        ring_get_at(&s->rx, 0, &head, sizeof(head));
        part = room < head.bytes ? room : head.bytes;
        n = message_copy_whole(p, m, &s->rx, sizeof(head), part);
        if (n != (long)part)
                return n;
        arrived->from = head.from;
        arrived->told = part < head.bytes ? MSG_TRUNC : 0;
        arrived->parcel = parcel_before(s, s->rx.position + 1);
        arrived->by = head.by;
        if (!arrived->kept) {
                ring_move(&s->rx, (uint32_t)sizeof(head) + head.bytes);
                local_moved(s);
        }
        return m->flags & MSG_TRUNC ? (long)head.bytes : (long)part;
}

long local_receive(struct process *p, const struct message *m, struct arrived *arrived)
{
        long bytes = message_bytes(p, m);

        *arrived = (struct arrived){.kept = m->flags & MSG_PEEK};
        if (bytes < 0)
                return bytes;
        if (m->flags & ~(seL4_Word)MSG_RECEIVING)
                return -SOS_EOPNOTSUPP;
        if (m->s->listens)
                return m->s->kind == SOCKET_STREAMING ? -SOS_EINVAL : -SOS_ENOTCONN;
        if (m->s->kind != SOCKET_STREAMING)
                return receive_message(p, m, (seL4_Word)bytes, arrived);
        return receive_bytes(p, m, (seL4_Word)bytes, arrived);
}

void local_taken(struct socket *s, const struct arrived *arrived)
{
        if (arrived->parcel && !arrived->kept)
                parcel_deliver(s);
}

uint32_t local_bytes_there(struct socket *s)
{
        uint32_t ready = ring_ready(&s->rx);
        struct local_message head;

        if (s->kind == SOCKET_STREAMING || ready < sizeof(head))
                return ready;
        ring_get_at(&s->rx, 0, &head, sizeof(head));
        return head.bytes;
}
