/* SPDX-License-Identifier: BSD-2-Clause */
/* A virtio block device as its driver sees it (tests/virtio/mmio_device.h), with some blocks.  It answers only when told to
 * (model_answer), in an order of the test's choice.
 */
#pragma once

#include "tests/virtio/mmio_device.h"
#include <virtio/block.h>

enum { MODEL_BLOCKS = 64, MODEL_PAGES = 64 };

struct model {
        struct mmio_device device;
        uint64_t capacity; /* sectors; 0: those of `block` */
        unsigned changes;  /* so often the capacity is another one when its low half has been read */
        uint32_t generation;
        unsigned flushes, flushed_at_writes, writes, /* blocks */
                chains;                              /* requests that read or wrote */
        unsigned pending;                            /* requests in the queue that are not answered */
        char block[MODEL_BLOCKS][BLOCK_SIZE];
};
extern struct model model;

/* A device as after power-on, and a driver that is connected to it. */
void model_reset(bool modern);
struct virtio_block model_driver(void);

/* Pages of the machine's memory; a physical address is MODEL_MEMORY + the offset. */
#define MODEL_MEMORY 0x40000000ull
extern char model_memory[MODEL_PAGES][BLOCK_SIZE];
static inline uint64_t model_paddr(unsigned page)
{
        return MODEL_MEMORY + (uint64_t)page * BLOCK_SIZE;
}

/* Answer the request that came as number `nth` of those pending; `good` false: with an error. */
void model_answer(unsigned nth, bool good);

/* An answer that belongs to no request. */
void model_lie(uint32_t id);
