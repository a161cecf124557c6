/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams: UDP, and packets of other protocols unchanged (SOCKET_RAW), each preceded by its struct socket_datagram. */
#include "net/program/sockets.h"
#include "net/stack/stack.h"

#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/raw.h>
#include <lwip/udp.h>

#include "sos/proto.h"

enum { ICMP_V6 = 58, ICMP_V6_CHECKSUM = 2 /* its place */ };

/* One that does not fit is lost, as on any network. */
static void deliver(struct sock *s, const struct pbuf *p, const ip_addr_t *from, uint16_t port)
{
        struct socket_datagram d = {.bytes = p->tot_len};
        uint32_t at = sizeof(d);

        if (ring_ready(&s->in) < sizeof(d) + p->tot_len)
                return;
        sockets_name(s, from, port, &d.name);
        ring_put_at(&s->in, 0, &d, sizeof(d));
        for (; p; p = p->next) {
                ring_put_at(&s->in, at, p->payload, p->len);
                at += p->len;
        }
        ring_move(&s->in, at);
        sockets_moved(s, &s->in);
}

static void on_udp(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from, u16_t port)
{
        (void)pcb;
        deliver(arg, p, from, port);
        pbuf_free(p);
}

/* Other sockets may want it too, and so may the stack itself.  Programs see the header of IPv4 and not that of IPv6. */
static u8_t on_raw(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
        struct sock *s = arg;
        u16_t header = IP_IS_V6(from) ? ip_current_header_tot_len() : 0;

        (void)pcb;
        if (header < p->len && !pbuf_remove_header(p, header)) {
                deliver(s, p, from, 0);
                pbuf_add_header_force(p, header);
        }
        return 0;
}

static uint8_t type_of(const struct sock *s)
{
        return s->v6 ? IPADDR_TYPE_ANY : IPADDR_TYPE_V4;
}

int datagram_open(struct sock *s, uint32_t protocol)
{
        if (s->kind == SOCKET_DATAGRAMS) {
                s->udp = udp_new_ip_type(type_of(s));
                if (s->udp)
                        udp_recv(s->udp, on_udp, s);
        } else {
                s->raw = raw_new_ip_type(s->v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4, (u8_t)protocol);
                if (s->raw) {
                        raw_recv(s->raw, on_raw, s);
                        s->raw->chksum_reqd = s->v6 && protocol == ICMP_V6;
                        s->raw->chksum_offset = ICMP_V6_CHECKSUM;
                }
        }
        if (s->udp || s->raw)
                return 0;
        s->kind = 0;
        return -SOS_ENOBUFS;
}

static void show(struct sock *s)
{
        struct socket_status *status = sockets_status(s);

        if (s->udp) {
                sockets_name(s, &s->udp->local_ip, s->udp->local_port, &status->local);
                sockets_name(s, &s->udp->remote_ip, s->udp->remote_port, &status->remote);
                status->flags = s->udp->flags & UDP_FLAGS_CONNECTED ? SOCKET_CONNECTED : 0;
        } else if (s->raw) {
                sockets_name(s, &s->raw->local_ip, 0, &status->local);
                sockets_name(s, &s->raw->remote_ip, 0, &status->remote);
                status->flags = s->raw->flags & RAW_FLAGS_CONNECTED ? SOCKET_CONNECTED : 0;
        }
}

int datagram_bind(struct sock *s, const ip_addr_t *address, uint16_t port)
{
        err_t error;

        if (s->udp && s->udp->local_port)
                return -SOS_EINVAL;
        error = s->udp ? udp_bind(s->udp, address, port) : raw_bind(s->raw, address);
        show(s);
        return sockets_error(error);
}

int datagram_connect(struct sock *s, const ip_addr_t *address, uint16_t port)
{
        err_t error = ERR_OK;

        if (s->udp && address)
                error = udp_connect(s->udp, address, port);
        else if (s->udp)
                udp_disconnect(s->udp);
        else if (address)
                error = raw_connect(s->raw, address);
        else
                raw_disconnect(s->raw);
        show(s);
        return sockets_error(error);
}

void datagram_close(struct sock *s)
{
        if (s->udp)
                udp_remove(s->udp);
        if (s->raw)
                raw_remove(s->raw);
        s->udp = NULL;
        s->raw = NULL;
}

int datagram_option(struct sock *s, uint32_t option, uint32_t value)
{
        enum { OURS = SOF_REUSEADDR | SOF_BROADCAST | SOF_KEEPALIVE };

        if (s->udp) {
                s->udp->so_options = (u8_t)((s->udp->so_options & ~OURS) | s->options);
                s->udp->ttl = option == SOCKET_TTL ? (u8_t)value : s->udp->ttl;
        } else {
                s->raw->so_options = (u8_t)((s->raw->so_options & ~OURS) | s->options);
                s->raw->ttl = option == SOCKET_TTL ? (u8_t)value : s->raw->ttl;
        }
        return 0;
}

static struct pbuf *take_out(struct sock *s, uint32_t ready, struct socket_datagram *d)
{
        struct pbuf *p;

        if (ready < sizeof(*d) || !ring_get_at(&s->out, 0, d, sizeof(*d)))
                return NULL;
        if (d->bytes >
            ready - sizeof(*d)) { /* only whole datagrams are put in: the other side has broken the rules */
                s->out.broken = true;
                return NULL;
        }
        p = net_datagram((u16_t)d->bytes);
        if (p)
                ring_get_at(&s->out, sizeof(*d), p->payload, d->bytes);
        ring_move(&s->out, sizeof(*d) + d->bytes);
        sockets_moved(s, &s->out);
        return p;
}

/* A datagram that cannot be sent is lost; the only error that a client could have been told is a missing route. */
static void send(struct sock *s, struct pbuf *p, const struct socket_datagram *d)
{
        ip_addr_t to;

        if (d->name.family == 0) {
                if (s->udp)
                        udp_send(s->udp, p);
                else
                        raw_send(s->raw, p);
        } else if (sockets_address(s, &d->name, &to)) {
                if (s->udp)
                        udp_sendto(s->udp, p, &to, d->name.port);
                else
                        raw_sendto(s->raw, p, &to);
        }
}

/* The first one gives a socket its port. */
void datagram_step(struct sock *s)
{
        uint16_t port = s->udp ? s->udp->local_port : 0;
        struct socket_datagram d;
        uint32_t ready;

        while ((ready = sockets_ready(&s->out)) > 0 && !s->out.broken) {
                struct pbuf *p = take_out(s, ready, &d);

                if (p) {
                        send(s, p, &d);
                        pbuf_free(p);
                }
        }
        if (s->udp && s->udp->local_port != port)
                show(s);
}
