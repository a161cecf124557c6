/* SPDX-License-Identifier: BSD-2-Clause */
/* A cap and a slot as words, so that the state can hold slots by value.  cap/cap.h and cap/slot.h say what they mean. */
#pragma once

#include "core/word.h"

struct cap {
        word a, b;
};

struct slot {
        struct cap cap; /* Written by slot, derive, remove, retype, inv_asid, inv_vm. */

        /* Written by slot. */
        struct slot *prev;
        word link;
};

_Static_assert(sizeof(struct slot) == 32, "public size");
