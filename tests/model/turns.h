/* SPDX-License-Identifier: BSD-2-Clause */
/* The model's scheduler (scheduling.md 3, 4, 7 to 10): what the operations of queues.c do to it within an entry. */
#pragma once

#include "tests/model/queues.h"

struct q_entry {
        struct q_list woken;
        bool forced;    /* something but waking asks for a decision */
        bool turn_over; /* of the running thread, which has its place already */
        bool settle;    /* the timer is set again, so what is pending is charged (scheduling.md 8.3) */
};
extern struct q_entry q_entry;

/* Runnable, with a context; that context's head lies not in the future. */
bool q_has_time(int thread);
bool q_is_usable(int sc);

/* The wake rule, for a thread that has become runnable. */
void q_wake(int thread);

/* Into the release queue; out of every queue of those who can run, which returns whether it was ready. */
void q_wait_for_budget(int thread);
bool q_unqueue(int thread);

/* A sporadic context whose thread becomes runnable counts from now. */
void q_count_from_now(int sc);

/* The thread is passive from now on; `sc`, whoever holds it, goes to a thread without. */
void q_lose_time(int thread);
void q_move_time(int sc, int to);

/* The running thread's turn is over: behind its equals, or waiting for budget (scheduling.md 9). */
void q_end_turn(void);
