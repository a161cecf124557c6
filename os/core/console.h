/* SPDX-License-Identifier: BSD-2-Clause */
/* The console as the server sees it: a client of the serial server that never waits for input. */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

#include "os/core/wait.h"

void console_init(seL4_CPtr serial);

void console_write(const char *bytes, seL4_Word size);
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Input: bytes, 0 at its end, CONSOLE_EMPTY when there is none yet. */
#define CONSOLE_EMPTY (-0x7fffffffffffffffl)
long console_take(char *to, seL4_Word size);
bool console_ready(void);

/* Where to wait for it. */
struct wait_queue *console_input(void);

/* Raw: characters as they come, without echo. */
void console_raw(bool on);
bool console_is_raw(void);

/* Rows << 16 | columns of the terminal; 0: not known. */
unsigned console_size(void);
