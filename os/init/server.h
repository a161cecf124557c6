/* SPDX-License-Identifier: BSD-2-Clause */
/* The system server: one loop on one endpoint, answering calls and faults of all processes.
 *
 * A handler never blocks.  It says at once what the answer is, or keeps the caller: its reply object then belongs to the
 * process record until the answer is sent.
 */
#pragma once

#include "os/init/process.h"

enum { SERVER_PRIORITY = 200, SERVER_SLICE_US = 5000 };

/* `console` reaches the serial server. */
void server_init(seL4_CPtr endpoint, seL4_CPtr console);
_Noreturn void server_run(void);

/* Start a program of the archive; the pid, or -SOS_E*. */
int server_spawn(const struct sos_spawn *what, int parent, bool console);

/* End a process, and wake whoever waits for it. */
void server_end(struct process *p, int code);

/* Print on the console: one message per SOS_TEXT_MAX bytes. */
void console_write(const char *bytes, seL4_Word size);
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* fault.c: say what happened, then answer `true` (message registers hold the reply) or end the process. */
bool fault_handle(struct process *p, seL4_MessageInfo_t info, seL4_MessageInfo_t *answer);

/* report.c: the text of a report into `buffer`; bytes. */
seL4_Word report_make(enum sos_report which, char *buffer, seL4_Word size);

/* The programs packed with the root task; NULL when there is none of that name. */
extern const char archive_start[], archive_end[];
