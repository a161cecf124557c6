/* SPDX-License-Identifier: BSD-2-Clause */
/* The system server: one loop on one endpoint, answering calls and faults of all processes.
 *
 * A handler never blocks.  A call that cannot be served yet says CALL_BLOCKS: its caller is kept by its reply object, and
 * the call is tried again from the beginning whenever something has changed (server_stir) or its deadline has come.
 * So a call has no effect before it succeeds or fails, and no state of its own.
 */
#pragma once

#include "os/init/console.h"
#include "os/init/process.h"

enum { SERVER_PRIORITY = 200, SERVER_SLICE_US = 5000 };

/* Results of a call that are no answers. */
#define CALL_BLOCKS   FILE_BLOCKS
#define CALL_GONE     (FILE_BLOCKS + 1) /* the caller has ended, or is another program now */
#define CALL_SWITCHED (FILE_BLOCKS + 2) /* the caller goes on with the registers it was given */

/* Badges of signals through the notification bound to the server. */
enum { SIGNAL_INPUT = 1, SIGNAL_INTERRUPT = 2, SIGNAL_ALARM = 4, SIGNAL_PIECE = 8, SIGNAL_LINES = 0xf0 /* interrupts */ };
#define SIGNAL_FLAG (1ull << 63)

bool server_init(seL4_CPtr endpoint, seL4_CPtr timer);
_Noreturn void server_run(void);

/* Has a call failed because memory is on its way?  It has changed nothing but p->progress then, and is tried again. */
bool call_awaits(long result);

/* The same at the end of the call: CALL_BLOCKS (and p->paging) when it is tried again.  One that never gets all its pages
 * together fails with -SOS_ENOMEM. */
long call_end(struct process *p, long result);

/* A call whose work grows with a number of the caller does it in pieces, between which the server listens: true while it may
 * go on with `pages` more (or work like that of so many pages).  When it is false the call keeps what it has done in
 * p->progress and returns CALL_BLOCKS; it is tried again soon. */
bool call_goes_on(struct process *p, unsigned pages);

/* Is any call in the middle of its pieces? */
bool call_pieces(void);

/* Something has changed that a blocked call may wait for. */
void server_stir(void);

/* End a process, and let whoever waits for it know. */
void server_end(struct process *p, int code);

/* Start a program; the pid, or -SOS_E*.  The first process gets the serial server's endpoint. */
int server_spawn(const struct sos_spawn *what, int maker, bool serial);

/* The longest that the server has worked from one message to the next since the last reset, by what came: row `i` of
 * SERVER_ROWS, calls of Linux by number, then those of native programs, faults and signals. */
enum { SERVER_NATIVE = PROCESS_MISSING, SERVER_FAULT = SERVER_NATIVE + SOS_CALLS + 1, SERVER_SIGNAL, SERVER_ROWS };
uint64_t server_longest_ns(unsigned i);
void server_longest_reset(void);

/* native.c, posix/: one call of a process, arguments in p->argument. */
long call_native(struct process *p);
long call_posix(struct process *p, seL4_Word number);

/* fault.c: resolve the fault in the message registers, which then hold the answer, or say what happened.  A fault that
 * waits for memory is tried again by fault_again when something has changed. */
enum fault_result { FAULT_RESUME, FAULT_WAITS, FAULT_END };
enum fault_result fault_handle(struct process *p, seL4_MessageInfo_t info, seL4_MessageInfo_t *answer);
enum fault_result fault_again(struct process *p);

/* A service has stopped at a fault: say so, past the serial server. */
void fault_of_service(unsigned number, seL4_MessageInfo_t info);

/* report.c: the text of a report into `buffer`; bytes. */
seL4_Word report_make(enum sos_report which, char *buffer, seL4_Word size);

/* Something was written to it; false when that is not possible. */
bool report_write(enum sos_report which, const char *bytes, seL4_Word size);

/* The programs packed with the root task. */
extern const char archive_start[], archive_end[];
