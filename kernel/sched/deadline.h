/* SPDX-License-Identifier: BSD-2-Clause */
/* When the kernel wants to be entered next.
 *
 * Level 7.
 */
#pragma once

/* Compute the deadline of the next interrupt again, after one of its inputs has changed. */
void clock_program(void);

/* Set core->gate from budget, domain and release tree, exactly.  Settling what is owed may leave it too early, never
 * too late: whoever finds it passed asks the exact questions and comes back here. */
void clock_set_gate(void);
