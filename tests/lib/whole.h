/* SPDX-License-Identifier: BSD-2-Clause */
/* A reader of the kernel's dump (tessera/dump.h) which is not a thread of the machine: it sees everything from outside, at any moment. */
#pragma once

#include "cap/cap.h"

struct whole {
        word calls, slots, threads, pages;
};

/* Reads the whole state from a CSpace root on, every container once, and checks it: each reported slot exists, every call ends,
 * and `kernel` is the same afterwards.  Aborts when something is wrong. */
struct whole whole_dump(struct cap root);
