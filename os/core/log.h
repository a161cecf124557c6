/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of the system: lines for whoever looks after it, apart from the output of programs (`dmesg`).
 *
 * The newest LOG_BYTES are kept.  Only a few lines a second are accepted; the next line says how many were dropped.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { LOG_BYTES = 64 << 10, LOG_BURST = 20 };

/* One line, without its end; the time is put before it. */
void log_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes that are kept; up to `size` of them, the newest, go to `to`, and how many; none are kept any more. */
size_t log_size(void);
size_t log_read(char *to, size_t size);
void log_clear(void);
