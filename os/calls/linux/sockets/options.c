/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of sockets.  One that would have no effect is refused; those that change nothing are in wishes.c. */
#include "base/text.h"
#include "os/calls/linux/sockets/locals.h"
#include "os/calls/linux/sockets/netlink.h"

enum { SOL_SOCKET = 1, LEVEL_IP = 0, LEVEL_TCP = 6, LEVEL_IPV6 = 41 };
enum {
        SO_REUSEADDR = 2,
        SO_TYPE = 3,
        SO_ERROR = 4,
        SO_DONTROUTE = 5,
        SO_BROADCAST = 6,
        SO_KEEPALIVE = 9,
        SO_LINGER = 13,
        SO_PASSCRED = 16,
        SO_PEERCRED = 17,
        SO_RCVTIMEO = 20,
        SO_SNDTIMEO = 21,
        SO_ACCEPTCONN = 30,
        SO_PROTOCOL = 38,
        SO_DOMAIN = 39,
};
enum {
        IP_TTL = 2,
        TCP_NODELAY = 1,
        TCP_KEEPIDLE = 4,
        TCP_KEEPINTVL = 5,
        TCP_KEEPCNT = 6,
        V6_HOPS = 16,
        V6_ONLY = 26,
        TTL_DEFAULT = 255 /* the stack's */
};

/* Options that the network knows. */
static const struct row {
        uint8_t level, name, option;
} rows[] = {
        {SOL_SOCKET, SO_REUSEADDR, SOCKET_REUSE_ADDRESS},
        {SOL_SOCKET, SO_BROADCAST, SOCKET_BROADCAST},
        {SOL_SOCKET, SO_KEEPALIVE, SOCKET_KEEP_ALIVE},
        {LEVEL_TCP, TCP_NODELAY, SOCKET_NO_DELAY},
        {LEVEL_TCP, TCP_KEEPIDLE, SOCKET_KEEP_IDLE},
        {LEVEL_TCP, TCP_KEEPINTVL, SOCKET_KEEP_INTERVAL},
        {LEVEL_TCP, TCP_KEEPCNT, SOCKET_KEEP_COUNT},
        {LEVEL_IP, IP_TTL, SOCKET_TTL},
        {LEVEL_IPV6, V6_HOPS, SOCKET_TTL},
        {LEVEL_IPV6, V6_ONLY, SOCKET_ONLY_V6},
};

static unsigned option_of(seL4_Word level, seL4_Word name)
{
        for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
                if (rows[i].level == level && rows[i].name == name)
                        return rows[i].option;
        }
        return 0;
}

static long set_time(struct process *p, uint64_t *us)
{
        int64_t time[2];

        if (p->call.argument[4] < sizeof(time))
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[3], time, sizeof(time)))
                return -SOS_EFAULT;
        if (time[0] < 0 || time[0] > INT32_MAX || time[1] < 0 || time[1] >= 1000000)
                return -SOS_EDOM;
        *us = (uint64_t)time[0] * 1000000 + (uint64_t)time[1];
        return 0;
}

static long set_linger(struct process *p, struct socket *s)
{
        int32_t linger[2];

        if (p->call.argument[4] < sizeof(linger))
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[3], linger, sizeof(linger)))
                return -SOS_EFAULT;
        if (linger[0] && linger[1]) /* close does not wait */
                return -SOS_ENOPROTOOPT;
        s->reset_at_end = linger[0];
        return 0;
}

long posix_option_number(struct process *p, int32_t *value)
{
        if (p->call.argument[4] < sizeof(*value))
                return -SOS_EINVAL;
        return space_read(p->space, p->call.argument[3], value, sizeof(*value)) ? 0 : -SOS_EFAULT;
}

/* What is read says who has sent it. */
static long set_passes(struct process *p, struct socket *s)
{
        int32_t value = 0;
        long error = s->family == LOCAL ? posix_option_number(p, &value) : -SOS_ENOPROTOOPT;

        s->passes = error ? s->passes : value;
        return error;
}

