/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends of connections, as stream.c moves their bytes and stream_calls.c makes and ends them. */
#pragma once

#include "net/program/sockets.h"

#include <lwip/err.h>
#include <lwip/opt.h>

enum {
        STREAM_WAITING = 64,         /* connections that wait to be accepted, for one kin */
        STREAM_SHARE = MEM_SIZE / 4, /* of the stack's memory, for one kin when half of it is in use */
};

/* Makes the record for a control block, which may have no socket yet; NULL without memory. */
struct connection *connection_make(struct tcp_pcb *pcb, struct sock *s);

/* Removes the callbacks from the control block, then frees the record. */
struct tcp_pcb *connection_detach(struct connection *c);
void connection_release(struct connection *c);

/* Brings the socket's status up to date. */
void connection_show(struct connection *c);

/* Moves what has been received, and what is to be sent, as far as there is room. */
void connection_receive(struct connection *c);
void connection_send(struct connection *c);

/* Ends it with a reset. */
void connection_give_up(struct connection *c);

/* A closed socket is done when all it had to send has been handed over, or never will be.  Returns what a callback must tell lwIP:
 * ERR_ABRT when the control block has gone. */
err_t connection_finish(struct connection *c);

/* It no longer waits to be accepted. */
void connection_drop(struct connection *c);
