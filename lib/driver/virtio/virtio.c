/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers: see virtio.h. */
#include <virtio/inside.h>

enum { LEGACY = 1, MODERN = 2 };
enum { TRIES = 1 << 20 }; /* reads of a register that never becomes what it should */

uint32_t virtio_get(const struct virtio *v, uint32_t offset)
{
        return v->access ? v->access->read(v->registers, offset, 4)
                         : *(volatile uint32_t *)((volatile char *)v->registers + offset);
}

void virtio_put(const struct virtio *v, uint32_t offset, uint32_t value)
{
        if (v->access)
                v->access->write(v->registers, offset, value);
        else
                *(volatile uint32_t *)((volatile char *)v->registers + offset) = value;
}

bool virtio_open(struct virtio *v, volatile void *registers, const struct virtio_access *access,
                 enum virtio_kind kind)
{
        uint32_t version;

        *v = (struct virtio){.registers = registers, .access = access};
        version = virtio_get(v, REG_VERSION);
        v->modern = version == MODERN;
        return virtio_get(v, REG_MAGIC) == MAGIC && (version == LEGACY || version == MODERN) &&
               virtio_get(v, REG_DEVICE) == (uint32_t)kind;
}

/* The device has forgotten what it was told when the register says so, and must not be touched before. */
static bool reset(struct virtio *v)
{
        virtio_put(v, REG_STATUS, 0);
        for (unsigned i = 0; i < TRIES; i++) {
                if (virtio_get(v, REG_STATUS) == 0)
                        return true;
        }
        return false;
}

static uint64_t offered(const struct virtio *v)
{
        uint64_t features;

        virtio_put(v, REG_FEATURES_WORD, 0);
        features = virtio_get(v, REG_FEATURES);
        if (v->modern) {
                virtio_put(v, REG_FEATURES_WORD, 1);
                features |= (uint64_t)virtio_get(v, REG_FEATURES) << 32;
        }
        return features;
}

static void accept(const struct virtio *v, uint32_t word, uint32_t features)
{
        virtio_put(v, REG_ACCEPTED_WORD, word);
        virtio_put(v, REG_ACCEPTED, features);
}

bool virtio_begin(struct virtio *v, uint64_t wanted)
{
        v->dead = false;
        if (!reset(v))
                return false;
        virtio_put(v, REG_STATUS, STATUS_ACKNOWLEDGE);
        virtio_put(v, REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
        v->offered = offered(v);
        v->features = v->offered & (wanted | (v->modern ? VIRTIO_VERSION_1 : 0));
        accept(v, 0, (uint32_t)v->features);
        if (!v->modern) {
                virtio_put(v, REG_PAGE_SIZE, VIRTIO_PAGE);
                return true;
        }
        accept(v, 1, (uint32_t)(v->features >> 32));
        virtio_put(v, REG_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
        return v->features & VIRTIO_VERSION_1 && virtio_get(v, REG_STATUS) & STATUS_FEATURES_OK;
}

void virtio_ready(struct virtio *v)
{
        virtio_put(v, REG_STATUS,
                   STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK |
                           (v->modern ? STATUS_FEATURES_OK : 0));
}

uint8_t virtio_config8(const struct virtio *v, uint32_t offset)
{
        if (v->access)
                return (uint8_t)v->access->read(v->registers, REG_CONFIG + offset, 1);
        return *((volatile uint8_t *)v->registers + REG_CONFIG + offset);
}

/* The legacy layout has no generation: there the high half must stay as it was. */
bool virtio_config64(const struct virtio *v, uint32_t offset, uint64_t *value)
{
        uint32_t high_at = REG_CONFIG + offset + 4;

        for (unsigned i = 0; i < TRIES; i++) {
                uint32_t before = virtio_get(v, v->modern ? REG_GENERATION : high_at);
                uint64_t low = virtio_get(v, REG_CONFIG + offset), high = virtio_get(v, high_at);

                *value = low | high << 32;
                if (before == (v->modern ? virtio_get(v, REG_GENERATION) : (uint32_t)high))
                        return true;
        }
        return false;
}

/* Before the queues are looked at: what comes while they are interrupts again. */
bool virtio_acknowledge(struct virtio *v)
{
        virtio_put(v, REG_INTERRUPT_ACK, virtio_get(v, REG_INTERRUPT));
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        v->dead = v->dead || virtio_get(v, REG_STATUS) & STATUS_NEEDS_RESET;
        return !v->dead;
}
