/* SPDX-License-Identifier: BSD-2-Clause */
/* How an endpoint or a notification tells which core it is at home on (door/local.h): an endpoint beside what else it has in its word.
 *
 * Level 0.
 */
#pragma once

#include "core/state.h"

enum { HOME_AT = 8 };
static const word HOME_NOWHERE = ~(word)0; /* core->home where nothing may be local */

static inline word home_of(word number)
{
        return number << HOME_AT;
}

/* What core->home is to be. */
static inline word home_for(word number, bool traces)
{
        return traces || kernel.asid_bits == ASID_SHORT ? HOME_NOWHERE : home_of(number);
}
