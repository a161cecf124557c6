/* SPDX-License-Identifier: BSD-2-Clause */
/* What the threads of the machine do at user level (machine.h).  Owns the list; jobs are added while no core is at work. */
#include "arch/host/host.h"
#include "arch/host/host_cores.h"
#include "tests/cores/machine.h"
#include "tests/lib/test.h"

enum { JOBS = 21, UNDEFINED = 0 }; /* a syndrome */

static struct job *jobs[JOBS];

void machine_ask(struct job *job)
{
        word i = 0;

        while (i < JOBS && jobs[i] && jobs[i] != job && jobs[i]->state != JOB_DONE)
                i++;
        CHECK(i < JOBS);
        job->state = JOB_ASKED;
        jobs[i] = job;
}

void machine_forget_jobs(void)
{
        for (word i = 0; i < JOBS; i++)
                jobs[i] = NULL;
}

/* It belongs to the core that asks; another one may be about to change that, and then an interrupt comes. */
__attribute__((no_sanitize("thread"))) static bool is_ready(const struct thread *t)
{
        return !t || t->in_ready;
}

struct job *machine_job_of(const struct thread *t)
{
        struct job *yields = NULL, *first = NULL;

        for (word i = 0; i < JOBS; i++) {
                struct job *job = jobs[i];

                if (!job || job->thread != t || job->state >= JOB_DONE)
                        continue;
                if (job->yields)
                        yields = is_ready(job->to) ? job : yields;
                else if (!first || job->state == JOB_BEGUN)
                        first = job;
        }
        if (first)
                return first->held ? NULL : first;
        return yields;
}

/* One instruction that is undefined, or one check of where its handler led.  Its pc is none that a handler leads to. */
static void fault(struct job *job)
{
        struct context *c = &job->thread->context;

        if (job->state == JOB_BEGUN && c->pc != job->pc) {
                job->state = JOB_DONE;
                return;
        }
        if (job->state == JOB_ASKED)
                c->pc += 4;
        job->state = JOB_BEGUN;
        job->pc = c->pc;
        c->restart = c->pc;
        host_exception(UNDEFINED, 0);
}

/* One system call, or one check of what came back. */
void machine_step(struct job *job)
{
        struct context *c = &job->thread->context;

        if (job->faults) {
                fault(job);
                return;
        }
        if (job->act) {
                job->act(job);
                return;
        }
        if (job->passes) {
                job->state = JOB_DONE;
                host_advance(job->passes);
                return;
        }
        if (job->state == JOB_BEGUN && c->pc == job->pc + 4) {
                job->answer = info_label(c->x[REG_INFO]);
                job->badge = (job->repeats ? job->badge : 0) | c->x[REG_BADGE];
                job->number = job->serves ? USER_REPLY_RECV : job->number;
                job->state = job->serves || job->yields || job->repeats ? JOB_ASKED : JOB_DONE;
                return;
        }
        user_load(job->thread, job->number, job->cptr, &job->message);
        if (job->number != USER_CALL)
                c->x[REG_REPLY] = job->reply;
        job->state = JOB_BEGUN;
        job->pc = c->pc;
        c->restart = c->pc;
        c->pc += 4;
        host_syscall();
}
