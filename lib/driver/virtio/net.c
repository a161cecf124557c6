/* SPDX-License-Identifier: BSD-2-Clause */
/* See net.h.  Part 0 of each slot is the card's header: one of zeros for all frames that are sent, one for each slot that receives.
 * So a slot's header is described once, when the queue is opened. */
#include <virtio/net.h>

enum { FEATURE_MAC = 1 << 5 };
enum { HEADER_LEGACY = 10, HEADER_MODERN = 12, HEADER_ROOM = 16 };
enum { QUEUE_RX = 0, QUEUE_TX = 1, TX_PARTS = 1 + VIRTIO_NET_PIECES, RX_PARTS = 2 };

static void learn_mac(struct virtio_net *n)
{
        static const uint8_t local[6] = {0x02, 0, 0, 0, 0, 0x01};

        n->has_mac = n->device.features & FEATURE_MAC;
        for (unsigned i = 0; i < 6; i++)
                n->mac[i] = n->has_mac ? virtio_config8(&n->device, i) : local[i];
}

static struct virtio_memory at(const struct virtio_memory *memory, unsigned page)
{
        return (struct virtio_memory){(char *)memory->at + page * VIRTIO_PAGE,
                                      memory->paddr + page * VIRTIO_PAGE};
}

static bool open_queues(struct virtio_net *n, const struct virtio_memory *memory)
{
        struct virtio_memory rx = at(memory, 0), tx = at(memory, 1);

        if (!virtio_queue_open(&n->rx, &n->device, QUEUE_RX, &rx, VIRTIO_NET_SLOTS, RX_PARTS) ||
            !virtio_queue_open(&n->tx, &n->device, QUEUE_TX, &tx, VIRTIO_NET_SLOTS, TX_PARTS)) {
                return false;
        }
        n->header_paddr = at(memory, 3).paddr;
        for (uint32_t i = 0; i < n->rx.slots; i++) {
                virtio_queue_part(&n->rx, i, 0, n->header_paddr + (i + 1) * HEADER_ROOM, n->header_size,
                                  true);
        }
        for (uint32_t i = 0; i < n->tx.slots; i++)
                virtio_queue_part(&n->tx, i, 0, n->header_paddr, n->header_size, false);
        return true;
}

bool virtio_net_start(struct virtio_net *n, volatile void *registers, const struct virtio_access *access,
                      const struct virtio_memory *memory)
{
        _Static_assert((VIRTIO_NET_SLOTS + 1) * HEADER_ROOM <= VIRTIO_PAGE, "the headers have a page");

        if (!virtio_open(&n->device, registers, access, VIRTIO_NET) ||
            !virtio_begin(&n->device, FEATURE_MAC)) {
                return false;
        }
        n->header_size = n->device.modern ? HEADER_MODERN : HEADER_LEGACY;
        learn_mac(n);
        if (!open_queues(n, memory))
                return false;
        virtio_queue_interrupts(
                &n->tx, false); /* frames that are out are collected when there is something else to do */
        virtio_ready(&n->device);
        return true;
}

bool virtio_net_offer(struct virtio_net *n, uint64_t paddr, uint32_t size, uint64_t tag)
{
        int slot = virtio_queue_take(&n->rx);

        if (slot < 0)
                return false;
        n->rx_tag[slot] = tag;
        n->rx_size[slot] = size;
        virtio_queue_part(&n->rx, (uint32_t)slot, 1, paddr, size, true);
        virtio_queue_submit(&n->rx, (uint32_t)slot, RX_PARTS);
        return true;
}

bool virtio_net_send(struct virtio_net *n, const struct virtio_net_piece *pieces, unsigned count,
                     uint64_t tag)
{
        int slot = count && count <= VIRTIO_NET_PIECES ? virtio_queue_take(&n->tx) : -1;

        if (slot < 0)
                return false;
        n->tx_tag[slot] = tag;
        for (unsigned i = 0; i < count; i++)
                virtio_queue_part(&n->tx, (uint32_t)slot, i + 1, pieces[i].paddr, pieces[i].length, false);
        virtio_queue_submit(&n->tx, (uint32_t)slot, count + 1);
        return true;
}

void virtio_net_kick(struct virtio_net *n)
{
        if (!n->device.dead) {
                virtio_queue_kick(&n->rx);
                virtio_queue_kick(&n->tx);
        }
}

bool virtio_net_interrupt(struct virtio_net *n)
{
        return virtio_acknowledge(&n->device);
}

/* A length beyond the buffer is a lie; one without a frame behind the header is nothing. */
bool virtio_net_received(struct virtio_net *n, uint64_t *tag, uint32_t *length)
{
        uint32_t slot, bytes;

        if (!virtio_queue_finished(&n->rx, &slot, &bytes))
                return false;
        if (bytes > n->header_size + n->rx_size[slot]) {
                n->device.lies++;
                n->device.dead = true;
                return false;
        }
        *tag = n->rx_tag[slot];
        *length = bytes > n->header_size ? bytes - n->header_size : 0;
        return true;
}

bool virtio_net_sent(struct virtio_net *n, uint64_t *tag)
{
        uint32_t slot, bytes;

        if (!virtio_queue_finished(&n->tx, &slot, &bytes))
                return false;
        *tag = n->tx_tag[slot];
        return true;
}
