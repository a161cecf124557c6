/* SPDX-License-Identifier: BSD-2-Clause */
/* Histories that kernel and model do side by side; a difference fails the running case. */
#pragma once

#include "core/word.h"
#include "tests/model/choices.h"

/* The capability space; queues of the scheduler, endpoints and notifications. */
void caps_history(struct choices *choices);
void queues_history(struct choices *choices);

/* Steps compared so far, and histories that ended where the specification leaves open what remains. */
extern word history_steps, history_open;

/* The step that is about to be done, printed when tracing. */
void history_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
