/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters of system calls (seccomp of Linux): programs of an old, small machine that say for each call what becomes of it.
 *
 * A thread has a chain of them, of which the last one was added by itself or by whom it comes from; nothing is ever taken out of a chain.
 * Children, new threads and new programs have the same chain, so a record counts its users: threads, and filters above it.  Steps lie in
 * frames of the server, and were checked before they run: jumps go forward and stay inside, so a filter ends after at most as many steps
 * as it has.  Which calls there are is in calls/linux/process/seccomp.c.
 */
#pragma once

#include "os/memory/frame.h"
#include "os/process/process.h"

enum { FILTERS = 128, FILTERS_KIN = 96 }; /* of all, and of one family (family.h) */
enum {
        FILTER_STEPS = 4096,
        FILTER_CHAIN_STEPS = 4608,
        FILTER_EXTRA = 4 /* that each of a chain counts for, besides its own */
};
enum { FILTER_WORDS = 16 }; /* of memory that a filter has while it runs */

/* As programs have it in memory. */
struct filter_step {
        uint16_t code;
        uint8_t yes, no;
        uint32_t value;
};
_Static_assert(sizeof(struct filter_step) == 8, "as programs know it");

enum { FRAME_STEPS = PAGE / sizeof(struct filter_step), FILTER_FRAMES = FILTER_STEPS / FRAME_STEPS };

struct filter {
        struct filter *below;
        unsigned users;        /* 0: the record is free */
        int kin;               /* the family of who added it */
        unsigned mark;         /* of the last chain that was marked and has it (filters_mark) */
        bool logs;             /* what it does not allow is to be told to the log */
        uint16_t steps, chain; /* its own; and how many filters it is the last of */
        uint32_t all;          /* what the chain counts for */
        frame_id frame[FILTER_FRAMES];
};

/* What filters look at. */
struct filter_data {
        uint32_t number, machine;
        uint64_t pc, argument[6];
};

/* The codes (filter_check.c says which there are): what is done, in the lower bits, and what with. */
enum {
        STEP_LOAD = 0x20,   /* of the data, at `value` */
        STEP_LENGTH = 0x80, /* bytes of the data */
        STEP_VALUE = 0x00,
        STEP_MEMORY = 0x60,
        LOADS = 0,
        LOADS_X,
        STORES,
        STORES_X,
        COMPUTES,
        JUMPS,
        RETURNS,
        MOVES,
        KIND = 7,
        WITH_X = 8,
        RETURNS_A = 0x16,
        MOVES_TO_X = 0x07,
        MOVES_TO_A = 0x87,
};

/* What becomes of a call: the one first here counts when filters differ (as signed numbers, the smallest).  The lower half is a number. */
#define FILTER_KILLS_PROCESS 0x80000000u
enum {
        FILTER_KILLS_THREAD = 0,
        FILTER_TRAPS = 0x00030000,
        FILTER_FAILS = 0x00050000,
        FILTER_ASKS = 0x7fc00000,
        FILTER_TELLS_TRACER = 0x7ff00000,
        FILTER_LOGS = 0x7ffc0000,
        FILTER_ALLOWS = 0x7fff0000,
};

static inline struct filter_step *filter_step(const struct filter *f, unsigned n)
{
        return (struct filter_step *)frame_look(f->frame[n / FRAME_STEPS]) + n % FRAME_STEPS;
}

/* Room for a filter above the thread's own, without steps so far: 0; -SOS_ENOMEM: there is none, or the chain becomes too long. */
long filter_make(const struct process *p, unsigned steps, struct filter **made);

/* Are its steps such that they may run? */
bool filter_check(const struct filter *f);

/* The made one becomes the thread's last, or goes. */
void filter_put(struct process *p, struct filter *f);
void filter_drop(struct filter *f);

/* What becomes of a call, and of those filters the one that says so.  Cost: at most FILTER_CHAIN_STEPS steps. */
uint32_t filters_ask(const struct filter *last, const struct filter_data *data, const struct filter **by);

/* All of a chain get a mark, by which one that is part of it is known. */
unsigned filters_mark(struct filter *last);

static inline bool filter_is_marked(const struct filter *f, unsigned mark)
{
        return !f || f->mark == mark;
}

/* A thread, a child or the leader gets what another thread has; and has none any more. */
void filters_inherit(struct process *to, const struct process *from);
void filters_end(struct process *p);
