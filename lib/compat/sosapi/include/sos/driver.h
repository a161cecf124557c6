/* SPDX-License-Identifier: BSD-2-Clause */
/* What a driver in a process of its own finds: slots of its CSpace, and addresses.  It has no other capabilities, not even the server's
 * endpoint.  os/process/driver.c makes this from the device tree and the table there; a row may leave out alarm and interrupt.
 *
 * It has no way to wait for memory: all its pages are there from the start, its stack has DRIVER_STACK bytes.  When it ends, by whatever
 * reason, it restarts at its entry with its data as they are in its file; registers of the device, DRIVER_MEMORY and what DRIVER_SHARED
 * holds behind struct driver_start are as it left them, unless its class says otherwise. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Slots. */
enum {
        DRIVER_SIGNALS = 1,   /* read: what comes in has the badges below */
        DRIVER_INTERRUPT = 3, /* the handler of the device's interrupt: acknowledge it, at the start too */
        DRIVER_CLIENT = 4,    /* write: the other side of the shared memory has something to look at */
        DRIVER_GUESTS =
                8, /* network, from here on: write, to the monitor at the other end of each wire (sos/wire.h) */
};

/* Badges: bits. */
enum { DRIVER_BADGE_INTERRUPT = 1, DRIVER_BADGE_CLIENT = 2, DRIVER_BADGE_ALARM = 4, DRIVER_BADGE_GUEST = 8 };

/* Addresses: above those that processes can have of their own. */
#define DRIVER_REGISTERS 0x4000000000ull /* the pages that the registers lie in */
#define DRIVER_MEMORY    0x4010000000ull /* for the device, contiguous */
#define DRIVER_SHARED    0x4020000000ull /* with its clients; struct driver_start is at the beginning */

enum { DRIVER_STACK = 64 << 10, DRIVER_WORDS = 64, DRIVER_SETTING = 64 };

struct driver_start {
        uint64_t registers;    /* offset of the first one in its page */
        uint64_t memory_paddr; /* of DRIVER_MEMORY */
        uint64_t memory_bytes;
        uint64_t run;                          /* how many times this driver was started before */
        uint64_t clients_paddr, clients_bytes; /* where data of clients lie that the device may be given */
        uint32_t guests;                       /* how many wires there are at WIRE_AT */
        uint32_t useless;                      /* set by the driver: do not restart it */
        uint32_t interrupt;                    /* 0: there is no DRIVER_INTERRUPT; look by an alarm */
        uint64_t alarm_us;                     /* driver_alarm */
        char setting[DRIVER_SETTING]; /* what the machine was started with for this driver; empty: nothing */
        char words[DRIVER_WORDS];     /* set by the driver before it ends: the reason, as text */
};

/* DRIVER_BADGE_ALARM comes at that time, in microseconds since boot, or earlier; 0: it does not.  Only if the driver's row has an alarm. */
void driver_alarm(uint64_t us);

/* The same; the server looks at it with the next signal to DRIVER_CLIENT, which is up to the caller. */
void driver_alarm_set(uint64_t us);

/* End the driver and report the reason. */
_Noreturn void driver_end(const char *words, bool useless);
