/* SPDX-License-Identifier: BSD-2-Clause */
/* See queue.h.  Each ring has a slot for every buffer, so an honest other side never finds or leaves one full. */
#include <queue/queue.h>

static bool bit(const struct queue *q, uint64_t buffer)
{
        return q->ours[buffer / 64] >> (buffer % 64) & 1;
}

static void flip(struct queue *q, uint64_t buffer)
{
        q->ours[buffer / 64] ^= 1ull << (buffer % 64);
}

bool queue_open(struct queue *q, const struct queue_shape *shape, bool owner)
{
        char *first = shape->memory, *second = first + ring_bytes(shape->slots, sizeof(struct queue_item));

        *q = (struct queue){.ours = shape->ours,
                            .buffers = shape->buffers,
                            .buffer_size = shape->buffer_size,
                            .away = owner ? 0 : shape->buffers};
        if (!shape->buffers || shape->buffers > shape->slots || !shape->buffer_size ||
            shape->buffer_size > UINT16_MAX) {
                return false;
        }
        for (uint32_t i = 0; i < queue_words(shape->buffers); i++)
                q->ours[i] = owner ? ~0ull : 0;
        return ring_open(&q->out, owner ? first : second, shape->slots, sizeof(struct queue_item), true) &&
               ring_open(&q->in, owner ? second : first, shape->slots, sizeof(struct queue_item), false);
}

static bool is_buffer(const struct queue *q, uint64_t offset)
{
        return offset % q->buffer_size == 0 && offset / q->buffer_size < q->buffers;
}

bool queue_is_ours(const struct queue *q, uint64_t offset)
{
        return is_buffer(q, offset) && bit(q, offset / q->buffer_size);
}

bool queue_give(struct queue *q, uint64_t offset, uint32_t length, uint8_t tag)
{
        struct queue_item item = {.offset = offset, .length = (uint16_t)length, .tag = tag};

        if (q->broken || length > q->buffer_size || !queue_is_ours(q, offset))
                return false;
        if (!ring_put(&q->out, &item)) { /* the other side lies about what it has taken */
                q->broken = true;
                return false;
        }
        flip(q, offset / q->buffer_size);
        q->away++;
        return true;
}

bool queue_take(struct queue *q, struct queue_item *item)
{
        if (q->broken)
                return false;
        if (!ring_get(&q->in, item)) {
                q->broken = q->in.broken;
                return false;
        }
        if (!is_buffer(q, item->offset) || queue_is_ours(q, item->offset) || item->length > q->buffer_size) {
                q->broken = true;
                return false;
        }
        flip(q, item->offset / q->buffer_size);
        q->away--;
        return true;
}

bool queue_may_sleep(struct queue *q)
{
        return !q->broken && ring_may_sleep(&q->in);
}

bool queue_must_wake(struct queue *q)
{
        return ring_must_wake(&q->out);
}

bool queue_deliver(struct queue *q, void *region, const void *bytes, uint32_t length)
{
        struct queue_item item;
        bool fits;

        if (!queue_take(q, &item))
                return false;
        fits = length <= q->buffer_size;
        if (fits)
                __builtin_memcpy((char *)region + item.offset, bytes, length);
        return queue_give(q, item.offset, fits ? length : 0, item.tag) && fits;
}
