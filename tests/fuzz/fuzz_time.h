/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps of the kernel fuzzer that lend time, use it up, wait for it and take it from notifications. */
#pragma once

#include "core/word.h"

enum { FUZZ_CENTURIES = 58 /* histories end before 2 to the power of this many ticks */ };

/* One step, chosen by `which`; more bytes of the history come from `next`. */
void fuzz_time(word which, word (*next)(void));
