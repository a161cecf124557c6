/* SPDX-License-Identifier: BSD-2-Clause */
/* The services of this machine on the network.  All run in the thread that owns the stack.
 *
 *      port 7, UDP and TCP     every byte comes back (RFC 862)
 *      port 80                 a page with the state of the network (lwIP's http server)
 *      port 2323, TCP          a line, and its answer: ifconfig, netstat, ping HOST, lookup NAME, quit
 *
 * A connection costs its control block and the data in transit; one that the other side forgets ends after SERVICE_IDLE_S.
 */
#pragma once

#include "net/stack/stack.h"

#include <base/text.h>

enum { ECHO_PORT = 7, COMMAND_PORT = 2323, SERVICE_IDLE_S = 300 };

/* Starts all services on this card; false without memory. */
bool services_start(struct net *n);

bool echo_start(void);
bool command_start(void);

/* The output of `ifconfig` and `netstat`. */
void show_interfaces(struct text *t);
void show_connections(struct text *t);

extern struct net *services_net;
