/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets: making, naming, connecting, ending.  What the network is asked for is in os/net/socket.h; a call that asks waits for the
 * answer and goes on where it was. */
#include "os/calls/linux/sockets/sockets.h"
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"
#include "os/calls/linux/sockets/netlink.h"
#include "sos/clock.h"

enum { TYPE_MASK = 15, STREAM = 1, DATAGRAM = 2, RAW = 3, IP = 0, ICMP = 1, TCP = 6, UDP = 17, ICMP_V6 = 58 };
enum { BACKLOG_MAX = 4096 };

struct socket *posix_socket_of(struct process *p, seL4_Word descriptor, struct file **f, long *error)
{
        *f = posix_file(p, descriptor);
        *error = !*f ? -SOS_EBADF : (*f)->socket ? 0 : -SOS_ENOTSOCK;
        return *f ? (*f)->socket : NULL;
}

/* --- waiting --- */

long posix_wait_for(struct process *p, struct wait_queue *q, uint64_t limit_us)
{
        if (!limit_us)
                return call_waits(p, q);
        if (!p->call.end_us)
                p->call.end_us = clock_us() + limit_us;
        if (clock_us() >= p->call.end_us)
                return -SOS_EAGAIN;
        call_waits(p, q);
        return call_until(p, p->call.end_us);
}

/* A signal must not lose what has been asked: only a deadly one ends the call. */
bool posix_ask(struct process *p, struct socket *s, struct socket_request *r, long *result)
{
        uint32_t serial = (uint32_t)p->call.progress;

        if (!serial && socket_request(s, r, &serial))
                p->call.progress = serial;
        if (serial && socket_result(s, serial, result))
                return true;
        p->call.whole = serial;
        *result = call_waits(p, &s->changed);
        return false;
}

/* --- making and ending --- */

static long kind_of(seL4_Word type, seL4_Word protocol, uint8_t family, unsigned *kind, unsigned *number)
{
        *kind = type == STREAM ? SOCKET_STREAMING : type == DATAGRAM ? SOCKET_DATAGRAMS : SOCKET_RAW;
        *number = (unsigned)protocol;
        if (type == STREAM || type == DATAGRAM)
                return protocol == IP || protocol == (type == STREAM ? TCP : UDP) ? 0 : -SOS_EPROTONOSUPPORT;
        if (type != RAW)
                return -SOS_ESOCKTNOSUPPORT;
        return protocol == (family == 4 ? ICMP : ICMP_V6) ? 0 : -SOS_EPROTONOSUPPORT;
}

long posix_give_socket(struct process *p, struct socket *s, uint32_t flags)
{
        struct file *f = file_new(FILE_SOCKET, O_RDWR | (flags & O_NONBLOCK));

        if (f) {
                f->socket = s;
                s->file = f;
        } else {
                socket_close(s, true);
        }
        return posix_give(p, f, flags);
}

/* Packets as they are only for who may see and forge those of others. */
static long may_open(const struct process *p, long error, seL4_Word type)
{
        return !error && (type & TYPE_MASK) == RAW && !user_can(&p->user, CAPABLE_PACKETS) ? -SOS_EPERM
                                                                                           : error;
}

static long open_socket(struct process *p, uint8_t family, seL4_Word type, seL4_Word protocol)
{
        unsigned kind, number;
        long error = may_open(p, kind_of(type & TYPE_MASK, protocol, family, &kind, &number), type),
             descriptor = (long)p->call.place - 1;
        struct socket_request r = {.call = SOCKET_OPEN,
                                   .value = {kind, family, number, (uint32_t)p->leader->family}};
        struct socket *s;
        struct file *f;

        if (error)
                return error;
        if (!p->call.place) {
                s = socket_new(kind, family, number, (uint32_t)p->pid, p->leader->family);
                descriptor = s ? posix_give_socket(p, s, (uint32_t)type) : -SOS_ENFILE;
                if (descriptor < 0)
                        return descriptor;
                p->call.place = (seL4_Word)descriptor + 1;
        }
        f = descriptor_file(p->files, (seL4_Word)descriptor);
        s = f ? f->socket : NULL;
        if (!s) /* another thread has closed it */
                return -SOS_EBADF;
        if (!posix_ask(p, s, &r, &error))
                return error;
        if (error < 0) {
                descriptor_set(p->files, (seL4_Word)descriptor, NULL, false);
                file_close(f);
        }
        return error < 0 ? error : descriptor;
}

