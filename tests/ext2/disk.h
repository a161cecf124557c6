/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk in the host's memory whose cache is volatile: any writes since the last flush may be lost when the power is cut, in any order. */
#pragma once

#include "pages.h"

struct disk *disk_load(const char *file);
bool disk_save(const char *file);
uint64_t disk_random(void);
void disk_seed(uint64_t seed);

/* The whole disk, cache included: one memory of it. */
void disk_remember(void);
void disk_go_back(void);

/* After this many writes and flushes, or instead of this flush, the power fails: nothing reaches the disk any more, and every call
 * fails.  0: never.  All counts begin again. */
void disk_cut_after(uint64_t operations);
void disk_cut_at_flush(uint64_t number);
bool disk_is_cut(void);

void disk_lose_flush(
        uint64_t number); /* the device reports success and does nothing: what a missing flush would do */
void disk_fail(uint64_t request); /* one read, write or flush reports an error; all counts begin again */
uint64_t disk_flushes(void);
uint64_t disk_requests(void);

/* Which of the writes since the last flush have reached the medium. */
enum disk_order { DISK_ANY, DISK_NONE, DISK_ALL, DISK_LAST, DISK_NOT_FIRST };
void disk_power_on(enum disk_order order);
