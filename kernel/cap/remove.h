/* SPDX-License-Identifier: BSD-2-Clause */
/* Deleting and revoking caps, in small steps (spec objects.md 14 and 15).
 *
 * Level 2.  Both are preemptible: they answer AGAIN when the caller should let an interrupt in, with all work done so
 * far kept; running them again continues.  Each step leaves a valid tree.
 */
#pragma once

#include "cap/kind.h"

/* Empty a slot; destroys the object with its last cap.  Cost: one step, and one more per slot of a container. */
enum outcome slot_delete(struct slot *s);

/* Delete every descendant.  Cost: linear in their number. */
enum outcome slot_revoke(struct slot *s);

/* Empty a slot whose cap is a plain kernel-held cap; a container met as the last one becomes a zombie that is left
 * for a later revoke of the untyped above it.  Not preemptible, constant. */
void slot_delete_now(struct slot *s);
