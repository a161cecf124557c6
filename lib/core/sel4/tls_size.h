/* SPDX-License-Identifier: BSD-2-Clause */
/* How large a thread's block of thread-local storage is, and what of the first stack must be left beside it.  Without
 * system headers: mkimage asks the same questions of a file.
 */
#pragma once

#include <stdint.h>

enum {
        TLS_GAP = 16,     /* between thread pointer and data, AArch64 variant I */
        TLS_RECORD = 256, /* room below the thread pointer, for a C library */
        TLS_ALIGNMENT = 16,
        TLS_STACK_LEFT = 16 * 1024, /* of a root task's first stack, for its frames */
};

static inline uint64_t tls_round_up(uint64_t value, uint64_t alignment)
{
        return (value + alignment - 1) & ~(alignment - 1);
}

static inline uint64_t tls_alignment(uint64_t segment_alignment)
{
        return segment_alignment > TLS_ALIGNMENT ? segment_alignment : TLS_ALIGNMENT;
}

/* The thread pointer is aligned like the segment, and data begins at the next multiple after the gap. */
static inline uint64_t tls_data_offset(uint64_t alignment)
{
        return tls_round_up(TLS_GAP, alignment);
}

/* For a segment (PT_TLS) of `bytes` in memory with `alignment`; both 0 without one. */
static inline uint64_t tls_block_bytes(uint64_t bytes, uint64_t alignment)
{
        alignment = tls_alignment(alignment);
        return tls_round_up(TLS_RECORD + alignment + tls_data_offset(alignment) + bytes, TLS_ALIGNMENT);
}
