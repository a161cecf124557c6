/* SPDX-License-Identifier: BSD-2-Clause */
/* How the libraries report a mistake to the programmer: one line of text and a counter.
 *
 * Nothing is printed until a program sets a destination (report_to): a release kernel has no debug console, and a server usually wants the
 * lines in its own log.  The counter runs in any case, so that a test can check that a misuse was noticed.
 *
 * `format` is that of text/text.h.
 */
#pragma once

/* Send report lines to `put`, one character at a time; NULL silences them again. */
void report_to(void (*put)(char c));

/* Print one line (the newline is added). */
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

/* Lines reported since start-up, printed or not. */
unsigned long report_count(void);

/* "no error", "invalid argument", ... for a seL4_Error; -1 is "out of memory or slots". */
const char *report_error_name(int error);

/* "frame", "page table", ... for the type of a kernel object; "memory" for an unknown one. */
const char *report_type_name(unsigned long type);
