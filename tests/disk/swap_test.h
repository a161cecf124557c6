/* SPDX-License-Identifier: BSD-2-Clause */
/* Cases of swap_test.c. */
#pragma once

void test_blocks(void);
void test_blocks_at_random(void);
void test_clock_rules(void);
void test_clock_chance(void);
