/* SPDX-License-Identifier: BSD-2-Clause */
/* See sockets.h. */
#include "net/program/sockets.h"

#include <lwip/err.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <string.h>

#include "sos/proto.h"

struct socket_link sockets_link;
static struct sock sockets[SOCKETS];
static uint64_t changed[(SOCKETS + 63) / 64];

void sockets_open(void *memory)
{
        socket_link_open(&sockets_link, memory, SOCKET_SERVER);
        for (uint32_t i = 0; i < SOCKETS; i++)
                sockets[i].number = i;
}

struct sock *sockets_at(uint32_t number)
{
        return number > 0 && number < SOCKETS ? &sockets[number] : NULL;
}

struct sock *sockets_kin(uint32_t kin, const struct sock *s)
{
        for (uint32_t i = s ? s->number + 1 : 1; i < SOCKETS; i++) {
                if (sockets[i].kind && sockets[i].kin == kin)
                        return &sockets[i];
        }
        return NULL;
}

struct socket_status *sockets_status(const struct sock *s)
{
        return &socket_record(&sockets_link, s->number)->status;
}

void sockets_changed(struct sock *s)
{
        changed[s->number / 64] |= 1ull << s->number % 64;
}

uint32_t sockets_ready(struct ring *stream)
{
        uint32_t ready = ring_ready(stream);

        if (ready > 0)
                return ready;
        ring_sleeps(stream);
        return ring_ready(stream);
}

void sockets_moved(struct sock *s, struct ring *stream)
{
        if (ring_must_wake(stream))
                sockets_changed(s);
}

void sockets_tell(void)
{
        for (uint32_t i = 0; i < sizeof(changed) / sizeof(*changed); i++) {
                for (; changed[i]; changed[i] &= changed[i] - 1)
                        socket_ring(&sockets_link, i * 64 + (uint32_t)__builtin_ctzll(changed[i]));
        }
}

int sockets_error(int lwip)
{
        static const int numbers[] = {
                [0] = 0,
                [-ERR_MEM] = -SOS_ENOMEM,
                [-ERR_BUF] = -SOS_ENOBUFS,
                [-ERR_TIMEOUT] = -SOS_ETIMEDOUT,
                [-ERR_RTE] = -SOS_ENETUNREACH,
                [-ERR_INPROGRESS] = -SOS_EINPROGRESS,
                [-ERR_VAL] = -SOS_EINVAL,
                [-ERR_WOULDBLOCK] = -SOS_EAGAIN,
                [-ERR_USE] = -SOS_EADDRINUSE,
                [-ERR_ALREADY] = -SOS_EALREADY,
                [-ERR_ISCONN] = -SOS_EISCONN,
                [-ERR_CONN] = -SOS_ENOTCONN,
                [-ERR_IF] = -SOS_ENETDOWN,
                [-ERR_ABRT] = -SOS_ETIMEDOUT, /* the stack gave up after sending several times */
                [-ERR_RST] = -SOS_ECONNRESET,
                [-ERR_CLSD] = -SOS_ENOTCONN,
                [-ERR_ARG] = -SOS_EINVAL,
        };

        return lwip <= 0 && lwip >= ERR_ARG ? numbers[-lwip] : -SOS_EINVAL;
}

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:a.b.c.d */

static bool all_zero(const uint8_t *bytes, size_t size)
{
        while (size > 0) {
                if (bytes[--size])
                        return false;
        }
        return true;
}

bool sockets_address(const struct sock *s, const struct socket_name *name, ip_addr_t *address)
{
        ip_addr_t result = {0};

        if (name->family == 4 || (name->family == 6 && !memcmp(name->address, mapped, sizeof(mapped)))) {
                if (s->v6 != (name->family == 6))
                        return false;
                __builtin_memcpy(&ip_2_ip4(&result)->addr, name->address + (name->family == 6 ? 12 : 0), 4);
                IP_SET_TYPE_VAL(result, IPADDR_TYPE_V4);
        } else if (name->family == 6 && s->v6) {
                __builtin_memcpy(ip_2_ip6(&result)->addr, name->address, 16);
                IP_SET_TYPE_VAL(result, IPADDR_TYPE_V6);
                if (all_zero(name->address, 16) && !s->only_v6)
                        IP_SET_TYPE_VAL(result, IPADDR_TYPE_ANY);
                else
                        ip6_addr_assign_zone(ip_2_ip6(&result), IP6_UNKNOWN, netif_default);
        } else {
                return false;
        }
        *address = result;
        return true;
}

void sockets_name(const struct sock *s, const ip_addr_t *address, uint16_t port, struct socket_name *name)
{
        *name = (struct socket_name){.family = s->v6 ? 6 : 4, .port = port};
        if (IP_IS_V6_VAL(*address)) {
                __builtin_memcpy(name->address, ip_2_ip6(address)->addr, 16);
                name->scope = ip6_addr_has_zone(ip_2_ip6(address)) ? ip6_addr_zone(ip_2_ip6(address)) : 0;
        } else if (s->v6 && IP_IS_V4_VAL(*address)) {
                __builtin_memcpy(name->address, mapped, sizeof(mapped));
                __builtin_memcpy(name->address + 12, &ip_2_ip4(address)->addr, 4);
        } else if (IP_IS_V4_VAL(*address)) {
                __builtin_memcpy(name->address, &ip_2_ip4(address)->addr, 4);
        }
}

