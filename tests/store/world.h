/* SPDX-License-Identifier: BSD-2-Clause */
/* The environment of /disk here: a disk with a cache that keeps no order, frames of the host's memory, and a clock.
 *
 * The disk outlives the process (shared memory), as a disk outlives a machine that is switched off.  Writes that have ended stay in
 * its cache until a flush has ended; world_cut loses any of them, and tears those that were under way.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { WORLD_BLOCKS = 512 };

struct world {
        unsigned char stable[WORLD_BLOCKS][4096], cached[WORLD_BLOCKS][4096];
        bool is_cached[WORLD_BLOCKS];
        unsigned errors; /* one request of so many fails; 0: none */
        bool no_cache;   /* the device knows no flush, and what has ended is stable */
        uint64_t random, requests, cuts, failed;
};
extern struct world *world;

/* Once in a process: the disk (made by the first call), frames, the time. */
void world_begin(uint64_t seed);

/* Once in a machine: frames as after power-on. */
void world_power_on(void);

/* One request that is with the device, any, ends.  False: there is none. */
bool world_step(void);

/* The end of a machine: what is not yet stable is kept or lost at random. */
void world_cut(void);

uint64_t world_random(uint64_t below);
