/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk of this machine's memory that keeps no order: what was written since the last flush may be lost, any of it, when it is cut. */
#pragma once

#include "pages.h"

struct disk *disk_load(const char *file);
bool disk_save(const char *file);
uint64_t disk_random(void);
void disk_seed(uint64_t seed);

/* After so many writes and flushes nothing arrives any more, and every call fails. */
void disk_cut_after(uint64_t operations);
bool disk_is_cut(void);
void disk_power_on(void); /* some of what was not flushed has arrived */
uint64_t disk_operations(void);
