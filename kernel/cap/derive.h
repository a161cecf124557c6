/* SPDX-License-Identifier: BSD-2-Clause */
/* Ancestry: which cap covers which, and what a copy of a cap looks like (spec objects.md 4 and 5).
 *
 * Level 5.  All questions are answered in constant time from the slot and its neighbours.
 */
#pragma once

#include "cap/kind.h"
#include "cap/slot.h"

/* Both caps refer to the same object (or the same IRQ, the same SGI, ...). */
bool same_object(struct cap x, struct cap y);

/* `s` holds an original cap that has at least one descendant. */
bool slot_has_child(const struct slot *s);

/* `below` is a descendant of `above`, given that it follows it with only descendants in between. */
bool slot_covers(const struct slot *above, const struct slot *below);

/* No other cap to the same object exists. */
bool slot_is_last(const struct slot *s);

/* The cap with its rights masked (public rights bits), by the rule of its kind. */
struct cap cap_masked(struct cap c, word rights);

/* Apply a data word: a badge for Mint (`badging`), a guard for CNode caps; ignored by most kinds.
 * Returns the null cap when the kind refuses it. */
struct cap cap_with_data(struct cap c, word data, bool badging);

/* The cap a copy of `from` would hold, into *copy.  REFUSED with `why` when it cannot be derived; *copy may be the
 * null cap for kinds that quietly yield nothing. */
enum outcome cap_derive(const struct slot *from, struct cap c, struct cap *copy, struct refusal *why);

/* Insert a derived cap of `from` behind it and account for it (a copied untyped is used up). */
void slot_insert_derived(struct slot *to, struct cap cap, struct slot *from);
