/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's name of this header, and the bounds of untyped memory that its bootstrap looks at: here all of it. */
#pragma once

#include <bootstrap/bootstrap.h>
#include <stdbool.h>

enum { MAX_PHYSICAL_SIZE_BITS = UT_MAX_BITS };

#define PHYSICAL_ADDRESS_LIMIT ((1ul << UT_MAX_BITS) - 1)

static inline bool untyped_in_range(seL4_UntypedDesc untyped)
{
        return untyped.paddr <= PHYSICAL_ADDRESS_LIMIT && untyped.sizeBits <= MAX_PHYSICAL_SIZE_BITS;
}