static bool is_ours(const ip_addr_t *address)
{
        const struct netif *n;

        NETIF_FOREACH(n)
        {
                if (IP_IS_V4(address) && ip4_addr_cmp(netif_ip4_addr(n), ip_2_ip4(address)))
                        return true;
                for (int i = 0; IP_IS_V6(address) && i < LWIP_IPV6_NUM_ADDRESSES; i++) {
                        if (ip6_addr_cmp_zoneless(netif_ip6_addr(n, i), ip_2_ip6(address)))
                                return true;
                }
        }
        return false;
}

static int open_socket(struct sock *s, const struct socket_request *r)
{
        uint32_t number = s->number, serial = s->serial;

        if (s->kind || (r->value[1] != 4 && r->value[1] != 6))
                return -SOS_EINVAL;
        *s = (struct sock){.number = number, .serial = serial, .kin = r->value[3], .v6 = r->value[1] == 6};
        socket_stream_open(&sockets_link, number, false, &s->in);
        socket_stream_open(&sockets_link, number, true, &s->out);
        s->kind = r->value[0];
        if (s->kind == SOCKET_STREAMING)
                return stream_open(s);
        return s->kind == SOCKET_DATAGRAMS || s->kind == SOCKET_RAW ? datagram_open(s, r->value[2])
                                                                    : -SOS_EINVAL;
}

void sockets_closed(struct sock *s)
{
        uint32_t serial = s->closing;

        *s = (struct sock){.number = s->number, .serial = s->serial};
        socket_answer(&sockets_link, s->number, serial, 0);
        sockets_changed(s);
}

static int option(struct sock *s, uint32_t name, uint32_t value)
{
        static const uint8_t flags[] = {[SOCKET_REUSE_ADDRESS] = SOF_REUSEADDR,
                                        [SOCKET_BROADCAST] = SOF_BROADCAST,
                                        [SOCKET_KEEP_ALIVE] = SOF_KEEPALIVE};

        if (name == SOCKET_ONLY_V6) {
                s->only_v6 = value;
                return 0;
        }
        if (name < sizeof(flags) && flags[name])
                s->options = value ? s->options | flags[name] : s->options & ~(uint32_t)flags[name];
        return s->kind == SOCKET_STREAMING ? stream_option(s, name, value) : datagram_option(s, name, value);
}

static bool may_bind(const struct sock *s, const ip_addr_t *address)
{
        if (ip_addr_isany(address) || IP_IS_ANY_TYPE_VAL(*address) || is_ours(address))
                return true;
        return s->kind != SOCKET_STREAMING && ip_addr_ismulticast(address);
}

static int bind_socket(struct sock *s, const struct socket_name *name)
{
        ip_addr_t address;

        if (!sockets_address(s, name, &address))
                return -SOS_EAFNOSUPPORT;
        if (!may_bind(s, &address))
                return -SOS_EADDRNOTAVAIL;
        return s->kind == SOCKET_STREAMING ? stream_bind(s, &address, name->port)
                                           : datagram_bind(s, &address, name->port);
}

static int connect_socket(struct sock *s, const struct socket_name *name)
{
        ip_addr_t address;

        if (name->family == 0 && s->kind != SOCKET_STREAMING)
                return datagram_connect(s, NULL, 0);
        if (!sockets_address(s, name, &address))
                return -SOS_EAFNOSUPPORT;
        return s->kind == SOCKET_STREAMING ? stream_connect(s, &address, name->port)
                                           : datagram_connect(s, &address, name->port);
}

static int stream_request(struct sock *s, const struct socket_request *r)
{
        struct sock *to = sockets_at(r->value[0]);

        switch (r->call) {
        case SOCKET_LISTEN:
                return stream_listen(s, r->value[0]);
        case SOCKET_ACCEPT:
                return to ? stream_accept(s, to) : -SOS_EINVAL;
        case SOCKET_SHUT:
                return stream_shut(s, r->value[0]);
        default:
                return -SOS_EINVAL;
        }
}

static int do_request(struct sock *s, const struct socket_request *r)
{
        if (r->call == SOCKET_OPEN)
                return open_socket(s, r);
        if (!s->kind || s->closing)
                return -SOS_EBADF;
        switch (r->call) {
        case SOCKET_BIND:
                return bind_socket(s, &r->name);
        case SOCKET_CONNECT:
                return connect_socket(s, &r->name);
        case SOCKET_OPTION:
                return option(s, r->value[0], r->value[1]);
        case SOCKET_SHUT:
                return s->kind == SOCKET_STREAMING ? stream_request(s, r) : 0;
        default:
                return s->kind == SOCKET_STREAMING ? stream_request(s, r) : -SOS_EOPNOTSUPP;
        }
}

static void close_socket(struct sock *s, const struct socket_request *r)
{
        s->closing = r->serial;
        if (s->kind == SOCKET_STREAMING) {
                stream_close(s, r->value[0]);
                return;
        }
        if (s->kind) {
                datagram_step(s);
                datagram_close(s);
        }
        sockets_closed(s);
}

static void serve(struct sock *s)
{
        struct socket_request r;

        if (socket_asked(&sockets_link, s->number, s->serial, &r)) {
                s->serial = r.serial;
                if (r.call == SOCKET_CLOSE) {
                        close_socket(s, &r);
                } else {
                        socket_answer(&sockets_link, s->number, r.serial, do_request(s, &r));
                        sockets_changed(s);
                }
        }
        if (s->kind == SOCKET_STREAMING)
                stream_step(s);
        else if (s->kind)
                datagram_step(s);
}

void sockets_serve(void)
{
        int number;

        while ((number = socket_rung(&sockets_link)) >= 0) {
                if (sockets_at((uint32_t)number))
                        serve(sockets_at((uint32_t)number));
        }
}
