/* SPDX-License-Identifier: BSD-2-Clause */
/* The door: of several cores one at a time is in the kernel, in the order in which they came (spec smp.md 12, docs/smp.md).
 *
 * Level 3.  A core takes a number and waits until it is its turn; leaving, it lets the next one in.  Inside, the kernel is that
 * of one core, and may touch what belongs to every core; outside, a core touches its own page and what its user level may.
 * What others may know of one that is outside is one word, `where`: whoever is inside and finds another AT_DOOR or ASLEEP knows
 * that it executes nothing of its thread, whose registers are all in memory, and holds no user translations.
 *
 * An image for one core has none of this: the ways in and out that lead here are put in their place by the loader
 * (arch/aarch64/entry/cores.S, face.h).
 */
#pragma once

#include "core/state.h"
#include "face.h"

enum core_where { AT_USER, AT_DOOR, ASLEEP };

/* Boot: this core is inside. */
void door_start(void);

/* Take a number, and wait for the turn of it.  Whoever waits does what the one inside asks for. */
uint32_t door_queue(void);
void door_await(uint32_t number);

/* Say where this core is from now on, with all it wrote before. */
void door_tell(enum core_where where);

/* The next one comes in. */
void door_leave(void);

/* Somebody waits while this core is inside. */
static inline bool door_is_wanted(void)
{
        return __atomic_load_n(&kernel.door.next, __ATOMIC_RELAXED) != kernel.door.turn + 1;
}

/* Core `number`, another one, comes to the door, soon. */
void door_ring(word number);

/* Inside: it is at the door, or asleep; its thread executes nothing. */
void door_halt(word number);

/* Inside: it does `errand` with its own hardware, and has done so on return. */
void door_ask(word number, void (*errand)(word line), word line);
