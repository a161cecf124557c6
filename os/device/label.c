/* SPDX-License-Identifier: BSD-2-Clause */
/* See label.h. */
#include "os/device/label.h"

#include <stddef.h>

#include "base/text.h"

enum { LABEL_BLOCK = 4096, HALF_MIN = 2, SWAP_FROM = (32 << 20) / LABEL_BLOCK, QUARTERS = 4 };

uint64_t disk_sum(uint64_t value, const void *bytes, uint64_t size)
{
        const char *at = bytes;

        for (uint64_t word = 0; size > 0; at += sizeof(word), word = 0) {
                uint64_t n = size < sizeof(word) ? size : sizeof(word);

                memcpy(&word, at, n);
                value = (value ^ word) * 0x100000001b3ull;
                value ^= value >> 32;
                size -= n;
        }
        return value;
}

static uint64_t sum_of(const struct disk_label *l)
{
        return disk_sum(LABEL_MAGIC, l, offsetof(struct disk_label, sum));
}

static bool inside(uint64_t start, uint64_t size, uint64_t blocks)
{
        return start >= 1 && size <= blocks && start <= blocks - size;
}

/* The areas follow each other, so that none lies in another. */
static bool sensible(const struct disk_areas *a, uint64_t blocks)
{
        return a->half_blocks >= HALF_MIN && inside(a->half[0], a->half_blocks, blocks) &&
               inside(a->half[1], a->half_blocks, blocks) && a->half[1] >= a->half[0] + a->half_blocks &&
               (a->swap_blocks == 0 ||
                (inside(a->swap, a->swap_blocks, blocks) && a->swap >= a->half[1] + a->half_blocks));
}

bool label_read(const void *block, uint64_t blocks, struct disk_areas *areas)
{
        struct disk_label l;

        memcpy(&l, block, sizeof(l));
        *areas = l.areas;
        return l.magic == LABEL_MAGIC && l.sum == sum_of(&l) && l.blocks <= blocks &&
               sensible(&l.areas, l.blocks);
}

bool label_make(void *block, uint64_t blocks, struct disk_areas *areas)
{
        struct disk_label l = {.magic = LABEL_MAGIC, .blocks = blocks};
        uint64_t half = blocks < 1 ? 0 : blocks < SWAP_FROM ? (blocks - 1) / 2 : blocks / QUARTERS;

        l.areas = (struct disk_areas){.half = {1, 1 + half}, .half_blocks = half};
        if (blocks >= SWAP_FROM) {
                l.areas.swap = 1 + 2 * half;
                l.areas.swap_blocks = blocks - l.areas.swap;
        }
        l.sum = sum_of(&l);
        memset(block, 0, LABEL_BLOCK);
        memcpy(block, &l, sizeof(l));
        *areas = l.areas;
        return half >= HALF_MIN;
}

struct disk_areas label_old(uint64_t blocks)
{
        return (struct disk_areas){.half = {0, blocks / 2}, .half_blocks = blocks / 2};
}

uint64_t label_end(const struct disk_areas *a)
{
        uint64_t halves = a->half[1] + a->half_blocks, swap = a->swap + a->swap_blocks;

        return swap > halves ? swap : halves;
}
