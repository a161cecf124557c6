/* SPDX-License-Identifier: BSD-2-Clause */
/* Self-tests of a server at its start. */
#pragma once

#include <cspace/cspace.h>

/* Slots of this CSpace and of new ones, frames, and every audit; a failure is reported and ends the program.  The frame table
 * and the bootstrap library must have been started.  Everything taken is given back. */
void run_tests(cspace_t *cspace);
