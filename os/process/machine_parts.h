/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of machine.h share: a machine's row. */
#pragma once

#include "os/core/object.h"
#include "os/process/machine.h"

enum { MACHINE_EMPTY_BITS = 1 }; /* of the guest's CSpace */

struct guest_processor {
        struct object tcb, sc, reply;
        ut_t *vcpu; /* memory for it */
};

struct machine {
        char name[MACHINE_NAME_MAX], message[MACHINE_MESSAGE];
        uint64_t exits; /* of its latest run, when that has ended */
        int pid;        /* 0: it has ended, or never was */
        struct object faults, empty;
        struct guest_processor processor[MACHINE_PROCESSORS];
        uint8_t core[MACHINE_PROCESSORS]; /* where each is */
        unsigned processors;              /* that its monitor has */
        bool broken;                      /* the next one could only be made in part */
        bool paused;
        ut_t *tables;              /* memory for two page tables */
        vspace_t space;            /* of the guest; root 0: none */
        bool interface;            /* of the virtual processor is mapped there */
        struct machine_page *page; /* shared; NULL: none */
        ut_t *piece[MACHINE_PIECES];
        unsigned pieces;
        struct machine_start what; /* it was started with */
        int maker;
};

/* The row of that number, which has a monitor; NULL: there is none. */
struct machine *machine_of(unsigned long number);

/* Its monitor looks at its page again. */
void machine_wake(unsigned long number);

/* A capability for a monitor. */
bool machine_give(const struct process *p, seL4_Word slot, seL4_CPtr cap);

/* The guest's processors stop where they are, or go on; and what they are made of goes. */
void machine_pause(struct machine *m, bool pause);
void machine_free_processors(struct machine *m);
