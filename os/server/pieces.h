/* SPDX-License-Identifier: BSD-2-Clause */
/* Long calls in pieces, each when the word to do it has come (os/core/pace.h). */
#pragma once

#include "os/core/wait.h"

/* The word has come: one piece of one call, in turn. */
void pieces_do(void);

/* After each message: what terminals have to signal, and the next word, when there is something to do with it. */
void pieces_pace(void);

/* server.c: a process that was rung for, or whose turn it is, tries again. */
void server_let_try(struct waiter *w);

/* server.c: what is worked for now, in the table of the longest times (SERVER_ROWS). */
void server_works_for(unsigned row);
