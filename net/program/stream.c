/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections: bytes between the streams of a socket and lwIP's TCP.
 *
 * Received data stay with lwIP until the client has taken what came before, and the window opens by what it has taken: a client that
 * sleeps stops its own peer and nobody else.  What goes out is copied into lwIP's buffer, as far as that has room.
 */
#include "net/program/connection.h"

#include <lwip/mem.h>
#include <lwip/stats.h>
#include <lwip/tcp.h>

#include "sos/proto.h"

enum {
        POLL_HALVES = 2,   /* of about a second each: lwIP's unit */
        LINGER_POLLS = 60, /* in which a closed socket may send what it had left */
        PIECE_COST = 128,  /* of a buffer besides its data: lwIP's records, the headers of a segment */
};

/* Before they leave the stream: whoever looks at both misses nothing. */
static void show_kept(const struct connection *c)
{
        sockets_status(c->socket)->kept = c->pcb && !c->connects ? TCP_SND_BUF - tcp_sndbuf(c->pcb) : 0;
}

void connection_show(struct connection *c)
{
        struct sock *s = c->socket;
        struct socket_status *status = s ? sockets_status(s) : NULL;
        uint32_t flags = 0;

        if (!s)
                return;
        if (c->pcb && !c->connects) {
                flags |= SOCKET_CONNECTED;
                sockets_name(s, &c->pcb->local_ip, c->pcb->local_port, &status->local);
                sockets_name(s, &c->pcb->remote_ip, c->pcb->remote_port, &status->remote);
        }
        if ((c->ended || !c->pcb) && !c->in)
                flags |= SOCKET_ENDED;
        if (!c->pcb)
                flags |= SOCKET_GONE;
        show_kept(c);
        status->error = c->error;
        __atomic_store_n(&status->flags, flags, __ATOMIC_RELEASE);
        sockets_changed(s);
}

/* Moves what has been received, as far as there is room. */
void connection_receive(struct connection *c)
{
        struct sock *s = c->socket;

        while (s && c->in) {
                uint32_t room = sockets_ready(&s->in), bytes = c->in->len;

                bytes = bytes < room ? bytes : room;
                if (bytes == 0)
                        return;
                ring_put_many(&s->in, c->in->payload, bytes);
                c->unread -= bytes + (bytes == c->in->len ? PIECE_COST : 0);
                c->in = pbuf_free_header(c->in, (u16_t)bytes);
                if (c->pcb)
                        tcp_recved(c->pcb, (u16_t)bytes);
                sockets_moved(s, &s->in);
                if (!c->in && (c->ended || !c->pcb))
                        connection_show(c);
        }
}

static void send_end(struct connection *c)
{
        if (!c->shut || c->shut_sent || !c->pcb)
                return;
        if (tcp_shutdown(c->pcb, 0, 1) == ERR_OK)
                c->shut_sent = true;
}

/* Memory for what is not sent or not acknowledged yet, or not read. */
static uint32_t kept_by(const struct connection *c)
{
        uint32_t bytes = c->unread;

        if (c->pcb)
                bytes += TCP_SND_BUF - tcp_sndbuf(c->pcb) + tcp_sndqueuelen(c->pcb) * PIECE_COST;
        return bytes;
}

/* Memory that the stack keeps for connections of these. */
static uint32_t kept_for(uint32_t kin)
{
        uint32_t bytes = 0;

        for (struct sock *s = sockets_kin(kin, NULL); s; s = sockets_kin(kin, s)) {
                if (s->connection)
                        bytes += kept_by(s->connection);
                for (const struct connection *c = s->first; c; c = c->next)
                        bytes += kept_by(c);
        }
        return bytes;
}

/* It waits when memory becomes scarce and its kin has its share, so that others still send and receive. */
static bool must_wait(const struct connection *c)
{
        const struct sock *s = c->socket ? c->socket : c->listener;

        return lwip_stats.mem.used > MEM_SIZE / 2 && s && !s->closing && kept_for(s->kin) > STREAM_SHARE;
}

/* What lies together in memory, as far as the stack takes it; false: that is nothing. */
static bool send_span(struct connection *c, struct sock *s)
{
        uint32_t together, bytes = tcp_sndbuf(c->pcb);
        const void *at;

        if (sockets_ready(&s->out) == 0)
                return false;
        at = ring_span(&s->out, &together);
        bytes = bytes < together ? bytes : together;
        if (bytes == 0 || tcp_write(c->pcb, at, (u16_t)bytes, TCP_WRITE_FLAG_COPY) != ERR_OK)
                return false;
        show_kept(c);
        ring_move(&s->out, bytes);
        sockets_moved(s, &s->out);
        return true;
}

