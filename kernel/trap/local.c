/* SPDX-License-Identifier: BSD-2-Clause */
/* The proofs of local mode for all system calls but Call and ReplyRecv (door/local.h): what is found to be at home here goes the short way
 * that there is, and anything else back to the door. */
#include "door/local.h"
#include "trap/short.h"
#include "trap/short_wait.h"
#include "trap/syscall.h"
#include "trap/trap.h"

/* Whoever runs when the running thread stops does not have to look at a scheduling context of another core first. */
static inline bool next_is_plain(const struct core *core)
{
        const struct thread *next = core->ready->head[core->ready->some.highest];

        return !next || !next->yielding_to;
}

/* A core whose only thread yields would idle, so it goes by the door at once. */
static bool can_yield(const struct core *core)
{
        const struct thread *next = core->ready->head[core->ready->some.highest];

        return core->home != HOME_NOWHERE && next && !next->yielding_to;
}

/* `to`, which waits, can leave its queue: it and the queue are at home here. */
static bool can_be_woken(const struct core *core, const struct thread *to)
{
        return to->domain == core->number &&
               (to->state != RECEIVING ||
                endpoint_home((const struct endpoint *)to->waiting_at) == core->number);
}

/* A bound thread of another core may be about to receive, or to leave its endpoint: nobody looks at it from here. */
static bool can_signal(const struct core *core, const struct notification *n)
{
        if (n->home != core->home || (n->bound && n->bound->domain != core->number))
                return false;
        const struct thread *to = short_hearer(n);
        return !to || can_be_woken(core, to);
}

static bool can_send(const struct core *core, struct cap c)
{
        const struct endpoint *e = cap_object(c);

        if (cap_kind(c) == CAP_NOTIFICATION)
                return can_signal(core, cap_object(c));
        return cap_kind(c) == CAP_ENDPOINT && endpoint_is_of(e->holds, core) && e->queue.first &&
               e->queue.first->domain == core->number;
}

static bool can_wait(const struct core *core, struct cap c)
{
        const struct notification *n = cap_object(c);

        return cap_kind(c) == CAP_NOTIFICATION && n->home == core->home && next_is_plain(core);
}

static struct context *through(const struct slot *slot, word info, struct thread *t, int64_t number)
{
        const struct core *core = this_core();

        if (number <= SYS_RECV) {
                if (!can_wait(core, slot->cap))
                        return door_again();
                return number <= SYS_WAIT ? short_wait(slot, info, t, number)
                                          : short_receive(slot, info, t, number);
        }
        if (number > SYS_SEND || !can_send(core, slot->cap))
                return door_again();
        return short_send(slot, info, t, number);
}

struct context *local_other_syscall(word cptr, word info, struct thread *t, int64_t number)
{
        struct cap root = t->slot[TCB_CSPACE].cap;

        if (takes_long_way(t))
                return door_again();
        if (number == SYS_YIELD)
                return can_yield(this_core()) ? short_yield(t) : door_again();
        if ((word)number <= (word)SYS_YIELD || !lookup_is_near(root, cptr))
                return door_again();
        return through(lookup_near(root, cptr), info, t, number);
}
