/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of guests on several cores share (spec smp.md 17): guests of tests/el2, each with a core. */
#pragma once

#include "tests/el2/guest.h"
#include "tests/smp/smp.h"

CODE(counts);
CODE(passes);
CODE(computes);
CODE(ticks);
CODE(calls);
CODE(takes);

void guest_on(struct guest *g, word core); /* made, and its time is there */
void guest_start(struct guest *g, const char *code, word x0, word x1,
                 word x2);         /* and nothing is waited for */
void guest_await(struct guest *g); /* takes its next fault */
int counts_up(const volatile word *at);
int stands(const volatile word *at); /* while other cores run */
