/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS does for a debugger of its programs, one that is a process like them: system call SOS_DEBUG with a request as its
 * first argument.  All threads of a process are held and released together; an event is announced by SIGCHLD and then taken with
 * DEBUG_EVENT.  One process debugs another, and when the debugger ends its processes go on without it, and without breakpoints.
 */
#pragma once

#include <stdint.h>

/* Linux has ptrace there, whose requests are others. */
enum { SOS_DEBUG = 117 };

enum debug_request {
        DEBUG_FIRST = 0x54440000,
        DEBUG_ATTACH = DEBUG_FIRST, /* pid: it is held from now on */
        DEBUG_START,  /* the caller is held when it has become another program, for its parent */
        DEBUG_DETACH, /* pid */
        DEBUG_HOLD,   /* pid */
        /* pid, thread (0: all), signal that the thread of the event gets (0: it tries its instruction again), which of them makes one step
         * of the core (0: none; ENOSYS when it cannot).  Nobody goes on while there is an event that was not taken. */
        DEBUG_RELEASE,
        DEBUG_EVENT,   /* pid, address of struct debug_event -> 1, or 0 when there is none */
        DEBUG_THREADS, /* pid, address of int[], how many -> how many there are */
        DEBUG_GET,     /* pid, thread, address of struct debug_registers; the process is held */
        DEBUG_SET, /* the same; EBUSY while the thread is in a system call, which ends with registers of its own */
        DEBUG_READ, /* pid, address there, address here, bytes -> bytes, fewer at the end of what is mapped */
        DEBUG_WRITE,   /* the same, read-only pages too: what is shared with others is copied first */
        DEBUG_BREAK,   /* pid, address: reading memory does not show it, children do not get it */
        DEBUG_UNBREAK, /* pid, address */
        /* pid, which watchpoint, a multiple of eight, control as for TESSERA_TCBSetDebug (0: none): all threads of the process, which is
         * held.  ENOSYS when the core or kernel has none, EINVAL for others than it can watch. */
        DEBUG_WATCH,
        DEBUG_END
};

enum debug_kind { DEBUG_NOTHING, DEBUG_SIGNAL, DEBUG_PROGRAM, DEBUG_ENDED };

enum debug_why { DEBUG_FAULTED, DEBUG_STEPPED, DEBUG_WATCHED };

struct debug_event {
        int32_t kind;
        int32_t thread;
        int32_t value;    /* the signal; or how it ended, as wait4 returns it */
        int32_t why;      /* of a signal */
        uint64_t address; /* watched, and about to be accessed */
};

struct debug_registers {
        uint64_t x[31], sp, pc, state;
        uint64_t v[64]; /* low half first */
        uint32_t fpsr, fpcr;
};

/* brk #0 */
#define DEBUG_INSTRUCTION 0xd4200000u
