/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's side of a history of queues: which slots hold what, and the comparison of both worlds. */
#pragma once

#include "tests/lib/user.h"
#include "tests/model/queues.h"

enum {
        ENDPOINT = 128,
        UNGRANTED = ENDPOINT + Q_ENDPOINTS, /* the same without the right to be answered */
        SIGNAL = UNGRANTED + Q_ENDPOINTS,
        REPLY = SIGNAL + Q_SIGNALS,
        SPARE = REPLY + Q_REPLIES,            /* contexts that no thread begins with */
        THREAD = SPARE + Q_TIMES - Q_THREADS, /* of thread 1; thread 0 is the first one */
        BADGES = THREAD + Q_THREADS * USER_THREAD_SLOTS,
};

/* Slots of a thread's TCB and of a context. */
word slot_of_thread(int thread);
word slot_of_time(int sc);

/* Records what the slots hold, once everything is made. */
void same_begin(struct thread *first);
struct sched_context *same_time(int sc);

/* The running thread, every thread's state, priority and time, every context's refills, and every queue with its order are the same. */
void same_world(void);
