/* SPDX-License-Identifier: BSD-2-Clause */
/* The system server: one loop on one endpoint, answering calls and faults of all processes.
 *
 * A message, or the next of those that are rung for (os/core/wait.h), or one piece of a long call: between any two the server
 * listens.  What a call is, see call.h.
 */
#pragma once

#include "os/init/console.h"
#include "os/init/process.h"

enum { SERVER_PRIORITY = 200, SERVER_SLICE_US = 5000 };

/* Badges of signals through the notification bound to the server. */
enum { SIGNAL_INPUT = 1, SIGNAL_INTERRUPT = 2, SIGNAL_ALARM = 4, SIGNAL_PIECE = 8, SIGNAL_LINES = 0xf0 /* interrupts */ };
#define SIGNAL_FLAG (1ull << 63)

bool server_init(seL4_CPtr endpoint, seL4_CPtr timer);
_Noreturn void server_run(void);

/* End a process; whoever waits for it knows when what it had is given back. */
void server_end(struct process *p, int code);

/* Start a program; the pid, or -SOS_E*.  The first process gets the serial server's endpoint. */
int server_spawn(const struct sos_spawn *what, int maker, bool serial);

/* The longest that the server has worked from one message to the next since the last reset, by what came: row `i` of
 * SERVER_ROWS, calls of Linux by number, then those of native programs, faults and signals. */
enum { SERVER_NATIVE = PROCESS_MISSING, SERVER_FAULT = SERVER_NATIVE + SOS_CALLS + 1, SERVER_SIGNAL, SERVER_ENDING, SERVER_LEAVING, SERVER_ROWS };
uint64_t server_longest_ns(unsigned i);
void server_longest_reset(void);

/* native.c, posix/: one call of a process, arguments in p->call.argument. */
long call_native(struct process *p);
void call_posix(struct process *p, seL4_Word number);

/* fault.c: resolve the fault in the message registers, or say what happened.  A system call that there is not is answered as a
 * call.  A fault that waits for memory is tried again by fault_again when it is rung for. */
enum fault_result { FAULT_RESUME, FAULT_WAITS, FAULT_END };
enum fault_result fault_handle(struct process *p, seL4_MessageInfo_t info);
enum fault_result fault_again(struct process *p);

/* A service has stopped at a fault: say so, past the serial server. */
void fault_of_service(unsigned number, seL4_MessageInfo_t info);

/* The programs packed with the root task. */
extern const char archive_start[], archive_end[];
