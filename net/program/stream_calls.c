/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of clients for sockets of connections; stream.c moves the bytes. */
#include "net/program/connection.h"

#include <lwip/tcp.h>

#include "sos/proto.h"

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
        struct connection *c = arg;

        (void)pcb, (void)error;
        c->connects = false;
        connection_show(c);
        connection_send(c);
        return connection_finish(c);
}

/* Of all control blocks, others get theirs whatever one does. */
static bool too_many_wait(uint32_t kin)
{
        uint32_t waiting = 0;

        for (struct sock *s = sockets_kin(kin, NULL); s; s = sockets_kin(kin, s))
                waiting += s->waiting;
        return waiting >= STREAM_WAITING;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t error)
{
        struct sock *s = arg;
        bool good = error == ERR_OK && pcb && !too_many_wait(s->kin);
        struct connection *c = good ? connection_make(pcb, NULL) : NULL;

        if (!c)
                return ERR_MEM;
        c->listener = s;
        *(s->last ? &s->last->next : &s->first) = c;
        s->last = c;
        tcp_backlog_delayed(pcb);
        sockets_status(s)->waiting = ++s->waiting;
        sockets_changed(s);
        return ERR_OK;
}

int stream_open(struct sock *s)
{
        s->pcb = tcp_new_ip_type(s->v6 ? IPADDR_TYPE_ANY : IPADDR_TYPE_V4);
        if (!s->pcb)
                s->kind = 0;
        return s->pcb ? 0 : -SOS_ENOBUFS;
}

int stream_bind(struct sock *s, const ip_addr_t *address, uint16_t port)
{
        err_t error;

        if (!s->pcb || s->listens || s->pcb->local_port)
                return -SOS_EINVAL;
        error = tcp_bind(s->pcb, address, port);
        if (error == ERR_OK)
                sockets_name(s, &s->pcb->local_ip, s->pcb->local_port, &sockets_status(s)->local);
        return sockets_error(error);
}

int stream_connect(struct sock *s, const ip_addr_t *address, uint16_t port)
{
        struct connection *c;
        err_t error;

        if (s->connection && s->connection->pcb)
                return s->connection->connects ? -SOS_EALREADY : -SOS_EISCONN;
        if (s->connection) { /* the last attempt failed; this is the next one */
                connection_release(s->connection);
                *sockets_status(s) = (struct socket_status){0};
                (void)stream_open(s);
        }
        if (!s->pcb || s->listens)
                return -SOS_EINVAL;
        c = connection_make(s->pcb, s);
        if (!c)
                return -SOS_ENOBUFS;
        c->connects = true;
        error = tcp_connect(s->pcb, address, port, on_connected);
        if (error != ERR_OK) {
                connection_detach(c);
                connection_release(c);
                return sockets_error(error);
        }
        s->connection = c;
        s->pcb = NULL;
        sockets_name(s, address, port, &sockets_status(s)->remote);
        return 0;
}

int stream_listen(struct sock *s, uint32_t waiting)
{
        u8_t backlog = waiting < 1 ? 1 : waiting > STREAM_WAITING ? STREAM_WAITING : (u8_t)waiting;
        struct tcp_pcb *listener;
        err_t error = ERR_OK;

        if (s->listens) {
                tcp_backlog_set(s->pcb, backlog);
                return 0;
        }
        if (!s->pcb)
                return -SOS_EINVAL;
        if (!s->pcb->local_port && tcp_bind(s->pcb, s->v6 ? IP_ANY_TYPE : IP4_ADDR_ANY, 0) != ERR_OK)
                return -SOS_EADDRINUSE;
        listener = tcp_listen_with_backlog_and_err(s->pcb, backlog, &error);
        if (!listener)
                return error == ERR_MEM ? -SOS_ENOBUFS : sockets_error(error);
        s->pcb = listener;
        s->listens = true;
        sockets_name(s, &s->pcb->local_ip, s->pcb->local_port, &sockets_status(s)->local);
        sockets_status(s)->flags = SOCKET_LISTENS;
        tcp_arg(listener, s);
        tcp_accept(listener, on_accept);
        return 0;
}

int stream_accept(struct sock *s, struct sock *to)
{
        struct connection *c = s->first;
        uint32_t number = to->number, serial = to->serial;

        if (!s->listens || to->kind)
                return -SOS_EINVAL;
        if (!c)
                return -SOS_EAGAIN;
        connection_drop(c);
        *to = (struct sock){.number = number,
                            .serial = serial,
                            .kin = s->kin,
                            .kind = SOCKET_STREAMING,
                            .v6 = s->v6,
                            .connection = c};
        socket_stream_open(&sockets_link, number, false, &to->in);
        socket_stream_open(&sockets_link, number, true, &to->out);
        c->listener = NULL;
        c->socket = to;
        tcp_backlog_accepted(c->pcb);
        connection_receive(c);
        connection_send(c);
        connection_show(c);
        return 0;
}

int stream_shut(struct sock *s, uint32_t how)
{
        struct connection *c = s->connection;

        if (!c || c->connects || !c->pcb)
                return -SOS_ENOTCONN;
        c->shut |= (how & 2) != 0;
        return 0;
}

int stream_option(struct sock *s, uint32_t option, uint32_t value)
{
        struct tcp_pcb *pcb = s->connection ? s->connection->pcb : s->pcb;

        if (!pcb)
                return 0;
        pcb->so_options =
                (u8_t)((pcb->so_options & ~(SOF_REUSEADDR | SOF_BROADCAST | SOF_KEEPALIVE)) | s->options);
        if (option == SOCKET_TTL)
                pcb->ttl = (u8_t)value;
        if (s->listens)
                return 0;
        switch (option) {
        case SOCKET_NO_DELAY:
                if (value)
                        tcp_nagle_disable(pcb);
                else
                        tcp_nagle_enable(pcb);
                break;
        case SOCKET_KEEP_IDLE:
                pcb->keep_idle = value * 1000;
                break;
        case SOCKET_KEEP_INTERVAL:
                pcb->keep_intvl = value * 1000;
                break;
        case SOCKET_KEEP_COUNT:
                pcb->keep_cnt = value;
                break;
        default:
                break;
        }
        return 0;
}

static void close_listener(struct sock *s)
{
        while (s->first) {
                struct connection *c = s->first;

                connection_drop(c);
                connection_give_up(c);
        }
        if (s->pcb) {
                tcp_arg(s->pcb, NULL);
                tcp_close(s->pcb);
        }
        s->pcb = NULL;
}

void stream_close(struct sock *s, bool at_once)
{
        struct connection *c = s->connection;

        if (!c) {
                close_listener(s);
                sockets_closed(s);
                return;
        }
        if (at_once || c->connects) {
                connection_give_up(c);
                return;
        }
        connection_send(c);
        connection_finish(c);
}
