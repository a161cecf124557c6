/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the starter OS, one function each; results and errors as in sos/proto.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sos/proto.h"

/* A call of the system server. */
long sos_call(unsigned long call, unsigned long a, unsigned long b, unsigned long c, unsigned long d);

/* The same with six arguments. */
long sos_call_many(unsigned long call, const unsigned long argument[6]);

_Noreturn void sos_exit(int code);
long sos_spawn(const struct sos_spawn *what);
void sos_sleep(unsigned long us);

/* Text to the console through the server: every program can. */
void sos_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The console, for the shell.  serial_read answers like SERIAL_READ. */
void serial_write(const char *bytes, size_t size);
void serial_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
long serial_read(char *to, size_t size);

/* As SERIAL_EDIT: `insert` is what completes the text that the last answer gave, or "". */
long serial_edit(char *to, size_t size, const char *insert);
long serial_take(char *to, size_t size);
void serial_raw(bool on);
unsigned serial_size(void);
