/* SPDX-License-Identifier: BSD-2-Clause */
/* A wire between the network card of a guest and the network program: two queues of frames (queue/queue.h) in pages that the guest's
 * monitor and /drv/net share.  The monitor owns both: it gives filled buffers of `out`, and empty ones of `in`.
 *
 *      server   counts `epoch` on, and tells both, when either side begins or the guest ends: the queues are void then
 *      monitor  has seen that: asked = epoch
 *      network  clears the rings, opens its side: answered = epoch; from now on the monitor may open its own
 *
 * So neither side touches rings that the other still takes for older ones.  Frames on their way are lost, as in a network. */
#pragma once

#include <queue/queue.h>

enum { WIRE_BUFFER = 2048, WIRE_OUT = 16, WIRE_IN = 64, WIRE_FRAME_LEAST = 14, WIRE_FRAME_MOST = 1514 };
enum { WIRE_ADDRESS = 6, WIRE_RING = 1088 + 64, WIRE_PAGE = 4096 };

#define WIRE_AT 0x4030000000ull /* in a monitor; in the network program the first of all, without gaps */

struct wire {
        uint32_t epoch, asked, answered;
        uint8_t address
                [WIRE_ADDRESS]; /* of the guest's card, by the network program; zero: there is no network */
        _Alignas(RING_LINE) char out_rings[2 * WIRE_RING], in_rings[2 * WIRE_RING];
        _Alignas(WIRE_PAGE) char out[WIRE_OUT * WIRE_BUFFER], in[WIRE_IN * WIRE_BUFFER];
};

/* A side: its queues, and what says which buffers are its own. */
struct wire_side {
        struct queue out, in;
        uint64_t ours[2];
};

static inline bool wire_open(struct wire_side *e, struct wire *w, bool owner)
{
        struct queue_shape out = {w->out_rings, WIRE_OUT, WIRE_OUT, WIRE_BUFFER, &e->ours[0]},
                           in = {w->in_rings, WIRE_IN, WIRE_IN, WIRE_BUFFER, &e->ours[1]};

        _Static_assert(WIRE_IN <= 64 && WIRE_RING >= RING_HEAD + WIRE_IN * sizeof(struct queue_item) &&
                               WIRE_RING % RING_LINE == 0,
                       "rings and bits have room for all buffers");
        return queue_open(&e->out, &out, owner) && queue_open(&e->in, &in, owner);
}
