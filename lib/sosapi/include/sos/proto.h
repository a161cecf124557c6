/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages between programs and the servers of the starter OS.
 *
 * Every request is a seL4_Call with label 0: word 0 is its number, words 1.. its arguments; the answer's word 0 is the
 * result, negative for an error (-errno).  An address is one in the caller's own address space.
 */
#pragma once

/* Slots of a process. */
enum {
        SOS_SLOT_SERVER = 1,
        SOS_SLOT_TIMER = 2,
        SOS_SLOT_SERIAL = 3, /* only the shell */
};

/* The system server. */
enum sos_call {
        SOS_NOTHING = 0, /* answered with 0 */
        SOS_PARK = 1,    /* never answered */
        SOS_EXIT,        /* code */
        SOS_SPAWN,       /* address of struct sos_spawn -> pid */
        SOS_KILL,        /* pid */
        SOS_WAIT,        /* pid, or -1 for any -> pid; word 1 is the exit code */
        SOS_FIND,        /* address of a name -> pid of the youngest process with it */
        SOS_MY_ID,       /* -> pid */
        SOS_REPORT,      /* enum sos_report, offset, address, size -> bytes written */
        SOS_POWER_OFF,
        SOS_WRITE, /* descriptor, address, size -> bytes */
        SOS_CALLS,
};

enum sos_report { REPORT_CAPS, REPORT_MEM, REPORT_THREADS, REPORT_PROGRAMS, REPORTS };

enum { SOS_NAME_MAX = 32, SOS_ARGUMENTS_MAX = 512 };

struct sos_spawn {
        char name[SOS_NAME_MAX];           /* what it is called */
        char program[SOS_NAME_MAX];        /* what it runs */
        char arguments[SOS_ARGUMENTS_MAX]; /* NUL after each; an empty one ends them */
        unsigned long priority;
        unsigned long budget_us, period_us; /* equal: a plain time slice */
        unsigned long tell_budget;          /* not 0: running out of budget is a fault */
        unsigned long detached;             /* not 0: nobody waits for it */
};

/* The serial server. */
enum serial_call {
        SERIAL_WRITE, /* size, bytes in words 2.. -> 0 */
        SERIAL_READ, /* size -> bytes (0: end of input), the line in words 1.., its newline last; -4: Ctrl-C */
};

/* The timer server. */
enum timer_call {
        TIMER_NOW,   /* -> microseconds since boot */
        TIMER_SLEEP, /* microseconds -> 0, at least so much later */
};

/* The largest piece of text in one message. */
enum { SOS_TEXT_MAX = 896 };

enum sos_error {
        SOS_ENOENT = 2,
        SOS_ESRCH = 3,
        SOS_EINTR = 4,
        SOS_ENOEXEC = 8,
        SOS_EBADF = 9,
        SOS_ECHILD = 10,
        SOS_EAGAIN = 11,
        SOS_ENOMEM = 12,
        SOS_EFAULT = 14,
        SOS_EBUSY = 16,
        SOS_EINVAL = 22,
        SOS_ENOSYS = 38,
};
