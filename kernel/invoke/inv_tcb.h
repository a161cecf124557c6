/* SPDX-License-Identifier: BSD-2-Clause */
/* TCB invocations, rows of invocations.c.  Level 13. */
#pragma once

#include "invoke/request.h"

/* The thread that a TCB invocation is about. */
static inline struct thread *tcb_of(const struct request *r)
{
        return cap_object(r->cap);
}

enum outcome tcb_read_registers(struct request *r); /* inv_registers.c */
enum outcome tcb_write_registers(struct request *r);
enum outcome tcb_copy_registers(struct request *r);

enum outcome tcb_configure(struct request *r); /* inv_space.c */
enum outcome tcb_set_space(struct request *r);
enum outcome tcb_set_ipc_buffer(struct request *r);
enum outcome tcb_set_timeout_endpoint(struct request *r);

enum outcome tcb_set_priority(struct request *r); /* inv_priority.c */
enum outcome tcb_set_mcpriority(struct request *r);
enum outcome tcb_set_sched_params(struct request *r);

enum outcome tcb_suspend(struct request *r); /* inv_tcb.c */
enum outcome tcb_resume(struct request *r);
enum outcome tcb_bind_notification(struct request *r);
enum outcome tcb_unbind_notification(struct request *r);
enum outcome tcb_set_tls_base(struct request *r);
enum outcome tcb_set_flags(struct request *r);

/* Replace a kernel-held cap by a copy of `from` with the value `cap`; the null cap only removes it. */
void tcb_install(struct thread *t, word which, struct cap cap, struct slot *from);

/* Remove a handler, the last cap to whose endpoint it may be.  AGAIN when preempted: until the caller returns, the thread
 * has no such handler. */
enum outcome tcb_drop_handler(struct thread *t, word which);

/* `c` may be installed as a fault handler: null or a valid one. */
bool tcb_accepts_handler(struct cap c);
