/* SPDX-License-Identifier: BSD-2-Clause */
/* Every variable the kernel has: one `struct kernel`, and in it one `struct core` per processor.
 *
 * Nothing else in the kernel is writable static data (save the `platform` record, constant after boot), so a
 * test may copy, compare and restore the whole kernel.  Who may write a field is said beside it.
 */
#pragma once

#include "core/cap_slot.h"
#include "core/word.h"

struct thread;
struct sched_context;
struct asid_pool;

enum {
        CORES = 1,
        PRIORITIES = 256,
        DOMAINS_MAX = 64,
        SCHEDULE_MAX = 100, /* domain schedule entries; 2 when there is one domain */
        IRQ_LINES = 1020,
        ASID_POOLS = 128,
        ASID_SHORT = 8, /* bits of an ASID on the smallest machines */
};

/* Threads of one domain that may run now, by priority.  Only thread/ready.c touches it. */
struct ready {
        word best;                       /* the highest priority of them; 0 when there is none */
        word level[PRIORITIES / 64];     /* bit p: head[p] is not NULL */
        struct thread *head[PRIORITIES]; /* rings; head->prev is the tail */
};

struct domain_slot {
        word domain;
        word duration; /* counter ticks; 0 ends the schedule */
};

struct core {
        /* thread/sched.c */
        struct thread *current; /* whose registers are live; NULL while idle */
        struct thread *woken;   /* the one thread woken in this entry, not yet queued */
        union {                 /* what this entry has to do before user level goes on */
                struct {
                        bool choose;    /* choose anew who runs */
                        bool reprogram; /* an input of the deadline changed (thread/clock.c) */
                        bool reload; /* registers or space of the running thread are not the machine's any more */
                };
                uint32_t marks;
        };

        /* thread/clock.c and thread/sched_context.c */
        struct sched_context *charged; /* pays for the time since `now`; NULL when nobody does */
        word now;                      /* the counter at the latest accounted entry, ticks */
        word since;                    /* `charged` has paid for its time up to here */
        word gate;              /* before this tick the gate is open and no thread is due (clock_program) */
        struct thread *release; /* the first of those that wait for budget, and */
        struct thread *release_root; /* the tree of them (thread/release.c) */
        union {                      /* what the short ways of time leave to the long ones */
                struct {
                        bool overdue; /* some of them are due, but an interrupt came between */
                        bool domains; /* there are several */
                };
                uint16_t uncommon;
        };

        /* thread/domain.c */
        word domain;         /* the domain that runs */
        struct ready *ready; /* its ready queues */
        word domain_end;     /* tick at which its slot ends */
        word domain_index;

        /* trap/leave.c: what the hardware holds */
        struct thread *fpu_owner; /* whose FP registers are in the machine, or NULL */
        bool fpu_open;            /* user level may touch them */
        word space;               /* VSpace root entered last, with its ASID, as vm/space.c encodes it */

        /* core/preempt.h */
        word work;     /* instructions of long operations since the last look at interrupts */
        word patience; /* how many may pass; constant after boot, except that tests change it */
};

struct kernel {
        struct core core[CORES];
        word space_era; /* vm/space.h: counts the VSpace caps and numbers that went */
        struct ready ready[DOMAINS_MAX];

        struct domain_slot schedule[SCHEDULE_MAX];
        word schedule_length;
        word schedule_start;
        word domains;

        word clock_hz;  /* thread/clock.c, constant after boot */
        word clock_mhz; /* the same in MHz; 0 when that is no whole number */
        word clock_min; /* the shortest budget, ticks */
        word period_max_us;
        word refill_last; /* no refill is moved that begins later, ticks */

        struct asid_pool *asid_pool[ASID_POOLS]; /* vm/asid.c */
        word asid_bits;                          /* boot: of the machine, 16 or 8 */
        uint16_t asid_user
                [1 << ASID_SHORT];  /* vm/space.c: who of those that share a number of 8 bits used it last */
        struct slot irq[IRQ_LINES]; /* irq/irq.c: the notification cap of each line */
        uint8_t irq_state[IRQ_LINES]; /* irq/irq.c: enum irq_state */

        word extensions;   /* boot: TESSERA_EXTENSION_* bits the image asks for and the machine can do */
        bool long_ways;    /* boot: debug builds take no short way through a system call (trap/short.h) */
        bool firmware_smc; /* boot: firmware is called by SMC, not HVC */

        struct thread *threads; /* every TCB, newest first; where THREADS_LISTED */
};

extern struct kernel kernel;

static inline struct core *this_core(void)
{
        return &kernel.core[0];
}
