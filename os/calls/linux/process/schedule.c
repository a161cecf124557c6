/* SPDX-License-Identifier: BSD-2-Clause */
/* How threads share the processors: each thread is on one (spread.h).  Their classes, and what nice says, are in nice.h. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/process/nice.h"
#include "os/process/spread.h"

static struct process *thread_of(struct process *p, seL4_Word tid)
{
        return (int)tid ? thread_find((int)tid) : p;
}

/* The thread that calls about the class mean: the first argument; and the second one, if there is one, is an address. */
static long bad_thread(struct process *p, bool second)
{
        if ((int)p->call.argument[0] < 0 || (second && !p->call.argument[1]))
                return -SOS_EINVAL;
        return thread_of(p, p->call.argument[0]) ? 0 : -SOS_ESRCH;
}

/* --- processors --- */

/* Bits that a short mask does not have are 0, and those of a long one for processors that no machine has are not looked at; drivers stay
 * where the others that they share memory with are. */
long posix_sched_setaffinity(struct process *p)
{
        seL4_Word size = (uint32_t)p->call.argument[1];
        struct process *target;
        uint64_t mask = 0;

        if (!space_read(p->space, p->call.argument[2], &mask, size < sizeof(mask) ? size : sizeof(mask)))
                return -SOS_EFAULT;
        target = thread_of(p, p->call.argument[0]);
        if (!target)
                return -SOS_ESRCH;
        if (target->leader->driver || !user_may_set(p, target))
                return -SOS_EPERM;
        return spread_allow(target, (uint32_t)(mask & CORE_ANY)) ? 0 : -SOS_EINVAL;
}

long posix_sched_getaffinity(struct process *p)
{
        uint32_t size = (uint32_t)p->call.argument[1];
        const struct process *target;
        uint64_t mask;

        if (size < sizeof(mask) || size % sizeof(mask))
                return -SOS_EINVAL;
        target = thread_of(p, p->call.argument[0]);
        if (!target)
                return -SOS_ESRCH;
        mask = target->cpu.set;
        return space_write(p->space, p->call.argument[2], &mask, sizeof(mask)) ? (long)sizeof(mask)
                                                                               : -SOS_EFAULT;
}

/* Of one node. */
long posix_getcpu(struct process *p)
{
        const uint32_t answers[2] = {p->cpu.core};

        for (unsigned i = 0; i < 2; i++) {
                if (p->call.argument[i] &&
                    !space_write(p->space, p->call.argument[i], &answers[i], sizeof(answers[i])))
                        return -SOS_EFAULT;
        }
        return 0;
}

/* --- classes --- */

enum { RESETS = 0x40000000, DEADLINE = 6 };

static bool is_policy(seL4_Word policy)
{
        return policy_is_real_time((unsigned)policy) || policy == POLICY_OTHER || policy == POLICY_BATCH ||
               policy == POLICY_IDLE;
}

long posix_sched_getscheduler(struct process *p)
{
        const struct process *target = thread_of(p, p->call.argument[0]);
        long error = bad_thread(p, false);

        return error ? error : target->time.policy | (target->time.resets ? RESETS : 0);
}

/* Without a right to more: what it is already, or less; and what its limit says. */
static bool is_within(const struct process *target, unsigned policy, unsigned level)
{
        uint64_t limit = process_limit(target, LIMIT_REAL_TIME)->now;

        if (!policy_is_real_time(policy))
                return true;
        return (policy == target->time.policy || limit) && (level <= target->time.level || level <= limit);
}

/* A thread is of that class from now on, with that level; for `resets`, its children are ordinary. */
static long become(struct process *p, struct process *target, seL4_Word policy, uint32_t level, bool resets)
{
        if (!is_policy(policy) || (level != 0) != policy_is_real_time((unsigned)policy) || level > LEVEL_MOST)
                return -SOS_EINVAL;
        if (!user_may_set(p, target))
                return -SOS_EPERM;
        if (!user_can(&p->user, CAPABLE_NICE) &&
            (!is_within(target, (unsigned)policy, level) || (target->time.resets && !resets)))
                return -SOS_EPERM;
        if (target->leader->driver || !target->kind.foreign)
                return policy == POLICY_OTHER ? 0 : -SOS_EPERM;
        target->time.resets = resets;
        thread_be_of(target, (enum policy)policy, level);
        return 0;
}

/* The level of a call about a thread. */
static long read_level(struct process *p, seL4_Word va, struct process **target, uint32_t *level)
{
        if ((int)p->call.argument[0] < 0 || !va)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, level, sizeof(*level)))
                return -SOS_EFAULT;
        *target = thread_of(p, p->call.argument[0]);
        return *target ? 0 : -SOS_ESRCH;
}

long posix_sched_setscheduler(struct process *p)
{
        uint32_t policy = (uint32_t)p->call.argument[1], level;
        struct process *target;
        long error = (int)policy < 0 ? -SOS_EINVAL : read_level(p, p->call.argument[2], &target, &level);

        return error ? error : become(p, target, policy & ~(uint32_t)RESETS, level, policy & RESETS);
}

long posix_sched_setparam(struct process *p)
{
        struct process *target;
        uint32_t level;
        long error = read_level(p, p->call.argument[1], &target, &level);

        return error ? error : become(p, target, target->time.policy, level, target->time.resets);
}

long posix_sched_getparam(struct process *p)
{
        long error = bad_thread(p, true);
        uint32_t level;

        if (error)
                return error;
        level = thread_of(p, p->call.argument[0])->time.level;
        return space_write(p->space, p->call.argument[1], &level, sizeof(level)) ? 0 : -SOS_EFAULT;
}

