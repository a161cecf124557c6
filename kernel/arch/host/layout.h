/* SPDX-License-Identifier: BSD-2-Clause */
/* Where physical memory is seen by the kernel: on the host, an arena mapped at its own physical address. */
#pragma once

#include "core/word.h"
#include "face.h"

/* Every TCB is in kernel.threads: only dumps and the checker need it, and tests run them in both builds. */
enum { THREADS_LISTED = 1 };

static inline word paddr_of(const void *object)
{
        return (word)object;
}

static inline void *window(word paddr)
{
        return (void *)paddr;
}

/* All of the range is RAM of the pretended machine (arch/host/host_memory.c). */
bool window_covers(word paddr, word size);
