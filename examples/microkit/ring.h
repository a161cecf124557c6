/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared memory between driver and server: what was typed, and what is to be printed.  One writer and one reader each. */
#pragma once

#include <stdint.h>

enum { RING_BYTES = 256 };

struct ring {
        volatile uint32_t head, tail; /* counts; the reader writes head, the writer tail */
        volatile char bytes[RING_BYTES];
};

struct rings {
        struct ring in, out;
};

static inline int ring_put(struct ring *r, char c)
{
        if (r->tail - r->head == RING_BYTES)
                return 0;
        r->bytes[r->tail % RING_BYTES] = c;
        __atomic_thread_fence(__ATOMIC_RELEASE);
        r->tail++;
        return 1;
}

static inline int ring_get(struct ring *r, char *c)
{
        if (r->tail == r->head)
                return 0;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        *c = r->bytes[r->head % RING_BYTES];
        r->head++;
        return 1;
}
