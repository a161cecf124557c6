/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending and receiving: the calls.  Bytes go straight between pages of the process and the stream of the socket, at most a stream full
 * at a time; send.c and receive.c do it. */
#include "base/text.h"
#include "os/calls/linux/sockets/message.h"
#include "os/core/pace.h"

/* As Linux has it in memory. */
struct header {
        seL4_Word name;
        uint32_t name_bytes, pad;
        seL4_Word vectors, count, control, control_bytes;
        uint32_t flags, pad2;
};
_Static_assert(sizeof(struct header) == 56, "as programs know it");

/* Some of the vectors at a time, from the first on. */
enum { SOME = 32 };

struct vectors {
        seL4_Word piece[SOME][2];
};

static bool vector(struct process *p, const struct message *m, seL4_Word i, struct vectors *v)
{
        seL4_Word left = m->count - i;

        if (!m->count) {
                v->piece[0][0] = m->at;
                v->piece[0][1] = m->bytes;
                return true;
        }
        return i % SOME || space_read(p->space, m->vectors + i * sizeof(v->piece[0]), v->piece,
                                      (left < SOME ? left : SOME) * sizeof(v->piece[0]));
}

long message_bytes(struct process *p, const struct message *m)
{
        struct vectors v;
        seL4_Word sum = 0;

        if (m->count > POSIX_VECTORS_MAX)
                return -SOS_EMSGSIZE;
        for (seL4_Word i = 0; i < (m->count ? m->count : 1); i++) {
                seL4_Word bytes;

                if (!vector(p, m, i, &v))
                        return -SOS_EFAULT;
                bytes = v.piece[i % SOME][1];
                if (bytes > INT32_MAX || sum + bytes > INT32_MAX)
                        return -SOS_EINVAL;
                sum += bytes;
        }
        return (long)sum;
}

/* The part of one piece of the memory. */
static bool copy_piece(struct process *p, seL4_Word va, struct ring *ring, uint32_t ahead, seL4_Word bytes)
{
        while (bytes > 0) {
                seL4_Word part = PAGE - va % PAGE;
                void *data;

                part = part < bytes ? part : bytes;
                if (space_touch(p->space, va, ring->writes ? SPACE_READ : SPACE_WRITE, &data) != SPACE_OK)
                        return false;
                if (!(ring->writes ? ring_put_at(ring, ahead, data, (uint32_t)part)
                                   : ring_get_at(ring, ahead, data, (uint32_t)part)))
                        return false;
                va += part;
                ahead += (uint32_t)part;
                bytes -= part;
        }
        return true;
}

/* A piece of the server's own memory. */
static long copy_own(const struct message *m, seL4_Word from, struct ring *ring, uint32_t ahead,
                     seL4_Word bytes)
{
        char *own = m->own + (from - m->own_from);
        bool good = ring->writes ? ring_put_at(ring, ahead, own, (uint32_t)bytes)
                                 : ring_get_at(ring, ahead, own, (uint32_t)bytes);

        return good ? (long)bytes : -SOS_EFAULT;
}

long message_copy(struct process *p, const struct message *m, seL4_Word from, struct ring *ring,
                  uint32_t ahead, seL4_Word bytes)
{
        struct vectors v;
        seL4_Word done = 0;

        if (m->own)
                return copy_own(m, from, ring, ahead, bytes);
        for (seL4_Word i = 0; done < bytes && !(done && pace_is_over()); i++) {
                const seL4_Word *piece = v.piece[i % SOME];
                seL4_Word part;

                if (i >= (m->count ? m->count : 1) ||
                    !vector(p, m, i, &v)) /* they may have changed meanwhile */
                        return -SOS_EFAULT;
                part = from < piece[1] ? piece[1] - from : 0;
                part = part < bytes - done ? part : bytes - done;
                if (!copy_piece(p, piece[0] + from, ring, ahead + (uint32_t)done, part))
                        return -SOS_EFAULT;
                done += part;
                from -= from < piece[1] ? from : piece[1];
        }
        return (long)done;
}

long message_copy_whole(struct process *p, const struct message *m, struct ring *ring, uint32_t ahead,
                        seL4_Word bytes)
{
        struct call *c = &p->call;
        long n;

        if (c->place != ring->position + 1ull) {
                c->place = ring->position + 1ull;
                c->vector_start = 0;
        }
        n = message_copy(p, m, c->vector_start, ring, ahead + (uint32_t)c->vector_start,
                         bytes - c->vector_start);
        if (n < 0)
                return n;
        c->vector_start += (seL4_Word)n;
        if (c->vector_start < bytes)
                return call_pauses(p);
        c->place = 0;
        return (long)bytes;
}

static bool begin(struct process *p, struct message *m, long *error)
{
        *m = (struct message){0};
        m->s = posix_socket_of(p, p->call.argument[0], &m->f, error);
        return m->s;
}

long posix_sendto(struct process *p)
{
        struct message m;
        long error;

        if (!begin(p, &m, &error))
                return error;
        m.at = p->call.argument[1];
        m.bytes = p->call.argument[2];
        m.flags = p->call.argument[3];
        m.name = p->call.argument[4];
        m.name_bytes = p->call.argument[5];
        return message_send(p, &m);
}

