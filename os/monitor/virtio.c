/* SPDX-License-Identifier: BSD-2-Clause */
/* See virtio.h. */
#include "os/monitor/virtio.h"
#include "base/text.h"
#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"

enum {
        MAGIC = 0x00,
        VERSION = 0x04,
        DEVICE = 0x08,
        VENDOR = 0x0c,
        FEATURES = 0x10,
        FEATURES_SELECT = 0x14,
        ACCEPTED = 0x20,
        ACCEPTED_SELECT = 0x24,
        QUEUE_SELECT = 0x30,
        QUEUE_MOST = 0x34,
        QUEUE_SIZE = 0x38,
        QUEUE_READY = 0x44,
        NOTIFY = 0x50,
        INTERRUPTS = 0x60,
        ACKNOWLEDGE = 0x64,
        STATUS = 0x70,
        DESCRIPTORS = 0x80,
        AVAILABLE = 0x90,
        USED = 0xa0,
        CONFIG = 0x100,
};
enum { MAGIC_NUMBER = 0x74726976, VERSION_2 = 2, VENDOR_NUMBER = 0x53534554, VERSION_1_HIGH = 1 };
enum {
        USED_BUFFER = 1,
        WANTS_RESET = 0x40,
        NEXT = 1,
        WRITABLE = 2,
        SLOTS = 4,
        RING = 4,
        ELEMENT = 8,
        DESCRIPTOR = 16
};

struct descriptor {
        uint64_t at;
        uint32_t bytes;
        uint16_t flags, next;
};

static struct virtio_slot *slot[SLOTS];
static unsigned count;

unsigned slots_used(void)
{
        return count;
}

static void update(struct virtio_slot *v)
{
        irq_line(v->irq, v->interrupts);
}

/* --- queues --- */

static bool broken(struct virtio_slot *v)
{
        v->status |= WANTS_RESET;
        return false;
}

/* The three rings, or NULL when they do not lie in memory. */
static unsigned char *ring_at(uint64_t at, uint64_t bytes, unsigned align)
{
        return at % align ? NULL : guest_at(at, bytes);
}

static bool read_descriptor(struct virtio_slot *v, unsigned q, unsigned index, struct descriptor *d)
{
        unsigned char *table =
                ring_at(v->queue[q].descriptors, (uint64_t)v->queue[q].size * DESCRIPTOR, DESCRIPTOR);

        if (!table || index >= v->queue[q].size)
                return broken(v);
        memcpy(d, table + (uint64_t)index * DESCRIPTOR, sizeof(*d));
        virtio_copied();
        return true;
}

static bool read_chain(struct virtio_slot *v, unsigned q, struct virtio_chain *chain)
{
        struct descriptor d = {.flags = NEXT, .next = chain->head};

        for (chain->parts = 0; d.flags & NEXT; chain->parts++) {
                struct virtio_part *p = &chain->part[chain->parts];

                if (chain->parts == VIRTIO_PARTS || !read_descriptor(v, q, d.next, &d))
                        return broken(v);
                *p = (struct virtio_part){guest_at(d.at, d.bytes), d.bytes, d.flags & WRITABLE};
                if (!p->at)
                        return broken(v);
        }
        return true;
}

/* NULL: there is no queue; nothing is said about that. */
static volatile uint16_t *available(const struct virtio_slot *v, unsigned q)
{
        uint32_t size = v->queue[q].size;

        if (v->status & WANTS_RESET || !v->queue[q].ready || !size)
                return NULL;
        return (volatile uint16_t *)ring_at(v->queue[q].available, RING + 2ull * size, sizeof(uint16_t));
}

bool virtio_waits(const struct virtio_slot *v, unsigned q)
{
        volatile uint16_t *ring = available(v, q);

        return ring && ring[1] != v->queue[q].next;
}

bool virtio_take(struct virtio_slot *v, unsigned q, struct virtio_chain *chain)
{
        volatile uint16_t *ring = available(v, q);
        uint32_t size = v->queue[q].size, offered;

        if (!ring && v->queue[q].ready)
                return broken(v);
        if (!ring)
                return false;
        offered = (uint16_t)(ring[1] - v->queue[q].next);
        if (offered > size)
                return broken(v);
        if (!offered)
                return false;
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        chain->head = ring[2 + v->queue[q].next++ % size];
        return read_chain(v, q, chain);
}

uint32_t virtio_room(const struct virtio_chain *chain)
{
        uint32_t bytes = 0;

        for (unsigned i = 0; i < chain->parts && chain->part[i].writable; i++)
                bytes += chain->part[i].bytes;
        return bytes;
}

/* Parts for the other direction end it. */
static uint32_t copy(const struct virtio_chain *chain, uint32_t skip, unsigned char *bytes, uint32_t most,
                     bool put)
{
        uint32_t done = 0;

        for (unsigned i = 0; i < chain->parts && done < most; i++) {
                const struct virtio_part *p = &chain->part[i];
                uint32_t from = skip < p->bytes ? skip : p->bytes, n = p->bytes - from;

                n = n < most - done ? n : most - done;
                if (p->writable != put)
                        break;
                memcpy(put ? p->at + from : bytes + done, put ? bytes + done : p->at + from, n);
                skip -= from;
                done += n;
        }
        return done;
}

