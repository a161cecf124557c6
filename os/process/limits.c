/* SPDX-License-Identifier: BSD-2-Clause */
/* See limits.h.  Owns the numbers, one row for each process of the table. */
#include "os/process/limits.h"
#include "base/text.h"
#include "os/process/timers.h"

enum {
        LOCKED_BYTES = 8 << 20,
        STACK_BYTES = 8 << 20,
        STACK_LEAST = 256 << 10,
        STACK_MOST = 64 << 20,
        SECOND_US = 1000000
};

static struct process_limit limits[PROCESSES][LIMITS];

void limits_begin(struct process *p, const struct process *maker)
{
        struct process_limit *own = limits[p - process_entry(0)];

        p->limits.own = own;
        if (maker) {
                memcpy(own, maker->leader->limits.own, sizeof(limits[0]));
                return;
        }
        for (unsigned i = 0; i < LIMITS; i++)
                own[i] = (struct process_limit){UINT64_MAX, UINT64_MAX};
        own[LIMIT_STACK].now = STACK_BYTES;
        own[LIMIT_CORE].now = 0;
        own[LIMIT_NICE] = own[LIMIT_REAL_TIME] = (struct process_limit){0, 0};
        own[LIMIT_LOCKED] = (struct process_limit){LOCKED_BYTES, LOCKED_BYTES};
}

/* From the lower limit on it is looked at each second; no limit is less than one. */
void limits_watch(struct process *p)
{
        uint64_t seconds = process_limit(p, LIMIT_CPU)->now, used = p->leader->time.used_us;
        uint64_t at = seconds > UINT64_MAX / SECOND_US ? 0 : (seconds ? seconds : 1) * SECOND_US;

        used_timer_set(p->leader, USED_LIMIT, !at ? 0 : at > used ? at - used : 1, SECOND_US);
}

seL4_Word limits_stack(const struct process *p)
{
        uint64_t bytes = process_limit(p, LIMIT_STACK)->now & ~(uint64_t)(PAGE - 1);

        return bytes < STACK_LEAST ? STACK_LEAST : bytes > STACK_MOST ? STACK_MOST : bytes;
}
