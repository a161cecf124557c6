/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool: rows in three states, two lists for the taken ones. */
#include <object/object.h>
#include <reply/reply.h>
#include <sel4/report.h>

struct reply_row {
        struct reply_row *next, *prev;      /* by age when taken; `next` links the free ones */
        struct reply_row *same, *same_prev; /* of clients with the same list */
        seL4_CPtr cap;
        ut_t *ut;
        seL4_Word badge;
        uint64_t generation; /* odd while taken */
        uint64_t since;
        uint64_t spare[3];
};

static struct reply_row **list_of(struct reply_pool *pool, seL4_Word badge)
{
        return &pool->client[(badge * 0x9e3779b97f4a7c15ul) >> 58];
}

static bool is_taken(const struct reply_row *row)
{
        return row->generation & 1;
}

static bool add_object(struct reply_pool *pool)
{
        struct reply_row *row = book_new(&pool->records);

        if (!row)
                return false;
        row->ut = ut_new_object(pool->cspace, &row->cap, seL4_ReplyObject, 0);
        if (!row->ut) {
                book_free(&pool->records, row);
                return false;
        }
        row->next = pool->free;
        pool->free = row;
        pool->statistics.objects++;
        return true;
}

static struct reply_row *pop_free(struct reply_pool *pool)
{
        struct reply_row *row = pool->free;

        pool->free = row->next;
        row->next = NULL;
        return row;
}

static void destroy(struct reply_pool *pool, struct reply_row *row)
{
        ut_free_object(pool->cspace, row->cap, row->ut);
        book_free(&pool->records, row);
}

int reply_start(struct reply_pool *pool, cspace_t *cspace, size_t count)
{
        *pool = (struct reply_pool){.cspace = cspace, .records.bytes = sizeof(struct reply_row)};
        do {
                if (!add_object(pool)) {
                        reply_end(pool);
                        return -1;
                }
        } while (pool->statistics.objects < count);
        pool->ready = pop_free(pool);
        return 0;
}

void reply_end(struct reply_pool *pool)
{
        if (pool->oldest)
                report("reply_end: %zu callers still wait, for ever", pool->statistics.waiting);
        while (pool->oldest) {
                struct reply_row *row = pool->oldest;

                pool->oldest = row->next;
                destroy(pool, row);
        }
        while (pool->free)
                destroy(pool, pop_free(pool));
        if (pool->ready)
                destroy(pool, pool->ready);
        *pool = (struct reply_pool){0};
}

seL4_CPtr reply_ready(const struct reply_pool *pool)
{
        return pool->ready->cap;
}

static void enlist(struct reply_pool *pool, struct reply_row *row)
{
        struct reply_row **same = list_of(pool, row->badge);

        row->prev = pool->newest;
        row->next = NULL;
        *(row->prev ? &row->prev->next : &pool->oldest) = row;
        pool->newest = row;
        row->same_prev = NULL;
        row->same = *same;
        if (row->same)
                row->same->same_prev = row;
        *same = row;
}

static void unlist(struct reply_pool *pool, struct reply_row *row)
{
        *(row->prev ? &row->prev->next : &pool->oldest) = row->next;
        *(row->next ? &row->next->prev : &pool->newest) = row->prev;
        *(row->same_prev ? &row->same_prev->same : list_of(pool, row->badge)) = row->same;
        if (row->same)
                row->same->same_prev = row->same_prev;
}

struct reply reply_take(struct reply_pool *pool, seL4_Word badge, uint64_t now)
{
        struct reply_row *row = pool->ready;

        if (!pool->free && !add_object(pool)) {
                report("reply_take: no memory for a further reply object; client 0x%lx must be answered now",
                       badge);
                return (struct reply){0};
        }
        pool->ready = pop_free(pool);
        row->badge = badge;
        row->since = now;
        row->generation++;
        enlist(pool, row);
        pool->statistics.taken++;
        if (++pool->statistics.waiting > pool->statistics.most)
                pool->statistics.most = pool->statistics.waiting;
        return (struct reply){row, row->generation};
}

static void release(struct reply_pool *pool, struct reply_row *row)
{
        unlist(pool, row);
        row->generation++;
        row->next = pool->free;
        pool->free = row;
        pool->statistics.waiting--;
}

bool reply_is_waiting(struct reply reply)
{
        return reply.row && is_taken(reply.row) && reply.row->generation == reply.generation;
}

seL4_Word reply_client(struct reply reply)
{
        return reply_is_waiting(reply) ? reply.row->badge : 0;
}

int reply_answer(struct reply_pool *pool, struct reply reply, seL4_MessageInfo_t info)
{
        if (!reply_is_waiting(reply)) {
                report("reply_answer: %s",
                       reply.row ? "this caller was answered or cancelled already" : "no caller");
                pool->statistics.refused++;
                return seL4_InvalidArgument;
        }
        seL4_Send(reply.row->cap, info);
        release(pool, reply.row);
        pool->statistics.answered++;
        return seL4_NoError;
}

bool reply_answer_next(struct reply_pool *pool, struct reply reply)
{
        struct reply_row *ready = pool->ready;

        if (!reply_is_waiting(reply))
                return false;
        release(pool, reply.row);
        pool->ready = pop_free(pool);
        ready->next = pool->free;
        pool->free = ready;
        pool->statistics.answered++;
        return true;
}

size_t reply_cancel_client(struct reply_pool *pool, seL4_Word badge)
{
        struct reply_row *next;
        size_t count = 0;

        for (struct reply_row *row = *list_of(pool, badge); row; row = next) {
                next = row->same;
                if (row->badge == badge) {
                        release(pool, row);
                        count++;
                }
        }
        pool->statistics.cancelled += count;
        return count;
}

size_t reply_leaks(const struct reply_pool *pool, uint64_t now, uint64_t age)
{
        size_t count = 0;

        for (const struct reply_row *row = pool->oldest; row && now - row->since >= age; row = row->next) {
                report("client 0x%lx has waited for its answer since %lu", row->badge, row->since);
                count++;
        }
        return count;
}
