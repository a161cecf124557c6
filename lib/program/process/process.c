/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes as a whole: parts are made in order, and one function takes apart whatever exists. */
#include <process/process.h>

#include <sel4/report.h>

static int take_apart(process_t *process)
{
        int err = seL4_NoError;

        if (process->thread)
                thread_destroy(process->thread);
        process->thread = NULL;
        if (process->has_cspace) {
                err = cspace_destroy_checked(&process->cspace);
                process->has_cspace = err != seL4_NoError;
        }
        if (process->has_vspace) {
                int wrong = vspace_destroy(&process->vspace);

                process->has_vspace = wrong != seL4_NoError;
                err = err ? err : wrong;
        }
        return err;
}

static int make_cspace(process_t *process, const process_config_t *config)
{
        cspace_t *own = vspace_own()->cspace;

        if (cspace_create_one_level(own, &process->cspace))
                return VSPACE_NO_MEMORY;
        process->has_cspace = true;
        if (cspace_alloc_slot(&process->cspace) != PROCESS_ENDPOINT_SLOT)
                return VSPACE_NO_MEMORY;
        if (!config->endpoint)
                return seL4_NoError;
        /* Call and be answered: no receiving, no passing on of capabilities. */
        return cspace_mint(&process->cspace, PROCESS_ENDPOINT_SLOT, own, config->endpoint,
                           seL4_CapRights_new(1, 0, 0, 1), config->badge);
}

static int make_thread(process_t *process, const process_config_t *config, seL4_Word entry)
{
        thread_config_t thread = thread_defaults(config->name, (thread_main_f *)entry, NULL);
        seL4_Word sp;

        thread.vspace = &process->vspace;
        thread.cspace = &process->cspace;
        thread.stack_top = PROCESS_STACK_TOP;
        thread.stack_bytes = config->stack_bytes ? config->stack_bytes : PROCESS_STACK_DEFAULT;
        thread.ipc_buffer = PROCESS_IPC_BUFFER;
        thread.prio = config->prio;
        thread.mcp = config->mcp;
        thread.core = config->core;
        thread.budget = config->budget;
        thread.period = config->period;
        thread.fault_ep = config->fault_ep ? config->fault_ep : config->endpoint;
        thread.fault_badge = config->badge;
        thread.suspended = true;
        process->thread = thread_create_ex(&thread);
        if (!process->thread)
                return VSPACE_NO_MEMORY;
        sp = process_stack(&process->vspace, PROCESS_STACK_TOP, config);
        return sp ? thread_start_at(process->thread, entry, sp) : VSPACE_NO_MEMORY;
}

int process_create(process_t *process, const process_config_t *config)
{
        seL4_Word entry = 0;
        int err;

        *process = (process_t){0};
        err = vspace_create(&process->vspace, vspace_own()->cspace);
        process->has_vspace = !err;
        err = err ? err : process_load(&process->vspace, config->image, config->image_size, &entry);
        err = err ? err : make_cspace(process, config);
        err = err ? err : make_thread(process, config, entry);
        if (err) {
                report("process_create(%s): %s", config->name ? config->name : "", report_error_name(err));
                take_apart(process);
        }
        return err;
}

int process_destroy(process_t *process)
{
        return take_apart(process);
}
