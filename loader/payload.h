/* SPDX-License-Identifier: BSD-2-Clause */
/* What mkimage appends to the loader: this record, the kernel ELF, the root ELF, without gaps.
 *
 * Both files are in packed form: headers first, then the bytes of the segments in ascending address order
 * without gaps, the program headers last.  So a segment's bytes never lie below their final place when the
 * file ends above the expanded image, and the loader can expand it in place.
 */
#pragma once

#include "handover.h"

#define PAYLOAD_MAGIC 0x6b63615061726554ull /* "TeraPack" */

struct payload {
        uint64_t magic;
        uint64_t checksum; /* payload_sum of the bytes behind the record */
        uint64_t kernel_size, root_size;
        struct handover_options options;
        char preset[16]; /* of the kernel: "debug" or "release" */
};

typedef uint64_t __attribute__((may_alias)) payload_word;

/* Order-sensitive sum of whole words and the tail: finds a file that was truncated or damaged in transfer.
 * `bytes` is aligned to 8. */
static inline uint64_t payload_sum(const unsigned char *bytes, uint64_t size)
{
        uint64_t sum = size, i = 0;

        for (; size - i >= 8; i += 8) {
                sum = (sum ^ *(const payload_word *)(bytes + i)) * 0x100000001b3ull;
                sum ^= sum >> 29;
        }
        for (; i < size; i++)
                sum = (sum ^ bytes[i]) * 0x100000001b3ull;
        return sum;
}
