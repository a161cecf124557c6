/* SPDX-License-Identifier: BSD-2-Clause */
/* From an outcome to the caller's registers (spec objects.md 1, abi.md 4). */
#include "irq/irq.h"
#include "thread/sched.h"
#include "trap/syscall.h"

static void answer(struct request *r, word label, word length)
{
        struct context *c = &r->caller->context;

        c->x[REG_BADGE] = 0;
        c->x[REG_INFO] = info_make(label, 0, 0, length);
}

static void answer_refusal(struct request *r)
{
        for (word i = 0; i < r->why.length; i++)
                request_answer(r, i, r->why.detail[i]);
        answer(r, r->why.error, r->answer_length);
}

/* The caller is RESTARTING while its request is performed, so that whatever stops it makes it repeat the call; if it
 * still is, the call is complete and it goes on. */
void finish(struct request *r, enum outcome outcome)
{
        struct thread *t = r->caller;

        if (outcome == AGAIN) {
                sched_preempted();
                irq_handle();
                return;
        }
        if (t->state != RESTARTING)
                return;
        t->state = RUNNING;
        if (!r->call || outcome == BLOCKED)
                return;
        if (outcome == REFUSED)
                answer_refusal(r);
        else
                answer(r, 0, r->answer_length);
}
