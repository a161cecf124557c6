/* SPDX-License-Identifier: BSD-2-Clause */
/* How an endpoint or a notification tells which core it is at home on (door/local.h): an endpoint beside what else it has in its word.
 *
 * Level 0.
 */
#pragma once

#include "core/state.h"

/* The homes of all cores lie below HOME_NOWHERE, which is core->home where nothing may be local; letters, which are addresses, above. */
enum { HOME_AT = 8, HOME_NOWHERE = CORES_MAX << HOME_AT };

static inline word home_of(word number)
{
        return number << HOME_AT;
}

static inline word home_number(word home)
{
        return home >> HOME_AT;
}

static inline bool home_is_letter(word home)
{
        return home > HOME_NOWHERE;
}

/* What core->home is to be while no letter is there. */
static inline word home_for(word number, bool traces)
{
        return traces || kernel.asid_bits == ASID_SHORT ? HOME_NOWHERE : home_of(number);
}
