/* SPDX-License-Identifier: BSD-2-Clause */
/* The cases: each runs in a process of its own, with world.gic set, and opens the world itself. */
#pragma once

#include "tests/monitor/world.h"

void registers_one_by_one(void);
void registers_at_random(void);
void registers_that_are_none(void);
void each_register(void);
void each_trap(void);
void interrupts_at_random(void);
void a_wait_and_each_end_of_it(void);
void several_processors_at_random(void);
void offers_without_end(void);
void nonsense_in_queues(void);
