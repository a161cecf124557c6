/* SPDX-License-Identifier: BSD-2-Clause */
/* Sending and receiving: the calls.  Bytes go straight between pages of the process and the stream of the socket, at most a stream full
 * at a time; send.c and receive.c do it. */
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"
#include "os/calls/linux/sockets/netlink.h"
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

bool message_copy_piece(struct process *p, seL4_Word va, struct ring *ring, uint32_t ahead, seL4_Word bytes,
                        message_page *page)
{
        enum space_access access = ring->writes ? SPACE_READ : SPACE_WRITE;

        while (bytes > 0) {
                seL4_Word part = PAGE - va % PAGE;
                void *data = page(p->space, va, access);

                part = part < bytes ? part : bytes;
                if (!data || !(ring->writes ? ring_put_at(ring, ahead, data, (uint32_t)part)
                                            : ring_get_at(ring, ahead, data, (uint32_t)part)))
                        return false;
                va += part;
                ahead += (uint32_t)part;
                bytes -= part;
        }
        return true;
}

static void *touched(struct space *s, seL4_Word va, enum space_access access)
{
        void *data;

        return space_touch(s, va, access, &data) == SPACE_OK ? data : NULL;
}

/* A piece of the server's own memory. */
static long copy_own(const struct message *m, seL4_Word from, struct ring *ring, uint32_t ahead,
                     seL4_Word bytes)
{
        char *own = m->own + (from - m->own_from);
        bool good = from < m->own_from || from - m->own_from + bytes > PAGE ? false
                    : ring->writes ? ring_put_at(ring, ahead, own, (uint32_t)bytes)
                                   : ring_get_at(ring, ahead, own, (uint32_t)bytes);

        return good ? (long)bytes : -SOS_EFAULT;
}

static bool is_over(const struct message *m)
{
        return !m->at_once && pace_is_over();
}

long message_copy(struct process *p, const struct message *m, seL4_Word from, struct ring *ring,
                  uint32_t ahead, seL4_Word bytes)
{
        struct vectors v;
        seL4_Word done = 0;

        if (m->own)
                return copy_own(m, from, ring, ahead, bytes);
        for (seL4_Word i = 0; done < bytes && !(done && is_over(m)); i++) {
                const seL4_Word *piece = v.piece[i % SOME];
                seL4_Word part;

                if (i >= (m->count ? m->count : 1) ||
                    !vector(p, m, i, &v)) /* they may have changed meanwhile */
                        return -SOS_EFAULT;
                part = from < piece[1] ? piece[1] - from : 0;
                part = part < bytes - done ? part : bytes - done;
                if (!message_copy_piece(p, piece[0] + from, ring, ahead + (uint32_t)done, part, touched))
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

/* Of a socket between processes: -SOS_ENODATA: it is not known. */
static long write_local_sender(struct process *p, const struct message *m, const struct arrived *arrived,
                               seL4_Word va, seL4_Word length_va)
{
        bool stream = m->s->kind == SOCKET_STREAMING;

        if (m->s->netlink.type)
                return posix_netlink_name(p, 0, va, length_va);
        if (stream && m->s->other && m->s->other->has_name)
                return posix_local_peer(p, m->s, va, length_va);
        return stream || !arrived->from.bytes ? -SOS_ENODATA
                                              : posix_write_local(p, &arrived->from, va, length_va);
}

/* The name of who has sent it goes to `va`; when that is not known, 0 to where its length is. */
static long write_sender(struct process *p, const struct message *m, const struct socket_name *from,
                         const struct arrived *arrived, seL4_Word va, seL4_Word length_va)
{
        long error = -SOS_ENODATA;

        if (!va)
                return 0;
        if (m->s->family == LOCAL)
                error = write_local_sender(p, m, arrived, va, length_va);
        else if (from->family)
                error = posix_write_name(p, m->s, from, va, length_va);
        if (error != -SOS_ENODATA)
                return error;
        return space_write(p->space, length_va, &(uint32_t){0}, sizeof(uint32_t)) ? 0 : -SOS_EFAULT;
}

/* Receive, of either family; what has come with it is to be given up with local_taken. */
static long receive(struct process *p, const struct message *m, struct socket_name *from,
                    struct arrived *arrived)
{
        if (m->s->family == LOCAL)
                return local_receive(p, m, arrived);
        *arrived = (struct arrived){0};
        return message_receive(p, m, from, &arrived->told);
}

long posix_recvfrom(struct process *p)
{
        struct socket_name from;
        struct arrived arrived;
        struct message m;
        long result, error;

        if (!begin(p, &m, &result))
                return result;
        m.at = p->call.argument[1];
        m.bytes = p->call.argument[2];
        m.flags = p->call.argument[3];
        if (posix_awaits_name(p, p->call.argument[4], p->call.argument[5]))
                return -SOS_EFAULT;
        result = receive(p, &m, &from, &arrived);
        if (result < 0)
                return result;
        error = write_sender(p, &m, &from, &arrived, p->call.argument[4], p->call.argument[5]);
        local_taken(m.s, &arrived);
        return error ? error : result;
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

/* Only sockets between processes pass on open files. */
static long send_header(struct process *p, struct message *m, seL4_Word va)
{
        static struct control control;
        struct header h;
        long error = 0;

        if (!read_header(p, va, m, &h))
                return -SOS_EFAULT;
        if (m->s->family != LOCAL)
                return h.control_bytes ? -SOS_EOPNOTSUPP : message_send(p, m);
        control.count = 0;
        control.by.pid = 0;
        if (h.control && h.control_bytes && !p->call.progress)
                error = control_read(p, h.control, h.control_bytes, &control);
        m->with = &control;
        return error ? error : local_send(p, m);
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

static long write_header(struct process *p, struct message *m, const struct header *h, seL4_Word va,
                         const struct socket_name *from, struct arrived *arrived)
{
        seL4_Word control_bytes = h->control_bytes;
        long error = write_sender(p, m, from, arrived, h->name, va + offsetof(struct header, name_bytes));

        if (m->s->family != LOCAL)
                control_bytes = 0;
        else if (!error)
                error = control_write(p, m, arrived, h->control, &control_bytes, &arrived->told);
        if (!space_write(p->space, va + offsetof(struct header, control_bytes), &control_bytes,
                         sizeof(control_bytes)) ||
            !space_write(p->space, va + offsetof(struct header, flags), &arrived->told,
                         sizeof(arrived->told)))
                error = -SOS_EFAULT;
        return error;
}

static long receive_header(struct process *p, struct message *m, seL4_Word va)
{
        enum { CONTROL_MOST = 2 * PAGE };
        struct socket_name from;
        struct arrived arrived;
        struct header h;
        long result, error;

        if (!read_header(p, va, m, &h))
                return -SOS_EFAULT;
        if (h.control_bytes > CONTROL_MOST)
                h.control_bytes = CONTROL_MOST; /* no more can come */
        if (posix_awaits(p, va, sizeof(h)) ||
            posix_awaits_name(p, h.name, va + offsetof(struct header, name_bytes)) ||
            (m->s->family == LOCAL && h.control && posix_awaits(p, h.control, h.control_bytes)))
                return -SOS_EFAULT;
        result = receive(p, m, &from, &arrived);
        if (result < 0)
                return result;
        error = write_header(p, m, &h, va, &from, &arrived);
        local_taken(m->s, &arrived);
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