long posix_recvfrom(struct process *p)
{
        struct socket_name from;
        struct message m;
        uint32_t told;
        long result;

        if (!begin(p, &m, &result))
                return result;
        m.at = p->call.argument[1];
        m.bytes = p->call.argument[2];
        m.flags = p->call.argument[3];
        result = message_receive(p, &m, &from, &told);
        if (result >= 0 && p->call.argument[4] && from.family) {
                long error = posix_write_name(p, m.s, &from, p->call.argument[4], p->call.argument[5]);

                result = error ? error : result;
        }
        return result;
}

/* read and write, readv and writev */
long posix_move_socket(struct process *p, struct file *f, bool write, bool vectors)
{
        struct message m = {.s = f->socket, .f = f};
        struct socket_name from;
        uint32_t told;

        if (vectors && p->call.argument[2] == 0)
                return 0;
        m.vectors = p->call.argument[1];
        m.count = vectors ? p->call.argument[2] : 0;
        m.at = p->call.argument[1];
        m.bytes = p->call.argument[2];
        return write ? message_send(p, &m) : message_receive(p, &m, &from, &told);
}

static bool read_header(struct process *p, seL4_Word va, struct message *m, struct header *h)
{
        if (!space_read(p->space, va, h, sizeof(*h)))
                return false;
        m->vectors = h->vectors;
        m->count = h->count;
        m->at = m->bytes = 0;
        m->name = h->name;
        m->name_bytes = h->name_bytes;
        return true;
}

static long send_header(struct process *p, struct message *m, seL4_Word va)
{
        struct header h;

        if (!read_header(p, va, m, &h))
                return -SOS_EFAULT;
        return h.control_bytes ? -SOS_EOPNOTSUPP : message_send(p, m); /* descriptors are not passed on */
}

long posix_sendmsg(struct process *p)
{
        struct message m;
        long error;

        if (!begin(p, &m, &error))
                return error;
        m.flags = p->call.argument[2];
        return send_header(p, &m, p->call.argument[1]);
}

static long receive_header(struct process *p, struct message *m, seL4_Word va)
{
        struct socket_name from;
        struct header h;
        uint32_t told;
        long result, error = 0;

        if (!read_header(p, va, m, &h))
                return -SOS_EFAULT;
        result = message_receive(p, m, &from, &told);
        if (result < 0)
                return result;
        if (h.name && from.family)
                error = posix_write_name(p, m->s, &from, h.name, va + offsetof(struct header, name_bytes));
        else if (!space_write(p->space, va + offsetof(struct header, name_bytes), &(uint32_t){0},
                              sizeof(uint32_t)))
                error = -SOS_EFAULT;
        h.control_bytes = 0;
        if (!space_write(p->space, va + offsetof(struct header, control_bytes), &h.control_bytes,
                         sizeof(h.control_bytes)) ||
            !space_write(p->space, va + offsetof(struct header, flags), &told, sizeof(told)))
                error = -SOS_EFAULT;
        return error ? error : result;
}

long posix_recvmsg(struct process *p)
{
        struct message m;
        long error;

        if (!begin(p, &m, &error))
                return error;
        m.flags = p->call.argument[2];
        return receive_header(p, &m, p->call.argument[1]);
}

/* The one at `va`: 0, or as it says. */
static long one_of_many(struct process *p, struct message *m, seL4_Word va, bool send)
{
        uint32_t length;
        void *place;
        long n;

        if (space_touch(p->space, va + sizeof(struct header), SPACE_WRITE, &place) != SPACE_OK)
                return -SOS_EFAULT; /* now, since the message cannot move twice */
        m->flags = p->call.argument[3] | (p->call.vector ? MSG_DONTWAIT : 0);
        n = send ? send_header(p, m, va) : receive_header(p, m, va);
        if (n < 0)
                return n;
        length = (uint32_t)n;
        p->call.progress = 0;
        return space_write(p->space, va + sizeof(struct header), &length, sizeof(length)) ? 0 : -SOS_EFAULT;
}

/* Several: as many as go without waiting, but the first one.  In pieces: p->call.vector of them are
 * done. */
static long many(struct process *p, bool send)
{
        enum { STEP = sizeof(struct header) + 8 };
        seL4_Word count = p->call.argument[2] < MESSAGES_MAX ? p->call.argument[2] : MESSAGES_MAX;
        struct message m;
        long error;

        if (!begin(p, &m, &error))
                return error;
        while (p->call.vector < count) {
                long n = one_of_many(p, &m, p->call.argument[1] + p->call.vector * STEP, send);

                if (n == CALL_NO_VALUE)
                        return n;
                if (n < 0)
                        return p->call.vector && !call_awaits(n) ? (long)p->call.vector : n;
                p->call.vector++;
                if (p->call.vector < count && pace_is_over())
                        return call_pauses(p);
        }
        return (long)p->call.vector;
}

long posix_sendmmsg(struct process *p)
{
        return many(p, true);
}

long posix_recvmmsg(struct process *p)
{
        return many(p, false);
}
