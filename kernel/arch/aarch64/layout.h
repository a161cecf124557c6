/* SPDX-License-Identifier: BSD-2-Clause */
/* Where physical memory is seen by the kernel: AArch64 has a window over all of it. */
#pragma once

#include "core/word.h"
#include "handover.h"

/* Every TCB is in kernel.threads: only dumps need it. */
enum { THREADS_LISTED = DEBUG_BUILD };

static inline word paddr_of(const void *object)
{
        return (word)object - WINDOW_BASE;
}

static inline void *window(word paddr)
{
        return (void *)(paddr + WINDOW_BASE);
}

/* All of the range is inside the window. */
static inline bool window_covers(word paddr, word size)
{
        return paddr < WINDOW_SIZE && size <= WINDOW_SIZE - paddr;
}
