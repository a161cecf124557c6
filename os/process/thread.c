/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of processes, and how processes end: thread by thread, and piece by piece; see process.h. */
#include "base/text.h"
#include "os/core/pace.h"
#include "os/files/event.h"
#include "os/process/debug.h"
#include "os/process/driver.h"
#include "os/process/family.h"
#include "os/process/filters.h"
#include "os/process/futex.h"
#include "os/process/ipc.h"
#include "os/process/keys.h"
#include "os/process/machine.h"
#include "os/process/process_parts.h"
#include "os/process/requests.h"
#include "os/process/sharing.h"
#include "os/process/signals/signal.h"
#include "os/process/signals/signal_queue.h"
#include "os/process/spread.h"
#include "os/process/timers.h"
#include "os/process/tracee.h"

enum { STOPS = 32 }; /* threads that are stopped in one piece */

static struct {
        struct process *free; /* records that were used, by `next` */
        unsigned fresh;       /* the first that was not */
} threads;

unsigned tasks_known(void)
{
        return PROCESSES + threads.fresh;
}

/* --- making --- */

static struct process *take_record(struct process *l)
{
        struct process *t = threads.free;

        if (!family_may_have_thread(l))
                return NULL;
        if (t)
                threads.free = t->ring.next;
        else if (threads.fresh < THREADS)
                t = thread_entry(threads.fresh++);
        if (t) {
                memset(t, 0, sizeof(*t));
                t->leader = l;
                task_enter(t);
        }
        return t;
}

static void give_record(struct process *t)
{
        task_leave(t);
        t->ring.next = threads.free;
        threads.free = t;
}

static void enter_ring(struct process *l, struct process *t)
{
        t->ring.next = l;
        t->ring.previous = l->ring.previous;
        l->ring.previous->ring.next = t;
        l->ring.previous = t;
        l->ring.threads++;
}

static void leave_ring(struct process *t)
{
        t->ring.next->ring.previous = t->ring.previous;
        t->ring.previous->ring.next = t->ring.next;
        t->leader->ring.threads--;
}

int thread_make(struct process *p, const struct process_fork *how)
{
        struct process *l = p->leader, *t = take_record(l);

        if (!t)
                return -SOS_EAGAIN;
        task_inherit(t, p);
        t->family = l->family;
        t->kind.foreign = true;
        t->space = p->space;
        t->signals.blocked = p->signals.blocked;
        t->handlers = p->handlers;
        t->files = how->same_files ? p->files : descriptors_copy(p->files);
        t->place = how->same_place ? p->place : place_copy(p->place);
        p->handlers->users++;
        task_shares_files(p, t, how);
        p->place->users += how->same_place;
        if (!t->files || !t->place || !task_copy_thread(p, t, how)) {
                task_free_thread(t);
                handlers_drop(t->handlers);
                while (!descriptors_drop_some(t->files))
                        ;
                place_drop(t->place);
                give_record(t);
                return -SOS_ENOMEM;
        }
        enter_ring(l, t);
        keys_inherit(t, p);
        filters_inherit(t, p);
        t->state = PROCESS_RUNNING;
        debug_new_thread(t);
        return t->pid;
}

/* --- time --- */

static uint64_t all_used, core_used[CORES_MAX];

void thread_used(struct process *p, unsigned long us)
{
        p->time.consumed_us += us;
        p->leader->time.used_us += us;
        all_used += us;
        core_used[p->cpu.core] += us;
}

uint64_t process_all_used(void)
{
        return all_used;
}

uint64_t process_core_used(unsigned core)
{
        return core_used[core];
}

unsigned long thread_consumed(struct process *p)
{
        if (p->kernel.sc.ut)
                thread_used(p, seL4_SchedContext_Consumed(p->kernel.sc.cap).consumed);
        return p->time.consumed_us;
}

bool process_count_some(struct process *of, seL4_Word *at)
{
        if (of && of->ring.threads == 1) {
                thread_consumed(of);
                return true;
        }
        while (*at < TASKS) {
                struct process *p = thread_any((unsigned)(*at)++);

                if (p->state == PROCESS_FREE || (of && p->leader != of))
                        continue;
                thread_consumed(p);
                if (pace_is_over())
                        return *at == TASKS;
        }
        return true;
}

/* --- ending --- */

void task_still(struct process *p)
{
        reply_cancel_client(call_replies(), (seL4_Word)p->pid);
        call_lets_move(&p->call);
        call_lets_open(&p->call);
        call_forgets(&p->call);
        call_lets_files(&p->call);
        call_lets_change(p);
        if (p->kernel.tcb.ut)
                seL4_TCB_Suspend(p->kernel.tcb.cap);
        thread_consumed(p);
        call_stops_waiting(&p->call);
}

void thread_stop(struct process *p)
{
        task_still(p);
        p->state = PROCESS_ENDING;
        p->call.progress = 0;
        wait_ring(&p->call.waiter);
}

