/* SPDX-License-Identifier: BSD-2-Clause */
/* See virtio.h. */
#include "os/device/virtio.h"

#include <stddef.h>

#define MAGIC 0x74726976u

/* Registers, in bytes; those of one layout say so. */
enum {
        REG_MAGIC = 0x00,
        REG_VERSION = 0x04,
        REG_DEVICE = 0x08,
        REG_FEATURES = 0x10,
        REG_FEATURES_WORD = 0x14,
        REG_ACCEPTED = 0x20,
        REG_ACCEPTED_WORD = 0x24,
        REG_PAGE_SIZE = 0x28, /* legacy */
        REG_QUEUE = 0x30,
        REG_QUEUE_MAX = 0x34,
        REG_QUEUE_SIZE = 0x38,
        REG_QUEUE_ALIGN = 0x3c, /* legacy */
        REG_QUEUE_PAGE = 0x40,  /* legacy */
        REG_QUEUE_READY = 0x44, /* modern */
        REG_NOTIFY = 0x50,
        REG_INTERRUPT = 0x60,
        REG_INTERRUPT_ACK = 0x64,
        REG_STATUS = 0x70,
        REG_DESCRIPTORS = 0x80, /* modern, as the next two: low word, high word */
        REG_AVAILABLE = 0x90,
        REG_USED = 0xa0,
        REG_GENERATION = 0xfc, /* modern: another number after each change of what follows */
        REG_CAPACITY = 0x100,
};

enum { LEGACY = 1, MODERN = 2, BLOCK_DEVICE = 2 };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 64 };
enum { FEATURE_READ_ONLY = 1 << 5, FEATURE_FLUSH = 1 << 9, FEATURE_VERSION_1 = 1 << 0 /* of the second word */ };
enum { NEXT = 1, DEVICE_WRITES = 2 };
enum { TYPE_READ = 0, TYPE_WRITE = 1, TYPE_FLUSH = 4 };

/* A request takes three descriptors: header, page, status; those of slot i are 3i, 3i + 1, 3i + 2. */
enum { QUEUE_SIZE = 128, PER_SLOT = 3, ALIGN = 64, SECTORS = BLOCK_SIZE / 512, STATUS_NONE = 0xff };
enum { TRIES = 1 << 20 }; /* reads of a register that never becomes what it should */
_Static_assert(VIRTIO_SLOTS *PER_SLOT <= QUEUE_SIZE, "each slot has its descriptors");

struct descriptor {
        uint64_t address;
        uint32_t length;
        uint16_t flags, next;
};

struct used {
        uint32_t id, length;
};

struct header {
        uint32_t type, reserved;
        uint64_t sector;
};

struct available {
        uint16_t flags, index, entry[];
};

struct used_ring {
        uint16_t flags;
        volatile uint16_t index;
        volatile struct used entry[];
};

/* With v->queue descriptors the rings are as long, and the legacy layout wants the used ring at the next multiple of the
 * alignment behind the other: available() and used_ring() find them. */
struct virtio_ring {
        struct descriptor descriptor[QUEUE_SIZE];
        _Alignas(ALIGN) char rings[2 * ALIGN + 2 * QUEUE_SIZE + QUEUE_SIZE * sizeof(struct used)];
        struct header header[VIRTIO_SLOTS];
        volatile uint8_t status[VIRTIO_SLOTS];
};
_Static_assert(sizeof(struct virtio_ring) <= BLOCK_SIZE, "the ring fits its page");

static uint32_t get(const struct virtio *v, uint32_t offset)
{
        if (v->model)
                return v->model->read(v->registers, offset);
        return *(volatile uint32_t *)((volatile char *)v->registers + offset);
}

static void put(const struct virtio *v, uint32_t offset, uint32_t value)
{
        if (v->model)
                v->model->write(v->registers, offset, value);
        else
                *(volatile uint32_t *)((volatile char *)v->registers + offset) = value;
}

static void put_address(const struct virtio *v, uint32_t offset, uint64_t address)
{
        put(v, offset, (uint32_t)address);
        put(v, offset + 4, (uint32_t)(address >> 32));
}

static uint32_t available_offset(const struct virtio *v)
{
        return v->queue * (uint32_t)sizeof(struct descriptor);
}

