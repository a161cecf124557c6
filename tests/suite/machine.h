/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between the homes of the suite: console, clock, and how a thread starts.
 *
 * machine_qemu.c implements it for a root task in QEMU, tests/lib for the host core.
 */
#pragma once

#include "suite.h"

void machine_start(void);                 /* console and clock are ready afterwards */
void machine_put(char c);
_Noreturn void machine_stop(void);        /* the run is over */
word machine_ticks(void);                 /* the system counter */
word machine_ticks_per_us_x1000(void);    /* counter frequency in kHz */
void machine_relax(void);                 /* one step of a busy loop */
int machine_is_host(void);

/* Fill the registers of a thread that is to run `entry(argument)` on the stack below `stack_top`; `tls` is the address of
 * 1 KiB for its thread-local data. */
void machine_thread(seL4_UserContext *c, void (*entry)(word), word argument, word stack_top, word tls);
