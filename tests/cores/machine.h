/* SPDX-License-Identifier: BSD-2-Clause */
/* Several cores as coroutines: which one continues is chosen at every point where another one could see a difference.
 *
 * Such points are the atomic accesses of the door and of all that is compiled with it (seam.c), interrupts rung for, waits, and each
 * instruction of user level that enters the kernel.  Between two points a core is alone, so a run is determined by its choices: the same
 * choices give the same run.  One machine per process.
 */
#pragma once

#include "core/state.h"
#include "tests/lib/user.h"

enum { MACHINE_CORES = 4 };

/* Restarts the machine: core 0 runs `root` as its user level, once; then each core does what it is asked to (machine_ask). */
void machine_make(void (*root)(void));
void machine_end(void);
extern word machine_hypervisor; /* 0; or 40: with the interface of EL2 */

/* Chooses which of the cores in `able` continues; `last` did so before, and is among them unless it waits.  NULL: the last one. */
extern word (*machine_choice)(word able, word last);

/* No core is at work in the kernel: each is at user level, or sleeps. */
bool machine_is_between(void);

/* Runs until every core waits; counts the choices. */
void machine_run(void);
extern word machine_steps;

/* A system call with these registers, or an instruction that faults, by `thread`, when it runs next; until it has come back. */
struct job {
        struct thread *thread;
        enum user_call number;
        word cptr, reply;
        struct message message;
        enum { JOB_NONE, JOB_ASKED, JOB_BEGUN, JOB_DONE } state;
        word pc;            /* of the svc */
        word answer, badge; /* the label of what came back, and x0 */
        bool faults;        /* no system call: done when a handler has set another pc */
        bool held;          /* its thread does nothing for now, when its turn has come */
        bool serves;        /* after receiving it replies and receives, for ever */
        bool repeats;       /* it waits again, for ever; `badge` has all bits that came */
        /* Its thread yields whenever it has nothing else to do: always, or while the thread `to` is ready. */
        bool yields;
        const struct thread *to;
        word passes; /* no system call: so many ticks pass */
        /* No system call: an instruction of a guest, which may say that the job is done. */
        void (*act)(struct job *job);
};
void machine_ask(struct job *job);
void machine_forget_jobs(void);

/* For those who run the machine, as coroutines or as threads: what the thread has to do, NULL: nothing; and one instruction of that. */
struct job *machine_job_of(const struct thread *t);
void machine_step(struct job *job);

/* Everything stands still: runs the whole-state checker as each core sees it, and checks that no core with work sleeps. */
void machine_check(void);

/* A point at which another core may run (seam.c). */
void machine_point(void);
