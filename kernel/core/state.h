/* SPDX-License-Identifier: BSD-2-Clause */
/* Every variable the kernel has: one `struct kernel`, and in it one `struct core` per processor.
 *
 * Nothing else in the kernel is writable static data (except the `platform` record, constant after boot), so a
 * test may copy, compare and restore the whole kernel.  Beside each field, or above its group, stands who writes it, by the base
 * names of files; the house check compares that with the code.
 */
#pragma once

#include "core/cap_slot.h"
#include "core/priorities.h"
#include "core/word.h"

struct thread;
struct sched_context;
struct asid_pool;
struct tessera_trace_header;
struct tessera_trace_name;
struct tessera_trace_event;
struct vcpu;

enum {
        CORES = 1, /* what a core sees of them: its own page, which has one address on all (door/door.h) */
        CORES_MAX = 8,      /* that may run */
        SPACES_ENTERED = 4, /* by guests, remembered for each core */
        DOMAINS_MAX = 64,
        SCHEDULE_MAX = 100, /* domain schedule entries; 2 when there is one domain */
        IRQ_LINES = 1020,
        IRQ_PRIVATE = 32, /* lines that each core has of its own: those of core 0 have their own numbers, */
        IRQ_OF_OTHERS = 1024, /* the others' begin here (door/lines.c) */
        IRQ_ALL = IRQ_OF_OTHERS + (CORES_MAX - 1) * IRQ_PRIVATE,
        ASID_POOLS = 128,
        ASID_SHORT = 8, /* bits of an ASID on the smallest machines */
};

/* Of a line (irq/irq.h). */
enum irq_state { IRQ_FREE, IRQ_ISSUED, IRQ_KERNEL };

/* Threads of one domain that may run now, by priority.
 * A thread's priority and domain are one word of the same shape: one comparison shows whether it has a turn (sched_runs_next). */
struct ready {
        union {
                struct priorities some; /* those whose head is not NULL; by `priorities_add` and `_remove` */
                struct {
                        uint8_t highest, zero; /* that of `some`; only read */
                        uint8_t whose;         /* the domain, once it has run.  Written by domain. */
                        uint8_t zero_too;
                };
                uint32_t turn; /* only read */
        };
        struct thread *head[PRIORITIES]; /* rings; head->prev is the tail.  Written by ready. */
};

struct domain_slot {
        word domain;
        word duration; /* counter ticks; 0 ends the schedule */
};

/* Where events of all cores go (trace/trace.h); all 0 while no trace runs.  Written by trace. */
struct trace {
        struct tessera_trace_event *next, *end,
                *first; /* the next one goes there; the last place ends there */
        struct tessera_trace_header *memory;
        word written; /* events so far; a trace point counts it */
        struct tessera_trace_name *names;
        word names_max, named;
};

/* What one core asks another to do to that one's own hardware. */
struct favour {
        void (*errand)(word line);
        word line;
        uint32_t asked; /* and not done yet */
};

/* Where the cores wait for the kernel, one behind the other (door/door.h); each word alone in what exclusive accesses watch. */
struct door {
        _Alignas(2048) uint32_t turn; /* of the one inside */
        uint32_t asleep;              /* bit n: core n sleeps until it is told that its turn has come */
        uint32_t posted;              /* not 0: letters may have been sent since the last look at mailboxes */
        _Alignas(2048) uint32_t next; /* the number that is given to the next one */
        uint32_t alone[511];
};

struct core {
        /* Not 0: in the kernel past the door (door/local.h).  The ways in and out write it (entry/cores.S). */
        uint32_t local;
        /* What is at home here says so (door/local.h), or a letter (trap/mail.c).  Written by trace, cores_start, mail. */
        word home;

        /* Whose registers are live; NULL while idle.  Written by sched, leave, short_call, short_switch, cores. */
        struct thread *current;

        /* Written by sched. */
        struct thread *woken; /* the one thread woken in this entry, not yet queued */
        union {               /* what this entry has to do before user level continues */
                struct {
                        bool choose; /* choose again who runs.  Written by sched, cores, mail. */
                        /* An input of the deadline changed.  Written by clock, deadline, sched, domain, irq, inv_sched, release,
                         * sched_context, donation, preempt. */
                        bool reprogram;
                        /* Registers or space of the running thread are no longer those of the machine.  Written by leave, space,
                         * inv_registers, inv_tcb, vcpu, cores. */
                        bool reload;
                };
                word marks; /* a whole word, which is read with the one before */
        };

        /* Pays for the time since `now`; NULL when nobody does.  Written by donation, sched, cores. */
        struct sched_context *charged;
        word now; /* the counter at the latest accounted entry, ticks.  Written by clock. */
        /* `charged` has paid for its time up to here.  Written by clock, donation, sched. */
        word since;
        /* Before this tick the gate is open and no thread is due (clock_program).  Written by deadline, sched. */
        word gate;
        word margin; /* the gate closes so many ticks before the budget ends; constant after boot.  Written by clock. */

        /* Those that wait for budget.  Written by release. */
        struct thread *release;      /* the first of them */
        struct thread *release_root; /* the tree of them */
        union {                      /* what the short paths leave to the long ones */
                struct {
                        bool overdue; /* some of them are due, but an interrupt came between.  Written by sched. */
                        bool domains; /* there are several.  Written by domain. */
                        bool charges; /* a trace runs, which has each charge.  Written by trace. */
                };
                uint32_t uncommon; /* all at once; only read */
        };