long posix_socket(struct process *p)
{
        seL4_Word domain = p->call.argument[0], type = p->call.argument[1];

        if (type & ~(seL4_Word)(TYPE_MASK | O_NONBLOCK | O_CLOEXEC))
                return -SOS_EINVAL;
        if (domain == AF_LOCAL)
                return posix_local_socket(p, type, p->call.argument[2]);
        if (domain == AF_NETLINK)
                return posix_netlink_socket(p, type, p->call.argument[2]);
        if ((domain != AF_INET && domain != AF_INET6) || !sockets_there())
                return -SOS_EAFNOSUPPORT;
        return open_socket(p, domain == AF_INET ? 4 : 6, type, p->call.argument[2]);
}

/* The socket that a call names, with the address of its second and third argument in r->name.  NULL: *result is the call's: that of
 * `local` for a local one, or an error. */
static struct socket *socket_and_name(struct process *p, long (*local)(struct process *p, struct socket *s),
                                      struct socket_request *r, struct file **f, long *result)
{
        struct socket *s = posix_socket_of(p, p->call.argument[0], f, result);

        if (!s)
                return NULL;
        *result = s->family == LOCAL
                          ? local(p, s)
                          : posix_read_name(p, s, p->call.argument[1], p->call.argument[2], &r->name);
        return s->family == LOCAL || *result ? NULL : s;
}

enum { PORTS_OF_SYSTEM = 1024 };

long posix_bind(struct process *p)
{
        struct socket_request r = {.call = SOCKET_BIND};
        struct file *f;
        long error;
        struct socket *s = socket_and_name(p, posix_local_bind, &r, &f, &error);

        if (!s)
                return error;
        if (!r.name.family)
                return -SOS_EAFNOSUPPORT;
        if (r.name.port && r.name.port < PORTS_OF_SYSTEM && !user_can(&p->user, CAPABLE_PORTS))
                return -SOS_EACCES;
        if (posix_ask(p, s, &r, &error) && error == 0) {
                s->bound = r.name;
                s->bound.port = socket_status(s).local.port;
        }
        return error;
}

long posix_listen(struct process *p)
{
        seL4_Word waiting = p->call.argument[1];
        struct socket_request r = {.call = SOCKET_LISTEN,
                                   .value = {waiting < BACKLOG_MAX ? (uint32_t)waiting : BACKLOG_MAX}};
        struct file *f;
        long error;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &error);

        if (!s)
                return error;
        s->by = posix_end(p);
        if (s->family == LOCAL)
                return local_listen(s, (uint32_t)waiting);
        if (s->kind != SOCKET_STREAMING)
                return -SOS_EOPNOTSUPP;
        if (posix_ask(p, s, &r, &error) && error == 0) {
                s->listens = true;
                s->backlog = r.value[0];
                s->bound = socket_status(s).local;
                s->bound.family = s->family;
        }
        return error;
}

/* A connection that was accepted, with the name of its other end. */
static long give_accepted(struct process *p, struct socket *n)
{
        static const struct local_name none;
        seL4_Word va = p->call.argument[1], length_va = p->call.argument[2];
        long error = n->family == LOCAL
                             ? posix_write_local(p, n->other ? &n->other->name : &none, va, length_va)
                             : posix_write_name(p, n, &n->peer, va, length_va);

        if (!error)
                return posix_give_socket(p, n, (uint32_t)p->call.argument[3]);
        socket_close(n, true);
        return error;
}

/* NULL and why, as from socket_accept. */
static struct socket *take_connection(struct process *p, struct socket *s, long *why)
{
        if (s->family != LOCAL)
                return socket_accept(s, (uint32_t)p->pid, why);
        *why = -SOS_EAGAIN;
        return local_accept(s);
}

long posix_accept4(struct process *p)
{
        struct file *f;
        long error;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &error), *n;

        if (!s)
                return error;
        if (p->call.argument[3] & ~(seL4_Word)(O_NONBLOCK | O_CLOEXEC) || !s->listens)
                return s->family == LOCAL && s->protocol == LOCAL_DATAGRAM ? -SOS_EOPNOTSUPP : -SOS_EINVAL;
        if (!posix_may_give(p))
                return -SOS_EMFILE;
        if (posix_awaits_name(p, p->call.argument[1], p->call.argument[2]))
                return -SOS_EFAULT;
        n = take_connection(p, s, &error);
        if (n)
                return give_accepted(p, n);
        if (error == 0)
                return call_waits(p, &s->changed);
        if (error == -SOS_EAGAIN && !(f->flags & O_NONBLOCK))
                return posix_wait_for(p, &s->changed, s->receive_us);
        return error;
}

