/* SPDX-License-Identifier: BSD-2-Clause */
/* What the starter OS and the program that drives its disk share: the class "block" (queue/block.h) in one page. */
#pragma once

#include <queue/block.h>

#include "sos/driver.h"

enum { SOS_BLOCK_SLOTS = 32, SOS_BLOCK_BYTES = 4096 };

struct sos_block {
        struct driver_start start;
        _Alignas(RING_LINE) struct queue_block_info info;
        _Alignas(RING_LINE) char queue[RING_HEAD + SOS_BLOCK_SLOTS * sizeof(struct queue_block_request) +
                                       RING_HEAD + SOS_BLOCK_SLOTS * sizeof(struct queue_block_answer)];
};
_Static_assert(sizeof(struct sos_block) <= SOS_BLOCK_BYTES, "in one page");
