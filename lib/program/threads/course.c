/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's forms: threads that talk to one server endpoint through a badged capability. */
#include <sel4/report.h>
#include <threads/threads.h>

static seL4_CPtr server_ep, server_fault_ep;

void init_threads(seL4_CPtr ipc_ep, seL4_CPtr fault_ep, seL4_CPtr sched_ctrl_start, seL4_CPtr sched_ctrl_end)
{
        /* With two cores, threads go to the second. */
        seL4_CPtr control = sched_ctrl_end - sched_ctrl_start > 1 ? sched_ctrl_start + 1 : sched_ctrl_start;

        server_ep = ipc_ep;
        server_fault_ep = fault_ep;
        threads_start(vspace_own()->cspace, control, seL4_CapInitThreadTCB, false);
}

/* The badged capability to the server; it goes with the thread. */
static int give_endpoint(sos_thread_t *thread, seL4_Word badge)
{
        cspace_t *cspace = vspace_own()->cspace;
        seL4_CPtr slot = cspace_alloc_slot(cspace);
        int err = slot ? (int)cspace_mint(cspace, slot, cspace, server_ep, seL4_CapRights_new(1, 0, 0, 1),
                                          badge)
                       : VSPACE_NO_MEMORY;

        if (err) {
                cspace_free_slot(cspace, slot);
                return err;
        }
        thread->user_ep = slot;
        thread->badge = badge;
        return seL4_NoError;
}

sos_thread_t *thread_create(thread_main_f function, void *arg, seL4_Word badge, bool resume, seL4_Word prio,
                            seL4_CPtr bound_ntfn, bool debugger_add)
{
        thread_config_t config = thread_defaults("sos thread", function, arg);
        sos_thread_t *thread;

        (void)debugger_add; /* every thread is known to thread_first */
        config.prio = (uint8_t)prio;
        config.bound_ntfn = bound_ntfn;
        config.fault_ep = server_fault_ep;
        config.fault_badge = badge;
        config.stack_bytes = 100ul << seL4_PageBits;
        config.suspended = true;
        thread = thread_create_ex(&config);
        if (thread && server_ep && give_endpoint(thread, badge)) {
                thread_destroy(thread);
                return NULL;
        }
        if (thread && resume && thread_resume(thread)) {
                thread_destroy(thread);
                return NULL;
        }
        return thread;
}

sos_thread_t *spawn(thread_main_f function, void *arg, seL4_Word badge, bool debugger_add)
{
        return thread_create(function, arg, badge, true, THREAD_PRIO_DEFAULT, seL4_CapNull, debugger_add);
}

sos_thread_t *debugger_spawn(thread_main_f function, void *arg, seL4_Word badge, seL4_CPtr bound_ntfn)
{
        return thread_create(function, arg, badge, true, seL4_MaxPrio, bound_ntfn, false);
}
