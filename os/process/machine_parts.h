/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of machine.h share: a machine's row. */
#pragma once

#include "os/core/object.h"
#include "os/process/machine.h"

struct machine {
        char name[MACHINE_NAME_MAX], message[MACHINE_MESSAGE];
        uint64_t exits; /* of its latest run, when that has ended */
        int pid;        /* 0: it has ended, or never was */
        struct object faults, reply, tcb, vcpu, sc, empty;
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
