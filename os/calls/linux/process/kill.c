/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals to others, and the groups that they are sent to. */
#include "os/calls/linux/posix.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"

/* As kill(2) of Linux: a process, one's own group (0), all but the first, oneself and the drivers (-1; there these are no processes), a
 * group.  Processes that have ended but were not waited for still count. */
static bool meant(const struct process *p, const struct process *target, int pid)
{
        if (target->state == PROCESS_FREE)
                return false;
        if (pid == -1)
                return target != p->leader && target->pid != 1 && !target->driver;
        return pid > 0 ? target->pid == pid : target->group == (pid ? -pid : p->leader->group);
}

/* Within a session everybody may say that it goes on. */
bool posix_may_signal(const struct process *p, const struct process *target, seL4_Word signal)
{
        return target->leader == p->leader || user_may_meet(p, target, CAPABLE_KILL) ||
               (signal == SIGNAL_CONT && target->leader->session == p->leader->session);
}

static long kill(struct process *p, int pid, seL4_Word signal)
{
        struct signal_cause cause = {
                .signal = (int)signal, .code = SENT_BY_USER, .address = user_of_cause(p)};
        bool found = false, sent = false;

        if (signal > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *target = process_entry(i);

                if (!meant(p, target, pid))
                        continue;
                found = true;
                if (!posix_may_signal(p, target, signal))
                        continue;
                sent = true;
                if (signal)
                        signal_send_cause(target, &cause, false);
        }
        return sent || (found && pid == -1) ? 0 : found ? -SOS_EPERM : -SOS_ESRCH;
}

/* A native program that ends one process goes on when it has gone. */
long posix_kill(struct process *p)
{
        struct process *target = p->kind.foreign ? NULL : process_find((int)p->call.argument[0]);
        bool lived;
        long error;

        if (target && target->state == PROCESS_ENDING && target != p && !p->call.first)
                return call_waits(p, &target->waits.ended);
        if (!p->call.first)
                return 0;
        lived = target && target != p && process_lives(target);
        error = kill(p, (int)p->call.argument[0], p->call.argument[1]);
        return !error && lived && target->state == PROCESS_ENDING ? call_waits(p, &target->waits.ended)
                                                                  : error;
}

/* tkill(thread, signal) and tgkill(process, thread, signal). */
long posix_tkill(struct process *p)
{
        bool one = p->call.number % SOS_POSIX == LINUX_TKILL;
        int group = (int)p->call.argument[0], thread = (int)p->call.argument[one ? 0 : 1];
        seL4_Word signal = p->call.argument[one ? 1 : 2];
        struct process *target = thread_find(thread);
        struct signal_cause cause = {
                .signal = (int)signal, .code = SENT_TO_THREAD, .address = user_of_cause(p)};

        if (thread <= 0 || group <= 0 || signal > PROCESS_SIGNALS)
                return -SOS_EINVAL;
        if (!target || target->state == PROCESS_FREE || (!one && target->leader->pid != group))
                return -SOS_ESRCH;
        if (!posix_may_signal(p, target, signal))
                return -SOS_EPERM;
        if (signal)
                signal_send_cause(target, &cause, true);
        return 0;
}

/* The process that an argument means: 0 is the caller. */
static struct process *named(struct process *p, seL4_Word pid)
{
        struct process *found = pid ? process_find((int)pid) : p->leader;

        return found && process_lives(found) ? found : NULL;
}

long posix_getpgid(struct process *p)
{
        struct process *target = named(p, p->call.argument[0]);

        if (!target)
                return -SOS_ESRCH;
        return p->call.number % SOS_POSIX == LINUX_GETSID ? target->session : target->group;
}

/* Is there a process of that group in the session? */
static bool group_is_there(int group, int session)
{
        const struct process *member = process_of_group(group);

        return member && member->session == session;
}

/* Its own group, or one of the session; but the leader of a session stays in its own. */
static bool may_join(const struct process *p, const struct process *target, int group)
{
        return target->session != target->pid && target->session == p->session &&
               (group == target->pid || group_is_there(group, p->session));
}

/* Itself, or a child that has not begun a program of its own; within the session. */
long posix_setpgid(struct process *p)
{
        struct process *l = p->leader, *target = named(p, (uint32_t)p->call.argument[0]);
        int group = (int)p->call.argument[1];

        if (group < 0)
                return -SOS_EINVAL;
        if (!target || (target != l && target->parent != l->pid))
                return (int)p->call.argument[0] < 0 ? -SOS_EINVAL : -SOS_ESRCH;
        group = group ? group : target->pid;
        if (target != l && target->kind.began)
                return -SOS_EACCES;
        if (!may_join(l, target, group))
                return -SOS_EPERM;
        target->group = group;
        return 0;
}

long posix_setsid(struct process *p)
{
        struct process *l = p->leader;

        if (group_is_there(l->pid, l->session))
                return -SOS_EPERM;
        l->group = l->session = l->pid;
        return l->pid;
}