void connection_send(struct connection *c)
{
        struct sock *s = c->socket;
        bool sent = false;

        while (s && c->pcb && !c->connects && !c->shut_sent && !must_wait(c) && send_span(c, s))
                sent = true;
        if (s && ring_ready(&s->out) == 0)
                send_end(c);
        if (sent && c->pcb)
                tcp_output(c->pcb);
}

void connection_release(struct connection *c)
{
        if (c->in)
                pbuf_free(c->in);
        if (c->socket)
                c->socket->connection = NULL;
        mem_free(c);
}

/* Removes the callbacks from the control block. */
struct tcp_pcb *connection_detach(struct connection *c)
{
        struct tcp_pcb *pcb = c->pcb;

        c->pcb = NULL;
        if (pcb) {
                tcp_arg(pcb, NULL);
                tcp_recv(pcb, NULL);
                tcp_sent(pcb, NULL);
                tcp_err(pcb, NULL);
                tcp_poll(pcb, NULL, 0);
        }
        return pcb;
}

/* Ends it with a reset. */
void connection_give_up(struct connection *c)
{
        struct tcp_pcb *pcb = connection_detach(c);
        struct sock *s = c->socket;

        if (pcb)
                tcp_abort(pcb);
        connection_release(c);
        if (s && s->closing)
                sockets_closed(s);
}

/* A closed socket is done when all it had to send has been handed over, or never will be.  Returns what a callback must tell lwIP:
 * ERR_ABRT when the control block has gone. */
err_t connection_finish(struct connection *c)
{
        struct sock *s = c->socket;
        struct tcp_pcb *pcb;

        if (!s || !s->closing || (c->pcb && ring_ready(&s->out) > 0 && !s->out.broken))
                return ERR_OK;
        if (c->in && c->pcb) { /* unread: tell the peer */
                connection_give_up(c);
                return ERR_ABRT;
        }
        pcb = connection_detach(c);
        connection_release(c);
        sockets_closed(s);
        if (pcb && tcp_close(pcb) != ERR_OK) {
                tcp_abort(pcb);
                return ERR_ABRT;
        }
        return ERR_OK;
}

/* Behind what is not read yet.  pbuf_cat would walk through all of that, which may be thousands of segments with a byte each, to bring
 * their tot_len up to date; nothing here uses it. */
static void append(struct connection *c, struct pbuf *p)
{
        if (c->in)
                c->last->next = p;
        else
                c->in = p;
        for (; p; p = p->next) {
                c->unread += p->len + PIECE_COST;
                c->last = p;
        }
}

static err_t on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
        struct connection *c = arg;

        (void)pcb, (void)error;
        if (!p) {
                c->ended = true;
                connection_show(c);
                return ERR_OK;
        }
        if (must_wait(c))
                return ERR_MEM; /* the stack offers it again, and takes nothing behind it meanwhile */
        append(c, p);
        if (c->socket && c->socket->closing) { /* nobody will read it */
                connection_give_up(c);
                return ERR_ABRT;
        }
        connection_receive(c);
        return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t bytes)
{
        struct connection *c = arg;

        (void)pcb, (void)bytes;
        if (c->socket)
                show_kept(c);
        connection_send(c);
        return connection_finish(c);
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
        struct connection *c = arg;

        (void)pcb;
        if (c->socket && c->socket->closing && ++c->socket->polls > LINGER_POLLS) {
                connection_give_up(c);
                return ERR_ABRT;
        }
        connection_send(c);
        return connection_finish(c);
}

void connection_drop(struct connection *c)
{
        struct sock *l = c->listener;
        struct connection **at = &l->first, *before = NULL;

        while (*at != c) {
                before = *at;
                at = &(*at)->next;
        }
        *at = c->next;
        if (l->last == c)
                l->last = before;
        sockets_status(l)->waiting = --l->waiting;
}

/* The control block is gone already. */
static void on_error(void *arg, err_t error)
{
        struct connection *c = arg;

        c->pcb = NULL;
        c->error = error == ERR_CLSD                 ? 0 /* both sides had said all */
                   : c->connects && error == ERR_RST ? SOS_ECONNREFUSED
                                                     : -sockets_error(error);
        c->connects = false;
        if (!c->socket) {
                connection_drop(c);
                connection_release(c);
                return;
        }
        connection_show(c);
        connection_finish(c);
}

struct connection *connection_make(struct tcp_pcb *pcb, struct sock *s)
{
        struct connection *c = mem_calloc(1, sizeof(*c));

        if (!c)
                return NULL;
        c->pcb = pcb;
        c->socket = s;
        tcp_arg(pcb, c);
        tcp_recv(pcb, on_receive);
        tcp_sent(pcb, on_sent);
        tcp_err(pcb, on_error);
        tcp_poll(pcb, on_poll, POLL_HALVES);
        return c;
}

void stream_step(struct sock *s)
{
        struct connection *c = s->connection;

        if (!c)
                return;
        connection_receive(c);
        connection_send(c);
        connection_finish(c);
}
