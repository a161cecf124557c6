/* SPDX-License-Identifier: BSD-2-Clause */
/* Around os/device/serial.c and os/core/console.c: a device, an honest driver that runs at any moment, and the server's loop.
 *
 * The driver is the steps of drivers/serial/main.c, one after the other.  It runs when the server has nothing to do, as one that the server
 * is more urgent than; and before the server's access number `at` to a shared word, as one on another core, or a more urgent one. */
#pragma once

#include "os/core/wait.h"
#include "sos/serial.h"

enum { AGAIN = 7, SWITCHES = 2, PRINTED_MAX = 1 << 14, ENDS_MAX = 3 };

struct plan {
        struct {
                unsigned at, steps; /* before this access the driver makes so many; 0: never */
        } run[SWITCHES];
        unsigned kill_at;  /* the driver is ended before this turn of the server */
        unsigned kills;    /* so often */
        unsigned hangs_at; /* it makes no step after so many; 0: it always does */
};

struct machine {
        struct plan plan;
        unsigned moments, turns, spins; /* accesses; turns of the server; accesses in this turn */
        bool signalled;                 /* the server */
        bool there;                     /* a driver, or one will come */
        unsigned ends;                  /* of drivers */
        unsigned pieces;                /* keys of one piece of the console */
        void (*try)(struct waiter *w);
        uint64_t now, deadline; /* microseconds */
        const char *typed;      /* what the device has; NULL: nothing more */
        char printed[PRINTED_MAX + 1];
        size_t length;
};

extern struct machine machine;
extern unsigned signals; /* of the server to itself, ever */

/* Everything anew, with a driver, which starts; `typed` waits in the device. */
void machine_begins(const struct plan *plan, void (*hear)(void), void (*try)(struct waiter *w),
                    const char *typed);

/* Until nothing happens any more without somebody else's doing; false: it does not end. */
bool machine_runs(void);

/* The time has come that somebody waits for. */
bool machine_waits(void);

/* The driver is ended, as somebody's kill does, or that it hangs. */
void machine_ends_driver(void);

/* The same without the loop, for a test that is driver and server itself. */
void line_side_anew(void);
void console_side_anew(void);
