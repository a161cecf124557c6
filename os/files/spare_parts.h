/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of /dev/spare (spare.h): spare.c has the transfers, spare_runs.c the runs that they consist of. */
#pragma once

#include "os/files/spare.h"
#include "os/memory/hold.h"

/* A request to the disk for memory that lies together, with pages of the program that are held, or none (NULL).  There is always room
 * for a run with at most one frame of the server, and for SPARE_RUNS of pages. */
void spare_run(struct spare_transfer *t, const struct block_request *what, const struct hold *pages);

/* Pages of programs that are held, and runs of those.  Only spare_runs.c writes it. */
extern struct spare_held {
        unsigned pages, runs;
} spare_held;

/* The device is through with a run, and its pages have gone. */
void spare_run_ended(struct spare_transfer *t, bool bad);
