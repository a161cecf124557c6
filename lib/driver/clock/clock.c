/* SPDX-License-Identifier: BSD-2-Clause */
/* Timeouts in a binary heap.
 *
 * Events live in chunks of 64 and are named by index; position i of the heap is kept in the chunk entry i, so heap and
 * events grow together.  An id is the event's index and a use count, so that a late cancel of a finished timeout hits
 * nothing.  Order: deadline, then age.
 *
 * A callback may register timeouts; what it registers is due one microsecond after the running pass at the earliest, so
 * that a pass ends.
 */
#include <clock/clock.h>

#include <book/book.h>
#include <sel4/report.h>

enum { CHUNK_EVENTS = 64, INDEX_BITS = 16, NEVER = 0 };

static const timestamp_t UNKNOWN = ~0ul; /* the state of the device is unknown: it has fired */

struct event {
        timestamp_t deadline;
        uint64_t period; /* 0: once */
        timer_callback_t callback;
        void *data;
        uint32_t serial;
        uint32_t position; /* in the heap; when unused: the next unused event */
        uint32_t heap;     /* this entry of the heap: an event's index */
        uint16_t uses;
        bool live;
};

struct clock_chunk {
        struct event event[CHUNK_EVENTS];
};

_Static_assert(sizeof(struct clock_chunk) <= 4096, "a chunk is one page");
_Static_assert(CLOCK_MAX == 1 << INDEX_BITS, "an id has room for every index");

static void *book_memory(void)
{
        struct book_page page;

        return book_get(&page) ? NULL : page.memory; /* a clock keeps its pages */
}

static void *(*memory)(void) = book_memory;

void clock_memory(void *(*page)(void))
{
        memory = page;
}

static struct event *event_at(const struct clock *clock, uint32_t index)
{
        return &clock->chunk[index / CHUNK_EVENTS]->event[index % CHUNK_EVENTS];
}

static uint32_t heap_get(const struct clock *clock, uint32_t position)
{
        return event_at(clock, position)->heap;
}

static void heap_set(const struct clock *clock, uint32_t position, uint32_t index)
{
        event_at(clock, position)->heap = index;
        event_at(clock, index)->position = position;
}

static bool earlier(const struct clock *clock, uint32_t a, uint32_t b)
{
        const struct event *x = event_at(clock, a);
        const struct event *y = event_at(clock, b);

        return x->deadline != y->deadline ? x->deadline < y->deadline : (int32_t)(x->serial - y->serial) < 0;
}

/* Find the place of event `index`, starting from `position` towards the root. */
static void sift_up(const struct clock *clock, uint32_t position, uint32_t index)
{
        while (position > 0) {
                uint32_t parent = (position - 1) / 2;

                if (!earlier(clock, index, heap_get(clock, parent)))
                        break;
                heap_set(clock, position, heap_get(clock, parent));
                position = parent;
        }
        heap_set(clock, position, index);
}

static void sift_down(const struct clock *clock, uint32_t position, uint32_t index)
{
        for (uint32_t child = 2 * position + 1; child < clock->count; child = 2 * position + 1) {
                if (child + 1 < clock->count &&
                    earlier(clock, heap_get(clock, child + 1), heap_get(clock, child))) {
                        child++;
                }
                if (!earlier(clock, heap_get(clock, child), index))
                        break;
                heap_set(clock, position, heap_get(clock, child));
                position = child;
        }
        heap_set(clock, position, index);
}

static void heap_insert(struct clock *clock, uint32_t index)
{
        clock->count++;
        sift_up(clock, clock->count - 1, index);
}

static void heap_remove(struct clock *clock, uint32_t index)
{
        uint32_t position = event_at(clock, index)->position;
        uint32_t last = heap_get(clock, --clock->count);

        if (last == index)
                return;
        sift_up(clock, position, last);
        sift_down(clock, event_at(clock, last)->position, last);
}

static bool add_chunk(struct clock *clock)
{
        uint32_t first = clock->chunks * CHUNK_EVENTS;

        if (clock->chunks == CLOCK_MAX / CHUNK_EVENTS)
                return false;
        clock->chunk[clock->chunks] = memory();
        if (!clock->chunk[clock->chunks])
                return false;
        clock->chunks++;
        for (uint32_t i = CHUNK_EVENTS; i-- > 0;) {
                event_at(clock, first + i)->position = clock->free;
                clock->free = first + i;
        }
        return true;
}

static void release(struct clock *clock, uint32_t index)
{
        event_at(clock, index)->live = false;
        event_at(clock, index)->position = clock->free;
        clock->free = index;
}

