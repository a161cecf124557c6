/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's console: one serial line, written to by waiting. */
#pragma once

#include <cspace/cspace.h>

/* Map the serial line of the board; fatal if that fails. */
void uart_init(cspace_t *cspace);

/* Send a character, waiting for room; "\r" goes after each "\n". */
void uart_putchar(char c);
