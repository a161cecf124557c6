/* SPDX-License-Identifier: BSD-2-Clause */
/* The one question every long operation asks.
 *
 * Level 0 in name only: thread/sched.c answers it, so that rooms below the scheduler may ask.
 */
#pragma once

#include "core/word.h"

/* One unit of work was done; true when the operation must stop here with its progress kept (scheduling.md 13). */
bool preempt_point(void);