static long set_of_socket(struct process *p, struct socket *s)
{
        switch (p->call.argument[2]) {
        case SO_RCVTIMEO:
                return set_time(p, &s->receive_us);
        case SO_SNDTIMEO:
                return set_time(p, &s->send_us);
        case SO_LINGER:
                return set_linger(p, s);
        case SO_PASSCRED:
                return set_passes(p, s);
        default:
                return -SOS_ENOPROTOOPT;
        }
}

static bool is_good(unsigned option, int32_t value)
{
        if (option == SOCKET_TTL)
                return value >= 1 && value <= 255;
        return option < SOCKET_KEEP_IDLE || option == SOCKET_ONLY_V6 || (value >= 1 && value <= 32767);
}

/* An option that the network knows. */
static long set_of_network(struct process *p, struct socket *s, seL4_Word level, unsigned option)
{
        struct socket_request r = {.call = SOCKET_OPTION, .value = {option}};
        int32_t value;
        long error;

        if (!option || (level == LEVEL_TCP && s->kind != SOCKET_STREAMING))
                return -SOS_ENOPROTOOPT;
        if (s->family == LOCAL && level != SOL_SOCKET)
                return -SOS_EOPNOTSUPP;
        error = posix_option_number(p, &value);

        if (error)
                return error;
        if (!is_good(option, value))
                return -SOS_EINVAL;
        r.value[1] = (uint32_t)value;
        if (s->family == LOCAL || (posix_ask(p, s, &r, &error) && error == 0)) {
                s->option[option] = (uint32_t)value;
                s->options |= (uint16_t)(1u << option);
        }
        return error;
}

long posix_setsockopt(struct process *p)
{
        seL4_Word level = p->call.argument[1], name = p->call.argument[2];
        unsigned option = option_of(level, name);
        struct file *f;
        long error;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &error);

        if (!s)
                return error;
        if (posix_is_wish(s, level, name))
                return posix_set_wish(p, s, level, name);
        if (!option && level == SOL_SOCKET)
                return set_of_socket(p, s);
        if (s->netlink.type && level != SOL_SOCKET)
                return posix_netlink_set_option(p, s);
        return set_of_network(p, s, level, option);
}

/* Type, protocol and family as programs number them. */
static long kind_of(const struct socket *s, seL4_Word name)
{
        static const uint8_t types[] = {[SOCKET_STREAMING] = 1, [SOCKET_DATAGRAMS] = 2, [SOCKET_RAW] = 3};
        static const uint8_t protocols[] = {[SOCKET_STREAMING] = LEVEL_TCP, [SOCKET_DATAGRAMS] = 17};
        bool local = s->family == LOCAL;

        if (s->netlink.type)
                return name == SO_TYPE ? s->netlink.type : name == SO_DOMAIN ? AF_NETLINK : 0;
        if (name == SO_TYPE)
                return local ? s->protocol : types[s->kind];
        if (name == SO_DOMAIN)
                return local ? AF_LOCAL : s->family == 4 ? AF_INET : AF_INET6;
        return local ? 0 : s->protocol ? s->protocol : protocols[s->kind];
}

static long value_of(struct socket *s, seL4_Word name)
{
        switch (name) {
        case SO_TYPE:
        case SO_DOMAIN:
        case SO_PROTOCOL:
                return kind_of(s, name);
        case SO_ERROR:
                return socket_error(s, true);
        case SO_ACCEPTCONN:
                return s->listens;
        case SO_PASSCRED:
                return s->passes;
        case SO_DONTROUTE:
                return 0;
        default:
                return -SOS_ENOPROTOOPT;
        }
}

static long answer(struct process *p, const void *value, uint32_t bytes)
{
        uint32_t room;

        if (!space_read(p->space, p->call.argument[4], &room, sizeof(room)))
                return -SOS_EFAULT;
        if (room > INT32_MAX)
                return -SOS_EINVAL;
        bytes = bytes < room ? bytes : room;
        return space_write(p->space, p->call.argument[3], value, bytes) &&
                               space_write(p->space, p->call.argument[4], &bytes, sizeof(bytes))
                       ? 0
                       : -SOS_EFAULT;
}

