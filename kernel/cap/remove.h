/* SPDX-License-Identifier: BSD-2-Clause */
/* Deleting and revoking caps, in small steps (spec objects.md 14 and 15).
 *
 * Level 5.  Both are preemptible: they return AGAIN when the caller should let an interrupt in, with all work done so
 * far kept; running them again continues.  Each step leaves a valid tree.
 */
#pragma once

#include "cap/kind.h"

/* Empty a slot; destroys the object with its last cap.  Cost: one step, and one more per slot of a container. */
enum outcome slot_delete(struct slot *s);

/* Delete every descendant.  Cost: linear in their number. */
enum outcome slot_revoke(struct slot *s);

/* Empty a slot that the kernel holds.  The last cap to a queue of threads becomes a zombie, which is left to the caller that continues
 * on with slot_delete; callers see to it that no container dies here.  Not preemptible, constant. */
void slot_delete_now(struct slot *s);
