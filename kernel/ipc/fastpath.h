/* SPDX-License-Identifier: BSD-2-Clause */
/* The short way through Call, ReplyRecv, Signal and Poll.
 *
 * Level 4.  Tests first, without effect, that the whole operation is the common case: the partner waits, nothing else
 * can run before it, no caps move.  Then it does exactly what the long way would; when the answer is false nothing has
 * happened (but the clock may have been read) and the long way is taken.  When caller and server share one scheduling context the clock is not read: no
 * time changes its owner, and what is owed stays owed (spec scheduling.md 8.1).
 */
#pragma once

#include "thread/thread.h"

bool fastpath_call(struct thread *t);
bool fastpath_reply_recv(struct thread *t);

/* Send and NBSend to a notification that nobody hears; Wait and NBWait on one that need not block.  The running thread
 * goes on with nothing changed but its registers. */
bool fastpath_signal(struct thread *t);
bool fastpath_take(struct thread *t, bool blocking);
