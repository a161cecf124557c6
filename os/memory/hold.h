/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of a program that a device reads or writes: they are held, so nothing is copied.
 *
 * A held page has a user more (a pin), so its frame is nobody else's until the device is through with it: the program may unmap it, end or
 * become another one, and nothing is evicted.  Pages that the device fills are private ones which only their program has, and those who
 * would go on with a copy meanwhile do otherwise: fork copies the page for the child at once, and a touch that would need a frame of
 * its own (a page of a large frame that is no longer mapped as one) waits (space_fills).
 *
 * Cost: O(pages), of which each is touched as by its program; no more begin, and no more are let go, when the server's piece is over
 * (pace.h): a page that nobody has any more may go back to untyped memory.
 */
#pragma once

#include "os/memory/space.h"

/* Frames with consecutive numbers and consecutive addresses. */
struct hold {
        frame_id first;
        unsigned count; /* 0: the page cannot be held */
};

/* Pages from `va` on, which begins one: at most `most`, up to the first that is elsewhere, or as many as there is
 * time for.  `fills`: the device writes.  Without a page, the reason: SPACE_OK: it is common with others, or somebody else fills it, and
 * its bytes are to be copied. */
enum space_result space_hold(struct space *s, seL4_Word va, unsigned most, bool fills, struct hold *h);

/* The device is through with them: some are let go, as many as there is time for; true: all are. */
bool hold_drop_some(struct hold *h);

/* Nobody can tell whether it is: they stay with their program, and never become anybody else's. */
void hold_leave(const struct hold *h);
