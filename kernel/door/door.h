/* SPDX-License-Identifier: BSD-2-Clause */
/* The door: of several cores one at a time is in the kernel, in the order in which they came (spec smp.md 12, docs/smp.md).
 *
 * Level 3.  A core takes a number and waits for its turn; when it leaves, it lets the next one in.  Inside, the kernel runs as on one core,
 * and may touch the data of every core; outside, a core touches only its own page and what its user level may.  The only thing that others
 * may know of a core outside is one word, `where`: if another core is AT_DOOR or ASLEEP, it executes nothing of its thread, whose registers
 * are all in memory, and it holds no user translations.
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

/* Take a number, and wait for its turn, and until nobody is in the kernel past the door (local.h).  A waiting core carries out what the
 * core inside asks for. */
uint32_t door_queue(void);
void door_await(uint32_t number);

/* The last part of it, for a core whose turn it was at once. */
void door_shut(void);

/* Called inside, by the last part: the letters in all mailboxes are delivered (trap/mail.c answers this for the door). */
void door_letters(void);

/* State where this core is from now on; everything it wrote before becomes visible with it. */
void door_tell(enum core_where where);

/* Let the next core in. */
void door_leave(void);

/* Somebody waits while this core is inside. */
static inline bool door_is_wanted(void)
{
        return __atomic_load_n(&kernel.door.next, __ATOMIC_RELAXED) != kernel.door.turn + 1;
}

/* Make core `number`, which is not this one, come to the door soon. */
void door_ring(word number);

/* Called inside.  The core is at the door, or asleep; its thread executes nothing. */
void door_halt(word number);

/* Called inside.  The core carries out `errand` on its own hardware; it is done on return. */
void door_ask(word number, void (*errand)(word line), word line);
