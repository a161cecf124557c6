/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the debug kernel about the system calls that it refuses (TESSERA_ReportRefusals, docs/dump.md). */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

/* Whether the kernel can report refusals: only the debug kernel, in an image with extensions. */
bool refusals_known(void);

/* Start reporting for the threads that TESSERA_REFUSALS_* selects; false if the kernel cannot.  "Others" are all but this thread. */
bool refusals_tell(seL4_Word of);
seL4_Word refusals_told(void);

/* What such a line calls a thread: `name` and the number in brackets. */
void refusals_name(seL4_CPtr tcb, const char *name, int number);