static uint32_t used_offset(const struct virtio *v)
{
        uint32_t end = available_offset(v) + 6 + 2 * v->queue;

        return (end + ALIGN - 1) / ALIGN * ALIGN;
}

static struct available *available(const struct virtio *v)
{
        return (struct available *)((char *)v->ring + available_offset(v));
}

static struct used_ring *used_ring(const struct virtio *v)
{
        return (struct used_ring *)((char *)v->ring + used_offset(v));
}

/* The device sees memory as the processors do; only the order matters. */
static void barrier(void)
{
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

bool virtio_probe(struct virtio *v, volatile void *registers)
{
        uint32_t version;

        v->registers = registers;
        version = get(v, REG_VERSION);
        v->modern = version == MODERN;
        return get(v, REG_MAGIC) == MAGIC && (version == LEGACY || version == MODERN) &&
               get(v, REG_DEVICE) == BLOCK_DEVICE;
}

static bool negotiate(struct virtio *v)
{
        uint32_t offered;

        put(v, REG_FEATURES_WORD, 0);
        offered = get(v, REG_FEATURES);
        v->can_flush = offered & FEATURE_FLUSH;
        v->read_only = offered & FEATURE_READ_ONLY;
        put(v, REG_ACCEPTED_WORD, 0);
        put(v, REG_ACCEPTED, offered & FEATURE_FLUSH);
        if (!v->modern)
                return true;
        put(v, REG_FEATURES_WORD, 1);
        offered = get(v, REG_FEATURES);
        put(v, REG_ACCEPTED_WORD, 1);
        put(v, REG_ACCEPTED, offered & FEATURE_VERSION_1);
        put(v, REG_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
        return offered & FEATURE_VERSION_1 && get(v, REG_STATUS) & FEATURES_OK;
}

static void place_queue(struct virtio *v)
{
        if (!v->modern) {
                put(v, REG_QUEUE_ALIGN, ALIGN);
                put(v, REG_QUEUE_PAGE, (uint32_t)(v->paddr / BLOCK_SIZE));
                return;
        }
        put_address(v, REG_DESCRIPTORS, v->paddr);
        put_address(v, REG_AVAILABLE, v->paddr + available_offset(v));
        put_address(v, REG_USED, v->paddr + used_offset(v));
        put(v, REG_QUEUE_READY, 1);
}

/* The device has forgotten what it was told when the register says so, and must not be touched before. */
static bool reset(struct virtio *v)
{
        put(v, REG_STATUS, 0);
        for (unsigned i = 0; i < TRIES; i++) {
                if (get(v, REG_STATUS) == 0)
                        return true;
        }
        return false;
}

/* Both halves of one capacity.  The legacy layout has no generation: there the high half must stay as it was. */
static bool read_capacity(struct virtio *v)
{
        for (unsigned i = 0; i < TRIES; i++) {
                uint32_t before = get(v, v->modern ? REG_GENERATION : REG_CAPACITY + 4);
                uint64_t low = get(v, REG_CAPACITY), high = get(v, REG_CAPACITY + 4);

                v->blocks = (low | high << 32) / SECTORS;
                if (before == (v->modern ? get(v, REG_GENERATION) : (uint32_t)high))
                        return true;
        }
        return false;
}

/* The largest queue that both can do: a power of two with a slot at least. */
static bool choose_queue(struct virtio *v)
{
        uint32_t most = get(v, REG_QUEUE_MAX);

        v->queue = QUEUE_SIZE;
        while (v->queue > most)
                v->queue /= 2;
        v->slots = v->queue / PER_SLOT < VIRTIO_SLOTS ? v->queue / PER_SLOT : VIRTIO_SLOTS;
        return v->slots > 0;
}

bool virtio_start(struct virtio *v, void *ring, uint64_t paddr)
{
        uint32_t status = ACKNOWLEDGE | DRIVER;

        v->ring = ring;
        v->paddr = paddr;
        if (!reset(v))
                return false;
        put(v, REG_STATUS, ACKNOWLEDGE);
        put(v, REG_STATUS, status);
        if (!negotiate(v))
                return false;
        if (v->modern)
                status |= FEATURES_OK;
        else
                put(v, REG_PAGE_SIZE, BLOCK_SIZE);
        put(v, REG_QUEUE, 0);
        if (!choose_queue(v) || !read_capacity(v))
                return false;
        put(v, REG_QUEUE_SIZE, v->queue);
        place_queue(v);
        put(v, REG_STATUS, status | DRIVER_OK);
        return true;
}

static void describe(struct virtio *v, unsigned slot, const struct block_request *r)
{
        static const uint32_t types[] = {
                [BLOCK_READ] = TYPE_READ, [BLOCK_WRITE] = TYPE_WRITE, [BLOCK_FLUSH] = TYPE_FLUSH};
        struct virtio_ring *q = v->ring;
        uint16_t first = (uint16_t)(slot * PER_SLOT), last = (uint16_t)(first + 2);
        uint16_t page_flags = r->operation == BLOCK_READ ? NEXT | DEVICE_WRITES : NEXT;
        bool page = r->operation != BLOCK_FLUSH;

        q->header[slot] =
                (struct header){.type = types[r->operation], .sector = page ? r->block * SECTORS : 0};
        q->status[slot] = STATUS_NONE;
        q->descriptor[first] =
                (struct descriptor){v->paddr + offsetof(struct virtio_ring, header[slot]),
                                    sizeof(struct header), NEXT, page ? (uint16_t)(first + 1) : last};
        q->descriptor[first + 1] = (struct descriptor){r->paddr, BLOCK_SIZE, page_flags, last};
        q->descriptor[last] = (struct descriptor){v->paddr + offsetof(struct virtio_ring, status[slot]), 1,
                                                  DEVICE_WRITES, 0};
}

/* False: every slot is with the device. */
static bool start(struct virtio *v, struct block_request *r)
{
        struct available *q = available(v);
        unsigned slot = 0;

        while (slot < v->slots && v->slot[slot])
                slot++;
        if (slot == v->slots)
                return false;
        v->slot[slot] = r;
        describe(v, slot, r);
        q->entry[q->index % v->queue] = (uint16_t)(slot * PER_SLOT);
        barrier();
        q->index++;
        barrier();
        put(v, REG_NOTIFY, 0);
        return true;
}

void virtio_submit(struct virtio *v, struct block_request *r)
{
        r->next = NULL;
        if (v->dead) {
                r->done(r, false);
                return;
        }
        if (!v->waiting && start(v, r))
                return;
        if (v->waiting)
                v->waits_last->next = r;
        else
                v->waiting = r;
        v->waits_last = r;
}

static void start_waiting(struct virtio *v)
{
        struct block_request *r;

        while ((r = v->waiting) != NULL) {
                struct block_request *next = r->next; /* a request that is with the device is in no list */

                if (!start(v, r))
                        return;
                v->waiting = next;
        }
}

/* The device's answers are checked as anybody's input: only a slot that it has can end. */
static void end(struct virtio *v, uint32_t id)
{
        uint32_t slot = id / PER_SLOT;
        struct block_request *r = slot < VIRTIO_SLOTS && id % PER_SLOT == 0 ? v->slot[slot] : NULL;
        bool good = r && v->ring->status[slot] == 0;

        if (!r)
                return;
        v->slot[slot] = NULL;
        r->done(r, good);
}

/* A device that has given up answers nothing any more. */
static void end_all(struct virtio *v)
{
        struct block_request *r;

        v->dead = true;
        for (unsigned i = 0; i < VIRTIO_SLOTS; i++) {
                r = v->slot[i];
                v->slot[i] = NULL;
                if (r)
                        r->done(r, false);
        }
        while ((r = v->waiting) != NULL) {
                v->waiting = r->next;
                r->done(r, false);
        }
}

/* Acknowledged first: an answer that comes while others are handled interrupts again. */
void virtio_interrupt(struct virtio *v)
{
        put(v, REG_INTERRUPT_ACK, get(v, REG_INTERRUPT));
        barrier();
        while (v->seen != used_ring(v)->index) {
                barrier();
                end(v, used_ring(v)->entry[v->seen++ % v->queue].id);
        }
        if (get(v, REG_STATUS) & NEEDS_RESET)
                end_all(v);
        else
                start_waiting(v);
}
