/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys of the console do, besides being read as input. */
#pragma once

#include <sel4/sel4.h>

/* SIGNAL_INTERRUPT: Ctrl-C while a program has the console.  SIGNAL_BREAK: a break on the line; the program `dump` prints the state of
 * the system, whoever has the console and whatever runs. */
void keys_hear(seL4_Word signals);
