/* SPDX-License-Identifier: BSD-2-Clause */
/* Where physical memory is seen by the kernel: AArch64 has a window over all of it. */
#pragma once

#include "core/word.h"
#include "face.h"
#include "handover.h"

/* Every TCB is in kernel.threads: only dumps need it. */
enum { THREADS_LISTED = DEBUG_BUILD };

/* The window begins at a multiple of its size, which is no less than 2^39 bytes (WINDOW_SIZE leaves the last GiB out). */
static inline word paddr_of(const void *object)
{
        return (word)object & ((1ul << 39) - 1);
}

/* `paddr` is inside the window. */
static inline void *window(word paddr)
{
        void *object;

        __asm__ __inline__(
                "661: orr %0, %1, #0xffffff8000000000\n .pushsection .windows, \"a\"\n .long 661b - .\n "
                ".popsection\n"
                : "=r"(object)
                : "r"(paddr));
        return object;
}

/* All of the range is inside the window. */
static inline bool window_covers(word paddr, word size)
{
        return paddr < WINDOW_SIZE && size <= WINDOW_SIZE - paddr;
}
