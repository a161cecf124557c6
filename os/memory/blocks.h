/* SPDX-License-Identifier: BSD-2-Clause */
/* Which blocks of the swap area are in use, and by how many: pages of forked processes share a block, and a transfer under
 * way is a user too.  Blocks are numbered from 1.  Pure; every call costs O(1).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct swap_blocks {
        uint32_t *entry; /* of each block: users, or the next free block */
        uint32_t count, free, first_free;
};

/* `entry` has count + 1 words. */
void blocks_init(struct swap_blocks *b, uint32_t *entry, uint32_t count);

/* A block with one user; 0 when all are in use. */
uint32_t blocks_take(struct swap_blocks *b);

/* One user more; one less.  Block 0 is ignored. */
void blocks_share(struct swap_blocks *b, uint32_t block);
void blocks_drop(struct swap_blocks *b, uint32_t block);
