/* SPDX-License-Identifier: BSD-2-Clause */
/* The system server: one loop on one endpoint, answering calls and faults of all processes.
 *
 * It handles a message, or the next process that was woken (os/core/wait.h), or one piece of a long call: between any two of these
 * the server listens.  call.h says what a call is.
 */
#pragma once

#include "os/core/signals.h"
#include "os/process/process.h"

enum { SERVER_PRIORITY = 200, SERVER_SLICE_US = 5000 };

bool server_init(seL4_CPtr endpoint);

/* The alarm that it set is over. */
void server_alarm(void);

_Noreturn void server_run(void);

/* One turn of the loop, for the time before server_run: drivers are running already, and may fault. */
void server_serve_one(void);

/* The longest that the server has worked from one message to the next since the last reset, by what came: row `i` of
 * SERVER_ROWS, calls of Linux by number, then those of native programs, faults and signals. */
enum {
        SERVER_NATIVE = PROCESS_MISSING,
        SERVER_FAULT = SERVER_NATIVE + SOS_CALLS + 1,
        SERVER_SIGNAL,
        SERVER_ENDING,
        SERVER_LEAVING,
        SERVER_ROWS
};
uint64_t server_longest_ns(unsigned i);
void server_longest_reset(void);

/* The programs packed with the root task. */
extern const char archive_start[], archive_end[];
