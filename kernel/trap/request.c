/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a request: the last time that user data is looked at before an invocation (spec objects.md 2.1). */
#include "trap/request.h"
#include "core/preempt.h"
#include "trap/syscall.h"

enum outcome request_make(struct request *r, struct lookup_fault *f, word *bad)
{
        struct thread *t = r->caller;
        struct cap root = t->slot[TCB_CSPACE].cap;
        word info = t->context.x[REG_INFO];

        *bad = r->cptr;
        if (!lookup_cap(root, r->cptr, &r->slot, f))
                return REFUSED;
        r->cap = r->slot->cap;
        r->label = info_label(info);
        r->length = info_length(info);
        r->extras = 0;
        r->answer_length = 0;
        r->answer_buffer = NULL;
        r->buffer = thread_buffer_readable(t);
        if (!r->buffer) {
                r->length = min_word(r->length, MESSAGE_REGISTERS);
                return DONE;
        }
        for (word i = 0; i < info_caps(info); i++) {
                *bad = r->buffer[BUFFER_CAPS + i];
                if (!lookup_cap(root, *bad, &r->extra[i], f))
                        return REFUSED;
                r->extras++;
                if (preempt_unkept(0)) /* a deep CSpace: nothing has happened yet */
                        return AGAIN;
        }
        return DONE;
}

void request_answer(struct request *r, word i, word value)
{
        struct thread *t = r->caller;

        if (!r->call)
                return;
        if (i == MESSAGE_REGISTERS)
                r->answer_buffer = thread_buffer_writable(t);
        if (message_put(t, r->answer_buffer, i, value))
                r->answer_length = i + 1;
}
