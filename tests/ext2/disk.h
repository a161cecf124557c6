/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk in the host's memory that keeps no order: any writes since the last flush may be lost when the power is cut. */
#pragma once

#include "pages.h"

struct disk *disk_load(const char *file);
bool disk_save(const char *file);
uint64_t disk_random(void);
void disk_seed(uint64_t seed);

/* After this many writes and flushes nothing reaches the disk any more, and every call fails. */
void disk_cut_after(uint64_t operations);
bool disk_is_cut(void);
void disk_power_on(void); /* some unflushed writes have reached the disk */
uint64_t disk_operations(void);
