/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that print more than the driver takes at once, while keys come: whatever runs when, all is printed once and in order, all that
 * is typed arrives, and nobody waits in the end. */
#pragma once

void test_writers_at_one(void);
void test_writers_at_two(void);
void test_writers_ended(void);
void test_writers_gone(void);
void test_writers_hang(void);
void test_many_keys(void);
void test_room_is_news(void);
