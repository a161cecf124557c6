/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that are processes of their own: which program serves which device, and what it holds.
 *
 * A driver holds exactly its row of the table in driver.c: the page of the device's registers, the handler of its interrupt, memory that
 * the device reads and writes, memory shared with the server, an alarm of the timer server, and two notifications; no endpoint of the
 * server and no other capability.  What it holds stays with the row when it ends; the process is made anew and gets it again.
 *
 * One that ends before it was of any use, DRIVER_FRUITLESS_MAX times one after the other, is left alone; a line says so.
 */
#pragma once

#include "os/process/process.h"

enum { DRIVERS = 1, DRIVER_FRUITLESS_MAX = 5 };

/* Start those whose devices are there.  `server` is the server's notification, `timer` the timer server; `signals` has a notification for
 * each driver, which the timer server signals as well. */
struct driver_endpoints {
        seL4_CPtr server, timer;
        const seL4_CPtr *signals; /* at least DRIVERS of them, without badges */
};
void drivers_start(const struct driver_endpoints *e);

/* Put what it holds into a process that does not run yet. */
bool driver_equip(struct driver *d, struct process *p);

/* Signals of drivers: bits of SIGNAL_DRIVERS.  And the process of one has ended and given everything back. */
void drivers_hear(seL4_Word signals);
void driver_ended(struct driver *d);

/* For lists: row i, false behind the last. */
struct driver_facts {
        const char *name, *compatible, *program;
        bool there;
        uintptr_t paddr; /* of its registers */
        seL4_Word interrupt;
        size_t memory, shared; /* bytes */
        int pid;               /* 0: it does not run */
        unsigned starts;
};
bool driver_facts(unsigned i, struct driver_facts *facts);
