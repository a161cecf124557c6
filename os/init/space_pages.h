/* SPDX-License-Identifier: BSD-2-Clause */
/* What region.c asks of space.c. */
#pragma once

#include "os/init/space.h"

/* Pages of [start, end) go, frames and all. */
void space_clear_range(struct space *s, seL4_Word start, seL4_Word end);

/* Pages of [start, end) stay resident but are no longer mapped. */
void space_unmap_range(struct space *s, seL4_Word start, seL4_Word end);
