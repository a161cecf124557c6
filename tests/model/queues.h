/* SPDX-License-Identifier: BSD-2-Clause */
/* A model of threads, ready queues, endpoints, notifications and reply objects, written from the specification
 * (ipc.md 5, 8 to 10, 14; scheduling.md 3, 4) and sharing nothing with the kernel.
 *
 * Queues are plain arrays, first to last.  Time stands still: budgets never end.  Invariants: a thread is in at most one
 * queue; the running thread is in none; a scheduling context is held by at most one thread.
 */
#pragma once

#include <stdbool.h>

enum { Q_THREADS = 6, Q_PRIORITIES = 6, Q_ENDPOINTS = 2, Q_SIGNALS = 2, Q_REPLIES = 4, Q_NONE = -1 };

enum q_state { Q_INACTIVE, Q_RUNNABLE, Q_SENDING, Q_RECEIVING, Q_LISTENING, Q_AWAITING };

struct q_list {
        int item[Q_THREADS], count;
};

struct q_thread {
        enum q_state state;
        int priority, sc, reply, place; /* reply object; endpoint or notification it waits at */
        bool call, grant;               /* of a blocked send */
};

struct q_endpoint {
        struct q_list queue;
        bool senders;
};

struct q_signal {
        struct q_list queue;
        bool active;
        unsigned long word;
};

struct q_reply {
        int thread; /* receiving with it or awaiting it */
};

/* One scheduling context: who holds it, and the reply objects it was lent through, oldest first. */
struct q_time {
        int holder;
        struct q_list lent;
};

struct q_world {
        struct q_thread thread[Q_THREADS];
        struct q_endpoint endpoint[Q_ENDPOINTS];
        struct q_signal signal[Q_SIGNALS];
        struct q_reply reply[Q_REPLIES];
        struct q_time time[Q_THREADS];
        struct q_list ready[Q_PRIORITIES];
        int current;
};

extern struct q_world q;

/* Nobody but thread 0 runs, at the highest priority; threads from `passive` on have no scheduling context yet. */
void q_new(int passive);

struct q_send {
        int endpoint;
        bool blocking, call, grant, donating;
};

/* What the running thread does; each kernel entry is q_begin, operations, q_end. */
void q_begin(void);
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
void q_do_yield(void);
void q_end(void);