        /* Written by domain. */
        word domain;         /* the domain that runs */
        word domain_born;    /* of new threads */
        struct ready *ready; /* its ready queues */
        word domain_end;     /* tick at which its slot ends */
        word domain_index;

        /* What the hardware holds. */
        /* Whose FP registers are in the machine, or NULL.  Written by fpu, life, cores. */
        struct thread *fpu_owner;
        bool fpu_open; /* user level may use them.  Written by fpu. */
        word space; /* VSpace root entered last, with its ASID, as vm/space.c encodes it.  Written by space. */

        /* At EL2. */
        struct vcpu *guest; /* the one whose thread runs, or NULL.  Written by vcpu. */
        struct vcpu *vcpu;  /* whose registers are in the machine, or NULL.  Written by vcpu. */

        /* Instructions of long operations since the last look at interrupts.  Written by preempt, lookup, retype. */
        word work;
        word patience; /* how many may pass; constant after boot, except that tests change it.  Written by clock. */

        const struct thread
                *left_to; /* who ran last while a trace ran, or NULL.  Written by traced, inv_extension. */
        union {           /* what the way out has to do for those who look on */
                struct {
                        bool traces; /* a trace runs: kernel.trace.  Written by trace. */
                        bool debugs; /* the debug registers hold something of a thread.  Written by debugged. */
                };
                uint16_t watched; /* both at once; only read */
        };
        bool entered; /* by what a trace has told, and not yet the return.  Written by traced, inv_extension. */

        /* With several cores. */
        word number;    /* the number of this core.  Written by cores_start. */
        uint32_t where; /* enum core_where.  Written by door, cores. */
        bool kicked;    /* was told to come in, and has not been in since.  Written by cores. */
        bool stopped;   /* its thread was taken away while it waited at the door.  Written by cores. */
        /* At EL2: the line of guests' timer is not masked.  Written by vcpu, guest_event, cores_start. */
        bool guest_timer_open;
        /* At EL2: which VCPU was loaded last in a space, by the last bits of its ASID (forget_others).  Written by vcpu. */
        word entered_last[SPACES_ENTERED];
        struct favour ask; /* Written by door. */
        uint32_t waits;    /* the number that it waits for, or waited for last.  Written by door. */
        word claimed;      /* the line taken last as the interrupt controller says it.  Written by gicv2. */
        word interface;    /* what the interrupt controller calls this core.  Written by gicv2, gicv3. */
};

struct kernel {
        struct core core[CORES];

        _Alignas(4096) struct door door; /* Written by door, mail. */
        struct trace trace;              /* Written by trace. */

        word cores;     /* how many run; with one, no word of the door is touched.  Written by cores_start. */
        bool multicore; /* the interface of several cores, even if only one came up.  Written by cores_start. */
        struct core *peer[CORES_MAX]; /* each by its number, as the others see it.  Written by cores_start. */

        word space_era; /* counts the VSpace caps and numbers that went (vm/space.h).  Written by space. */
        struct ready ready[DOMAINS_MAX]; /* through core->ready */

        struct domain_slot schedule[SCHEDULE_MAX]; /* Written by domain, inv_domain. */
        word schedule_length;                      /* Written by domain. */
        word schedule_start;                       /* Written by domain, inv_domain. */
        word domains;                              /* Written by domain. */

        /* Constant after boot.  Written by clock. */
        word clock_hz;
        word clock_khz, clock_mhz; /* the same in kHz, and in MHz; 0 when that is no whole number */
        word clock_min;            /* the shortest budget, ticks */
        word period_max_us;
        word refill_last; /* no refill is moved that begins later, ticks */

        struct asid_pool *asid_pool[ASID_POOLS]; /* Written by asid. */
        word asid_bits;                          /* of the machine, 16 or 8.  Written by boot. */
        /* Who of those that share a number of 8 bits used it last.  Written by space. */
        uint16_t asid_user[1 << ASID_SHORT];
        struct slot irq[IRQ_ALL];   /* the notification cap of each line */
        uint8_t irq_state[IRQ_ALL]; /* enum irq_state.  Written by irq, boot, cores_start. */

        word hypervisor; /* address bits of a space at EL2, 40 or 44; 0 at EL1 (face.h).  Written by boot. */
        word extensions; /* TESSERA_EXTENSION_* bits the image asks for and the machine can do.  Written by bootinfo. */
        bool long_ways; /* debug builds take no short path through a system call (trap/short.h).  Written by boot. */
        bool firmware_smc; /* firmware is called by SMC, not HVC.  Written by bootinfo. */

        struct thread *threads; /* every TCB, newest first; where THREADS_LISTED.  Written by thread. */

        /* Of debug builds: the check that refused last (cap/kind.h), whether refusals are told (debug/refusals.c), and whose are
         * not; that thread may have gone. */
        const char *refused_file; /* Written by kind. */
        word refused_line;        /* Written by kind. */
        const void *refusals_but; /* Written by inv_extension. */
        bool tells_refusals;      /* Written by inv_extension. */
};

extern struct kernel kernel;

_Static_assert(offsetof(struct kernel, door) == 4096, "a core has a page of its own");
_Static_assert(sizeof(struct core) <= 1024,
               "and the rest of it is a stack for kernel bugs (arch/aarch64/entry/vectors.S)");

#if __STDC_HOSTED__
/* A program of this machine, whose cores have no memories of their own at one address (arch/host): it says which one executes. */
extern _Thread_local struct core *host_core; /* NULL: the first */

static inline struct core *this_core(void)
{
        return host_core ? host_core : &kernel.core[0];
}
#else
static inline struct core *this_core(void)
{
        return &kernel.core[0];
}
#endif
