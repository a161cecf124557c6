/* SPDX-License-Identifier: BSD-2-Clause */
/* What driver.c and driver_hold.c have together: a row of the table, and what its driver holds. */
#pragma once

#include "os/process/driver.h"
#include "os/process/process_parts.h"
#include <device/device.h>

struct driver {
        /* The table. */
        const char *name, *compatible;
        unsigned kind; /* which of those devices (enum virtio_kind); 0: the first one */
        const char *program;
        unsigned long priority, budget_us, period_us;
        int at;                               /* the number of its process; 0: the next one */
        uint8_t memory_bits, shared_bits;     /* a page, or 2 MiB; 0: none */
        bool interrupt, alarm;                /* it has them */
        const char *(*find)(struct device *); /* chosen otherwise; what it is, NULL: there is none */
        bool kept;                            /* the server keeps its own mapping of the registers */
        bool clients;                         /* the device may be given memory of its clients */
        const char *setting; /* the word of the command line whose value it gets; NULL: none */
        bool guests;         /* it has the wires of guests */
        void (*begins)(void *shared, void (*poke)(void)); /* before it runs, each time */
        bool (*hear)(void);                               /* it has signalled; false: it must end */
        const char *(*line)(void);                        /* it has something to say; NULL: no, or never */
        void (*runs)(seL4_CPtr tcb, seL4_CPtr context);   /* its process has been made, and by what */
        void (*lost)(void);
        void (*gone)(void);   /* it will not come back */
        bool (*useful)(void); /* has it come so far that it serves? */
        bool (*hangs)(void);  /* it must end because it did nothing for too long; NULL: that is not seen */
        /* It stands at a fault, which may be explained on the console; NULL: nobody waits for it. */
        void (*halts)(bool on);
        void (*alone)(void); /* its signal when it will not come back; NULL: nothing */
        void (*wake)(void);  /* tells it to look */
        const char *polls;   /* it can do without an interrupt; what that is called, then */
        /* What it holds. */
        struct device device;
        struct object memory, shared;
        seL4_CPtr signals, handler, shared_copy;
        struct driver_start *start; /* of the shared memory, as we see it */
        /* How it is. */
        unsigned number; /* in the table */
        int pid;
        bool failed; /* it ends by its own doing */
        bool hung;   /* because it did nothing for too long */
        bool rests;  /* suspended (driver_time.c) */
        unsigned starts, fruitless;
        uint64_t begun, window, heard_us; /* microseconds since boot; the server's time in this window */
        long frames;                      /* of its space */
};

enum { DRIVER_WINDOW_US = 10000, DRIVER_HEARD_US = 1500 };

/* The server has worked for its signal since then (microseconds since boot).  Not for drivers whose registers it keeps: timer and serial
 * line. */
void driver_charge(struct driver *d, uint64_t since_us);

/* It has failed so soon after its start that what it has served does not count. */
bool driver_was_quick(const struct driver *d);

/* Before any driver starts. */
void driver_hold_open(const struct driver_endpoints *e);

/* Find the device of that row and make what its driver gets; false when there is none, or it cannot be used: then a line says why. */
bool driver_hold(struct driver *d, unsigned number);
