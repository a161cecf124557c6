/* SPDX-License-Identifier: BSD-2-Clause */
/* A reader of the kernel's dump (tessera/dump.h) which is no thread of the machine: it sees all from outside, at any moment. */
#pragma once

#include "cap/cap.h"

struct whole {
        word calls, slots, threads, pages;
};

/* Read the whole state from a CSpace root on, every container once, and check it: each slot reported exists, no call is without end,
 * and `kernel` is the same afterwards.  Aborts when something is wrong. */
struct whole whole_dump(struct cap root);
