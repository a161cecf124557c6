/* SPDX-License-Identifier: BSD-2-Clause */
/* TCB invocations (spec objects.md 8): dispatch, and the short ones. */
#include "invoke/inv_tcb.h"
#include "invoke/inv_extension.h"
#include "invoke/invoke.h"
#include "invoke/labels.h"
#include "thread/binding.h"

static enum outcome bind_notification(struct request *r, struct thread *t)
{
        if (r->extras < 1)
                return refuse_truncated(r);
        struct cap c = r->extra[0]->cap;
        struct notification *n = cap_object(c);
        if (t->bound || cap_kind(c) != CAP_NOTIFICATION || !(cap_rights(c) & RIGHT_READ))
                return refuse_illegal(r);
        if (!waitq_is_empty(&n->waiters) || n->bound)
                return refuse_illegal(r);
        notification_bind_thread(n, t);
        return DONE;
}

static enum outcome unbind_notification(struct request *r, struct thread *t)
{
        if (!t->bound)
                return refuse_illegal(r);
        notification_unbind_thread(t->bound);
        return DONE;
}

static enum outcome set_tls_base(struct request *r, struct thread *t)
{
        if (r->length < 1)
                return refuse_truncated(r);
        t->context.tpidr = request_word(r, 0);
        return DONE;
}

static enum outcome set_flags(struct request *r, struct thread *t)
{
        if (r->length < 2)
                return refuse_truncated(r);
        word flags = (extension_flags_out(t->flags) & ~request_word(r, 0)) | request_word(r, 1);
        t->flags = (uint8_t)((flags & THREAD_FLAGS_KNOWN) | extension_flags_in(flags));
        request_answer(r, 0, extension_flags_out(t->flags));
        return DONE;
}

static enum outcome suspend(struct thread *t)
{
        thread_suspend(t);
        return DONE;
}

static enum outcome resume(struct thread *t)
{
        thread_resume(t);
        return DONE;
}

enum outcome invoke_tcb(struct request *r)
{
        struct thread *t = cap_object(r->cap);

        switch (r->label) {
        case LABEL_TCB_READ_REGISTERS:
                return tcb_read_registers(r, t);
        case LABEL_TCB_WRITE_REGISTERS:
                return tcb_write_registers(r, t);
        case LABEL_TCB_COPY_REGISTERS:
                return tcb_copy_registers(r, t);
        case LABEL_TCB_CONFIGURE:
                return tcb_configure(r, t);
        case LABEL_TCB_SET_PRIORITY:
                return tcb_set_priority(r, t);
        case LABEL_TCB_SET_MCPRIORITY:
                return tcb_set_mcpriority(r, t);
        case LABEL_TCB_SET_SCHED_PARAMS:
                return tcb_set_sched_params(r, t);
        case LABEL_TCB_SET_TIMEOUT_ENDPOINT:
                return tcb_set_timeout_endpoint(r, t);
        case LABEL_TCB_SET_IPC_BUFFER:
                return tcb_set_ipc_buffer(r, t);
        case LABEL_TCB_SET_SPACE:
                return tcb_set_space(r, t);
        case LABEL_TCB_SUSPEND:
                return suspend(t);
        case LABEL_TCB_RESUME:
                return resume(t);
        case LABEL_TCB_BIND_NOTIFICATION:
                return bind_notification(r, t);
        case LABEL_TCB_UNBIND_NOTIFICATION:
                return unbind_notification(r, t);
        case LABEL_TCB_SET_TLS_BASE:
                return set_tls_base(r, t);
        case LABEL_TCB_SET_FLAGS:
                return set_flags(r, t);
        default:
                return refuse_illegal(r);
        }
}
