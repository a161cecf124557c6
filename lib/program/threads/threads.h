/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: TCB, time, stack, IPC buffer, thread-local storage and fault handling as one thing.
 *
 *      thread_config_t cfg = thread_defaults("worker", work, argument);
 *      cfg.prio = 50;
 *      thread_t *t = thread_create_ex(&cfg);
 *      ...
 *      thread_destroy(t);                       everything is back, slot for slot and byte for byte
 *
 * A stack lies between two pages that stay unmapped; running over either end is a fault at an address that
 * thread_explain_fault knows by name.  Start a configuration with thread_defaults; sizes and times left
 * at 0 get the defaults below.
 *
 * Invariants
 *      - create makes all of a thread or nothing of it.
 *      - destroy returns what create took, whatever the thread is doing.
 *      - a thread without time is an error unless the configuration says `passive`.
 *
 * thread_* calls are for one thread at a time (usually the main one); threads that share a CSpace and allocate need a
 * lock of their own.
 *
 * Results: 0, a seL4_Error, or -1 for out of memory or slots.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <ut/ut.h>
#include <vspace/vspace.h>

enum {
        THREAD_NAME_MAX = 32,
        THREAD_STACK_DEFAULT = 16 * 1024,
        THREAD_STACK_MIN = 4096,      /* a smaller one is refused */
        THREAD_PRIO_DEFAULT = 100,    /* SOS_THREAD_PRIORITY */
        THREAD_BUDGET_DEFAULT = 1000, /* microseconds, equal to the period: plain round robin */
};

typedef void thread_main_f(void *argument);

typedef struct {
        const char *name;
        thread_main_f *entry; /* in the thread's own address space */
        void *arg;
        vspace_t *vspace;      /* NULL: the caller's own */
        cspace_t *cspace;      /* NULL: the caller's own */
        seL4_Word stack_bytes; /* rounded up to pages; thread-local data above 1 KiB comes in addition */
        seL4_Word stack_top;   /* 0: somewhere; else exactly there (page aligned) */
        seL4_Word ipc_buffer;  /* 0: somewhere; else exactly there (page aligned) */
        seL4_Word sp;      /* not 0: start with this stack pointer instead of the top (a prepared stack) */
        uint8_t prio, mcp; /* mcp 0: the thread may not raise priorities */
        uint8_t core;      /* below the number of threads_cores; a passive thread runs on its callers' */
        bool passive;      /* no time of its own: runs on its callers' */
        bool sporadic;     /* sporadic server instead of periodic budget */
        bool suspended;    /* do not start yet */
        uint64_t budget, period; /* microseconds */
        uint8_t extra_refills;
        seL4_Word sc_badge;    /* told to the timeout handler */
        seL4_CPtr fault_ep;    /* endpoint in the caller's CSpace; 0: none */
        seL4_Word fault_badge; /* not 0: mint a copy of fault_ep with this badge */
        seL4_CPtr timeout_ep;
        seL4_CPtr bound_ntfn;
} thread_config_t;

typedef struct thread {
        struct thread *next, *prev;
        ut_t *tcb_ut;
        seL4_CPtr tcb;
        seL4_CPtr user_ep;    /* sos form: badged copy of the server's endpoint */
        seL4_CPtr fault_ep;   /* badged copy, or the endpoint of the configuration */
        seL4_CPtr ipc_buffer; /* frame capability (that of the mapping) */
        seL4_Word ipc_buffer_vaddr;
        ut_t *sched_context_ut;
        seL4_CPtr sched_context;
        seL4_Word stack, stack_top; /* lowest and one past the highest mapped byte */
        seL4_Word badge;
        seL4_Word tls_base;
        vspace_t *vspace;
        cspace_t *cspace;
        thread_main_f *entry;
        void *arg;
        uint64_t budget, period; /* microseconds; 0: passive */
        seL4_CPtr done;          /* notification signalled by thread_exit, for thread_join */
        ut_t *done_ut;
        bool own_fault_ep, running;
        volatile bool finished;
        char name[THREAD_NAME_MAX];
} thread_t;

