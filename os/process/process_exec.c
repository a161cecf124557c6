/* SPDX-License-Identifier: BSD-2-Clause */
/* A process becomes another program; see process.h. */
#include "os/process/debug.h"
#include "os/process/filters.h"
#include "os/process/keys.h"
#include "os/process/process_parts.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"
#include "os/process/users.h"

/* What clone made common with other processes is its own before another program begins. */
static bool unshare(struct process *p)
{
        struct descriptors *files = p->files->users > 1 ? descriptors_copy(p->files) : NULL;
        struct handlers *handlers = p->handlers->users > 1 ? handlers_copy(p->handlers) : NULL;

        if ((p->files->users > 1 && !files) || (p->handlers->users > 1 && !handlers)) {
                while (!descriptors_drop_some(files))
                        ;
                handlers_drop(handlers);
                return false;
        }
        if (files) {
                descriptors_drop_some(p->files);
                p->files = files;
        }
        if (handlers) {
                handlers_drop(p->handlers);
                p->handlers = handlers;
        }
        return true;
}

/* The leader, whose own thread has gone, goes on with the call of the last one, which ends. */
static void become_leader(struct process *p)
{
        struct process *l = p->leader;

        l->signals.blocked = p->signals.blocked;
        l->signals.pending |= p->signals.pending;
        filters_inherit(l, p);
        call_stops_waiting(&l->call);
        l->call = (struct call){
                .number = p->call.number, .trap = p->call.trap, .judged = true, .space = l->call.space};
        l->state = PROCESS_WAITING;
        p->end.robust = p->end.clear_tid = 0; /* as on Linux: with its number they are nobody's */
        tracee_moves(p, l);
        p->space = NULL;
        thread_stop(p);
}

/* Others may look into what its program has, unless that has begun as somebody else. */
static void become(struct process *l, const struct user *caller, const struct user *user)
{
        struct user before = *caller;

        l->traits.no_dump = before.user[USER_EFFECTIVE] != before.user[USER_REAL] ||
                            before.group[USER_EFFECTIVE] != before.group[USER_REAL];
        l->user = *user;
        user_hides(l, &before);
}

/* Somebody who could not become that user himself would rule the program: its tracer, a debugger, or who can move its directory. */
static bool is_distrusted(const struct process *p)
{
        const struct process *tracer = p->tracee.tracer ? process_find(p->tracee.tracer) : NULL;

        if (p->place->no_more_rights)
                return true;
        return !user_can(&p->user, CAPABLE_USERS) &&
               ((tracer && !user_can(&tracer->user, CAPABLE_TRACE)) || debug_of(NULL, p->leader->pid) ||
                p->place->users > p->leader->ring.threads);
}

/* The new program gets new objects; the old ones go only when that worked. */
int process_exec(struct process *p, const struct process_plan *plan)
{
        struct process *l = p->leader;
        struct object tcb = l->kernel.tcb, sc = l->kernel.sc, cnode = l->kernel.cnode;
        struct space *space = l->space;
        bool foreign = l->kind.foreign;
        struct process_plan with = *plan;
        struct user user = p->user;
        int error = unshare(l) ? 0 : -SOS_ENOMEM;

        l->kernel.tcb = l->kernel.sc = l->kernel.cnode = (struct object){0};
        l->space = NULL;
        with.user = &user;
        with.secure = user_program(&user, plan->program, is_distrusted(p));
        error = error ? error : task_load(l, &with);
        if (!error && !l->kind.foreign && (p->filters.last || p->filters.strict))
                error = -SOS_EACCES; /* the calls of a native program are not those that its filters know */
        if (error) {
                task_free_objects(l);
                l->kernel.tcb = tcb;
                l->kernel.sc = sc;
                l->kernel.cnode = cnode;
                l->space = space;
                l->kind.foreign = foreign;
                return error;
        }
        if (sc.ut)
                thread_used(l, seL4_SchedContext_Consumed(sc.cap).consumed);
        l->kernel.old[0] = tcb;
        l->kernel.old[1] = sc;
        l->kernel.old[2] = cnode;
        l->call.space = space;
        l->end.executing = NULL;
        l->kind.began = true;
        become(l, &p->user, &user);
        signals_for_exec(l);
        keys_exec(p);
        task_rename(l, plan->name);
        if (p != l)
                become_leader(p);
        return 0;
}

void process_free_old(struct process *p)
{
        for (int i = 0; i < 3; i++)
                object_free(&p->kernel.old[i]);
}
