/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trace records on the ways in and out.  Level 15. */
#pragma once

#include "trace/trace.h"

struct thread;

/* A system call of a thread that has the mark. */
void traced_entry(struct thread *t, int64_t number);

/* `t` runs next, or nobody (NULL).  A trace runs. */
void traced_leave(struct thread *t);