typedef thread_t sos_thread_t;

/* Once, before the others.  `sched_control` is the capability of the core to run on, `authority` a TCB whose maximum
 * priority bounds what can be set (usually seL4_CapInitThreadTCB).  `name_in_kernel`: give thread names to a debug
 * kernel. */
void threads_start(cspace_t *cspace, seL4_CPtr sched_control, seL4_CPtr authority, bool name_in_kernel);

/* `sched_control` of threads_start is the first of so many, which lie one behind the other, as in the boot information: threads can be on
 * cores 0 to count - 1.  Without this call they are on one. */
void threads_cores(unsigned count);

thread_config_t thread_defaults(const char *name, thread_main_f *entry, void *arg);

/* The thread, running unless `suspended`, or NULL with a report. */
thread_t *thread_create_ex(const thread_config_t *config);

/* Stop the thread and give back everything.  Never the calling thread. */
void thread_destroy(thread_t *thread);

/* Wait until the thread has returned from its entry function or called thread_exit. */
int thread_join(thread_t *thread);
_Noreturn void thread_exit(void);

int thread_suspend(thread_t *thread);
int thread_resume(thread_t *thread);
int thread_set_priority(thread_t *thread, uint8_t prio);

/* Start a suspended thread at `pc` with stack pointer `sp` (0: the top of its stack). */
int thread_start_at(thread_t *thread, seL4_Word pc, seL4_Word sp);

/* NULL on the initial thread. */
thread_t *thread_current(void);
thread_t *thread_first(void);

/* Microseconds of processor time used by the thread since the last call (or thread_look); 0 for passive ones. */
uint64_t thread_time_used(thread_t *thread);

/* The most bytes of stack that were ever in use, and its size: the high-water mark.  New pages are zero, which is the paint;
 * words that a thread wrote as zero at its very deepest do not count.  0 when the stack is in another address space. */
size_t thread_stack_used(const thread_t *thread);
size_t thread_stack_size(const thread_t *thread);

/* Why does this thread not run?  From what the library knows of it, its registers and the time it got. */
enum thread_why {
        THREAD_RUNS,      /* it got time since the last look */
        THREAD_FINISHED,  /* its entry function returned */
        THREAD_SUSPENDED, /* thread_suspend, or never started */
        THREAD_NO_TIME,   /* no scheduling context: it runs only on its callers' */
        THREAD_IN_CALL,   /* blocked in a system call */
        THREAD_SPENT,     /* used its whole budget, and waits for the next period */
        THREAD_STARVED,   /* ready (or stopped by an unanswered fault), but got no time */
};

struct thread_view {
        enum thread_why why;
        long call;            /* THREAD_IN_CALL: the number of the system call */
        seL4_CPtr capability; /* and what it waits on */
        seL4_Word pc;
        uint64_t used; /* microseconds since the last look */
};

/* `elapsed`: microseconds since the last look at (or thread_time_used of) this thread. */
struct thread_view thread_look(thread_t *thread, uint64_t elapsed);

/* "worker waits in Recv on capability 0x12" and the like; returns `text`. */
const char *thread_view_text(const thread_t *thread, const struct thread_view *view, char *text, size_t size);

/* "stack overflow in thread worker" and the like for a fault address; NULL if it is not in a guard page.  The text is
 * overwritten by the next call. */
const char *thread_explain_fault(seL4_Word address);

/* --- the course's forms --- */

void init_threads(seL4_CPtr ipc_ep, seL4_CPtr fault_ep, seL4_CPtr sched_ctrl_start, seL4_CPtr sched_ctrl_end);
sos_thread_t *thread_create(thread_main_f function, void *arg, seL4_Word badge, bool resume, seL4_Word prio,
                            seL4_CPtr bound_ntfn, bool debugger_add);
sos_thread_t *spawn(thread_main_f function, void *arg, seL4_Word badge, bool debugger_add);

/* At the highest priority: for a debugger that must always run. */
sos_thread_t *debugger_spawn(thread_main_f function, void *arg, seL4_Word badge, seL4_CPtr bound_ntfn);
