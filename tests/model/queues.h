/* SPDX-License-Identifier: BSD-2-Clause */
/* A model of threads, ready queues, the release queue, endpoints, notifications and reply objects, written from the
 * specification (ipc.md 5, 8 to 11, 14; scheduling.md 3, 4, 7 to 10) and sharing nothing with the kernel.
 *
 * Queues are plain arrays, first to last.  Time passes only between kernel entries.  Invariants: a thread is in at most one
 * queue; the running thread is in none; a scheduling context is held by at most one thread; a runnable thread with one runs,
 * is ready or waits for budget.
 */
#pragma once

#include "tests/model/times.h"

/* The contexts after those of the threads begin without a holder: for notifications. */
enum {
        Q_THREADS = 6,
        Q_PRIORITIES = 6,
        Q_ENDPOINTS = 2,
        Q_SIGNALS = 2,
        Q_REPLIES = 4,
        Q_TIMES = Q_THREADS + Q_SIGNALS
};

enum q_state { Q_INACTIVE, Q_RUNNABLE, Q_SENDING, Q_RECEIVING, Q_LISTENING, Q_AWAITING };

struct q_thread {
        enum q_state state;
        int priority, sc, reply, place; /* reply object; endpoint or notification it waits at */
        bool call, grant;               /* of a blocked send */
        int bound;                      /* notification */
};

struct q_endpoint {
        struct q_list queue;
        bool senders;
};

struct q_signal {
        struct q_list queue;
        bool active;
        unsigned long word;
        int bound, time; /* thread, scheduling context */
};

struct q_reply {
        int thread; /* receiving with it or awaiting it */
};

struct q_world {
        struct q_thread thread[Q_THREADS];
        struct q_endpoint endpoint[Q_ENDPOINTS];
        struct q_signal signal[Q_SIGNALS];
        struct q_reply reply[Q_REPLIES];
        struct q_time time[Q_TIMES];
        struct q_list ready[Q_PRIORITIES];
        struct q_list waiting; /* for budget: earliest first, of equals the one that came first */
        int current, charged;  /* thread; the context that pays */
        q_ticks now, pending, min;
        bool overdue; /* the release of due threads stopped before the last of them (docs/bounded.md) */
};

extern struct q_world q;

/* Nobody but thread 0 runs, at the highest priority.  The contexts have no parameters yet (q_time_fresh). */
void q_new(q_ticks now, q_ticks min);

struct q_send {
        int endpoint;
        bool blocking, call, grant, donating;
};

/* Actions of the running thread; each kernel entry is q_begin, operations, q_end.  False: too little budget is left, nothing may
 * be done, and the turn of the thread is over. */
bool q_begin(q_ticks now);
void q_do_send(struct q_send how);
void q_do_receive(int endpoint, int reply, bool blocking);
void q_do_signal(int signal, unsigned long badge);
void q_do_wait(int signal, bool blocking);
void q_do_reply(int reply);
void q_do_suspend(int thread);
void q_do_resume(int thread);
void q_do_priority(int thread, int priority);
void q_do_unbind(int sc, int thread);
void q_do_bind(int sc, int thread);
void q_do_bind_signal(int signal, int thread);
void q_do_unbind_signal(int thread);
void q_do_lend(int sc, int signal);
void q_do_take_back(int sc, int signal);
void q_do_yield(void);
void q_end(void);

/* The timer interrupts; the whole entry. */
void q_interrupt(q_ticks now);

/* A context that nobody holds is left as its last holder could have left it: used up until later. */
void q_use_up(int sc);

/* How much the running thread may still use before a call is refused; when the timer must interrupt at the latest (~0: never). */
q_ticks q_left(q_ticks now);
q_ticks q_deadline(void);
