/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys of the console do, besides being read as input. */
#pragma once

/* Something has come in on the console: keys are echoed, and a break on the line starts the program `dump`, which tells the state of the
 * system, whoever has the console and whatever runs. */
void keys_hear(void);

/* Ctrl-C while a program has the console. */
void keys_interrupted(void);
