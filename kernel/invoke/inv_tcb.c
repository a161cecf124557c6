/* SPDX-License-Identifier: BSD-2-Clause */
/* The short ones of the TCB invocations (spec objects.md 8). */
#include "invoke/inv_tcb.h"
#include "chain/binding.h"
#include "chain/life.h"
#include "invoke/inv_extension.h"

enum outcome tcb_bind_notification(struct request *r)
{
        struct thread *t = tcb_of(r);
        struct cap c = r->extra[0]->cap;
        struct notification *n = cap_object(c);
        if (t->bound || cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_READ))
                return refuse_illegal(r);
        if (!waitq_is_empty(&n->waiters) || n->bound)
                return refuse_illegal(r);
        notification_bind_thread(n, t);
        return DONE;
}

enum outcome tcb_unbind_notification(struct request *r)
{
        struct thread *t = tcb_of(r);

        if (!t->bound)
                return refuse_illegal(r);
        notification_unbind_thread(t->bound);
        return DONE;
}

enum outcome tcb_set_tls_base(struct request *r)
{
        struct thread *t = tcb_of(r);

        t->context.tpidr = request_word(r, 0);
        this_core()->reload |= t == r->caller;
        return DONE;
}

enum outcome tcb_set_flags(struct request *r)
{
        struct thread *t = tcb_of(r);
        word flags = (extension_flags_out(t->flags) & ~request_word(r, 0)) | request_word(r, 1);
        this_core()->reload |= t == r->caller;
        t->flags = (uint8_t)((t->flags & (THREAD_TRACED | THREAD_DEBUGGED)) | (flags & THREAD_FLAGS_KNOWN) |
                             extension_flags_in(flags));
        if (t->flags & THREAD_FPU_DISABLED)
                t->fpu_turns = 0;
        request_answer(r, 0, extension_flags_out(t->flags));
        return DONE;
}

enum outcome tcb_suspend(struct request *r)
{
        thread_suspend(tcb_of(r));
        return DONE;
}

enum outcome tcb_resume(struct request *r)
{
        thread_resume(tcb_of(r));
        return DONE;
}
