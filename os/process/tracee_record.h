/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread's record says about its being traced (tracee.h). */
#pragma once

#include <stdint.h>

#include "os/process/signals/signal_cause.h"

/* Where it has stopped for its tracer. */
enum tracee_stop {
        TRACEE_RUNS,
        TRACEE_SIGNAL, /* about to take a signal, or at a fault */
        TRACEE_ENTRY,  /* before a system call */
        TRACEE_EXIT,   /* behind it */
        TRACEE_EVENT,  /* in a call that does what an option names */
        TRACEE_TRAP,   /* interrupted, or with its process, and seized */
        TRACEE_GROUP   /* with its process */
};

/* How far it goes when it is let go. */
enum tracee_mode { TRACEE_CONT, TRACEE_CALLS, TRACEE_STEP };

struct tracee {
        int tracer; /* the process that traces it; 0: none */
        unsigned
                followed; /* of a leader: how many threads it traces, with those whose end it has not heard of */
        uint32_t options;
        bool seized;
        uint8_t stop, mode;
        bool untold;   /* its tracer has not heard of that stop */
        bool listens;  /* it stays stopped, but its tracer hears of what comes */
        bool inside;   /* its call has begun, as far as its tracer has heard */
        bool restarts; /* stopped behind a call that a signal has ended, and that may begin again */
        bool interrupts, notifies; /* it is to stop; because its process stops or goes on */
        bool group_due;            /* its process has been stopped meanwhile */
        bool new_program;          /* that is told by a signal */
        bool told_exit;            /* its tracer knows that it ends */
        int event;                 /* that its call has caused; 0: none */
        seL4_Word event_message;   /* what is to be asked about it */
        int status;                /* of the stop, as wait4 has it in its second byte and above */
        int pass;                  /* the signal that it takes next, without a stop; 0: any */
        int dying;                 /* the signal that it ends with when it goes on; 0: none */
        seL4_Word message;         /* of the stop */
        struct signal_cause cause; /* of the stop */
};
