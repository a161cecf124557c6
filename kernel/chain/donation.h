/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds a scheduling context: bindings, donation and what happens when it goes (spec scheduling.md 11, 12).
 *
 * Level 8.
 */
#pragma once

#include "time/sched_context.h"

/* Bindings (section 12).  Preconditions are the callers' checks.  Notifications: chain/binding.h. */
void sc_bind_thread(struct sched_context *s, struct thread *t);
void sc_unbind_thread(struct sched_context *s);
void sc_retire(struct sched_context *s);

/* Move to `to` (which has none) from whatever thread holds it. */
void sc_donate(struct sched_context *s, struct thread *to);
