/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual machines: the processes that are monitors, and what each holds (sos/machine.h).
 *
 * A row is free, or holds the kernel objects of one guest, the monitor that serves it, and pieces of memory for guests.  The objects come
 * when a monitor starts and go when its process has given everything back, in whatever way it ended; the name and its last words stay
 * until another takes the row.  Memory for guests is the RAM that the kernel keeps for them, on machines where it does; else ordinary RAM.
 * Owns the table of machines.
 *
 * Results: 0, a number or bytes; -SOS_E*.
 */
#pragma once

#include "os/process/process.h"
#include "sos/machine.h"

/* `signals` has a notification for each machine, which the timer signals for its number behind those of the drivers; `network` is that of
 * the network program, which begins later. */
struct machine_endpoints {
        seL4_CPtr network;
        const seL4_CPtr *signals;
        seL4_CPtr wake[MACHINES]; /* of those, with MACHINE_BADGE_CLIENT */
};
void machines_init(const struct machine_endpoints *e);

/* Make the objects and start the monitor in the family of `maker`: the number, or -SOS_E*: -SOS_ENODEV without virtual processors,
 * -SOS_EEXIST when one of that name lives, -SOS_ENFILE when all rows are taken. */
int machine_start(const struct machine_start *what, int maker);

/* Put what it holds into a process whose thread does not run yet; its CSpace is about to go, when it has one; and that process has
 * ended. */
bool machine_equip(struct machine *m, struct process *p);
void machine_release(const struct process *p);
void machine_ended(struct machine *m);

/* One more processor for the guest of the caller, a monitor: 0 or -SOS_E*. */
int machine_add(struct process *p);

/* The monitor has another core or another set of cores: its guest's processors run there from now on. */
bool machine_follows(struct process *monitor);

/* Where the guest's processors are: the first one is with its monitor. */
unsigned machine_cores(const struct machine *m, const uint8_t **core);

/* The caller's alarm, in microseconds since boot, 0: none; -SOS_EPERM to others than monitors. */
int machine_alarm(const struct process *p, uint64_t us);

/* More pieces of memory for the caller, a monitor: 0 or -SOS_E*. */
int machine_take(struct process *p, unsigned long pieces);

/* The monitor of machine `number`, NULL when there is none.  For the rest false, or -SOS_ESRCH, when there is none. */
struct process *machine_process(unsigned long number);
bool machine_facts(unsigned long number, struct machine_facts *facts);
long machine_order(unsigned long number, unsigned long order);

/* Bytes from and to the guest's console; `size` is at most what fits. */
long machine_read(unsigned long number, char *to, size_t size);
long machine_write(unsigned long number, const char *from, size_t size);
