/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: an address space, a CSpace and threads, made from one program image and undone as one.
 *
 * A record of the table is a thread of the kernel: the first one of a process, its leader, which has what is the process's as well,
 * or another one (clone), with a call, signals and a number of its own.  The leader's record stays until all threads have gone.
 *
 * Life: FREE -> (process_make, process_fork, thread_make) RUNNING <-> WAITING for an answer -> (thread_stop) ENDING, while what it
 * has is given back piece by piece -> (process_end_some) FREE.  A leader becomes HOLLOW when others go on without it, and in the
 * end ZOMBIE, until its parent has heard of its exit, or FREE at once when nobody can.
 * A zombie has no kernel objects and no files any more.
 *
 * Two kinds share everything: native programs call the server by message; the others are programs of Linux, whose every
 * svc is a fault that the server answers (TESSERA_TCBFlag_svcFaults).
 *
 * Results: 0 or a pid; -SOS_E*.
 */
#pragma once

#include "os/files/rights.h"
#include "os/process/call.h"
#include "os/process/common.h"
#include "os/process/tracee_record.h"
#include "sos/proto.h"

enum process_state {
        PROCESS_FREE,
        PROCESS_RUNNING,
        PROCESS_WAITING,
        PROCESS_HOLLOW,
        PROCESS_ENDING,
        PROCESS_ZOMBIE
};

enum {
        PROCESS_ALWAYS = 2, /* drivers that every machine has: they take no entry from others */
        PROCESSES = 128 + PROCESS_ALWAYS,
        PROCESS_FAMILY = 64, /* of one family, unless its limit is another one */
        PROCESS_RESERVE = 4, /* entries for what the first process starts itself */
        PROCESS_KEPT = 16,   /* and those before them for families that hold only */
        PROCESS_FEW = 8,     /* so many */
        PROCESS_LARGEST = PROCESSES - PROCESS_ALWAYS - PROCESS_RESERVE - PROCESS_KEPT,
        PROCESS_SHARE_KEPT = 16, /* this part of its limit a family keeps for what its first process starts */
        PROCESS_THREADS = 1024,  /* of one family, besides those that processes begin with */
        PROCESS_TASKS = PROCESS_FAMILY + PROCESS_THREADS, /* both, unless its limit is another one */
        THREADS = 1152,
        TASKS = PROCESSES + THREADS,
        PROCESS_SIGNALS = HANDLERS,
        PROCESS_MISSING = 512,
        CHILD_PRIORITY_MAX = 100,
        PROCESS_SLOT_BITS = 7,
        PROCESS_SLACK = 50000, /* ns */
};

/* Badges on the server's endpoint: the pid, the entry of the table, and a bit on fault messages. */
#define BADGE_FAULT (1ull << 62)
enum { BADGE_ENTRY_SHIFT = 40 };

/* Signals of a thread of a Linux program (signal.c); signal n is bit n-1. */
struct signals {
        uint64_t pending, blocked;
        uint64_t common; /* of a leader: pending for any thread of the process */
        unsigned queue;  /* what is known about those that are pending for this thread (signal_queue.h) */
        unsigned common_queue;
        uint64_t before; /* what was blocked before the call that waits with another mask */
        bool other_mask; /* such a call waits */
        struct {
                seL4_Word sp, size; /* size 0: none */
                uint32_t flags;
        } stack;                   /* for handlers (sigaltstack) */
        struct alarm alarm;        /* of a leader: when SIGALRM comes */
        unsigned long interval_us; /* and again so much later */
        struct used_timer {
                uint64_t at, interval; /* microseconds that the process has used; 0: not set; once */
        } used[3];                     /* of a leader: when SIGVTALRM, SIGPROF and SIGXCPU come (timers.h) */
        struct alarm used_alarm;       /* when to look how much it is */
        uint64_t used_seen, used_delay;
        seL4_Word used_asked; /* how many tasks the look has asked that has pieces left */
};

