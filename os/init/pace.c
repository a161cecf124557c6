/* SPDX-License-Identifier: BSD-2-Clause */
/* See pace.h. */
#include "os/init/pace.h"

static void run(void *unused)
{
        (void)unused;
        for (;;) {
                seL4_Wait(PACE_GO, NULL);
                seL4_Signal(PACE_SERVER);
        }
}

static struct service service = {.config = {.name = "pace", .entry = run, .prio = 1}};
static seL4_CPtr signal;
static unsigned long current = 1;

bool pace_start(seL4_CPtr fault_endpoint, seL4_CPtr go, seL4_CPtr signals, seL4_Word badge)
{
        signal = go;
        return service_make(&service, fault_endpoint) &&
               service_give(&service, PACE_GO, go, seL4_CanRead, 0) &&
               service_give(&service, PACE_SERVER, signals, seL4_CapRights_new(0, 0, 0, 1), badge) &&
               !thread_resume(service.thread);
}

void pace_go(unsigned long priority)
{
        if (priority != current && !seL4_TCB_SetPriority(service.thread->tcb, seL4_CapInitThreadTCB, priority))
                current = priority;
        seL4_Signal(signal);
}
