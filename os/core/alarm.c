/* SPDX-License-Identifier: BSD-2-Clause */
/* See alarm.h. */
#include "os/core/alarm.h"

static struct alarm *heap[ALARMS + 1]; /* from 1; each not before its parent, at half its index */
static unsigned count;

static void place(struct alarm *a, unsigned index)
{
        heap[index] = a;
        a->index = index;
}

static void rise(struct alarm *a)
{
        unsigned i = a->index;

        for (; i > 1 && a->at < heap[i / 2]->at; i /= 2)
                place(heap[i / 2], i);
        place(a, i);
}

static void sink(struct alarm *a)
{
        unsigned i = a->index;

        for (unsigned child; (child = 2 * i) <= count; i = child) {
                if (child < count && heap[child + 1]->at < heap[child]->at)
                        child++;
                if (a->at <= heap[child]->at)
                        break;
                place(heap[child], i);
        }
        place(a, i);
}

static void remove(struct alarm *a)
{
        struct alarm *last = heap[count--];
        unsigned index = a->index;

        a->index = 0;
        if (last == a)
                return;
        place(last, index);
        rise(last);
        sink(last);
}

void alarm_set(struct alarm *a, struct waiter *w, uint64_t at)
{
        if (a->index)
                remove(a);
        a->at = at;
        a->waiter = w;
        if (!at || count == ALARMS)
                return;
        place(a, ++count);
        rise(a);
}

void alarm_ring(uint64_t now)
{
        while (count > 0 && heap[1]->at <= now) {
                struct waiter *w = heap[1]->waiter;

                remove(heap[1]);
                wait_ring(w);
        }
}

uint64_t alarm_nearest(void)
{
        return count > 0 ? heap[1]->at : 0;
}
