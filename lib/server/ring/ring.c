/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring.  Positions run freely over 32 bits; their difference is the number of items inside. */
#include <ring/ring.h>

bool ring_open(struct ring *ring, void *memory, uint32_t count, uint32_t item, bool writes)
{
        struct ring_side *side = memory;

        if (!count || count & (count - 1) || !item || (item % 8 && item != 1))
                return false;
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

void ring_resume(struct ring *ring)
{
        ring->position = __atomic_load_n(&ring->own->position, __ATOMIC_RELAXED);
        ring->seen = ring->writes ? ring->position - ring->count : ring->position;
}

/* Items that we may put or get, after a look at the other side if there were none. */
static uint32_t possible(struct ring *ring, int order)
{
        uint32_t inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        uint32_t left = ring->writes ? ring->count - inside : inside;

        if (left || ring->broken)
                return ring->broken ? 0 : left;
        ring->seen = __atomic_load_n(&ring->other->position, order);
        inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        if (inside > ring->count) {
                ring->broken = true;
                return 0;
        }
        return ring->writes ? ring->count - inside : inside;
}

static char *place(const struct ring *ring, uint32_t ahead)
{
        return ring->items + (size_t)((ring->position + ahead) & (ring->count - 1)) * ring->item;
}

static void copy(void *to, const void *from, uint32_t bytes)
{
        if (bytes == 1)
                *(char *)to = *(const char *)from;
        for (uint32_t i = 0; i < bytes / 8; i++)
                ((uint64_t *)to)[i] = ((const uint64_t *)from)[i];
}

/* Sequentially consistent, so that it comes before the look at `sleeps`; a release is part of that. */
static void move_on(struct ring *ring, uint32_t by)
{
        ring->position += by;
        __atomic_store_n(&ring->own->position, ring->position, __ATOMIC_SEQ_CST);
}

/* Items lie in ordinary memory, where words may be anywhere: two of them, and one, are an instruction each. */
struct two {
        uint64_t word[2];
};

static void copy_two(char *to, const char *from)
{
        struct two t;

        __builtin_memcpy(&t, from, sizeof(t));
        __builtin_memcpy(to, &t, sizeof(t));
}

static void copy_four(char *to, const char *from)
{
        copy_two(to, from);
        copy_two(to + 16, from + 16);
}

static void copy_bytes(char *to, const char *from, size_t bytes)
{
        for (; bytes >= 128; bytes -= 128, to += 128, from += 128) {
                copy_four(to, from);
                copy_four(to + 32, from + 32);
                copy_four(to + 64, from + 64);
                copy_four(to + 96, from + 96);
        }
        if (bytes & 64) {
                copy_four(to, from);
                copy_four(to + 32, from + 32);
                to += 64, from += 64;
        }
        if (bytes & 32) {
                copy_four(to, from);
                to += 32, from += 32;
        }
        if (bytes & 16) {
                copy_two(to, from);
                to += 16, from += 16;
        }
        if (bytes & 8) {
                __builtin_memcpy(to, from, 8);
                to += 8, from += 8;
        }
        for (bytes &= 7; bytes > 0; bytes--)
                *to++ = *from++;
}

/* Copy `count` items between the ring, from `ahead` of the position on, and `items`: in one piece, or in two around the end. */
static void copy_many(struct ring *ring, uint32_t ahead, char *items, uint32_t count)
{
        while (count > 0) {
                uint32_t together = ring->count - ((ring->position + ahead) & (ring->count - 1));
                uint32_t now = count < together ? count : together;
                size_t bytes = (size_t)now * ring->item;

                copy_bytes(ring->writes ? place(ring, ahead) : items,
                           ring->writes ? items : place(ring, ahead), bytes);
                items += bytes;
                ahead += now;
                count -= now;
        }
}

/* As many as there is room or are there, at most `count`; the other side's position is read again if the known one is not enough. */
static uint32_t transfer(struct ring *ring, bool writes, char *items, uint32_t count)
{
        uint32_t done = 0;

        while (done < count && ring->writes == writes) {
                uint32_t now = possible(ring, __ATOMIC_ACQUIRE);

                if (!now)
                        break;
                now = now < count - done ? now : count - done;
                copy_many(ring, 0, items + (size_t)done * ring->item, now);
                move_on(ring, now);
                done += now;
        }
        return done;
}

uint32_t ring_ready(struct ring *ring)
{
        uint32_t inside;

        if (ring->broken)
                return 0;
        ring->seen = __atomic_load_n(&ring->other->position, __ATOMIC_SEQ_CST); /* see ring_sleeps */
        inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        ring->broken = inside > ring->count;
        return ring->broken ? 0 : ring->writes ? ring->count - inside : inside;
}

/* Are these among the items that may be touched, as last seen? */
static bool within(const struct ring *ring, uint32_t ahead, uint32_t count)
{
        uint32_t inside = ring->writes ? ring->position - ring->seen : ring->seen - ring->position;
        uint32_t may = ring->writes ? ring->count - inside : inside;

        return !ring->broken && ahead <= may && count <= may - ahead;
}

bool ring_put_at(struct ring *ring, uint32_t ahead, const void *items, uint32_t count)
{
        if (!ring->writes || !within(ring, ahead, count))
                return false;
        copy_many(ring, ahead, (char *)(uintptr_t)items, count);
        return true;
}

bool ring_get_at(struct ring *ring, uint32_t ahead, void *items, uint32_t count)
{
        if (ring->writes || !within(ring, ahead, count))
                return false;
        copy_many(ring, ahead, items, count);
        return true;
}

bool ring_move(struct ring *ring, uint32_t count)
{
        if (!within(ring, 0, count))
                return false;
        move_on(ring, count);
        return true;
}

const void *ring_span(struct ring *ring, uint32_t *count)
{
        uint32_t inside = ring_ready(ring), together = ring->count - (ring->position & (ring->count - 1));

        *count = inside < together ? inside : together;
        return place(ring, 0);
}

uint32_t ring_put_many(struct ring *ring, const void *items, uint32_t count)
{
        return transfer(ring, true, (char *)(uintptr_t)items, count);
}

uint32_t ring_get_many(struct ring *ring, void *items, uint32_t count)
{
        return transfer(ring, false, items, count);
}

bool ring_put(struct ring *ring, const void *item)
{
        if (!ring->writes || !possible(ring, __ATOMIC_ACQUIRE))
                return false;
        copy(place(ring, 0), item, ring->item);
        move_on(ring, 1);
        return true;
}

bool ring_get(struct ring *ring, void *item)
{
        if (ring->writes || !possible(ring, __ATOMIC_ACQUIRE))
                return false;
        copy(item, place(ring, 0), ring->item);
        move_on(ring, 1);
        return true;
}

bool ring_may_sleep(struct ring *ring)
{
        __atomic_store_n(&ring->own->sleeps, 1, __ATOMIC_SEQ_CST);
        if (!ring->broken && !possible(ring, __ATOMIC_SEQ_CST))
                return !ring->broken;
        __atomic_store_n(&ring->own->sleeps, 0, __ATOMIC_SEQ_CST);
        return false;
}

/* A side that sleeps already is still to be woken: whoever has taken that back wakes it. */
void ring_sleeps(struct ring *ring)
{
        if (__atomic_load_n(&ring->own->sleeps, __ATOMIC_RELAXED))
                return;
        __atomic_store_n(&ring->own->sleeps, 1, __ATOMIC_SEQ_CST);
}

bool ring_must_wake(struct ring *ring)
{
        return __atomic_load_n(&ring->other->sleeps, __ATOMIC_SEQ_CST) &&
               __atomic_exchange_n(&ring->other->sleeps, 0, __ATOMIC_SEQ_CST);
}
