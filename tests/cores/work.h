/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations on objects that all cores share, as in tests/smp/pairs.c and with more of them: callers on cores 1 and 2, each with a
 * passive server, a notification, an endpoint to receive from and its reply object that are at home there, and a mate, which takes turns
 * with it and sends to that endpoint, or receives from it; on core 1 two sleepers, which interrupt the caller once in each of their
 * periods, one twice as long as the other; four listeners on cores 3, 0 and 2; a thread that operations are about on core 3, a passive
 * server, which also handles the callers' faults, and a page with its table in the one address space that all threads have. */
#pragma once

#include "tests/cores/machine.h"
#include "tests/smp/operations.h"

enum operation {
        SHARED_OPERATIONS,
        DO_CALL,
        DO_SET_TIME,
        DO_WRITE_REGISTERS,
        DO_READ_REGISTERS,
        DO_DELETE_SERVER,
        DO_FAULT,
        DO_MAP,
        DO_UNMAP,
        DO_MAP_TABLE,
        DO_UNMAP_TABLE,
        DO_DELETE_FRAME,
        DO_NEAR_CALL,   /* a passive server of one's own core */
        DO_FAR_CALL,    /* that of the other caller */
        DO_NEAR_SIGNAL, /* a notification that is at home on one's own core */
        DO_NEAR_POLL,
        DO_FAR_POLL, /* that of the other caller */
        DO_YIELD,
        DO_STOP_NEAR, /* the other caller's server is suspended */
        DO_NEAR_RECV, /* from its mate */
        DO_FAR_RECV,  /* from its mate too, but at the other caller's endpoint */
        DO_FAR_REPLY, /* at its own, but with the other caller's reply object */
        DO_TIME,      /* so much passes that slices end */
        DO_WAKE,      /* one period of the sleeper */
        DO_STOP_SLEEPER,
        DO_WAKE_TWO,  /* a period of the other sleeper: both are due */
        DO_NEAR_SEND, /* to its own endpoint, where its mate receives afterwards */
        DO_NEAR_NBSEND,
        DO_NEAR_ASK, /* the same, and its mate answers */
        /* By letters to core 3 (listen.c): a listener above the subject; one like the first thread of core 0;
         * one that waits at an endpoint. One on core 2 waits behind the second. */
        DO_ALARM,
        DO_CHIME,
        DO_RING,
        DO_HOME_CHIME, /* that thread does the second one on its own core */
        DO_HOME_POLL,
        DO_FAR_LISTEN, /* the first one's notification is polled */
        DO_MOVE_EAR,   /* the first one, to the caller's core */
        DO_STOP_EAR,
        DO_DELETE_ALARM, /* the caps by which letters are sent */
        DO_REVOKE_ALARM,
        DO_UNBIND_EAR, /* the last one */
        OPERATIONS
};
extern const char *const operation_name[OPERATIONS];

enum { CALLERS = 2 };

/* A machine in the state before any operation. */
void work_make(void);

/* Caller `me`, or another thread for it, is asked for an operation. */
void work_ask(word me, enum operation operation);
bool work_is_done(word me);
word work_answer(word me); /* an error number, or the label of what the server answered */

bool work_waits(word me); /* to receive */

/* The servers and the mates do nothing for now: a call has begun, and is not answered; a receive waits. */
void work_hold_server(word held);

/* The sleeper has a YieldTo of the subject's time to complete when it runs next, and that is on another core by now. */
void work_sleeper_yields(void);

/* Two threads of core 1, each above all that run there before, are resumed by threads of cores 2 and 3. */
void work_ask_late(void);

/* What the thread that operations are about has used is read while it runs (used.c). */
void work_read_used(void);

bool work_late_runs(void); /* the more urgent one of them */

/* The times that all threads have left, and how they stand in the ready queues. */
word work_times(void);

/* What the callers were told, and the state of all threads and slots. */
word work_digest(void);