/* Program the device for the nearest deadline, unless it is already set to that. */
static void arm(struct clock *clock)
{
        timestamp_t wanted = clock->count ? event_at(clock, heap_get(clock, 0))->deadline : NEVER;

        if (clock->pass || wanted == clock->armed) {
                return; /* the end of a pass takes care of it */
        }
        clock->armed = wanted;
        if (wanted == NEVER)
                clock->device.disarm(clock->device.device);
        else
                clock->device.arm(clock->device.device, wanted);
}

int clock_open(struct clock *clock, struct clock_device device)
{
        if (!device.now || !device.arm || !device.disarm)
                return CLOCK_R_FAIL;
        clock->device = device;
        clock->count = clock->chunks = 0;
        clock->free = CLOCK_MAX;
        clock->pass = 0;
        clock->armed = NEVER;
        clock->started = true;
        return CLOCK_R_OK;
}

static uint32_t add(struct clock *clock, timestamp_t deadline, struct event wanted)
{
        uint32_t index;
        struct event *event;

        if (!clock->started || !wanted.callback || (clock->free == CLOCK_MAX && !add_chunk(clock)))
                return 0;
        index = clock->free;
        event = event_at(clock, index);
        clock->free = event->position;
        wanted.heap = event->heap;
        wanted.uses = (uint16_t)(event->uses == UINT16_MAX ? 1 : event->uses + 1); /* 0 would make ids of 0 */
        wanted.serial = ++clock->serial;
        wanted.deadline = deadline > clock->pass ? deadline : clock->pass + 1;
        wanted.live = true;
        *event = wanted;
        heap_insert(clock, index);
        arm(clock);
        return (uint32_t)wanted.uses << INDEX_BITS | index;
}

uint32_t clock_at(struct clock *clock, timestamp_t deadline, timer_callback_t callback, void *data)
{
        return add(clock, deadline ? deadline : 1, (struct event){.callback = callback, .data = data});
}

static timestamp_t later(timestamp_t now, uint64_t delay)
{
        return delay > ~0ul - now ? ~0ul : now + delay;
}

uint32_t clock_after(struct clock *clock, uint64_t delay, timer_callback_t callback, void *data)
{
        return clock->started ? clock_at(clock, later(clock->device.now(clock->device.device), delay),
                                         callback, data)
                              : 0;
}

uint32_t clock_every(struct clock *clock, uint64_t period, timer_callback_t callback, void *data)
{
        if (!clock->started || !period)
                return 0;
        return add(clock, later(clock->device.now(clock->device.device), period),
                   (struct event){.callback = callback, .data = data, .period = period});
}

int clock_cancel(struct clock *clock, uint32_t id)
{
        uint32_t index = id & (CLOCK_MAX - 1);
        const struct event *event;

        if (!clock->started || index >= clock->chunks * CHUNK_EVENTS)
                return CLOCK_R_FAIL;
        event = event_at(clock, index);
        if (!event->live || event->uses != id >> INDEX_BITS)
                return CLOCK_R_FAIL;
        heap_remove(clock, index);
        release(clock, index);
        arm(clock);
        return CLOCK_R_OK;
}

/* Take the nearest event out, or move it to its next period, and call back. */
static void fire(struct clock *clock, uint32_t index)
{
        struct event *event = event_at(clock, index);
        struct event copy = *event;
        uint64_t late = clock->pass - copy.deadline;

        heap_remove(clock, index);
        if (copy.period) {
                event->deadline += copy.period;
                event->serial = ++clock->serial;
                heap_insert(clock, index);
        } else {
                release(clock, index);
        }
        clock->fired++;
        clock->late_max = late > clock->late_max ? late : clock->late_max;
        copy.callback((uint32_t)copy.uses << INDEX_BITS | index, copy.data);
}

unsigned clock_expire(struct clock *clock)
{
        unsigned fired = 0;

        if (!clock->started || clock->pass)
                return 0;
        clock->pass = clock->device.now(clock->device.device);
        while (clock->started && clock->count &&
               event_at(clock, heap_get(clock, 0))->deadline <= clock->pass) {
                fire(clock, heap_get(clock, 0));
                fired++;
        }
        clock->pass = 0;
        clock->armed = UNKNOWN;
        if (clock->started)
                arm(clock);
        return fired;
}

void clock_close(struct clock *clock)
{
        if (!clock->started)
                return;
        clock->started = false;
        clock->count = 0;
        clock->free = CLOCK_MAX;
        for (uint32_t i = clock->chunks * CHUNK_EVENTS; i-- > 0;)
                release(clock, i);
        clock->device.disarm(clock->device.device);
}
