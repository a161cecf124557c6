/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading, writing and copying user registers (spec objects.md 8.1 to 8.6). */
#include "invoke/inv_tcb.h"
#include "thread/registers.h"
#include "thread/sched.h"

enum { SUSPEND_SOURCE = 1, WRITE_RESUME = 1, COPY_RESUME = 2, COPY_FRAME = 4, COPY_INTEGER = 8 };

enum outcome tcb_read_registers(struct request *r)
{
        struct thread *t = tcb_of(r);
        word count = request_word(r, 1);

        if (count < 1 || count > USER_CONTEXT_WORDS)
                return refuse_range(r, 1, USER_CONTEXT_WORDS);
        if (t == r->caller)
                return refuse_illegal(r);
        if (request_word(r, 0) & SUSPEND_SOURCE)
                thread_suspend(t);
        for (word i = 0; i < count; i++)
                request_answer(r, i, user_context_get(&t->context, i));
        return DONE;
}

enum outcome tcb_write_registers(struct request *r)
{
        struct thread *t = tcb_of(r);
        word count = request_word(r, 1);

        if (r->length - 2 < count)
                return refuse_truncated(r);
        if (t == r->caller)
                return refuse_illegal(r);
        count = min_word(count, USER_CONTEXT_WORDS);
        for (word i = 0; i < count; i++)
                user_context_set(&t->context, i, request_word(r, 2 + i));
        t->context.pc = t->context.restart;
        if (request_word(r, 0) & WRITE_RESUME)
                thread_resume(t);
        return DONE;
}

static void copy(struct thread *to, const struct thread *from, word first, word end)
{
        for (word i = first; i < end; i++)
                user_context_set(&to->context, i, user_context_get(&from->context, i));
}

enum outcome tcb_copy_registers(struct request *r)
{
        struct thread *t = tcb_of(r);
        if (cap_kind(r->extra[0]->cap) != CAP_TCB)
                return refuse_capability(r, 1);
        word flags = request_word(r, 0);
        struct thread *from = cap_object(r->extra[0]->cap);

        if (flags & SUSPEND_SOURCE)
                thread_suspend(from);
        if (flags & COPY_RESUME)
                thread_resume(t);
        if (flags & COPY_FRAME) {
                copy(t, from, 0, USER_CONTEXT_FRAME);
                t->context.pc = t->context.restart;
        }
        if (flags & COPY_INTEGER)
                copy(t, from, USER_CONTEXT_FRAME, USER_CONTEXT_WORDS);
        return DONE;
}
