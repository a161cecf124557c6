/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include <virtio/block.h>

#include <stddef.h>

enum { FEATURE_READ_ONLY = 1 << 5, FEATURE_FLUSH = 1 << 9 };
enum { TYPE_READ = 0, TYPE_WRITE = 1, TYPE_FLUSH = 4 };
enum { CAPACITY = 0, SECTORS = BLOCK_SIZE / 512, STATUS_GOOD = 0, STATUS_NONE = 0xff };
enum { OWN_PARTS = 2 /* header, status */, QUEUE_SIZE = 128 };

struct header {
        uint32_t type, reserved;
        uint64_t sector;
};

struct virtio_block_extra {
        struct header header[VIRTIO_BLOCK_SLOTS];
        volatile uint8_t status[VIRTIO_BLOCK_SLOTS];
};
_Static_assert(VIRTIO_BLOCK_SLOTS *(VIRTIO_BLOCK_JOINED + OWN_PARTS) <= QUEUE_SIZE,
               "each slot has its descriptors");

/* Losing the disk would be worse than a spurious answer: such answers are skipped. */
bool virtio_block_probe(struct virtio_block *b, volatile void *registers, const struct virtio_access *access)
{
        *b = (struct virtio_block){0};
        if (!virtio_open(&b->device, registers, access, VIRTIO_BLOCK))
                return false;
        b->device.forgiving = true;
        return true;
}

bool virtio_block_start(struct virtio_block *b, const struct virtio_memory *memory)
{
        size_t used = (virtio_queue_bytes(QUEUE_SIZE) + VIRTIO_LINE - 1) / VIRTIO_LINE * VIRTIO_LINE;
        uint64_t sectors;

        if (used + sizeof(*b->extra) > VIRTIO_BLOCK_MEMORY || !virtio_begin(&b->device, FEATURE_FLUSH))
                return false;
        b->can_flush = b->device.features & FEATURE_FLUSH;
        b->read_only = b->device.offered & FEATURE_READ_ONLY;
        b->joined = virtio_queue_most(&b->device, 0) < QUEUE_SIZE ? 1 : VIRTIO_BLOCK_JOINED;
        if (!virtio_queue_open(&b->queue, &b->device, 0, memory, VIRTIO_BLOCK_SLOTS, b->joined + OWN_PARTS) ||
            !virtio_config64(&b->device, CAPACITY, &sectors))
                return false;
        b->blocks = sectors / SECTORS;
        b->extra = (struct virtio_block_extra *)((char *)memory->at + used);
        b->extra_paddr = memory->paddr + used;
        virtio_ready(&b->device);
        return true;
}

static void add_part(struct virtio_block *b, uint64_t paddr, uint32_t length, bool device_writes)
{
        virtio_queue_part(&b->queue, b->last_slot, b->last_parts++, paddr, length, device_writes);
}

static void add_data(struct virtio_block *b, const struct block_request *r)
{
        if (r->operation != BLOCK_FLUSH)
                add_part(b, r->paddr, (uint32_t)r->count * BLOCK_SIZE, r->operation == BLOCK_READ);
}

/* The chain goes to the device, and nothing joins it any more. */
static void close_chain(struct virtio_block *b)
{
        if (!b->last)
                return;
        b->last = NULL;
        add_part(b, b->extra_paddr + offsetof(struct virtio_block_extra, status[b->last_slot]), 1, true);
        virtio_queue_submit(&b->queue, b->last_slot, b->last_parts);
}

/* False: every slot is with the device. */
static bool open_chain(struct virtio_block *b, struct block_request *r)
{
        static const uint32_t types[] = {
                [BLOCK_READ] = TYPE_READ, [BLOCK_WRITE] = TYPE_WRITE, [BLOCK_FLUSH] = TYPE_FLUSH};
        int free = virtio_queue_take(&b->queue);
        uint32_t slot = (uint32_t)free;

        if (free < 0)
                return false;
        b->slot[slot] = b->last = r;
        b->last_slot = slot;
        b->last_parts = 0;
        b->extra->header[slot] = (struct header){
                .type = types[r->operation], .sector = r->operation == BLOCK_FLUSH ? 0 : r->block * SECTORS};
        b->extra->status[slot] = STATUS_NONE;
        add_part(b, b->extra_paddr + offsetof(struct virtio_block_extra, header[slot]), sizeof(struct header),
                 false);
        add_data(b, r);
        return true;
}

static bool joins(const struct virtio_block *b, const struct block_request *r)
{
        const struct block_request *last = b->last;

        return last && r->operation != BLOCK_FLUSH && r->operation == last->operation &&
               r->block == last->block + last->count && !r->alone && !last->alone &&
               b->last_parts <= b->joined;
}

/* False: every slot is with the device. */
static bool start(struct virtio_block *b, struct block_request *r)
{
        r->next = NULL;
        if (!joins(b, r)) {
                close_chain(b);
                return open_chain(b, r);
        }
        b->last->next = r;
        b->last = r;
        add_data(b, r);
        return true;
}

static void wait(struct virtio_block *b, struct block_request *r)
{
        r->next = NULL;
        if (b->waiting)
                b->waits_last->next = r;
        else
                b->waiting = r;
        b->waits_last = r;
}

void virtio_block_submit(struct virtio_block *b, struct block_request *r)
{
        if (b->device.dead || (r->operation == BLOCK_FLUSH && !b->can_flush))
                r->done(r, !b->device.dead);
        else if (b->waiting || !start(b, r))
                wait(b, r);
}

void virtio_block_kick(struct virtio_block *b)
{
        close_chain(b);
        virtio_queue_kick(&b->queue);
}

static void start_waiting(struct virtio_block *b)
{
        struct block_request *r;

        while ((r = b->waiting) != NULL) {
                struct block_request *next =
                        r->next; /* with the device, it names the next one of its chain */

                if (!start(b, r)) {
                        r->next = next;
                        return;
                }
                b->waiting = next;
        }
}

/* A request may be submitted again by its end. */
static void end(struct virtio_block *b, uint32_t slot, bool good)
{
        struct block_request *r = b->slot[slot], *next;
        bool tried_alone = !r || !r->next || b->device.dead;

        b->slot[slot] = NULL;
        for (; r; r = next) {
                next = r->next;
                r->alone = !good;
                if (good || tried_alone)
                        r->done(r, good);
                else
                        wait(b, r);
        }
}

/* A device that has given up no longer answers. */
static void end_all(struct virtio_block *b)
{
        struct block_request *r;

        b->last = NULL;
        for (uint32_t i = 0; i < VIRTIO_BLOCK_SLOTS; i++)
                end(b, i, false);
        while ((r = b->waiting) != NULL) {
                b->waiting = r->next;
                r->done(r, false);
        }
}

void virtio_block_interrupt(struct virtio_block *b)
{
        bool alive = virtio_acknowledge(&b->device);
        uint32_t slot, length;

        while (virtio_queue_finished(&b->queue, &slot, &length))
                end(b, slot, b->extra->status[slot] == STATUS_GOOD);
        if (alive)
                start_waiting(b);
        else
                end_all(b);
}
