/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system reports about itself, for the files of /proc. */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>

#include "sos/proto.h"

/* Writes the text of a report into `buffer`; returns its bytes. */
seL4_Word report_make(enum sos_report which, char *buffer, seL4_Word size);

/* Starts the trace, with the names of everything that exists; 0, or SOS_EBUSY, SOS_ENOMEM, SOS_ENOSYS (trace.h). */
int report_trace_start(void);

/* report_net.c */
struct text;
void report_ifconfig(struct text *t);
void report_netstat(struct text *t);
void report_resolv(struct text *t);
void report_drivers(struct text *t);

/* Something was written to the report's file; 0, or the error: SOS_EINVAL for a word that it does not take, of a trace also SOS_EBUSY,
 * SOS_ENOMEM, SOS_ENOSYS (trace.h), and SOS_ESRCH when there is none. */
int report_write(enum sos_report which, const char *bytes, seL4_Word size);

/* report_dump.c: a part of /proc/dump for `reader` (a pointer that tells it apart) from `offset`, which is where its last part ended, or 0.
 * Bytes; 0 at the end; -SOS_EIO when another reader ended this one; -SOS_ENOSYS when the kernel has no dump. */
long report_dump(const void *reader, size_t offset, char *to, size_t size);
