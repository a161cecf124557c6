/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzzer learns besides the paths through the code: the situations that threads, endpoints, notifications and
 * scheduling contexts are in together.  A path says little about them: the same lines lend a context with and without budget. */
#pragma once

#include "core/word.h"

/* Records the situation in which the running thread is about to do a step of that kind. */
enum fuzz_step { FUZZ_STEP_ANY, FUZZ_STEP_TWO_PHASES, FUZZ_STEP_KINDS };
void fuzz_state(enum fuzz_step kind);
