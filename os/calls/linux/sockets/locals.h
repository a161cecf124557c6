/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets between processes have of their own: paths as names, and pairs (locals.c).
 *
 * Results: those of calls (posix.h): 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/calls/linux/sockets/sockets.h"
#include "os/net/local.h"

long posix_local_socket(struct process *p, seL4_Word type, seL4_Word protocol);
long posix_local_bind(struct process *p, struct socket *s);
long posix_local_connect(struct process *p, struct socket *s);
long posix_local_name(struct process *p, const struct socket *s, bool remote);

/* A path as the address of a socket; as much as fits, its whole length to `length_va`. */
long posix_write_path(struct process *p, const char *path, seL4_Word va, seL4_Word length_va);
