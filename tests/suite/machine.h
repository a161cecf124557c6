/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between the homes of the suite: console, clock, and how a thread starts.
 *
 * machine_qemu.c and raw_call.S implement it for a root task in QEMU, tests/lib for the host core.  Tests in files named
 * *_arm.c contain instructions of the real processor and belong to the root task only.
 */
#pragma once

#include "suite.h"

void machine_start(void); /* console and clock are ready afterwards */
void machine_put(char c);
_Noreturn void machine_stop(void);     /* the run is over */
word machine_ticks(void);              /* the system counter */
word machine_ticks_per_us_x1000(void); /* counter frequency in kHz */
void machine_relax(void);              /* one step of a busy loop */
int machine_is_host(void);

/* Fill the registers of a thread that is to run `entry(argument)` on the stack below `stack_top`; `tls` is the address of
 * 1 KiB for its thread-local data. */
void machine_thread(seL4_UserContext *c, void (*entry)(word), word argument, word stack_top, word tls);

/* One system call with x0-x8 taken from `regs` and put back there: for tests that say what becomes of each register. */
void raw_call(word regs[9]);

/* The largest interrupt that users may ask for, 0 when the suite does not know the board. */
word machine_largest_irq(void);
word machine_distributor(void);           /* its address, on a machine with a GIC */
word device_frame(word paddr, word slot); /* a page of device memory, from up to 64 slots; 0: there is none */

/* A level-triggered interrupt that belongs to the test: its number, and its line up or down. */
word machine_irq(void);
void machine_irq_set(int up);
word machine_console(void); /* where its registers are mapped, in QEMU and on boards */