/* Options larger than a number; -SOS_ENOPROTOOPT for any other. */
static long answer_large(struct process *p, const struct socket *s)
{
        uint64_t us = s->send_us, time[2];
        int32_t linger[2] = {s->reset_at_end, 0};
        struct sender peer = s->peer_by.pid ? s->peer_by : (struct sender){0, UINT32_MAX, UINT32_MAX};

        switch (p->call.argument[2]) {
        case SO_RCVTIMEO:
                us = s->receive_us; /* fall through */
        case SO_SNDTIMEO:
                time[0] = us / 1000000;
                time[1] = us % 1000000;
                return answer(p, time, sizeof(time));
        case SO_LINGER:
                return answer(p, linger, sizeof(linger));
        case SO_PEERCRED:
                return answer(p, &peer, sizeof(peer));
        default:
                return -SOS_ENOPROTOOPT;
        }
}

/* What holds when nothing was set. */
static long usual(unsigned option)
{
        enum { IDLE = 7200, INTERVAL = 75, COUNT = 9 };

        return option == SOCKET_TTL             ? TTL_DEFAULT
               : option == SOCKET_KEEP_IDLE     ? IDLE
               : option == SOCKET_KEEP_INTERVAL ? INTERVAL
               : option == SOCKET_KEEP_COUNT    ? COUNT
                                                : 0;
}

long posix_getsockopt(struct process *p)
{
        seL4_Word level = p->call.argument[1], name = p->call.argument[2];
        unsigned option = option_of(level, name);
        struct file *f;
        int32_t number;
        long value;
        struct socket *s = posix_socket_of(p, p->call.argument[0], &f, &value);

        if (!s)
                return value;
        value = level == SOL_SOCKET ? answer_large(p, s) : -SOS_ENOPROTOOPT;
        if (value != -SOS_ENOPROTOOPT)
                return value;
        if (posix_is_wish(s, level, name))
                value = posix_wish(s, level, name);
        else if (option)
                value = s->options >> option & 1 ? (long)s->option[option] : usual(option);
        else if (level == SOL_SOCKET)
                value = value_of(s, name);
        else if (level == SOL_NETLINK && s->netlink.type)
                value = posix_netlink_option(s, name);
        number = (int32_t)value;
        return value < 0 ? value : answer(p, &number, sizeof(number));
}

enum { TIOCOUTQ = 0x5411, FIONREAD = 0x541b };

/* Bytes that one read would give. */
static int32_t bytes_there(struct socket *s)
{
        uint32_t ready = ring_ready(&s->rx);
        struct socket_datagram d;

        if (s->family == LOCAL)
                return (int32_t)local_bytes_there(s);
        if (s->kind == SOCKET_STREAMING)
                return (int32_t)ready;
        if (ready < sizeof(d) || !ring_get_at(&s->rx, 0, &d, sizeof(d)))
                return 0;
        return d.bytes <= ready ? (int32_t)d.bytes : 0;
}

/* Bytes that were sent and have not been read, between processes; of the network, those that have not left, or that the peer has not
 * acknowledged. */
static int32_t bytes_sent(struct socket *s)
{
        uint32_t waiting = s->tx.own ? SOCKET_STREAM - ring_ready(&s->tx) : 0;

        if (s->family == LOCAL)
                return s->other ? (int32_t)ring_ready(&s->other->rx) : 0;
        return (int32_t)(waiting + (s->kind == SOCKET_STREAMING ? socket_status(s).kept : 0));
}

long posix_ioctl_socket(struct process *p, struct file *f)
{
        struct socket *s = f->socket;
        bool there = p->call.argument[1] == FIONREAD;
        int32_t value;

        if (!there && p->call.argument[1] != TIOCOUTQ)
                return posix_ioctl_interface(p, s);
        if (s->listens && (there || s->family != LOCAL))
                return -SOS_EINVAL;
        value = there ? bytes_there(s) : bytes_sent(s);
        return space_write(p->space, p->call.argument[2], &value, sizeof(value)) ? 0 : -SOS_EFAULT;
}
