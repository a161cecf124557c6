/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring.  Positions run freely over 32 bits; their difference is the number of items inside. */
#include <ring/ring.h>

bool ring_open(struct ring *ring, void *memory, uint32_t count, uint32_t item, bool writes)
{
        struct ring_side *side = memory;

        if (!count || count & (count - 1) || !item || item % 8) {
                return false;
        }
        *ring = (struct ring){
                .own = &side[writes ? 0 : 1],
                .other = &side[writes ? 1 : 0],
                .items = (char *)memory + RING_HEAD,
                .count = count,
                .item = item,
                .writes = writes,
        };
        return true;
}

/* Items that we may put or get, after a look at the other side if there were none. */
static uint32_t possible(struct ring *ring, int order)
{
        uint32_t inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        uint32_t left = ring->writes ? ring->count - inside : inside;

        if (left || ring->broken) {
                return ring->broken ? 0 : left;
        }
        ring->seen = __atomic_load_n(&ring->other->position, order);
        inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        if (inside > ring->count) {
                ring->broken = true;
                return 0;
        }
        return ring->writes ? ring->count - inside : inside;
}

static char *place(const struct ring *ring)
{
        return ring->items + (size_t)(ring->position & (ring->count - 1)) * ring->item;
}

static void copy(void *to, const void *from, uint32_t bytes)
{
        for (uint32_t i = 0; i < bytes / 8; i++) {
                ((uint64_t *)to)[i] = ((const uint64_t *)from)[i];
        }
}

/* Sequentially consistent, so that it comes before the look at `sleeps`; a release is part of that. */
static void move_on(struct ring *ring)
{
        ring->position++;
        __atomic_store_n(&ring->own->position, ring->position, __ATOMIC_SEQ_CST);
}

bool ring_put(struct ring *ring, const void *item)
{
        if (!ring->writes || !possible(ring, __ATOMIC_ACQUIRE)) {
                return false;
        }
        copy(place(ring), item, ring->item);
        move_on(ring);
        return true;
}

bool ring_get(struct ring *ring, void *item)
{
        if (ring->writes || !possible(ring, __ATOMIC_ACQUIRE)) {
                return false;
        }
        copy(item, place(ring), ring->item);
        move_on(ring);
        return true;
}

bool ring_may_sleep(struct ring *ring)
{
        __atomic_store_n(&ring->own->sleeps, 1, __ATOMIC_SEQ_CST);
        if (!ring->broken && !possible(ring, __ATOMIC_SEQ_CST)) {
                return !ring->broken;
        }
        __atomic_store_n(&ring->own->sleeps, 0, __ATOMIC_SEQ_CST);
        return false;
}

bool ring_must_wake(struct ring *ring)
{
        return __atomic_load_n(&ring->other->sleeps, __ATOMIC_SEQ_CST) &&
               __atomic_exchange_n(&ring->other->sleeps, 0, __ATOMIC_SEQ_CST);
}
