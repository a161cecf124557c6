/* SPDX-License-Identifier: BSD-2-Clause */
/* The date, as the client of the driver that reads the clock of the day (drivers/rtc).  It is taken from the driver once; one that
 * lies about it makes wrong dates, and nothing else.
 */
#pragma once

#include <stdbool.h>

/* As those of block.h. */
void rtc_begins(void *shared, void (*poke)(void));
bool rtc_hear(void);
void rtc_lost(void);
void rtc_gone(void);
bool rtc_useful(void);

/* Wait for the date, if there is a clock that knows it; `serve` serves one event of the system. */
void rtc_open(void (*serve)(void));

/* It has had its time: if the date is not known yet, a line says so. */
void rtc_give_up(void);
