/* SPDX-License-Identifier: BSD-2-Clause */
/* Classes and levels of transfers (ioprio_set and ioprio_get): children and new threads have those of their maker.  The disk's driver
 * carries out its requests in their order, as Linux does with a disk that has no scheduler; so they are kept, and told to who asks. */
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"

enum { NONE, REAL_TIME, BEST_EFFORT, IDLE, SHIFT = 13, DATA = 1 << SHIFT, LEVELS = 8, NORMAL = 20 };

static uint32_t class_of(seL4_Word value)
{
        return (uint32_t)value >> SHIFT & 7;
}

/* One that has none set follows nice. */
static uint16_t effective(const struct process *p)
{
        uint16_t own = p->traits.transfers;

        return class_of(own) != NONE ? own : (uint16_t)(BEST_EFFORT << SHIFT | (p->time.nice + NORMAL) / 5);
}

/* Of one thread, as it was set; of several, the first in the order in which they would be carried out.  In pieces: p->call.progress tasks
 * were looked at, p->call.vector is 1 and the value of the best one so far, p->call.place the error. */
static long of_all(struct process *p, bool set)
{
        struct call *c = &p->call;
        int which = (int)c->argument[0] - 1, who = (int)c->argument[1];

        while (c->progress < TASKS) {
                struct process *target = thread_any((unsigned)c->progress++);
                seL4_Word value;

                if (!posix_is_meant(p, target, which, who))
                        continue;
                if (set && !user_may_set(p, target))
                        c->place = SOS_EPERM;
                else if (set)
                        target->traits.transfers = (uint16_t)c->argument[2];
                value = 1ul + (which == WHICH_PROCESS ? target->traits.transfers : effective(target));
                c->vector = c->vector && c->vector < value ? c->vector : value;
                if (pace_is_over())
                        return call_pauses(p);
        }
        return !c->vector ? -SOS_ESRCH : set ? -(long)c->place : (long)c->vector - 1;
}

long posix_ioprio_get(struct process *p)
{
        return (uint32_t)p->call.argument[0] - 1 > WHICH_USER ? -SOS_EINVAL : of_all(p, false);
}

long posix_ioprio_set(struct process *p)
{
        seL4_Word value = p->call.argument[2], level = value % DATA, class = class_of(value);

        if (class == REAL_TIME && !user_can(&p->user, CAPABLE_SYSTEM) && !user_can(&p->user, CAPABLE_NICE))
                return -SOS_EPERM;
        if (class > IDLE || (class == NONE && level) || (class != IDLE && level >= LEVELS))
                return -SOS_EINVAL;
        return (uint32_t)p->call.argument[0] - 1 > WHICH_USER ? -SOS_EINVAL : of_all(p, true);
}