uint32_t virtio_get(const struct virtio_chain *chain, uint32_t skip, void *to, uint32_t bytes)
{
        return copy(chain, skip, to, bytes, false);
}

uint32_t virtio_put(const struct virtio_chain *chain, uint32_t skip, const void *from, uint32_t bytes)
{
        return copy(chain, skip, (unsigned char *)(uintptr_t)from, bytes, true);
}

void virtio_give(struct virtio_slot *v, unsigned q, const struct virtio_chain *chain, uint32_t bytes)
{
        uint32_t size = v->queue[q].size;
        unsigned char *ring = ring_at(v->queue[q].used, RING + (uint64_t)ELEMENT * size, sizeof(uint32_t));
        uint32_t element[2] = {chain->head, bytes};

        if (!ring) {
                broken(v);
                return;
        }
        memcpy(ring + RING + ELEMENT * (v->queue[q].done++ % size), element, sizeof(element));
        __atomic_thread_fence(__ATOMIC_RELEASE);
        ((volatile uint16_t *)ring)[1] = v->queue[q].done;
}

void virtio_tell(struct virtio_slot *v)
{
        v->interrupts |= USED_BUFFER;
        update(v);
}

/* --- registers --- */

static void reset(struct virtio_slot *v)
{
        v->status = v->interrupts = v->device_select = v->driver_select = v->queue_select = 0;
        v->accepted = 0;
        memset(v->queue, 0, sizeof(v->queue));
        if (v->reset)
                v->reset(v);
        update(v);
}

static uint64_t read_config(const struct virtio_slot *v, uint64_t offset, unsigned width)
{
        uint64_t value = 0;

        if (offset + width <= sizeof(v->config))
                memcpy(&value, v->config + offset, width);
        return value;
}

static uint64_t read(void *device, uint64_t offset, unsigned width)
{
        struct virtio_slot *v = device;
        bool there = v->queue_select < v->queues;

        if (offset >= CONFIG)
                return read_config(v, offset - CONFIG, width);
        switch (offset) {
        case MAGIC:
                return MAGIC_NUMBER;
        case VERSION:
                return VERSION_2;
        case DEVICE:
                return v->id;
        case VENDOR:
                return VENDOR_NUMBER;
        case FEATURES:
                return v->device_select == 0   ? (uint32_t)v->features
                       : v->device_select == 1 ? VERSION_1_HIGH
                                               : 0;
        case QUEUE_MOST:
                return there ? VIRTIO_QUEUE_MOST : 0;
        case QUEUE_READY:
                return there ? v->queue[v->queue_select].ready : 0;
        case INTERRUPTS:
                return v->interrupts;
        case STATUS:
                return v->status;
        default:
                return 0;
        }
}

static void set_half(uint64_t *address, bool high, uint32_t value)
{
        *address = high ? (*address & UINT32_MAX) | (uint64_t)value << 32
                        : (*address & ~(uint64_t)UINT32_MAX) | value;
}

static void write_queue(struct virtio_slot *v, uint64_t offset, uint32_t value)
{
        bool high = offset & 4;

        if (v->queue_select >= v->queues)
                return;
        switch (offset & ~4ull) {
        case QUEUE_SIZE:
                v->queue[v->queue_select].size = value <= VIRTIO_QUEUE_MOST ? value : 0;
                break;
        case QUEUE_READY & ~4:
                v->queue[v->queue_select].ready = value & 1;
                break;
        case DESCRIPTORS:
                set_half(&v->queue[v->queue_select].descriptors, high, value);
                break;
        case AVAILABLE:
                set_half(&v->queue[v->queue_select].available, high, value);
                break;
        case USED:
                set_half(&v->queue[v->queue_select].used, high, value);
                break;
        }
}

static void write(void *device, uint64_t offset, unsigned width, uint64_t wide)
{
        struct virtio_slot *v = device;
        uint32_t value = (uint32_t)wide;

        (void)width;
        switch (offset) {
        case FEATURES_SELECT:
                v->device_select = value;
                break;
        case ACCEPTED:
                set_half(&v->accepted, v->driver_select == 1, value);
                break;
        case ACCEPTED_SELECT:
                v->driver_select = value;
                break;
        case QUEUE_SELECT:
                v->queue_select = value;
                break;
        case NOTIFY:
                if (value < v->queues)
                        v->notify(v, value);
                break;
        case ACKNOWLEDGE:
                v->interrupts &= ~value;
                update(v);
                break;
        case STATUS:
                v->status = value ? value | (v->status & WANTS_RESET) : v->status;
                if (!value)
                        reset(v);
                break;
        default:
                write_queue(v, offset, value);
        }
}

void virtio_add(struct virtio_slot *v)
{
        if (count == SLOTS)
                monitor_fails("it has too many devices");
        v->irq = SLOT_IRQ + count;
        device_add(&(struct emulated){.base = SLOT + count * SLOT_BYTES,
                                      .size = SLOT_BYTES,
                                      .read = read,
                                      .write = write,
                                      .device = v});
        slot[count++] = v;
}
