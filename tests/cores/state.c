/* SPDX-License-Identifier: BSD-2-Clause */
/* The state after what was asked (see work.h). */
#include "cap/cap.h"
#include "chain/binding.h"
#include "tests/cores/made.h"
#include "time/sched_context.h"

#include <string.h>

static word mixed(word hash, word value)
{
        hash = (hash ^ value) * 0x9e3779b97f4a7c15;
        return hash ^ hash >> 29;
}

/* Those that yield or wait all the time may be anywhere in it. */
static bool is_anywhere(const struct thread *t)
{
        for (word i = 0; i < LISTENERS; i++) {
                if (t == w.listener[i])
                        return true;
        }
        return t == w.root || t == w.mate[0] || t == w.mate[1] || t == w.sleeper[0] || t == w.sleeper[1];
}

static word of_thread(word hash, const struct thread *t)
{
        bool yields = is_anywhere(t);
        word state = yields && t->state == RESTARTING ? RUNNING : t->state;

        hash = mixed(hash, state | (word)t->priority << 8 | (word)t->domain << 16 | (word)t->in_ready << 24);
        hash = mixed(hash, (word)t->sc);
        hash = mixed(hash, (word)t->bound);
        if (!yields)
                hash = mixed(hash, t->context.pc);
        hash = mixed(hash, (word)(t == (t->domain == 0 ? &kernel.core[0] : kernel.peer[t->domain])->current));
        return t->bound ? mixed(hash, t->bound->raised) : hash;
}

word work_times(void)
{
        word hash = 1;

        for (struct thread *t = kernel.threads; t; t = t->all_next) {
                struct sched_context *s = t->sc;
                for (word i = 0; s && i < s->count; i++) {
                        const struct refill *r = &s->refill[(s->head + i) % s->max];
                        hash = mixed(mixed(mixed(hash, r->time), r->amount), s->consumed);
                }
        }
        for (word core = 0; core < MACHINE_CORES; core++) {
                for (word p = 0; p < PRIORITIES; p++) {
                        const struct thread *first = kernel.ready[core].head[p], *t = first;
                        for (bool more = t != NULL; more; t = t->link.next, more = t != first)
                                hash = mixed(mixed(hash, p), (word)t);
                }
        }
        return hash;
}

/* A listener that was woken, and has not run. */
static word heard_last(const struct thread *t)
{
        return t->in_ready ? t->context.x[REG_BADGE] : 0;
}

/* Its call is over, whether its thread has run since or not. */
static bool has_come_back(const struct job *job)
{
        const struct thread *t = job->thread;

        return job->state == JOB_BEGUN && !job->faults && t->state == RUNNING && t->context.pc == job->pc + 4;
}

static word of_job(word hash, const struct job *job)
{
        const struct context *c = &job->thread->context;
        bool back = has_come_back(job);

        hash = mixed(hash, back || job->state == JOB_DONE);
        hash = mixed(hash, back ? info_label(c->x[REG_INFO]) : job->answer);
        return mixed(hash, back ? c->x[REG_BADGE] : job->badge);
}

word work_digest(void)
{
        word hash = 1;

        for (struct thread *t = kernel.threads; t; t = t->all_next)
                hash = of_thread(hash, t);
        for (word me = 0; me < CALLERS; me++)
                hash = of_job(hash, &w.job[me]);
        for (word i = 0; i < LISTENERS; i++)
                hash = mixed(hash, w.listening[i].badge | heard_last(w.listener[i]));
        for (word s = POOL; s < SLOTS; s++) {
                struct cap c = user_cap(at(s));
                word half[sizeof(c) / sizeof(word)];
                memcpy(half, &c, sizeof(c));
                hash = mixed(mixed(hash, half[0]), half[1]);
                if (cap_kind(c) == CAP_NOTIFICATION)
                        hash = mixed(hash, ((const struct notification *)cap_object(c))->raised);
        }
        return hash;
}
