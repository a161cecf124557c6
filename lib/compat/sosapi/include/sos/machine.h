/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual machines: what the server's call SOS_MACHINE does, and what a monitor finds in its process (os/process/machine.c makes it).
 *
 * A monitor is a native program with the usual capabilities, and those below: the kernel objects of one guest, made by the server, and
 * pieces of memory, of which it makes the guest's frames and VCPUs.  It has no other authority; what it holds is freed when it ends. */
#pragma once

#include <stdint.h>

#include "sos/proto.h"

enum { MACHINES = 4, MACHINE_NAME_MAX = 24, MACHINE_PROCESSORS = 8 };

/* Slots of a monitor, behind those of every process. */
enum {
        MACHINE_CSPACE = 8, /* its own */
        MACHINE_OWN_SPACE,  /* its address space */
        MACHINE_GUEST_SPACE,
        MACHINE_FAULTS, /* receive; the badge is MACHINE_BADGE_FAULT and the processor's number, or bits of a signal */
        MACHINE_SIGNALS, /* receive: the signals alone, while every processor waits for an answer */
        MACHINE_NETWORK, /* write: the network program, when it has a wire for this machine (sos/wire.h) */
        MACHINE_TABLES,  /* untyped memory for two page tables: for MACHINE_RAM_VIEW, and for MACHINE_RAM */
        MACHINE_MEMORY = 32,    /* untyped memory, MACHINE_PIECE_BITS each, so many as MACHINE_TAKE gave */
        MACHINE_PROCESSOR = 48, /* MACHINE_PER_PROCESSOR each, so many as MACHINE_ADD gave */
        MACHINE_FREE = 80,      /* here and above nothing */
        MACHINE_SLOT_BITS = 10,
};
/* Space, scheduling context and fault endpoint of the thread are set.  The monitor makes the VCPU of its memory: again when the processor
 * begins again. */
enum { MACHINE_TCB, MACHINE_REPLY, MACHINE_VCPU_MEMORY, MACHINE_VCPU, MACHINE_PER_PROCESSOR };
#define MACHINE_SLOT(processor, slot) (MACHINE_PROCESSOR + MACHINE_PER_PROCESSOR * (processor) + (slot))
#define MACHINE_BADGE_FAULT           (1ull << 32)
enum { MACHINE_BADGE_ALARM = 4, MACHINE_BADGE_CLIENT = 8, MACHINE_PIECE_BITS = 25, MACHINE_PIECES = 16 };

/* Addresses in the monitor, above those of every process, and in the guest. */
#define MACHINE_SHARED   0x4020000000ull
#define MACHINE_RAM_VIEW 0x5000000000ull
#define MACHINE_RAM      0x40000000ull
#define MACHINE_GICV     0x08010000ull /* the virtual processor's interface of a GICv2, mapped by the server */

enum machine_call {
        MACHINE_START, /* address of a struct machine_start -> its number */
        MACHINE_TAKE,  /* monitors: pieces of memory -> 0 */
        MACHINE_FACTS, /* number, address of a struct machine_facts -> 0; -SOS_ENOENT behind the last */
        MACHINE_STOP,  /* number -> 0 when everything is given back */
        MACHINE_ORDER, /* number, enum machine_order -> 0 */
        MACHINE_READ,  /* number, address, size -> bytes that the guest's console has written */
        MACHINE_WRITE, /* number, address, size -> bytes for the guest's console to read */
        MACHINE_ALARM, /* monitors: MACHINE_BADGE_ALARM comes then, in microseconds since boot -> 0 */
        MACHINE_ADD,   /* monitors: one more processor of the guest, MACHINE_PROCESSORS at most -> 0 */
};

enum machine_order { MACHINE_RUN, MACHINE_PAUSE };
enum machine_state {
        MACHINE_OFF,
        MACHINE_STARTS,
        MACHINE_RUNS,
        MACHINE_PAUSED,
        MACHINE_ENDED,
        MACHINE_AGAIN
};

struct machine_start {
        char name[MACHINE_NAME_MAX];
        char arguments[SOS_ARGUMENTS_MAX]; /* NUL after each */
        unsigned long argument_bytes;
};

struct machine_facts {
        char name[MACHINE_NAME_MAX];
        char message[128];                              /* why it ended */
        uint32_t state, pid, attached, processors, gic; /* 2 or 3 */
        uint64_t bytes, exits;
};

/* Shared by server and monitor: the monitor writes the first part, the server the second; both read all.  Positions count bytes since
 * the start.  So many bytes as MACHINE_AT_ONCE are said without another look for a reader, at most. */
enum { MACHINE_HEARD = 1024, MACHINE_SAID = 16384, MACHINE_MESSAGE = 128, MACHINE_AT_ONCE = 256 };
struct machine_page {
        uint32_t state;
        uint64_t said, heard, exits;
        char message[MACHINE_MESSAGE];
        struct {
                uint32_t order, attached; /* attached: somebody reads, so nothing is written over */
                uint32_t gic, network;    /* network: there is a wire */
                uint64_t read, written;
        } server;
        char hears[MACHINE_HEARD], says[MACHINE_SAID];
};