struct process {
        uint32_t state;
        struct process *leader; /* itself, or the process that it is a thread of */
        struct process *same_hash;
        struct { /* the threads of a process */
                struct process *next, *previous;
                unsigned threads; /* of a leader: how many */
        } ring;
        int pid, parent, group, session;
        int family; /* the child of the first process that all of them come from; 0: the first process */
        char name[SOS_NAME_MAX];
        struct {
                bool began;       /* of a leader: it has run a program of its own since fork */
                bool foreign;     /* a program of Linux */
                bool tell_budget; /* an exhausted budget is a fault */
                bool serial;      /* the shell: what it starts are families of their own */
        } kind;
        struct {
                int stopped; /* of a leader: the signal that has stopped it, 0: none (job.h) */
                bool tell_stop, tell_continue; /* its parent has not been told */
                bool halted; /* it would run, if it were not held and its process not stopped */
                bool held;   /* by a debugger (debug.h, tracee.h) */
                int steps;   /* enum debug_steps */
                int passed;  /* the signal of its fault that the debugger lets through, 0: none */
        } job;
        struct tracee tracee; /* for its tracer, if it has one */
        struct {
                bool exiting; /* of a leader: all threads end */
                struct process *
                        executing; /* of a leader: the one for which all others end, to run another program */
                int exit_code;     /* as wait4 returns it */
                int end_signal;    /* that its parent gets; 0: none */
                bool watched;      /* of a leader: somebody has a file of it (event_ended) */
                seL4_Word clear_tid; /* where 0 is written when the thread has ended, 0: nowhere */
                seL4_Word robust,
                        robust_at; /* locks that it may hold then (futex.h); how far they are released */
                unsigned robust_count;
                bool awaited; /* somebody has waited for a lock that it had (futex_wait_lock) */
        } end;
        struct {
                int parent_signal;   /* of a leader: that it gets when its parent ends; 0: none */
                bool reaper;         /* of a leader: the orphans below it become its children (prctl) */
                bool undoes;         /* of a leader: it has operated on semaphores so that it can be undone */
                bool barriers;       /* of a leader: it has registered for them (membarrier) */
                bool no_dump;        /* it has said so (prctl) */
                uint32_t persona;    /* of a leader (personality) */
                int16_t score;       /* of a leader: as /proc/PID/oom_score_adj says it */
                uint16_t transfers;  /* class and level of its transfers, 0: none was set (ioprio_set) */
                unsigned long slack; /* ns that a wait may end later; 0: PROCESS_SLACK */
        } traits;
        struct {
                struct process_limit *own; /* of a leader: LIMITS of them (limits.h) */
                unsigned
                        limit; /* RLIMIT_NPROC: a family with so many processes and threads gets none from this one (family.h) */
        } limits;
        struct {
                unsigned long priority, budget_us, period_us;
                int8_t nice;
                uint8_t policy, level; /* nice.h */
                bool resets;           /* its children are ordinary */
                unsigned long usual;   /* its priority as an ordinary thread; 0: as it is */
                unsigned long turn_us; /* budget_us of one that is not nice; 0: the same */
                unsigned long consumed_us, started_us;
                unsigned long children_us; /* of a leader: what children had used that were waited for */
                unsigned long
                        used_us; /* of a leader: what its threads, and those that have gone, have used */
                bool charged; /* the budget is a part of the period, and pays for the server's work, too (charge.h) */
        } time;
        struct {
                bool rests;              /* it is suspended until the period is over */
                uint64_t begun_us;       /* the period */
                uint64_t served;         /* ticks that the server has worked for it since */
                uint64_t asked_us;       /* how many those were when the kernel was asked, */
                unsigned long used_us;   /* and what it had used itself then, */
                unsigned long before_us; /* and before the period */
        } charge;
        struct {
                uint8_t core; /* where it runs */
                uint8_t set;  /* where it may, a bit for each core (spread.h) */
        } cpu;
        struct {
                unsigned faults;
                unsigned long calls, paged; /* calls of the server, faults that it has looked at */
                uint64_t missing[PROCESS_MISSING / 64]; /* calls that are not supported and were reported */
        } counts;
        struct {
                struct object tcb, sc, cnode;
                struct object old[3]; /* those of the program before, until the new one starts */
        } kernel;
        struct space *space;
        struct driver *driver;   /* it is one (os/process/driver.h); else NULL */
        struct machine *machine; /* whose monitor it is (os/process/machine.h); else NULL */

        struct call call;
        struct {
                struct wait_queue
                        ended; /* those who wait for its end, or until it no longer uses their memory */
                struct wait_queue fewer;    /* of a leader: those who wait until a thread has gone */
                struct wait_queue children; /* its own calls, until one of them ends */
                struct wait_queue
                        signal_readers; /* of a leader: its own calls, until a signal comes that is blocked */
        } waits;
        struct {
                struct key *thread, *session; /* its rings (keys.h), NULL: none */
                struct key *process;          /* of a leader */
                uint8_t standard; /* where a key is put that request_key makes, as Linux numbers them */
        } keys;
        struct {
                struct filter *last; /* of those that judge its calls (filters.h), NULL: none */
                bool strict;         /* it may only read, write, end and come back from handlers */
        } filters;

        struct memory_policy memory_policy; /* (set_mempolicy) */
        struct user user;                   /* whose it is (users.h) */
        struct signals signals;
        struct timer *timers; /* of a leader (timers.h) */
        struct descriptors *files;
        struct place *place;
        struct handlers *handlers;
};

#define PROCESS_BUFFER 0xa0000000ull /* where the IPC buffer lies */

/* What a process is made from.  Strings lie one behind the other, each with its NUL. */
struct process_plan {
        const char *name;
        struct node *program;
        const char *arguments, *environment;
        unsigned argument_count, environment_count;
        size_t argument_bytes, environment_bytes;
        struct image_stack
                *stack; /* with the strings on it already; NULL: it is made of them, which are few */
        unsigned long priority, budget_us, period_us;
        int parent;              /* that waits for it; 0: nobody */
        seL4_Word stack_bytes;   /* 0: as for all */
        int maker;               /* whose family it belongs to, without a parent */
        int group;               /* 0: a new one */
        int number;              /* 0: the next one */
        uint32_t cores;          /* that it may run on; 0: all */
        bool serial;             /* may read lines of the console (SOS_CONSOLE) */
        bool tell_budget;        /* an exhausted budget is a fault */
        struct driver *driver;   /* it gets what this has instead of the servers' endpoints */
        struct machine *machine; /* it gets what this has besides */
        const struct user *user; /* whose it will be, NULL: the system's; */
        bool secure;             /* and it may not trust its environment (user_program) */
        struct file *input;      /* its descriptor 0; NULL: the console's */
};

