/* SPDX-License-Identifier: BSD-2-Clause */
/* See block.h. */
#include <queue/block.h>

bool queue_block_open(struct queue_block *q, void *memory, uint32_t slots, uint32_t *state,
                      const struct queue_block_disk *disk)
{
        char *requests = memory;
        char *answers = requests + ring_bytes(slots, sizeof(struct queue_block_request));
        uint32_t request = sizeof(struct queue_block_request), answer = sizeof(struct queue_block_answer);

        *q = (struct queue_block){.state = state, .slots = slots};
        if (slots > QUEUE_BLOCK_SLOTS_MAX ||
            !ring_open(&q->out, disk ? answers : requests, slots, disk ? answer : request, true)) {
                return false;
        }
        if (disk)
                q->disk = *disk;
        for (uint32_t i = 0; i < slots; i++)
                state[i] = i + 1;
        return ring_open(&q->in, disk ? requests : answers, slots, disk ? request : answer, false);
}

static bool broken(struct queue_block *q)
{
        q->broken = true;
        return false;
}

/* Does this number stand for a request that `count` blocks may have been done of? */
static bool is_busy(const struct queue_block *q, uint32_t id, uint16_t count)
{
        return id < q->slots && q->state[id] & QUEUE_BLOCK_BUSY &&
               count <= (q->state[id] & ~QUEUE_BLOCK_BUSY);
}

static void leave(struct queue_block *q, uint32_t id)
{
        q->state[id] = q->free;
        q->free = id;
        q->in_flight--;
}

static bool moves_data(uint32_t code)
{
        return code == QUEUE_BLOCK_READ || code == QUEUE_BLOCK_WRITE;
}

static void enter(struct queue_block *q, const struct queue_block_request *r)
{
        q->state[r->id] = QUEUE_BLOCK_BUSY | r->count;
        q->in_flight++;
}

bool queue_block_ask(struct queue_block *q, struct queue_block_request *request)
{
        if (q->broken || q->in_flight == q->slots)
                return false;
        request->id = q->free;
        request->count = moves_data(request->code) ? request->count : 0;
        if (!ring_put(&q->out, request))
                return broken(q);
        q->free = q->state[request->id];
        enter(q, request);
        return true;
}

bool queue_block_answered(struct queue_block *q, struct queue_block_answer *answer)
{
        if (q->broken)
                return false;
        if (!ring_get(&q->in, answer)) {
                q->broken = q->in.broken;
                return false;
        }
        if (!is_busy(q, answer->id, answer->count) || answer->status > QUEUE_BLOCK_NO_DEVICE)
                return broken(q);
        leave(q, answer->id);
        return true;
}

static bool answer(struct queue_block *q, uint32_t id, uint32_t status, uint16_t count)
{
        struct queue_block_answer a = {.status = status, .count = count, .id = id};

        return ring_put(&q->out, &a) || broken(q);
}

bool queue_block_end(struct queue_block *q, uint32_t id, enum queue_block_status status, uint16_t count)
{
        if (q->broken || !is_busy(q, id, count))
                return false;
        leave(q, id);
        return answer(q, id, status, count);
}

static bool possible(const struct queue_block_disk *disk, const struct queue_block_request *r)
{
        uint64_t bytes = (uint64_t)r->count * QUEUE_BLOCK_SIZE;

        if (!moves_data(r->code))
                return r->code <= QUEUE_BLOCK_BARRIER;
        return r->count > 0 && r->block < disk->blocks && r->count <= disk->blocks - r->block &&
               r->offset % QUEUE_BLOCK_SIZE == 0 && bytes <= disk->region_bytes &&
               r->offset <= disk->region_bytes - bytes && !(r->code == QUEUE_BLOCK_WRITE && disk->read_only);
}

/* The next one as it came, if its number can be. */
static bool get(struct queue_block *q)
{
        if (q->broken || !ring_get(&q->in, &q->held)) {
                q->broken = q->broken || q->in.broken;
                return false;
        }
        if (q->held.id >= q->slots || q->state[q->held.id] & QUEUE_BLOCK_BUSY)
                return broken(q);
        q->holds = true;
        return true;
}

bool queue_block_next(struct queue_block *q, struct queue_block_request *request)
{
        while (q->holds || get(q)) {
                bool barrier = q->held.code == QUEUE_BLOCK_BARRIER;

                if (barrier && q->in_flight)
                        return false;
                q->holds = false;
                if (barrier || !possible(&q->disk, &q->held)) {
                        if (!answer(q, q->held.id, barrier ? QUEUE_BLOCK_OK : QUEUE_BLOCK_INVALID, 0))
                                return false;
                        continue;
                }
                *request = q->held;
                request->count = moves_data(request->code) ? request->count : 0;
                enter(q, request);
                return true;
        }
        return false;
}
