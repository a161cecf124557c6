/* SPDX-License-Identifier: BSD-2-Clause */
/* What an invocation returns to its caller: result words and refusals (spec abi.md 4). */
#include "invoke/request.h"

void request_answer(struct request *r, word i, word value)
{
        struct thread *t = r->caller;
        word *buffer = i < MESSAGE_REGISTERS ? NULL : thread_buffer_writable(t);

        if (r->call && message_put(t, buffer, i, value))
                r->answer_length = (uint32_t)(i + 1);
}

__attribute__((cold, noinline)) void request_refuse(struct request *r, enum refusal_code error)
{
        r->why.error = error;
        r->why.length = 0;
}

__attribute__((cold, noinline)) void request_refuse_about(struct request *r, enum refusal_code error, word n)
{
        r->why.error = error;
        r->why.length = 1;
        r->why.detail[0] = n;
}
