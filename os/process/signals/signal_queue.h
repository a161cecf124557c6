/* SPDX-License-Identifier: BSD-2-Clause */
/* Information about pending signals: who sent them, and why.
 *
 * Lists of records of one pool, by index (0: an empty list), in the order in which they came.  A signal may be pending without a
 * record; then it came from the system, or the pool was used up.
 */
#pragma once

#include "os/process/signals/signal.h"

enum { SIGNAL_RECORDS = 1024 };

/* False when there is no record left. */
bool signal_queue_add(unsigned *queue, const struct signal_cause *cause);

/* The same for one that was taken: it is the first one again. */
void signal_queue_return(unsigned *queue, const struct signal_cause *cause);

/* Number i of them; NULL: there are fewer. */
const struct signal_cause *signal_queue_at(unsigned queue, uint64_t i);

/* Fill in the first one of cause->signal, which goes; true when there is another one of the same signal. */
bool signal_queue_take(unsigned *queue, struct signal_cause *cause);

/* Is the signal of the timer of that number in it?  Cost: what is in it. */
bool signal_queue_has_timer(unsigned queue, int id);

/* All of them, or those of one signal, go. */
void signal_queue_drop(unsigned *queue);
void signal_queue_forget(unsigned *queue, int signal);
