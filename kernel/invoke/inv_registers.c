/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading, writing and copying user registers (spec objects.md 8.1 to 8.6). */
#include "chain/life.h"
#include "invoke/inv_tcb.h"
#include "sched/sched.h"
#include "thread/registers.h"

enum { SUSPEND_SOURCE = 1, WRITE_RESUME = 1, COPY_RESUME = 2, COPY_FRAME = 4, COPY_INTEGER = 8 };

/* For a Call with a buffer all words go straight to their places; otherwise each is checked for whether it has one. */
static void read_out(struct request *r, const struct context *c, word count)
{
        word *buffer = r->call && count == USER_CONTEXT_WORDS ? thread_buffer_writable(r->caller) : NULL;

        if (buffer) {
                user_context_read(c, &r->caller->context.x[REG_MESSAGE], &buffer[BUFFER_MESSAGE]);
                r->answer_length = USER_CONTEXT_WORDS;
                return;
        }
        for (word i = 0; i < count; i++)
                request_answer(r, i, user_context_get(c, i));
}

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
        read_out(r, &t->context, count);
        return DONE;
}

static void write_first(struct request *r, struct context *c, word count)
{
        for (word i = 0; i < count; i++)
                user_context_set(c, i, request_word(r, 2 + i));
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
        if (count == USER_CONTEXT_WORDS)
                user_context_write(&t->context, &r->caller->context.x[REG_MESSAGE + 2],
                                   &r->buffer[BUFFER_MESSAGE + 2]);
        else
                write_first(r, &t->context, count);
        t->context.pc = t->context.restart;
        t->interrupted = false;
        if (request_word(r, 0) & WRITE_RESUME)
                thread_resume(t);
        return DONE;
}

enum outcome tcb_copy_registers(struct request *r)
{
        struct thread *t = tcb_of(r);

        if (cap_kind(r->extra[0]->cap) != CAP_TCB)
                return refuse_capability(r, 1);
        word flags = request_word(r, 0);
        struct thread *from = cap_object(r->extra[0]->cap);

        this_core()->reload |= t == r->caller;
        if (flags & SUSPEND_SOURCE)
                thread_suspend(from);
        if (flags & COPY_RESUME)
                thread_resume(t);
        if (flags & COPY_FRAME) {
                if (from != t)
                        user_context_copy_frame(&t->context, &from->context);
                t->context.pc = t->context.restart;
        }
        if (flags & COPY_INTEGER && from != t)
                user_context_copy_integer(&t->context, &from->context);
        return DONE;
}
