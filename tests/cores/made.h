/* SPDX-License-Identifier: BSD-2-Clause */
/* What work.c makes, for state.c. */
#pragma once

#include "tests/cores/work.h"

enum {
        TABLES = 2,
        LATE = 2, /* threads that are resumed later */
        LISTENERS = 4,
        LOW = 90, /* priorities */
        EQUAL = 100,
        HIGH = 110,
        DEPTH = 64,
        RIGHTS = 15,
        BUDGET = 10000, /* us; and a slice */
};

/* Slots, from the first empty one on. */
enum slots {
        POOL,
        ORIGINAL,
        COPY,
        EMPTY,
        UNTYPED,
        BELL,
        BADGED,
        ENDPOINT = BADGED + CALLERS,
        REPLY,
        NEAR, /* for each caller, enum near */
        FRAME = NEAR + 6 * CALLERS,
        TABLE, /* the first level has one */
        SUBJECT = TABLE + TABLES,
        SERVER = SUBJECT + USER_THREAD_SLOTS,
        CALLER = SERVER + USER_THREAD_SLOTS,
        NEAR_SERVER = CALLER + CALLERS * USER_THREAD_SLOTS,
        MATE = NEAR_SERVER + CALLERS * USER_THREAD_SLOTS,
        SLEEPER = MATE + CALLERS * USER_THREAD_SLOTS,
        OTHER_SLEEPER = SLEEPER + USER_THREAD_SLOTS,
        LATER = OTHER_SLEEPER + USER_THREAD_SLOTS,
        HEARD = LATER +
                LATE * USER_THREAD_SLOTS, /* the listeners' notifications; each with a badge for each caller, */
        HEARD_BADGED = HEARD + LISTENERS,
        HEARD_AT_HOME =
                HEARD_BADGED + LISTENERS * CALLERS, /* and the second for the first thread of core 0 */
        LISTEN_DESK,
        LISTEN_TICKET,
        LISTENER,
        READY = LISTENER + LISTENERS * USER_THREAD_SLOTS,
        SLOTS = READY + USER_THREAD_SLOTS
};
/* The endpoint of its server, the reply object, the notification, the same with a badge; its own endpoint and reply object. */
enum near { NEAR_ENDPOINT, NEAR_REPLY, NEAR_BELL, NEAR_BADGED, NEAR_DESK, NEAR_TICKET, NEAR_SLOTS };

struct work {
        word slot, control; /* the first of ours; the cap for the time of core 0 */
        struct thread *root, *subject, *server, *caller[CALLERS], *near[CALLERS], *mate[CALLERS], *sleeper[2],
                *listener[LISTENERS];
        struct job job[CALLERS], serving, near_serving[CALLERS], mating[CALLERS], sending[CALLERS],
                answering[CALLERS], sleeping[2], resuming, listening[LISTENERS];
};
extern struct work w;

static inline word at(enum slots slot)
{
        return w.slot + slot;
}

static inline word near(word me, enum near what)
{
        return at(NEAR) + me * NEAR_SLOTS + what;
}

/* work.c */
struct message about(word label, word length, word a, word b, word cap);
struct thread *thread_on(word core, enum slots slot, word priority);
void ask_and_wait(word me, struct job job);

/* listen.c */
void make_listeners(void);
void begin_listening(void);
void end_listening(void);
void ask_about_listeners(enum operation operation, word me);
