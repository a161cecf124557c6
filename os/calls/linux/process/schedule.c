/* SPDX-License-Identifier: BSD-2-Clause */
/* How threads share the processors: each thread is on one (spread.h).  There is one class of threads, Linux's ordinary one; what nice says
 * is how long a thread runs before its equals have their turn (nice.h). */
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

enum { OTHER = 0, FIFO = 1, ROUND_ROBIN = 2, BATCH = 3, IDLE = 5, PRIORITY_MAX = 99 };

static bool is_real_time(seL4_Word policy)
{
        return policy == FIFO || policy == ROUND_ROBIN;
}

static bool is_policy(seL4_Word policy)
{
        return is_real_time(policy) || policy == OTHER || policy == BATCH || policy == IDLE;
}

/* The one class of threads is Linux's ordinary one. */
long posix_sched_getscheduler(struct process *p)
{
        long error = bad_thread(p, false);

        return error ? error : OTHER;
}

/* May a thread be of that class, with that priority? */
static long judge(seL4_Word policy, uint32_t priority)
{
        if (!is_policy(policy) || (priority != 0) != is_real_time(policy) || priority > PRIORITY_MAX)
                return -SOS_EINVAL;
        return policy == OTHER ? 0 : -SOS_EPERM;
}

long posix_sched_setscheduler(struct process *p)
{
        uint32_t priority;

        if ((int)p->call.argument[0] < 0 || !p->call.argument[2])
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[2], &priority, sizeof(priority)))
                return -SOS_EFAULT;
        if (!thread_of(p, p->call.argument[0]))
                return -SOS_ESRCH;
        return judge((uint32_t)p->call.argument[1], priority);
}

long posix_sched_setparam(struct process *p)
{
        uint32_t priority;

        if ((int)p->call.argument[0] < 0 || !p->call.argument[1])
                return -SOS_EINVAL;
        if (!space_read(p->space, p->call.argument[1], &priority, sizeof(priority)))
                return -SOS_EFAULT;
        return thread_of(p, p->call.argument[0]) ? judge(OTHER, priority) : -SOS_ESRCH;
}

long posix_sched_getparam(struct process *p)
{
        static const uint32_t none;
        long error = bad_thread(p, true);

        if (error)
                return error;
        return space_write(p->space, p->call.argument[1], &none, sizeof(none)) ? 0 : -SOS_EFAULT;
}

/* How long it runs before others of its priority have their turn. */
long posix_sched_rr_get_interval(struct process *p)
{
        long error = bad_thread(p, false);
        int64_t time[2] = {0};

        if (error)
                return error;
        time[1] = (int64_t)(thread_of(p, p->call.argument[0])->time.budget_us * 1000);
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

long posix_sched_getattr(struct process *p)
{
        struct attributes a = {.size = sizeof(a), .policy = OTHER};
        uint32_t size = (uint32_t)p->call.argument[2];
        long error = bad_thread(p, true);

        if (error == -SOS_EINVAL || size < sizeof(a) || size > PAGE || p->call.argument[3])
                return -SOS_EINVAL;
        if (error)
                return error;
        a.nice = thread_of(p, p->call.argument[0])->time.nice;
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
        error = a.flags ? -SOS_EINVAL : judge(a.policy, a.priority);
        error = error ? error : set_nice(p, target, a.nice);
        return error == -SOS_EACCES ? -SOS_EPERM : error;
}

long posix_sched_get_priority_max(struct process *p)
{
        return !is_policy(p->call.argument[0])     ? -SOS_EINVAL
               : is_real_time(p->call.argument[0]) ? PRIORITY_MAX
                                                   : 0;
}

long posix_sched_get_priority_min(struct process *p)
{
        return !is_policy(p->call.argument[0]) ? -SOS_EINVAL : is_real_time(p->call.argument[0]);
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
