/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: an address space, a CSpace and a thread, made from one program image and undone as one.
 *
 * Life: FREE -> (process_make, process_fork) RUNNING <-> WAITING for an answer -> (process_stop) ENDING, while what it has is given
 * back piece by piece -> (process_end_some) ZOMBIE, until its parent has heard of its exit, or FREE at once when nobody can.
 * A zombie has no kernel objects and no files any more.
 *
 * Two kinds share everything: native programs call the server by message; the others are programs of Linux, whose every
 * svc is a fault that the server answers (TESSERA_TCBFlag_svcFaults).
 */
#pragma once

#include "os/files/file.h"
#include "os/process/call.h"
#include "sos/proto.h"

enum process_state { PROCESS_FREE, PROCESS_RUNNING, PROCESS_WAITING, PROCESS_ENDING, PROCESS_ZOMBIE };

enum {
        PROCESSES = 128,
        PROCESS_FAMILY = PROCESSES / 2, /* of one family, unless its limit is another one */
        PROCESS_RESERVE = 4,            /* entries for what the first process starts itself */
        PROCESS_FILES = 32,
        PROCESS_SIGNALS = 64,
        PROCESS_MISSING = 512,
        CHILD_PRIORITY_MAX = 100,
        PROCESS_SLOT_BITS = 7,
};

/* The code that a handler of a Linux program returns to (posix/trampoline.S). */
#define SIGNAL_CODE 0xa0001000ull

/* Badges on the server's endpoint: the pid, the entry of the table, and a bit on fault messages. */
#define BADGE_FAULT (1ull << 62)
enum { BADGE_ENTRY_SHIFT = 40 };

/* Signals of a Linux program (posix/signal.c); signal n is bit n-1. */
struct signal_action {
        seL4_Word handler, flags, restorer, mask;
};

struct signals {
        uint64_t pending, blocked;
        uint64_t before; /* what was blocked before the call that waits with another mask */
        bool other_mask; /* such a call waits */
        struct signal_action action[PROCESS_SIGNALS];
        struct {
                seL4_Word sp, size; /* size 0: none */
                uint32_t flags;
        } stack;                   /* for handlers (sigaltstack) */
        struct alarm alarm;        /* when SIGALRM comes */
        unsigned long interval_us; /* and again so much later */
};

struct process {
        uint32_t state;
        int pid, parent, group;
        int family;     /* the child of the first process that all of them come from; 0: the first process */
        unsigned limit; /* a family with so many processes gets none from this one (RLIMIT_NPROC) */
        char name[SOS_NAME_MAX];
        struct object tcb, sc, cnode;
        struct object old[3]; /* those of the program before, until the new one starts */
        struct space *space;
        bool foreign; /* a program of Linux */
        bool tell_budget;
        bool serial; /* the shell: what it starts are families of their own */
        unsigned faults;
        int exit_code; /* as wait4 tells it */
        unsigned long priority, budget_us, period_us, consumed_us, started_us;
        unsigned long calls, paged; /* calls of the server, faults that it has looked at */

        struct call call;
        struct wait_queue ended;    /* those who wait for its end, or until it no longer uses their memory */
        struct wait_queue children; /* its own call, until one of them ends */

        struct signals signals;
        uint64_t missing[PROCESS_MISSING / 64]; /* calls that are not there and were said to be so */

        struct node *directory;
        struct file *file[PROCESS_FILES];
        bool close_on_exec[PROCESS_FILES];
};

/* What a process is made from.  Strings lie one behind the other, each with its NUL. */
struct process_plan {
        const char *name;
        struct node *program;
        const char *arguments, *environment;
        unsigned argument_count, environment_count;
        unsigned long priority, budget_us, period_us;
        int parent;       /* that waits for it; 0: nobody */
        int maker;        /* whose family it belongs to, without a parent */
        int group;        /* 0: a new one */
        bool serial;      /* may talk to the serial server */
        bool tell_budget; /* an exhausted budget is a fault */
};

/* The endpoints that processes get; unbadged originals in the root CNode. */
struct process_endpoints {
        seL4_CPtr server, timer, serial;
        seL4_CPtr sched_control;
};
void process_init(const struct process_endpoints *e);

/* Start a program; the pid, or -SOS_E*.  The first process gets the serial server's endpoint. */
int process_spawn(const struct sos_spawn *what, int maker, bool serial);

/* End a process; whoever waits for it knows when what it had is given back. */
void process_kill(struct process *p, int code);

/* Make and start; the pid, or -SOS_E*. */
int process_make(const struct process_plan *plan);

/* A copy of a Linux process that goes on behind the svc with result 0 and all registers of the parent, but for those given
 * here; the pid, or -SOS_E*.  The child's memory is p->call.space, unless it is the parent's. */
struct process_fork {
        bool same_space; /* not a copy of it, until the child runs another program or ends */
        bool thread_pointer;
        seL4_Word sp; /* 0: the parent's */
        seL4_Word tp; /* with thread_pointer */
};
int process_fork(struct process *p, const struct process_fork *how);

/* Is there an entry of the table for a child? */
bool process_may_fork(const struct process *p);

/* Make another program of the same process, which process_start lets begin; 0, or -SOS_E* and then nothing has changed.  The
 * old memory is in p->call.space. */
int process_exec(struct process *p, const struct process_plan *plan);
void process_free_old(struct process *p); /* before the old memory goes */
void process_start(struct process *p);

/* It does not run any more, and is about to end with that code. */
void process_stop(struct process *p, int code);

/* One piece of giving everything back; true: that was all.  Then it is a zombie, or free when it has no parent. */
bool process_end_some(struct process *p);

/* Forget a zombie. */
void process_forget(struct process *p);

/* NULL when there is no such process (zombies are found). */
struct process *process_find(int pid);
struct process *process_named(const char *name);

/* Who has that badge; NULL when it is gone.  Cost: constant. */
struct process *process_of_badge(seL4_Word badge);

/* Neither free nor ended. */
bool process_lives(const struct process *p);

/* The process whose call that is. */
static inline struct process *process_of_waiter(struct waiter *w)
{
        return (struct process *)((char *)w - offsetof(struct process, call.waiter));
}
_Static_assert(2 * (int)PROCESSES <= (int)ALARMS, "each has a deadline and an alarm");

/* Entry i of the table, for walking; FREE entries included. */
struct process *process_entry(unsigned i);

/* Time used so far, microseconds. */
unsigned long process_consumed(struct process *p);
