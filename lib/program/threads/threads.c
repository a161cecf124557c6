/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: their list, and what is done with an existing one.  Owns the records; make.c fills them. */
#include "inside.h"

#include <book/book.h>
#include <object/object.h>
#include <sel4/report.h>

struct thread_library thread_library;

static struct book_pool records = {.bytes = (sizeof(thread_t) + 15) & ~15ul};

void threads_start(cspace_t *cspace, seL4_CPtr sched_control, seL4_CPtr authority, bool name_in_kernel)
{
        thread_library.cspace = cspace;
        thread_library.sched_control = sched_control;
        thread_library.authority = authority;
        thread_library.name_in_kernel = name_in_kernel;
}

void threads_cores(unsigned count)
{
        thread_library.cores = count;
}

thread_config_t thread_defaults(const char *name, thread_main_f *entry, void *arg)
{
        return (thread_config_t){
                .name = name,
                .entry = entry,
                .arg = arg,
                .stack_bytes = THREAD_STACK_DEFAULT,
                .prio = THREAD_PRIO_DEFAULT,
                .budget = THREAD_BUDGET_DEFAULT,
                .period = THREAD_BUDGET_DEFAULT,
        };
}

thread_t *thread_current(void)
{
        return *thread_self_in((seL4_Word)seL4_GetIPCBuffer() & ~(seL4_Word)(PAGE - 1));
}

thread_t *thread_first(void)
{
        return thread_library.first;
}

static void enlist(thread_t *thread)
{
        thread->prev = NULL;
        thread->next = thread_library.first;
        if (thread->next)
                thread->next->prev = thread;
        thread_library.first = thread;
}

static void unlist(thread_t *thread)
{
        if (thread->prev)
                thread->prev->next = thread->next;
        else if (thread_library.first == thread)
                thread_library.first = thread->next;
        if (thread->next)
                thread->next->prev = thread->prev;
}

static void forget(thread_t *thread)
{
        thread_take_apart(thread);
        thread->vspace->threads--;
        unlist(thread);
        book_free(&records, thread);
}

/* A CSpace of cspace_create got a second level: its threads go on in the wider one. */
static void cspace_moved(cspace_t *cspace)
{
        for (thread_t *t = thread_library.first; t; t = t->next) {
                if (t->cspace == cspace && t->tcb &&
                    seL4_TCB_SetSpace(t->tcb, t->fault_ep, cspace->root_cnode, seL4_NilData, t->vspace->root,
                                      seL4_NilData)) {
                        report("thread %s sees only the first 127 slots of its CSpace", t->name);
                }
        }
}

thread_t *thread_create_ex(const thread_config_t *config)
{
        thread_t *thread;
        int err;

        if (!thread_library.cspace || !config->entry) {
                report("thread_create: %s",
                       config->entry ? "threads_start comes first" : "no entry function");
                return NULL;
        }
        thread = book_new(&records);
        if (!thread)
                return NULL;
        thread->vspace = config->vspace ? config->vspace : vspace_own();
        thread->cspace = config->cspace ? config->cspace : thread_library.cspace;
        thread->cspace->moved = cspace_moved;
        thread->entry = config->entry;
        thread->arg = config->arg;
        thread->vspace->threads++;
        enlist(thread);
        err = thread_build(thread, config);
        if (err) {
                report("thread_create(%s): %s", config->name ? config->name : "", report_error_name(err));
                forget(thread);
                return NULL;
        }
        return thread;
}

void thread_destroy(thread_t *thread)
{
        if (!thread || thread == thread_current()) {
                report("thread_destroy: %s", thread ? "a thread cannot destroy itself" : "no thread");
                return;
        }
        forget(thread);
}

_Noreturn void thread_exit(void)
{
        thread_t *self = thread_current();

        if (self) {
                self->finished = true;
                __atomic_thread_fence(__ATOMIC_SEQ_CST); /* thread_join looks the other way round */
                if (self->done)
                        seL4_Signal(self->done);
        }
        for (;;)
                (void)seL4_TCB_Suspend(self ? self->tcb : thread_library.authority);
}

int thread_join(thread_t *thread)
{
        seL4_Word badge;

        if (!thread->finished && !thread->done) {
                seL4_CPtr done;

                thread->done_ut = ut_new_object(thread_library.cspace, &done, seL4_NotificationObject, 0);
                if (!thread->done_ut)
                        return VSPACE_NO_MEMORY;
                thread->done = done;
                __atomic_thread_fence(__ATOMIC_SEQ_CST);
        }
        while (!thread->finished)
                seL4_Wait(thread->done, &badge);
        return seL4_NoError;
}

int thread_suspend(thread_t *thread)
{
        int err = seL4_TCB_Suspend(thread->tcb);

        thread->running = thread->running && err;
        return err;
}

int thread_resume(thread_t *thread)
{
        int err = seL4_TCB_Resume(thread->tcb);

        thread->running = thread->running || !err;
        return err;
}

int thread_set_priority(thread_t *thread, uint8_t prio)
{
        return seL4_TCB_SetPriority(thread->tcb, thread_library.authority, prio);
}

uint64_t thread_time_used(thread_t *thread)
{
        seL4_SchedContext_Consumed_t used;

        if (!thread->sched_context)
                return 0;
        used = seL4_SchedContext_Consumed(thread->sched_context);
        return used.error ? 0 : used.consumed;
}