/* The process goes in pieces, the first ones soon. */
void process_kill(struct process *p, int code)
{
        struct process *l = p->leader;

        if (l->driver && !l->end.exiting && driver_again(l->driver, l))
                return;
        if (!l->end.exiting) {
                l->end.exiting = true;
                l->end.exit_code = code;
                alarm_set(&l->signals.alarm, NULL, 0);
                timers_drop(l);
                used_timers_drop(l);
                sos_unshare(l);
                semaphores_undo(l);
        }
        if (thread_lives(p))
                thread_stop(p);
        if (thread_lives(l)) {
                thread_stop(l);
        } else if (l->state == PROCESS_HOLLOW) {
                l->state = PROCESS_ENDING;
                wait_ring(&l->call.waiter);
        }
}

/* The nearest one above that takes orphans; 0: nobody does. */
static int reaper_of(const struct process *p)
{
        const struct process *above = process_find(p->parent);

        for (unsigned i = 0; above && i < PROCESSES; i++) {
                if (above->traits.reaper && process_lives(above))
                        return above->pid;
                above = process_find(above->parent);
        }
        return 0;
}

static void orphan_children(const struct process *parent)
{
        int reaper = reaper_of(parent);

        for (unsigned i = 0; i < PROCESSES; i++) {
                struct process *p = process_entry(i);

                if (p->state == PROCESS_FREE || p->parent != parent->pid)
                        continue;
                p->parent = reaper;
                if (p->state == PROCESS_ZOMBIE && reaper)
                        wait_wake(&process_find(reaper)->waits.children);
                else if (p->state == PROCESS_ZOMBIE && !p->tracee.tracer)
                        process_forget(p);
                else if (p->state == PROCESS_ZOMBIE)
                        continue;
                else if (p->traits.parent_signal && process_lives(p))
                        signal_send(p, p->traits.parent_signal);
        }
}

/* A request that it was carrying out (io_submit) ends as an interrupted one does: others of its address space may wait for the result. */
static void end_request(struct process *p)
{
        uint16_t record = p->call.requests.record;
        struct request_context *c = record && p->space ? requests_find(p->space, p->call.argument[0]) : NULL;

        if (c)
                requests_finish(c, record, -SOS_EINTR);
        p->call.requests.record = 0;
}

/* A piece of what every thread has of its own: locks, objects, a space that it was just making.  True: that was all. */
static bool end_own(struct process *p)
{
        end_request(p);
        if (!futex_thread_ends(p))
                return false;
        process_free_old(p);
        if (p->call.space && !space_end_some(p->call.space))
                return false;
        p->call.space = NULL;
        task_free_thread(p);
        signal_queue_drop(&p->signals.queue);
        return true;
}

/* A thread that is not the leader has gone: the leader may have waited for it. */
static enum process_end end_thread(struct process *t)
{
        struct process *l = t->leader;

        if (!descriptors_drop_some(t->files))
                return PROCESS_ENDS_ON;
        place_drop(t->place);
        handlers_drop(t->handlers);
        keys_end(t);
        filters_end(t);
        leave_ring(t);
        wait_wake(&t->waits.ended);
        if (t->tracee.tracer)
                tracee_thread_gone(t);
        give_record(t);
        wait_wake(&l->waits.fewer);
        if (l->ring.threads == 1 && l->state == PROCESS_HOLLOW && !l->end.executing)
                process_kill(l, t->end.exit_code);
        else if (l->ring.threads == 1 && l->state == PROCESS_ENDING)
                wait_ring(&l->call.waiter);
        return PROCESS_RESTS;
}

bool thread_stop_others(struct process *p)
{
        struct process *t = p->ring.next;
        unsigned count = 0;

        for (; t != p && count < STOPS; t = t->ring.next) {
                if (!thread_lives(t))
                        continue;
                thread_stop(t);
                count++;
        }
        return count < STOPS;
}

/* What a process has besides its threads, when these have gone. */
static bool end_process(struct process *p)
{
        if (!descriptors_drop_some(p->files))
                return false;
        p->files = NULL;
        keys_end(p);
        filters_end(p);
        place_drop(p->place);
        p->place = NULL;
        handlers_drop(p->handlers);
        p->handlers = NULL;
        machine_release(p);
        object_free(&p->kernel.cnode);
        signal_queue_drop(&p->signals.common_queue);
        if (p->space)
                requests_end(p->space);
        if (p->space && !space_end_some(p->space))
                return false;
        p->space = NULL;
        return true;
}

enum process_end process_end_some(struct process *p)
{
        if (!end_own(p))
                return PROCESS_ENDS_ON;
        if (p->leader != p)
                return end_thread(p);
        if (p->ring.threads > 1) {
                if (p->end.exiting)
                        return thread_stop_others(p) ? PROCESS_RESTS : PROCESS_ENDS_ON;
                p->state = PROCESS_HOLLOW;
                wait_wake(&p->waits.fewer);
                return PROCESS_RESTS;
        }
        p->end.exiting = true;
        if (!tracees_lose(p))
                return PROCESS_ENDS_ON;
        if (!end_process(p))
                return PROCESS_ENDS_ON;
        p->state = PROCESS_ZOMBIE;
        wait_wake(&p->waits.ended);
        if (p->end.watched)
                event_ended(p->pid);
        debug_ended(p);
        signal_session_ends(p);
        orphan_children(p);
        if (p->tracee.tracer && tracee_gone(p))
                return PROCESS_RESTS;
        if (!p->parent)
                process_forget(p);
        return PROCESS_ENDED;
}

void process_forget(struct process *p)
{
        if (p->tracee.tracer)
                tracee_forget(p);
        task_leave(p);
}
