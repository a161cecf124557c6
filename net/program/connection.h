/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends of connections, as stream.c moves their bytes and stream_calls.c makes and ends them. */
#pragma once

#include "net/program/sockets.h"

#include <lwip/err.h>

/* Around a control block, of a socket or of nobody yet; NULL without memory. */
struct connection *connection_make(struct tcp_pcb *pcb, struct sock *s);

/* lwIP calls nobody for it any more: the control block.  And the memory goes. */
struct tcp_pcb *connection_detach(struct connection *c);
void connection_release(struct connection *c);

/* The status shows how it is. */
void connection_show(struct connection *c);

/* What came in, and what is to go out, as far as there is room. */
void connection_receive(struct connection *c);
void connection_send(struct connection *c);

/* It ends with a reset. */
void connection_give_up(struct connection *c);

/* Of a socket that was closed everything may have been handed over, or will never be: then it is through.  What lwIP must hear from
 * whom it has called: ERR_ABRT when the control block has gone. */
err_t connection_finish(struct connection *c);

/* It no longer waits to be accepted. */
void connection_drop(struct connection *c);
