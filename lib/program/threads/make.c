/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling the record of a thread, and emptying it.
 *
 * Creation fills a record step by step; a step that fails leaves its fields at 0, and one function takes apart whatever
 * the fields say exists.  It serves failed creation and destruction alike.
 *
 * In memory, from low to high: guard page | stack | thread-local storage | guard page.
 */
#include "inside.h"

#include <object/object.h>
#include <sel4/report.h>
#include <sel4/tls.h>

enum { REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word) };

static void drop_object(cspace_t *cspace, seL4_CPtr *cap, ut_t **ut)
{
        if (*cap)
                ut_free_object(cspace, *cap, *ut);
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

void thread_take_apart(thread_t *thread)
{
        cspace_t *cspace = thread_library.cspace;

        if (thread->tcb)
                (void)seL4_TCB_Suspend(thread->tcb);
        drop_object(cspace, &thread->tcb, &thread->tcb_ut);
        drop_object(cspace, &thread->sched_context, &thread->sched_context_ut);
        drop_object(cspace, &thread->done, &thread->done_ut);
        if (thread->own_fault_ep)
                cspace_discard(cspace, thread->fault_ep);
        if (thread->user_ep)
                cspace_discard(cspace, thread->user_ep);
        if (thread->ipc_buffer_vaddr)
                vspace_unmap(thread->vspace, thread->ipc_buffer_vaddr, 1);
        drop_stack(thread);
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
        if (err)
                return err;
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

        if (!buffer)
                return VSPACE_NO_MEMORY;
        thread->ipc_buffer_vaddr = (seL4_Word)buffer;
        thread->ipc_buffer = vspace_lookup(thread->vspace, thread->ipc_buffer_vaddr).frame;
        if (is_local(thread))
                *thread_self_in(thread->ipc_buffer_vaddr) = thread;
        return seL4_NoError;
}

/* A copy of `endpoint` with a badge, allowed to send and to be answered, nothing else. */
static int mint_endpoint(seL4_CPtr endpoint, seL4_Word badge, seL4_CPtr *copy)
{
        seL4_CPtr slot = cspace_alloc_slot(thread_library.cspace);
        int err = slot ? (int)cspace_mint(thread_library.cspace, slot, thread_library.cspace, endpoint,
                                          seL4_CapRights_new(1, 0, 0, 1), badge)
                       : VSPACE_NO_MEMORY;

        if (err) {
                cspace_free_slot(thread_library.cspace, slot);
                return err;
        }
        *copy = slot;
        return seL4_NoError;
}

static int make_fault_ep(thread_t *thread, const thread_config_t *config)
{
        int err;

        thread->fault_ep = config->fault_ep;
        if (!config->fault_ep || !config->fault_badge)
                return seL4_NoError;
        thread->fault_ep = seL4_CapNull;
        err = mint_endpoint(config->fault_ep, config->fault_badge, &thread->fault_ep);
        thread->own_fault_ep = !err;
        return err;
}

static size_t sched_context_bits(unsigned extra_refills)
{
        size_t bits = seL4_MinSchedContextBits;

        while (seL4_MaxExtraRefills(bits) < extra_refills)
                bits++;
        return bits;
}

static int make_time(thread_t *thread, const thread_config_t *config)
{
        uint64_t budget = config->budget ? config->budget : THREAD_BUDGET_DEFAULT;
        uint64_t period = config->period ? config->period : budget;

        if (config->passive)
                return seL4_NoError;
        if (config->core && config->core >= thread_library.cores) {
                report("thread_create: core %u, but there are %u", config->core,
                       thread_library.cores ? thread_library.cores : 1);
                return seL4_RangeError;
        }
        thread->budget = budget;
        thread->period = period;
        thread->sched_context_ut =
                ut_new_object(thread_library.cspace, &thread->sched_context, seL4_SchedContextObject,
                              sched_context_bits(config->extra_refills));
        if (!thread->sched_context_ut)
                return VSPACE_NO_MEMORY;
        return seL4_SchedControl_ConfigureFlags(
                thread_library.sched_control + config->core, thread->sched_context, budget, period,
                config->extra_refills, config->sc_badge, config->sporadic ? seL4_SchedContext_Sporadic : 0);
}

static int make_tcb(thread_t *thread, const thread_config_t *config)
{
        int err;

        thread->tcb_ut = ut_new_object(thread_library.cspace, &thread->tcb, seL4_TCBObject, seL4_TCBBits);
        if (!thread->tcb_ut)
                return VSPACE_NO_MEMORY;
        err = seL4_TCB_Configure(thread->tcb, thread->cspace->root_cnode, seL4_NilData, thread->vspace->root,
                                 seL4_NilData, thread->ipc_buffer_vaddr, thread->ipc_buffer);
        if (!err) {
                err = seL4_TCB_SetSchedParams(thread->tcb, thread_library.authority, config->mcp,
                                              config->prio, thread->sched_context, thread->fault_ep);
        }
        if (!err && config->timeout_ep)
                err = seL4_TCB_SetTimeoutEndpoint(thread->tcb, config->timeout_ep);
        if (!err && config->bound_ntfn)
                err = seL4_TCB_BindNotification(thread->tcb, config->bound_ntfn);
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

        for (i = 0; name && name[i] && i + 1 < THREAD_NAME_MAX; i++)
                thread->name[i] = name[i];
        thread->name[i] = '\0';
#ifdef CONFIG_DEBUG_BUILD
        if (thread_library.name_in_kernel)
                seL4_DebugNameThread(thread->tcb, thread->name);
#endif
}

int thread_build(thread_t *thread, const thread_config_t *config)
{
        int err = make_stack(thread, config);

        err = err ? err : make_ipc_buffer(thread, config);
        err = err ? err : make_fault_ep(thread, config);
        err = err ? err : make_time(thread, config);
        err = err ? err : make_tcb(thread, config);
        if (!err)
                set_name(thread, config->name);
        return err ? err : set_registers(thread, config);
}
