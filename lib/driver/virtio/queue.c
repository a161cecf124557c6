/* SPDX-License-Identifier: BSD-2-Clause */
/* A split queue whose descriptors are divided into slots once and for all: those of slot i are i * parts and the following,
 * chained in order.  So the free slots are a stack, and a chain is named by its slot.
 *
 * The memory is ordinary and cached: devices behind virtio-mmio see it as the processors do; only the order matters.
 */
#include <virtio/inside.h>

static void barrier(void)
{
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void put_address(const struct virtio *v, uint32_t offset, uint64_t address)
{
        virtio_put(v, offset, (uint32_t)address);
        virtio_put(v, offset + 4, (uint32_t)(address >> 32));
}

static void place(const struct virtio_queue *q, uint64_t paddr, uint64_t available, uint64_t used)
{
        const struct virtio *v = q->device;

        virtio_put(v, REG_QUEUE_SIZE, q->size);
        if (!v->modern) {
                virtio_put(v, REG_QUEUE_ALIGN, VIRTIO_LINE);
                virtio_put(v, REG_QUEUE_PAGE, (uint32_t)(paddr / VIRTIO_PAGE));
                return;
        }
        put_address(v, REG_DESCRIPTORS, paddr);
        put_address(v, REG_AVAILABLE, paddr + available);
        put_address(v, REG_USED, paddr + used);
        virtio_put(v, REG_QUEUE_READY, 1);
}

uint32_t virtio_queue_most(const struct virtio *v, uint32_t number)
{
        virtio_put(v, REG_QUEUE, number);
        return virtio_get(v, REG_QUEUE_MAX);
}

/* The smallest power of two that has room for the slots, or the largest that the device takes. */
static bool choose_size(struct virtio_queue *q, uint32_t slots)
{
        uint32_t most = virtio_get(q->device, REG_QUEUE_MAX);

        for (q->size = 1; q->size < slots * q->parts && q->size < VIRTIO_QUEUE_MAX; q->size *= 2) {
        }
        while (q->size > most)
                q->size /= 2;
        q->slots = q->size / q->parts < slots ? q->size / q->parts : slots;
        return q->slots > 0;
}

bool virtio_queue_open(struct virtio_queue *q, struct virtio *v, uint32_t number,
                       const struct virtio_memory *memory, uint32_t slots, uint32_t parts)
{
        uint64_t available, used;

        *q = (struct virtio_queue){.device = v, .number = number, .parts = parts};
        virtio_put(v, REG_QUEUE, number);
        if (!slots || !parts || slots > VIRTIO_QUEUE_MAX || parts > VIRTIO_QUEUE_MAX ||
            !choose_size(q, slots)) {
                return false;
        }
        __builtin_memset(memory->at, 0, virtio_queue_bytes(q->size));
        available = q->size * sizeof(struct virtio_descriptor);
        used = (available + 6 + 2 * q->size + VIRTIO_LINE - 1) / VIRTIO_LINE * VIRTIO_LINE;
        q->descriptor = memory->at;
        q->available = (struct virtio_available *)((char *)memory->at + available);
        q->used = (struct virtio_used *)((char *)memory->at + used);
        for (uint32_t i = 0; i < q->slots; i++)
                q->free_slot[q->free++] = (uint16_t)(q->slots - 1 - i);
        place(q, memory->paddr, available, used);
        return true;
}

int virtio_queue_take(struct virtio_queue *q)
{
        return q->device->dead || !q->free ? -1 : q->free_slot[--q->free];
}

void virtio_queue_part(struct virtio_queue *q, uint32_t slot, uint32_t part, uint64_t paddr, uint32_t length,
                       bool device_writes)
{
        uint32_t at = slot * q->parts + part;

        q->descriptor[at] = (struct virtio_descriptor){
                paddr, length, (uint16_t)(FLAG_NEXT | (device_writes ? FLAG_DEVICE_WRITES : 0)),
                (uint16_t)(at + 1)};
}

void virtio_queue_submit(struct virtio_queue *q, uint32_t slot, uint32_t parts)
{
        q->descriptor[slot * q->parts + parts - 1].flags &= (uint16_t)~FLAG_NEXT;
        q->with_device[slot] = true;
        q->available->entry[q->next++ & (q->size - 1)] = (uint16_t)(slot * q->parts);
}

/* The index after the entries; then, after the index is seen, the wish not to be notified. */
void virtio_queue_kick(struct virtio_queue *q)
{
        if (q->told == q->next)
                return;
        q->told = q->next;
        __atomic_store_n(&q->available->index, q->next, __ATOMIC_RELEASE);
        barrier();
        if (!(q->used->flags & NO_NOTIFY))
                virtio_put(q->device, REG_NOTIFY, q->number);
}

/* The device has reported something impossible: it is not used any more. */
static bool lie(struct virtio_queue *q)
{
        q->device->lies++;
        q->device->dead = true;
        return false;
}

/* The slot of an answer; the number of slots if the device does not have that slot. */
static uint32_t slot_of(const struct virtio_queue *q, uint32_t id)
{
        uint32_t slot = id / q->parts;

        return id % q->parts || slot >= q->slots || !q->with_device[slot] ? q->slots : slot;
}

bool virtio_queue_finished(struct virtio_queue *q, uint32_t *slot, uint32_t *length)
{
        bool forgiving = q->device->forgiving;
        uint16_t waiting;
        volatile const struct virtio_used_entry *answer;

        while ((waiting = (uint16_t)(q->used->index - q->seen)) != 0) {
                if (!forgiving &&
                    (q->device->dead || waiting > q->slots - q->free)) { /* more answers than questions */
                        return !q->device->dead && lie(q);
                }
                __atomic_thread_fence(__ATOMIC_ACQUIRE);
                answer = &q->used->entry[q->seen & (q->size - 1)];
                *slot = slot_of(q, answer->id);
                *length = answer->length;
                if (*slot == q->slots && !forgiving)
                        return lie(q);
                q->seen++;
                if (*slot == q->slots) {
                        q->device->lies++;
                        continue;
                }
                q->with_device[*slot] = false;
                q->free_slot[q->free++] = (uint16_t)*slot;
                return true;
        }
        return false;
}

void virtio_queue_interrupts(struct virtio_queue *q, bool on)
{
        __atomic_store_n(&q->available->flags, on ? 0 : NO_INTERRUPT, __ATOMIC_RELAXED);
        barrier();
}
