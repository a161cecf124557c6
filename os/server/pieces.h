/* SPDX-License-Identifier: BSD-2-Clause */
/* Long calls in pieces, each done when the signal for it arrives (os/core/pace.h). */
#pragma once

#include "os/core/wait.h"

struct process;

/* The signal has arrived: do one piece of one call, in turn. */
void pieces_do(void);

/* After each message: the signals that terminals and files have to send, unless somebody is about to get an answer (signal_news), and a
 * request for the next piece, if there is one. */
void pieces_pace(bool answers);

/* One piece of ending a process.  The first few follow soon, so that small processes are gone before their parents run again. */
void pieces_end(struct process *p);

/* server.c: a process that was woken, or whose turn it is, tries again. */
void server_let_try(struct waiter *w);

/* server.c: what the work now is for, in the table of the longest times (SERVER_ROWS). */
void server_works_for(unsigned row);
