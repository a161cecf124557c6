/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes of this machine (AF_UNIX): each has a stream for what comes in, in memory of the server.
 *
 * They are struct sockets of family LOCAL.  Their type, as Linux numbers it, is `protocol`: LOCAL_STREAM (kind SOCKET_STREAMING), and
 * LOCAL_DATAGRAM and LOCAL_PACKETS (kind SOCKET_DATAGRAMS), whose messages keep their borders.  A name is a file of kind NODE_SOCKET,
 * which stays when the socket goes, or a text that begins with a NUL and lives as long as the socket.
 *
 * Invariants: of two ends that are connected each is the other's `other`; an end whose other end has closed has none, and is `parted`.
 * Datagrams are different: `other` is where they are sent to unless they say otherwise, and need not know it.  What comes in at a socket is
 * written with its ring `in`, by whomever.
 */
#pragma once

#include "os/net/parcel.h"
#include "os/net/socket.h"

enum { LOCAL = 1, LOCALS = 128, LOCALS_KIN = 96 /* of one family */, LOCAL_BYTES = 16384 };
enum local_type { LOCAL_STREAM = 1, LOCAL_DATAGRAM = 2, LOCAL_PACKETS = 5 };

/* In front of each message that keeps its borders. */
struct local_message {
        uint32_t bytes;
        struct sender by;
        struct local_name from;
};
enum { LOCAL_MESSAGE_MAX = LOCAL_BYTES - (int)sizeof(struct local_message) };

/* For a family; NULL: too many, of it or of all, or no memory. */
struct socket *local_new(enum local_type type, const struct sender *by, int kin);

/* Two that are connected; false: too many, or no memory. */
bool local_pair(enum local_type type, const struct sender *by, int kin, struct socket *end[2]);

/* Give it a name: that of `n`, which may be NULL for one that begins with a NUL (-SOS_EADDRINUSE: somebody has it).  And one that nobody
 * has. */
long local_bind(struct socket *s, const struct local_name *name, struct node *n);
void local_bind_any(struct socket *s);

/* -SOS_EINVAL, _EOPNOTSUPP. */
long local_listen(struct socket *s, uint32_t waiting);

/* Who has that name: NULL: nobody. */
struct socket *local_at(const struct local_name *name, const struct node *n);

/* Connect to who listens there: -SOS_ECONNREFUSED: nobody, _EAGAIN: too many wait (in `changed` of l), _ENOBUFS, _EISCONN; or, of
 * datagrams, name who gets them; NULL: nobody. */
long local_connect(struct socket *s, struct socket *l);
void local_send_to(struct socket *s, struct socket *to);

/* May datagrams of `s` be sent there?  0; -SOS_ECONNREFUSED (and it is not connected any more), _EPERM, _EPIPE, _EPROTOTYPE. */
long local_refuses(struct socket *s, const struct socket *to);

/* The one that has waited longest; NULL: nobody. */
struct socket *local_accept(struct socket *s);

/* Entry i of the table, free ones included, and the number of one. */
struct socket *local_entry(unsigned i);
unsigned local_number(const struct socket *s);

/* For socket.c. */
struct socket_status local_status(const struct socket *s);
void local_moved(struct socket *s);
bool local_writable(struct socket *s);
void local_close(struct socket *s);
