/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets over lwIP: requests in shared memory (socket/socket.h) are carried out with lwIP's callbacks.
 *
 * sockets.c takes requests and passes them to the kind of socket; stream.c handles connections, datagram.c the other kinds.
 * Invariants: a socket that is not open has no control block and no memory; a connection that waits to be accepted belongs to its
 * listener; one that was closed keeps its number until lwIP has all that it had to send.
 */
#pragma once

#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>
#include <socket/socket.h>

struct tcp_pcb;
struct udp_pcb;
struct raw_pcb;

/* One end of a TCP connection. */
struct connection {
        struct tcp_pcb *pcb;     /* NULL: over */
        struct sock *socket;     /* NULL: waits to be accepted */
        struct connection *next; /* that waits */
        struct sock *listener;
        struct pbuf *in, *last; /* data for which the stream has no room yet */
        uint32_t unread;        /* memory that they take */
        bool ended;             /* the peer will send no more */
        bool shut;              /* we send no more once the stream is empty */
        bool shut_sent;
        bool connects;
        int error;
};

struct sock {
        uint32_t number, serial; /* of the last request */
        uint32_t kin;            /* whom it is for: these share what one of them may have */
        uint32_t kind;           /* enum socket_kind, 0: not open */
        uint32_t closing;        /* serial of the request that closes it */
        uint32_t polls;          /* since then */
        bool v6, only_v6;
        uint32_t options; /* lwIP's control block */
        bool no_delay;
        struct tcp_pcb *pcb; /* of a connection being made, or of a listener */
        bool listens;
        struct connection *connection;
        struct connection *first, *last; /* that wait to be accepted */
        uint32_t waiting;
        struct udp_pcb *udp;
        struct raw_pcb *raw;
        struct ring in, out; /* what the client reads and writes */
};

extern struct socket_link sockets_link;

void sockets_open(void *memory);

/* Serves the clients that have rung. */
void sockets_serve(void);

/* Rings for what has changed. */
void sockets_tell(void);

void sockets_changed(struct sock *s);

/* Bytes to read, or room to write: if there are none, the client will ring for the next ones.  And what was moved in that stream is
 * rung for, if the client waits for it. */
uint32_t sockets_ready(struct ring *stream);
void sockets_moved(struct sock *s, struct ring *stream);
struct socket_status *sockets_status(const struct sock *s);
struct sock *sockets_at(uint32_t number);

/* The next socket that is for those, behind `s` (NULL: the first); NULL: there is no other. */
struct sock *sockets_kin(uint32_t kin, const struct sock *s);

/* The number of a closed socket is free again. */
void sockets_closed(struct sock *s);

/* Addresses of the two sides. */
bool sockets_address(const struct sock *s, const struct socket_name *name, ip_addr_t *address);
void sockets_name(const struct sock *s, const ip_addr_t *address, uint16_t port, struct socket_name *name);
int sockets_error(int lwip); /* err_t to the negative number of Linux */

/* stream.c */
int stream_open(struct sock *s);
int stream_bind(struct sock *s, const ip_addr_t *address, uint16_t port);
int stream_connect(struct sock *s, const ip_addr_t *address, uint16_t port);
int stream_listen(struct sock *s, uint32_t waiting);
int stream_accept(struct sock *s, struct sock *to);
int stream_shut(struct sock *s, uint32_t how);
void stream_close(struct sock *s, bool at_once);
int stream_option(struct sock *s, uint32_t option, uint32_t value);
void stream_step(struct sock *s); /* moves bytes both ways */

/* unreachable.c: handles reports of datagrams that did not arrive. */
void unreachable_open(void);

/* datagram.c */
int datagram_open(struct sock *s, uint32_t protocol);
int datagram_bind(struct sock *s, const ip_addr_t *address, uint16_t port);
int datagram_connect(struct sock *s, const ip_addr_t *address, uint16_t port);
void datagram_close(struct sock *s);
int datagram_option(struct sock *s, uint32_t option, uint32_t value);
void datagram_step(struct sock *s);
