/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets between processes of this machine (AF_UNIX): two ends with a stream each, in memory of the server.
 *
 * They are struct sockets of family LOCAL, moved by the same calls as those of the network.  Kinds: SOCKET_STREAMING; SOCKET_DATAGRAMS
 * in pairs, whose messages keep their borders.  A name is a path that lives as long as the socket that is bound to it; it is no file.
 *
 * Invariants: of two ends that are connected each is the other's `other`; an end whose other end has closed has none, and is `parted`.
 */
#pragma once

#include "os/net/socket.h"

enum { LOCAL = 1, LOCALS = 128 };

/* NULL: too many, or no memory. */
struct socket *local_new(unsigned kind, uint32_t owner);

/* Two that are connected; false: too many, or no memory. */
bool local_pair(unsigned kind, uint32_t owner, struct socket *end[2]);

/* -SOS_EADDRINUSE, _EINVAL: it has a name. */
long local_bind(struct socket *s, const char *path);
long local_listen(struct socket *s, uint32_t waiting);

/* Connect to who listens there: -SOS_ECONNREFUSED: nobody, _EAGAIN: too many wait, _ENOBUFS, _EISCONN. */
long local_connect(struct socket *s, const char *path);

/* The one that has waited longest; NULL: nobody. */
struct socket *local_accept(struct socket *s);

/* For socket.c. */
struct socket_status local_status(const struct socket *s);
void local_moved(struct socket *s);
void local_close(struct socket *s);