/* How long it runs before others of its priority have their turn; of those that need not give way, 0. */
long posix_sched_rr_get_interval(struct process *p)
{
        const struct process *target = thread_of(p, p->call.argument[0]);
        long error = bad_thread(p, false);
        int64_t time[2] = {0};

        if (error)
                return error;
        time[1] = target->time.policy == POLICY_FIFO ? 0 : (int64_t)(target->time.budget_us * 1000);
        return space_write(p->space, p->call.argument[1], time, sizeof(time)) ? 0 : -SOS_EFAULT;
}

/* As programs know it; later kernels have more behind it. */
struct attributes {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
};
_Static_assert(sizeof(struct attributes) == 48, "as programs know it");

enum { RESET_ON_FORK = 1 };

long posix_sched_getattr(struct process *p)
{
        const struct process *target = thread_of(p, p->call.argument[0]);
        struct attributes a = {.size = sizeof(a)};
        uint32_t size = (uint32_t)p->call.argument[2];
        long error = bad_thread(p, true);

        if (error == -SOS_EINVAL || size < sizeof(a) || size > PAGE || p->call.argument[3])
                return -SOS_EINVAL;
        if (error)
                return error;
        a.policy = target->time.policy;
        a.flags = target->time.resets ? RESET_ON_FORK : 0;
        a.priority = target->time.level;
        a.nice = policy_is_real_time(a.policy) ? 0 : target->time.nice;
        return space_write(p->space, p->call.argument[1], &a, sizeof(a)) ? 0 : -SOS_EFAULT;
}

static long set_nice(struct process *p, struct process *target, int nice);

long posix_sched_setattr(struct process *p)
{
        struct attributes a;
        struct process *target;
        long error;

        if (!p->call.argument[1] || (int)p->call.argument[0] < 0 || p->call.argument[2])
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[1], &a, sizeof(a)))
                return -SOS_EFAULT;
        if (a.size && a.size < sizeof(a))
                return -SOS_E2BIG;
        target = thread_of(p, p->call.argument[0]);
        if (!target)
                return -SOS_ESRCH;
        error = a.flags & ~(uint64_t)RESET_ON_FORK
                        ? -SOS_EINVAL
                        : become(p, target, a.policy, a.priority, a.flags & RESET_ON_FORK);
        if (!error && !policy_is_real_time(a.policy))
                error = set_nice(p, target, a.nice);
        return error == -SOS_EACCES ? -SOS_EPERM : error;
}

long posix_sched_get_priority_max(struct process *p)
{
        uint32_t policy = (uint32_t)p->call.argument[0];

        if (!is_policy(policy) && policy != DEADLINE)
                return -SOS_EINVAL;
        return policy_is_real_time(policy) ? LEVEL_MOST : 0;
}

long posix_sched_get_priority_min(struct process *p)
{
        uint32_t policy = (uint32_t)p->call.argument[0];

        return !is_policy(policy) && policy != DEADLINE ? -SOS_EINVAL : policy_is_real_time(policy);
}

/* The next message is served first; the kernel has the caller behind others of its priority then. */
long posix_sched_yield(struct process *p)
{
        if (!p->call.first)
                return 0;
        wait_ring(&p->call.waiter);
        return call_waits(p, NULL);
}

/* --- nice --- */

/* Less nice again only with a right to that. */
static long set_nice(struct process *p, struct process *target, int nice)
{
        if (!user_may_set(p, target))
                return -SOS_EPERM;
        if (nice < target->time.nice && !user_can(&p->user, CAPABLE_NICE) &&
            (uint64_t)(NICE_MOST + 1 - nice) > process_limit(target, LIMIT_NICE)->now)
                return -SOS_EACCES;
        thread_be_nice(target, nice);
        return 0;
}

/* As setpriority(2): a thread, a group, all of a user; 0 is the caller's. */
bool posix_is_meant(const struct process *p, const struct process *target, int which, int who)
{
        if (!thread_lives(target))
                return false;
        if (which == WHICH_PROCESS)
                return who ? target->pid == who : target == p;
        if (which == WHICH_GROUP)
                return target->leader->group == (who ? who : p->leader->group);
        return target->user.user[USER_REAL] == (who ? (uint32_t)who : p->user.user[USER_REAL]) &&
               target->kind.foreign;
}

/* `set`: to that; the lowest of them, or -SOS_E*.  In pieces: p->call.progress tasks were looked at, p->call.vector is the highest value
 * that getpriority could return, so far. */
static long of_all(struct process *p, bool set, int nice)
{
        struct call *c = &p->call;
        int which = (int)c->argument[0], who = (int)c->argument[1];
        long error;

        if (which < WHICH_PROCESS || which > WHICH_USER)
                return -SOS_EINVAL;
        while (c->progress < TASKS) {
                struct process *target = thread_any((unsigned)c->progress++);
                seL4_Word value = (seL4_Word)(NICE_MOST + 1 - target->time.nice);

                if (!posix_is_meant(p, target, which, who))
                        continue;
                if (set && (error = set_nice(p, target, nice)) != 0)
                        c->error = error;
                c->vector = value > c->vector ? value : c->vector;
                if (pace_is_over())
                        return call_pauses(p);
        }
        return !c->vector ? -SOS_ESRCH : set ? c->error : (long)c->vector;
}

long posix_getpriority(struct process *p)
{
        return of_all(p, false, 0);
}

long posix_setpriority(struct process *p)
{
        return of_all(p, true, (int)p->call.argument[2]);
}
