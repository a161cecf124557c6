/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole-state checker: walks everything the kernel has and panics on the first broken invariant.
 *
 * Level 7: sees everything, changes nothing.  Cost: linear in the state; called by tests after every step.
 */
#pragma once

void check_everything(void);
