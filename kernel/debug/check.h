/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole-state checker: walks everything the kernel has and panics on the first broken invariant.
 *
 * Level 14: sees everything, changes nothing.  Cost: linear in the state; called by tests after every step.
 */
#pragma once

#include "core/word.h"

void check_everything(void);

/* Look for caps in these slots, too: the root CNode of the first thread.  Its memory is never used for anything else, and it may live on
 * when no thread and no other CNode names it. */
struct slot;
void check_from(struct slot *slots, word count);

/* The object at these physical addresses is dead; if it was the CNode of check_from, its slots are no longer searched. */
void check_not_from(word start, word end);
