/* SPDX-License-Identifier: BSD-2-Clause */
/* A network card behind virtio-mmio: frames in and out by physical address, no copies, no offloads.
 *
 *      virtio_net_start(&n, registers, NULL, &memory)
 *      virtio_net_offer(&n, paddr, size, tag)               an empty buffer for a frame
 *      virtio_net_send(&n, pieces, count, tag)              a frame, in up to VIRTIO_NET_PIECES pieces
 *      virtio_net_kick(&n)                                  after a batch of either
 *      virtio_net_interrupt(&n)                             the device has interrupted; then, until both say no:
 *      virtio_net_received(&n, &tag, &length)               a frame lies in this buffer; 0: nothing useful
 *      virtio_net_sent(&n, &tag)                            this frame is out
 *
 * A buffer belongs to the device from offer or send until its tag comes back.  The card's own header travels in memory of the
 * driver, so nothing but frames is in the buffers, and whose memory a buffer is does not matter.  A device that dies
 * (virtio/virtio.h) keeps what it has: reset it (virtio_net_start) before that memory is used again.
 *
 * Cost: O(1) each.  Source: VIRTIO 1.2, 5.1.
 */
#pragma once

#include <virtio/virtio.h>

enum {
        VIRTIO_NET_SLOTS = 64,
        VIRTIO_NET_PIECES = 3,
        VIRTIO_NET_MEMORY =
                4 *
                VIRTIO_PAGE, /* physically contiguous, whatever is in it: a page for receiving, two to send, headers */
        VIRTIO_NET_FRAME_MAX = 1514,
};

struct virtio_net_piece {
        uint64_t paddr;
        uint32_t length;
};

struct virtio_net {
        struct virtio device;
        struct virtio_queue rx, tx;
        uint64_t header_paddr;
        uint32_t header_size;
        uint8_t mac[6];
        bool has_mac; /* of its own; else one of ours that is the same for every such card */
        uint64_t rx_tag[VIRTIO_NET_SLOTS], tx_tag[VIRTIO_NET_SLOTS];
        uint32_t rx_size[VIRTIO_NET_SLOTS];
};

/* False: no network card, or it refuses, takes not even one frame at a time, or does not come out of its reset. */
bool virtio_net_start(struct virtio_net *n, volatile void *registers, const struct virtio_access *access,
                      const struct virtio_memory *memory);

/* False: the device has as many buffers as it takes, or is dead. */
bool virtio_net_offer(struct virtio_net *n, uint64_t paddr, uint32_t size, uint64_t tag);

/* False: as many frames are on their way as the device takes, it is dead, or there are too many pieces. */
bool virtio_net_send(struct virtio_net *n, const struct virtio_net_piece *pieces, unsigned count,
                     uint64_t tag);

void virtio_net_kick(struct virtio_net *n);

/* False: the device is dead. */
bool virtio_net_interrupt(struct virtio_net *n);

bool virtio_net_received(struct virtio_net *n, uint64_t *tag, uint32_t *length);
bool virtio_net_sent(struct virtio_net *n, uint64_t *tag);
