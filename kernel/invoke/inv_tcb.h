/* SPDX-License-Identifier: BSD-2-Clause */
/* The families of TCB invocations; invoke_tcb in inv_tcb.c picks one by label. */
#pragma once

#include "trap/request.h"

enum outcome tcb_read_registers(struct request *r, struct thread *t); /* inv_registers.c */
enum outcome tcb_write_registers(struct request *r, struct thread *t);
enum outcome tcb_copy_registers(struct request *r, struct thread *t);

enum outcome tcb_configure(struct request *r, struct thread *t); /* inv_space.c */
enum outcome tcb_set_space(struct request *r, struct thread *t);
enum outcome tcb_set_ipc_buffer(struct request *r, struct thread *t);
enum outcome tcb_set_timeout_endpoint(struct request *r, struct thread *t);

enum outcome tcb_set_priority(struct request *r, struct thread *t); /* inv_priority.c */
enum outcome tcb_set_mcpriority(struct request *r, struct thread *t);
enum outcome tcb_set_sched_params(struct request *r, struct thread *t);

/* Replace a kernel-held cap by a copy of `from` with the value `cap`; the null cap just removes it. */
void tcb_install(struct thread *t, word which, struct cap cap, struct slot *from);

/* `c` may be installed as a fault handler: null or a valid one. */
bool tcb_accepts_handler(struct cap c);