long posix_accept(struct process *p)
{
        p->call.argument[3] = 0;
        return posix_accept4(p);
}

/* It has begun; the status will say how it ends. */
static long connect_on(struct process *p, struct socket *s, const struct file *f)
{
        uint32_t flags = socket_status(s).flags;
        int error;

        if (flags & SOCKET_CONNECTED || flags & SOCKET_GONE || s->lost) {
                s->connecting = false;
                error = flags & SOCKET_CONNECTED ? 0 : socket_error(s, true);
                return error || flags & SOCKET_CONNECTED ? -error : -SOCKET_ABORTED;
        }
        return f->flags & O_NONBLOCK ? -SOS_EINPROGRESS : posix_wait_for(p, &s->changed, s->send_us);
}

/* An earlier call has begun it: how it has ended is told once, whether or not somebody was told by poll before. */
static long connect_again(struct process *p, struct socket *s, const struct file *f)
{
        bool over = socket_status(s).flags & (SOCKET_CONNECTED | SOCKET_GONE) || s->lost;

        if (!over && f->flags & O_NONBLOCK)
                return -SOS_EALREADY;
        p->call.whole = false;
        return connect_on(p, s, f);
}

/* Who does not wait is never told at once, as on Linux, however soon it ends. */
static long connect_stream(struct process *p, struct socket *s, const struct file *f,
                           struct socket_request *r)
{
        bool begins = false;
        long error;

        if (!p->call.progress && s->connecting)
                return connect_again(p, s, f);
        if (!p->call.progress && socket_status(s).flags & SOCKET_CONNECTED)
                return -SOS_EISCONN;
        if (!p->call.progress)
                s->error_taken = false;
        if (!s->connecting) {
                if (!posix_ask(p, s, r, &error) || error < 0)
                        return error;
                s->connecting = true;
                s->peer = r->name;
                begins = true;
        }
        p->call.whole = false;
        return begins && f->flags & O_NONBLOCK ? -SOS_EINPROGRESS : connect_on(p, s, f);
}

long posix_connect(struct process *p)
{
        struct socket_request r = {.call = SOCKET_CONNECT};
        struct file *f;
        long error;
        struct socket *s = socket_and_name(p, posix_local_connect, &r, &f, &error);

        if (!s || s->listens)
                return s ? -SOS_EISCONN : error;
        posix_to_here(&r.name);
        if (s->kind == SOCKET_STREAMING)
                return connect_stream(p, s, f, &r);
        if (posix_ask(p, s, &r, &error) && error == 0)
                s->peer = r.name;
        return error;
}

long posix_shutdown(struct process *p)
{
        seL4_Word how = p->call.argument[1];
        struct socket_request r = {.call = SOCKET_SHUT, .value = {(uint32_t)how + 1}};
        struct file *f;
        long error;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &error);

        if (!s || how > 2)
                return s ? -SOS_EINVAL : error;
        if (s->family == LOCAL)
                return posix_local_shutdown(s, how);
        if (s->kind != SOCKET_STREAMING && !s->peer.family)
                return -SOS_ENOTCONN;
        if (!posix_ask(p, s, &r, &error) || error < 0)
                return error;
        s->shut_in |= how != 1;
        s->shut_out |= how != 0;
        wait_wake(&s->changed);
        return 0;
}

static long name_of(struct process *p, bool remote)
{
        struct file *f;
        long error;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &error);
        struct socket_status status;
        struct socket_name name;

        if (!s)
                return error;
        if (s->family == LOCAL)
                return posix_local_name(p, s, remote);
        status = socket_status(s);
        name = remote ? s->peer : status.local;
        if (remote && (!name.family || (s->connecting && !(status.flags & SOCKET_CONNECTED))))
                return -SOS_ENOTCONN;
        return posix_write_name(p, s, &name, p->call.argument[1], p->call.argument[2]);
}

long posix_getsockname(struct process *p)
{
        return name_of(p, false);
}

long posix_getpeername(struct process *p)
{
        return name_of(p, true);
}
