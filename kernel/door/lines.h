/* SPDX-License-Identifier: BSD-2-Clause */
/* Private lines of several cores.
 *
 * Level 3.
 */
#pragma once

/* Several cores: from now on `platform.irq` knows the private lines of all of them by their numbers (core/state.h). */
void lines_share(void);
