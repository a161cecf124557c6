/* SPDX-License-Identifier: BSD-2-Clause */
/* What sends signals by itself: children that end, the terminal, alarms; and what exec and fork keep of them. */
#include "os/files/mqueue.h"
#include "os/files/pty.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_frame.h"
#include "os/process/timers.h"
#include "os/process/users.h"
#include "sos/clock.h"

static int foreground; /* the group that the terminal belongs to, where somebody has said so */

void signal_foreground(int group)
{
        foreground = group;
}

/* What the parent gets, in siginfo: how it ended, or the signal that ended it. */
static struct signal_cause child_cause(const struct process *child)
{
        int signal = child->end.exit_code & 0x7f;

        return (struct signal_cause){.signal = child->end.end_signal,
                                     .code = signal ? CHILD_KILLED : CHILD_EXITED,
                                     .address = user_of_cause(child),
                                     .value = (seL4_Word)(signal ? signal : child->end.exit_code >> 8)};
}

void signal_child(struct process *parent, struct process *child)
{
        struct signal_cause cause = child_cause(child);
        const struct signal_action *a;

        if (!process_lives(parent))
                return;
        a = &parent->handlers->action[SIGNAL_CHLD - 1];
        if (parent->kind.foreign && child->end.end_signal == SIGNAL_CHLD && !child->tracee.tracer &&
            (a->handler == HANDLER_IGNORE || a->flags & SA_NOCLDWAIT))
                process_forget(child);
        if (cause.signal)
                signal_send_cause(parent, &cause, false);
}

static bool group_lives(int group)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->group == group && process_lives(p))
                        return true;
        }
        return false;
}

int signal_foreground_group(void)
{
        struct process *shell = process_find(1), *child;

        if (foreground && group_lives(foreground))
                return foreground;
        child = shell && shell->state == PROCESS_WAITING ? process_find((int)shell->call.argument[0]) : NULL;
        return child ? child->group : 0;
}

void signal_key(void)
{
        int group = signal_foreground_group();

        for (unsigned i = 0; group && i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state != PROCESS_FREE && p->group == group && p->pid != 1)
                        signal_send(p, SIGNAL_INT);
        }
}

static void send_group(int group, int signal)
{
        for (unsigned i = 0; group && i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (process_lives(p) && p->group == group)
                        signal_send(p, signal);
        }
}

void signal_terminals(void)
{
        int signal, group, session;

        while (pty_signal(&signal, &group, &session)) {
                struct process *leader = session ? process_find(session) : NULL;

                if (leader && process_lives(leader))
                        signal_send(leader, signal);
                send_group(group, signal);
        }
}

void signal_session_ends(const struct process *leader)
{
        int group = leader->session == leader->pid ? pty_session_ends(leader->session) : 0;

        send_group(group, SIGNAL_HUP);
        send_group(group, SIGNAL_CONT);
}

void signal_alarm(struct process *p)
{
        struct signals *s = &p->leader->signals;
        uint64_t now;

        timers_ring(p->leader);
        if (process_lives(p->leader))
                used_timers_ring(p->leader);
        if (!s->alarm.at || !process_lives(p->leader))
                return;
        now = clock_us();
        if (now < s->alarm.at)
                return;
        alarm_set(&s->alarm, &p->leader->call.waiter, s->interval_us ? now + s->interval_us : 0);
        signal_send(p, SIGNAL_ALRM);
}

void signal_defaults(struct process *p)
{
        for (int i = 0; i < PROCESS_SIGNALS; i++) {
                struct signal_action *a = &p->handlers->action[i];

                if (a->handler != HANDLER_IGNORE)
                        *a = (struct signal_action){0};
        }
}

void signals_for_exec(struct process *p)
{
        signal_defaults(p);
        p->signals.stack.sp = p->signals.stack.size = p->signals.stack.flags = 0;
        timers_drop(p->leader);
        mqueue_forget_all(p->leader->pid);
}

void signals_for_fork(struct process *child, const struct process *parent, bool same_space)
{
        child->signals.blocked = parent->signals.blocked;
        if (!same_space)
                child->signals.stack = parent->signals.stack;
}
