/* SPDX-License-Identifier: BSD-2-Clause */
/* Several cores as coroutines: which one goes on is asked at every point where another one could see a difference.
 *
 * Such points are the atomic accesses of the door and of all that is compiled with it (seam.c), interrupts rung for, waits, and each
 * instruction of user level that enters the kernel.  Between two points a core is alone, so a run is what its choices say: the same
 * choices, the same run.  One machine per process.
 */
#pragma once

#include "core/state.h"
#include "tests/lib/user.h"

enum { MACHINE_CORES = 4 };

/* Start the machine anew: core 0 runs `root` as its user level, once; then each core does what is asked of it (machine_ask). */
void machine_make(void (*root)(void));
void machine_end(void);

/* Which of the cores in `able` goes on; `last` did before, and is among them unless it waits.  NULL: the last one as long as it can. */
extern word (*machine_choice)(word able, word last);

/* Go on until every core waits; counts the choices. */
void machine_run(void);
extern word machine_steps;

/* A system call with these registers, by `thread`, when it runs next; false until it has come back. */
struct job {
        struct thread *thread;
        enum user_call number;
        word cptr, reply;
        struct message message;
        enum { JOB_NONE, JOB_ASKED, JOB_BEGUN, JOB_DONE } state;
        word pc;            /* of the svc */
        word answer, badge; /* the label of what came back, and x0 */
        bool held;          /* its thread does nothing for the time being */
        bool serves;        /* having received it answers, and receives, for ever */
};
void machine_ask(struct job *job);
void machine_forget_jobs(void);

/* For those who run the machine, as coroutines or as threads: what the thread has to do, NULL: nothing; and one instruction of that. */
struct job *machine_job_of(const struct thread *t);
void machine_step(struct job *job);

/* Everything stands still: the whole-state checker as each core sees it, and nobody sleeps that has something to do. */
void machine_check(void);

/* A point at which another core may go on (seam.c). */
void machine_point(void);
