/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and unmaking threads.
 *
 * Creation fills a record step by step; a step that fails leaves its fields at 0, and one function takes apart whatever
 * the fields say is there.  It serves failed creation and destruction alike.
 *
 * In memory, from low to high: guard page | stack | thread-local storage | guard page.  The last word of the IPC buffer's
 * page (the buffer itself is shorter) holds the thread's own record, which is how a thread knows who it is.
 */
#include <threads/threads.h>

#include <book/book.h>
#include <object/object.h>
#include <sel4/report.h>
#include <sel4/tls.h>

enum {
        PAGE = 1 << seL4_PageBits,
        SELF_OFFSET = PAGE - sizeof(thread_t *),
        REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word),
};

static struct {
        cspace_t *cspace;
        seL4_CPtr sched_control, authority;
        bool name_in_kernel;
        thread_t *first;
} threads;

static struct book_pool records = {.bytes = (sizeof(thread_t) + 15) & ~15ul};

void threads_start(cspace_t *cspace, seL4_CPtr sched_control, seL4_CPtr authority, bool name_in_kernel)
{
        threads.cspace = cspace;
        threads.sched_control = sched_control;
        threads.authority = authority;
        threads.name_in_kernel = name_in_kernel;
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

static thread_t **self_in(seL4_Word ipc_buffer)
{
        return (thread_t **)(ipc_buffer + SELF_OFFSET);
}

thread_t *thread_current(void)
{
        return *self_in((seL4_Word)seL4_GetIPCBuffer() & ~(seL4_Word)(PAGE - 1));
}

thread_t *thread_first(void)
{
        return threads.first;
}

static void enlist(thread_t *thread)
{
        thread->prev = NULL;
        thread->next = threads.first;
        if (thread->next) {
                thread->next->prev = thread;
        }
        threads.first = thread;
}

static void unlist(thread_t *thread)
{
        if (thread->prev) {
                thread->prev->next = thread->next;
        } else if (threads.first == thread) {
                threads.first = thread->next;
        }
        if (thread->next) {
                thread->next->prev = thread->prev;
        }
}

static void drop_object(cspace_t *cspace, seL4_CPtr *cap, ut_t **ut)
{
        if (*cap) {
                ut_free_object(cspace, *cap, *ut);
        }
        *cap = seL4_CapNull;
        *ut = NULL;
}

static void drop_stack(thread_t *thread)
{
        size_t pages = (thread->stack_top - thread->stack) >> seL4_PageBits;

        if (thread->stack) {
                vspace_unmap(thread->vspace, thread->stack, pages);
                vspace_unreserve(thread->vspace, thread->stack - PAGE, 1);
                vspace_unreserve(thread->vspace, thread->stack_top, 1);
        }
}

static void take_apart(thread_t *thread)
{
        cspace_t *cspace = threads.cspace;

        if (thread->tcb) {
                (void)seL4_TCB_Suspend(thread->tcb);
        }
        drop_object(cspace, &thread->tcb, &thread->tcb_ut);
        drop_object(cspace, &thread->sched_context, &thread->sched_context_ut);
        drop_object(cspace, &thread->done, &thread->done_ut);
        if (thread->own_fault_ep) {
                cspace_discard(cspace, thread->fault_ep);
        }
        if (thread->user_ep) {
                cspace_discard(cspace, thread->user_ep);
        }
        if (thread->ipc_buffer_vaddr) {
                vspace_unmap(thread->vspace, thread->ipc_buffer_vaddr, 1);
        }
        drop_stack(thread);
        thread->vspace->threads--;
        unlist(thread);
        book_free(&records, thread);
}

static bool is_local(const thread_t *thread)
{
        return thread->vspace == vspace_own();
}

/* What the configuration asks for, and in addition thread-local data of more than a quarter of a page; less is taken from
 * what was asked for. */
static size_t stack_pages(const thread_t *thread, seL4_Word bytes)
{
        size_t data = is_local(thread) ? tls_size() : 0;

        return (bytes + (data > PAGE / 4 ? data : 0) + PAGE - 1) >> seL4_PageBits;
}

/* Guard, stack, guard: all or nothing. */
static int make_stack(thread_t *thread, const thread_config_t *config)
{
        seL4_Word bytes = config->stack_bytes ? config->stack_bytes : THREAD_STACK_DEFAULT;
        size_t pages = stack_pages(thread, bytes);
        seL4_Word low = config->stack_top ? config->stack_top - ((pages + 1) << seL4_PageBits)
                                          : vspace_find_free(thread->vspace, pages + 2, seL4_PageBits);
        seL4_Word stack = low + PAGE;
        seL4_Word top = stack + (pages << seL4_PageBits);
        int err;

        if (bytes < THREAD_STACK_MIN || bytes > seL4_UserTop) {
                report("thread_create: a stack of %lu bytes; %u at least, and what an address space holds",
                       bytes, THREAD_STACK_MIN);
                return seL4_InvalidArgument;
        }
        err = low ? vspace_reserve(thread->vspace, low, 1) : VSPACE_NO_MEMORY;
        if (err) {
                return err;
        }
        err = vspace_reserve(thread->vspace, top, 1);
        if (!err && !vspace_new_pages(thread->vspace, stack, pages, VSPACE_RW)) {
                vspace_unreserve(thread->vspace, top, 1);
                err = VSPACE_NO_MEMORY;
        }
        if (err) {
                vspace_unreserve(thread->vspace, low, 1);
                return err;
        }
        thread->stack = stack;
        thread->stack_top = top;
        return seL4_NoError;
}

static int make_ipc_buffer(thread_t *thread, const thread_config_t *config)
{
        void *buffer = vspace_new_pages(thread->vspace, config->ipc_buffer, 1, VSPACE_RW);

        if (!buffer) {
                return VSPACE_NO_MEMORY;
        }
        thread->ipc_buffer_vaddr = (seL4_Word)buffer;
        thread->ipc_buffer = vspace_lookup(thread->vspace, thread->ipc_buffer_vaddr).frame;
        if (is_local(thread)) {
                *self_in(thread->ipc_buffer_vaddr) = thread;
        }
        return seL4_NoError;
}

/* A copy of `endpoint` with a badge, allowed to send and to be answered, nothing else. */
static int mint_endpoint(seL4_CPtr endpoint, seL4_Word badge, seL4_CPtr *copy)
{
        seL4_CPtr slot = cspace_alloc_slot(threads.cspace);
        int err = slot ? (int)cspace_mint(threads.cspace, slot, threads.cspace, endpoint,
                                          seL4_CapRights_new(1, 0, 0, 1), badge)
                       : VSPACE_NO_MEMORY;

        if (err) {
                cspace_free_slot(threads.cspace, slot);
                return err;
        }
        *copy = slot;
        return seL4_NoError;
}

static int make_fault_ep(thread_t *thread, const thread_config_t *config)
{
        int err;

        thread->fault_ep = config->fault_ep;
        if (!config->fault_ep || !config->fault_badge) {
                return seL4_NoError;
        }
        thread->fault_ep = seL4_CapNull;
        err = mint_endpoint(config->fault_ep, config->fault_badge, &thread->fault_ep);
        thread->own_fault_ep = !err;
        return err;
}

static size_t sched_context_bits(unsigned extra_refills)
{
        size_t bits = seL4_MinSchedContextBits;

        while (seL4_MaxExtraRefills(bits) < extra_refills) {
                bits++;
        }
        return bits;
}

static int make_time(thread_t *thread, const thread_config_t *config)
{
        uint64_t budget = config->budget ? config->budget : THREAD_BUDGET_DEFAULT;
        uint64_t period = config->period ? config->period : budget;

        if (config->passive) {
                return seL4_NoError;
        }
        thread->budget = budget;
        thread->period = period;
        thread->sched_context_ut =
                ut_new_object(threads.cspace, &thread->sched_context, seL4_SchedContextObject,
                              sched_context_bits(config->extra_refills));
        if (!thread->sched_context_ut) {
                return VSPACE_NO_MEMORY;
        }
        return seL4_SchedControl_ConfigureFlags(threads.sched_control, thread->sched_context, budget, period,
                                                config->extra_refills, config->sc_badge,
                                                config->sporadic ? seL4_SchedContext_Sporadic : 0);
}

static int make_tcb(thread_t *thread, const thread_config_t *config)
{
        int err;

        thread->tcb_ut = ut_new_object(threads.cspace, &thread->tcb, seL4_TCBObject, seL4_TCBBits);
        if (!thread->tcb_ut) {
                return VSPACE_NO_MEMORY;
        }
        err = seL4_TCB_Configure(thread->tcb, thread->cspace->root_cnode, seL4_NilData, thread->vspace->root,
                                 seL4_NilData, thread->ipc_buffer_vaddr, thread->ipc_buffer);
        if (!err) {
                err = seL4_TCB_SetSchedParams(thread->tcb, threads.authority, config->mcp, config->prio,
                                              thread->sched_context, thread->fault_ep);
        }
        if (!err && config->timeout_ep) {
                err = seL4_TCB_SetTimeoutEndpoint(thread->tcb, config->timeout_ep);
        }
        if (!err && config->bound_ntfn) {
                err = seL4_TCB_BindNotification(thread->tcb, config->bound_ntfn);
        }
        return err;
}

/* Where every thread of this address space begins. */
static void enter(thread_t *thread)
{
        seL4_SetIPCBuffer((seL4_IPCBuffer *)thread->ipc_buffer_vaddr);
        thread->entry(thread->arg);
        thread_exit();
}

int thread_start_at(thread_t *thread, seL4_Word pc, seL4_Word sp)
{
        seL4_UserContext context = {
                .pc = pc,
                .sp = sp ? sp : thread->stack_top,
                .x0 = (seL4_Word)thread->arg,
                .tpidr_el0 = thread->tls_base,
        };
        int err = seL4_TCB_WriteRegisters(thread->tcb, 1, 0, REGISTERS, &context);

        thread->running = !err;
        return err;
}

static int set_registers(thread_t *thread, const thread_config_t *config)
{
        seL4_UserContext context = {
                .pc = (seL4_Word)config->entry,
                .sp = config->sp ? config->sp : thread->stack_top,
                .x0 = (seL4_Word)config->arg,
        };
        int err;

        if (is_local(thread)) {
                context.sp = thread->stack_top - tls_size();
                context.tpidr_el0 = tls_write((void *)context.sp, (seL4_IPCBuffer *)thread->ipc_buffer_vaddr);
                context.pc = (seL4_Word)enter;
                context.x0 = (seL4_Word)thread;
        }
        thread->tls_base = context.tpidr_el0;
        err = seL4_TCB_WriteRegisters(thread->tcb, !config->suspended, 0, REGISTERS, &context);
        thread->running = !err && !config->suspended;
        return err;
}

static void set_name(thread_t *thread, const char *name)
{
        size_t i;

        for (i = 0; name && name[i] && i + 1 < THREAD_NAME_MAX; i++) {
                thread->name[i] = name[i];
        }
        thread->name[i] = '\0';
#ifdef CONFIG_DEBUG_BUILD
        if (threads.name_in_kernel) {
                seL4_DebugNameThread(thread->tcb, thread->name);
        }
#endif
}

static int build(thread_t *thread, const thread_config_t *config)
{
        int err = make_stack(thread, config);

        err = err ? err : make_ipc_buffer(thread, config);
        err = err ? err : make_fault_ep(thread, config);
        err = err ? err : make_time(thread, config);
        err = err ? err : make_tcb(thread, config);
        if (!err) {
                set_name(thread, config->name);
        }
        return err ? err : set_registers(thread, config);
}

/* A CSpace of cspace_create got a second level: its threads go on in the wider one. */
static void cspace_moved(cspace_t *cspace)
{
        for (thread_t *t = threads.first; t; t = t->next) {
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

        if (!threads.cspace || !config->entry) {
                report("thread_create: %s",
                       config->entry ? "threads_start comes first" : "no entry function");
                return NULL;
        }
        thread = book_new(&records);
        if (!thread) {
                return NULL;
        }
        thread->vspace = config->vspace ? config->vspace : vspace_own();
        thread->cspace = config->cspace ? config->cspace : threads.cspace;
        thread->cspace->moved = cspace_moved;
        thread->entry = config->entry;
        thread->arg = config->arg;
        thread->vspace->threads++;
        enlist(thread);
        err = build(thread, config);
        if (err) {
                report("thread_create(%s): %s", config->name ? config->name : "", report_error_name(err));
                take_apart(thread);
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
        take_apart(thread);
}

_Noreturn void thread_exit(void)
{
        thread_t *self = thread_current();

        if (self) {
                self->finished = true;
                __atomic_thread_fence(__ATOMIC_SEQ_CST); /* thread_join looks the other way round */
                if (self->done) {
                        seL4_Signal(self->done);
                }
        }
        for (;;) {
                (void)seL4_TCB_Suspend(self ? self->tcb : threads.authority);
        }
}

int thread_join(thread_t *thread)
{
        seL4_Word badge;

        if (!thread->finished && !thread->done) {
                seL4_CPtr done;

                thread->done_ut = ut_new_object(threads.cspace, &done, seL4_NotificationObject, 0);
                if (!thread->done_ut) {
                        return VSPACE_NO_MEMORY;
                }
                thread->done = done;
                __atomic_thread_fence(__ATOMIC_SEQ_CST);
        }
        while (!thread->finished) {
                seL4_Wait(thread->done, &badge);
        }
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
        return seL4_TCB_SetPriority(thread->tcb, threads.authority, prio);
}

uint64_t thread_time_used(thread_t *thread)
{
        seL4_SchedContext_Consumed_t used;

        if (!thread->sched_context) {
                return 0;
        }
        used = seL4_SchedContext_Consumed(thread->sched_context);
        return used.error ? 0 : used.consumed;
}
