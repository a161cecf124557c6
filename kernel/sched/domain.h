/* SPDX-License-Identifier: BSD-2-Clause */
/* The domain schedule (spec scheduling.md 14). */
#pragma once

#include "core/word.h"

enum { DOMAIN_DURATION_BITS = 56 };

void domain_start(word domains); /* boot */
void domain_start_core(void);    /* boot of another core: it runs what belongs to it (sched/cores.h) */
void domain_next(void);          /* enter the next entry of the schedule */
void domain_enter(word index);   /* seL4_DomainSet_ScheduleSetStart */
