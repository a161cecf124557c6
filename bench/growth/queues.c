/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of threads: endpoints, notifications, ready threads, threads that wait for budget. */
#include "crowd.h"

enum { LOWEST = FIRST - 1, MIDDLE = FIRST + LEVELS / 2, HIGHEST = FIRST + LEVELS };

static struct {
        word threads, sc, probe, probe_sc, object;
} s;

/* `n` threads at priorities spread over LEVELS, in the queue of a fresh object, by that system call. */
static void crowd(word n, word type, seL4_Syscall_ID number)
{
        struct does join = {crowd_call, number, 0, 0, 0, 0};

        counting();
        s.object = join.x0 = new_object(type, 0);
        s.sc = new_sc(10000, 10000);
        s.probe = new_object(seL4_TCBObject, 0);
        s.probe_sc = new_sc(10000, 10000);
        s.threads = crowd_objects(seL4_TCBObject, 0, n);
        root_priority(ROOT_LOW);
        for (word i = 0; i < n; i++)
                crowd_join(s.threads + i, s.sc, FIRST + i * 37 % LEVELS, &join);
}

static void join_and_leave(const char *join, const char *leave, word n, seL4_Syscall_ID number)
{
        static const struct {
                const char *name;
                word priority;
        } at[] = {{"front", HIGHEST}, {"middle", MIDDLE}, {"end", LOWEST}};
        const struct does what = {crowd_probe, number, s.object, 0, 0, 0};

        for (word i = 0; i < 3; i++) {
                word left, cost_of = join_cost(s.probe, s.probe_sc, at[i].priority, &what, &left);

                grow(join, at[i].name, n, cost_of, 1);
                grow(leave, at[i].name, n, left, 1);
        }
}

static void priorities(const char *name, word n)
{
        static const struct {
                const char *name;
                word priority;
        } to[] = {{"front", HIGHEST}, {"middle", MIDDLE}, {"end", LOWEST}};

        for (word i = 0; i < 3; i++) {
                GROW(name, to[i].name, n, 1,
                     seL4_TCB_SetPriority(s.threads + n / 2, seL4_CapInitThreadTCB, to[i].priority));
        }
}

static void endpoint(word n)
{
        word badge, reply, before;

        crowd(n, seL4_EndpointObject, seL4_SysSend);
        join_and_leave("send-joins", "send-leaves", n, seL4_SysSend);
        priorities("set-priority-of-sender", n);
        reply = new_reply();
        before = begin_reading();
        seL4_NBRecv(s.object, &badge, reply);
        grow("recv-takes", "first", n, end_reading() - before, 1);
        GROW("delete-endpoint", "per-waiter", n, n, seL4_CNode_Delete(AT(s.object)));
}

static void notification(word n)
{
        word before;

        crowd(n, seL4_NotificationObject, seL4_SysWait);
        join_and_leave("wait-joins", "wait-leaves", n, seL4_SysWait);
        before = begin_reading();
        seL4_Signal(s.object);
        grow("signal-takes", "first", n, end_reading() - before, 1);
        GROW("delete-notification", "per-waiter", n, n, seL4_CNode_Delete(AT(s.object)));
}

/* Waiters with scheduling contexts of their own, at priorities spread as above; they become ready when
 * the object is deleted.  The test's priority `root` decides whether they run. */
static void active_crowd(word n, word root, const struct does *join)
{
        word scs;

        s.threads = crowd_objects(seL4_TCBObject, 0, n);
        scs = crowd_objects(seL4_SchedContextObject, seL4_MinSchedContextBits + 1, n);
        root_priority(root);
        for (word i = 0; i < n; i++) {
                OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, scs + i, 10000, 10000, 0,
                                                    0, 0));
                crowd_prepare(s.threads + i, scs + i, FIRST + i * 37 % LEVELS);
                crowd_start(s.threads + i, join);
        }
        root_priority(SUITE_PRIORITY);
}

static void deleted(const char *name, word n, word type, seL4_Syscall_ID number)
{
        struct does join = {crowd_call, number, new_object(type, 0), 0, 0, 0};

        counting();
        active_crowd(n, ROOT_LOW, &join);
        GROW(name, "per-active-waiter", n, n, seL4_CNode_Delete(AT(join.x0)));
}

static void active(word n)
{
        deleted("delete-endpoint", n, seL4_EndpointObject, seL4_SysSend);
        deleted("delete-notification", n, seL4_NotificationObject, seL4_SysWait);
}

/* Either all senders have the badge that is cancelled, or none has. */
static void badges(const char *which, word n, word badge)
{
        word ep = new_endpoint(), cap = minted(ep, badge, seL4_AllRights);
        struct does join = {crowd_call, seL4_SysSend, minted(ep, 1, seL4_AllRights), 0, 0, 0};

        counting();
        active_crowd(n, ROOT_LOW, &join);
        GROW("cancel-badged-sends", which, n, n, seL4_CNode_CancelBadgedSends(AT(cap)));
}

static void scanned(word n)
{
        badges("per-scanned", n, 2);
}

static void cancelled(word n)
{
        badges("per-cancelled", n, 1);
}

/* Ready threads below the test: they never run. */
static void ready(word n)
{
        struct does nothing = {crowd_call, seL4_SysYield, 0, 0, 0, 0};

        counting();
        active_crowd(n, SUITE_PRIORITY, &nothing);
        priorities("set-priority-of-ready", n);
        GROW("suspend-ready", "middle", n, 1, seL4_TCB_Suspend(s.threads + n / 2));
        GROW("resume-ready", "middle", n, 1, seL4_TCB_Resume(s.threads + n / 2));
}

GROWS(endpoint, endpoint)
TEST(endpoint_64, "")
{
        endpoint(64);
}

GROWS(notification, notification)
GROWS(active, active)
GROWS(scanned, scanned)
GROWS(cancelled, cancelled)
GROWS(ready, ready)