/* The endpoints that processes get; unbadged originals in the root CNode. */
struct process_endpoints {
        seL4_CPtr server;
};
void process_init(const struct process_endpoints *e);

/* Start a program; the pid, or -SOS_E*.  `serial`: the first process, which may read lines of the console. */
int process_spawn(const struct sos_spawn *what, int maker, bool serial);

/* End a process; whoever waits for it knows when what it had is given back. */
void process_kill(struct process *p, int code);

/* Make and start; the pid, or -SOS_E*. */
int process_make(const struct process_plan *plan);

/* A driver, which does not run (task_still), restarts in its process, at once and without any memory, whatever it was doing.  False:
 * its file is no longer a program. */
bool process_anew(struct process *p, const struct process_plan *plan);

/* A copy of a Linux process that goes on behind the svc when process_start lets it, with result 0 and all registers of the parent, except
 * for those given here; the pid, or -SOS_E*.  The child's memory is p->call.space, unless it is the parent's. */
struct process_fork {
        bool same_space; /* not a copy of it, until the child runs another program or ends */
        bool same_files, same_place, same_handlers;
        bool thread_pointer;
        seL4_Word sp; /* 0: the parent's */
        seL4_Word tp; /* with thread_pointer */
};
int process_fork(struct process *p, const struct process_fork *how);

/* Another thread of the same process, like such a child; its number, or -SOS_E*. */
int thread_make(struct process *p, const struct process_fork *how);

/* Is there an entry of the table for a child? */
bool process_may_fork(const struct process *p);

/* Make another program of the process of `p`, its only thread, which process_start lets begin; 0, or -SOS_E* and then nothing has
 * changed.  The old memory is in the leader's call.space; a thread that was not the leader has ended, and its call is the leader's. */
int process_exec(struct process *p, const struct process_plan *plan);
void process_free_old(struct process *p); /* before the old memory goes */
void process_start(struct process *p);

/* This thread does not run any more, and is about to end. */
void thread_stop(struct process *p);

/* Some of the other threads of the process are stopped; true: that were all.  Waiters in leader->fewer are woken when they have gone. */
bool thread_stop_others(struct process *p);

/* One piece of giving everything back: there is more; the rest comes when other threads have gone; a process has ended, and is a
 * zombie, or free when it has no parent. */
enum process_end { PROCESS_ENDS_ON, PROCESS_RESTS, PROCESS_ENDED };
enum process_end process_end_some(struct process *p);

/* Forget a zombie. */
void process_forget(struct process *p);

/* NULL when there is no such process (zombies are found), or no such thread.  Cost: constant. */
struct process *process_find(int pid);
struct process *thread_find(int tid);
struct process *process_named(const char *name);

/* One of a group of processes, which may have ended; all of a group are in one session.  NULL: there is no such group. */
struct process *process_of_group(int group);

/* The process with that badge; NULL if it is gone.  Cost: constant. */
struct process *process_of_badge(seL4_Word badge);

/* Alive, that is neither free nor ended: a process, or just this thread. */
bool process_lives(const struct process *p);
bool thread_lives(const struct process *p);

/* Its process ends, or becomes another program. */
static inline bool process_leaves(const struct process *p)
{
        const struct process *executing = p->leader->end.executing;

        return p->leader->end.exiting || (executing && executing != p);
}

/* It does not run, and its calls are suspended: its process is stopped, or a debugger holds it, which says so for each thread. */
static inline bool process_halts(const struct process *p)
{
        return p->job.held || (p->leader->job.stopped && !p->tracee.tracer);
}

/* The process whose call that is. */
static inline struct process *process_of_waiter(struct waiter *w)
{
        return (struct process *)((char *)w - offsetof(struct process, call.waiter));
}
_Static_assert(2 * (int)TASKS <= (int)ALARMS, "each has a deadline and an alarm");

/* Entry i of the table, for walking through processes; FREE entries included.  The same of processes and threads, up to TASKS. */
struct process *process_entry(unsigned i);
struct process *thread_any(unsigned i);

/* Time used so far by a thread, microseconds.  One by one, in pieces, of all threads of a process, or of all processes (NULL), from number
 * *at on, which is 0 at first: then time.used_us is right, and what they all have used since boot.  True: all have been asked. */
unsigned long thread_consumed(struct process *p);
bool process_count_some(struct process *of, seL4_Word *at);
uint64_t process_all_used(void);

/* Of these, what they have used on that core. */
uint64_t process_core_used(unsigned core);

/* `us` more of a thread, which the kernel counts no longer. */
void thread_used(struct process *p, unsigned long us);
