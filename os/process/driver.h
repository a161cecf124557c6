/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that are processes of their own: which program serves which device, and what it holds.
 *
 * A driver holds exactly its row of the table in driver.c: the page of the device's registers, memory shared with the server, two
 * notifications, and if the row says so the handler of its interrupt, memory that the device reads and writes, and an
 * alarm; no endpoint of the server and no other capability.  All its pages are there from the start and stay.
 *
 * When it ends, by a fault or because somebody ends it, its program restarts in the same process and with the same objects; that needs
 * no memory.  One that fails DRIVER_FRUITLESS_MAX times in a row before it has served anything or within a tenth of a second, or
 * reports that it never will, is not restarted; a line says so.
 */
#pragma once

#include "os/process/process.h"

enum driver_number { DRIVER_TIMER, DRIVER_SERIAL, DRIVER_RTC, DRIVER_BLOCK, DRIVER_NET, DRIVERS };
enum { DRIVER_FRUITLESS_MAX = 5 };

/* Once, before any driver starts.  `server` is the server's notification; `signals` has a notification for each driver. */
struct driver_endpoints {
        seL4_CPtr server;
        const seL4_CPtr *signals; /* at least DRIVERS of them, without badges */
};
void drivers_open(const struct driver_endpoints *e);

/* Start it if its device exists. */
void driver_start(enum driver_number number);

/* Put what it holds into a process that does not run yet. */
bool driver_equip(struct driver *d, struct process *p);

/* Signals of drivers: bits of SIGNAL_DRIVERS. */
void drivers_hear(seL4_Word signals);

/* It was suspended because its signals took too much of the server's time, and may continue.  NULL: nothing. */
void driver_goes_on(struct driver *d);

/* Its process would end.  True: it has restarted instead; false: it does not restart, and the process goes. */
bool driver_again(struct driver *d, struct process *p);

/* It ends by its own doing: that counts as a failure if it has served nothing, or has just begun.  Being ended by others does not. */
void driver_fails(struct driver *d);

/* It stands at a fault that is looked at, or goes on.  NULL: nothing. */
void driver_halts(const struct driver *d, bool on);

/* Has it reported why it ends, so that the place need not be printed? */
bool driver_told(const struct driver *d);

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
