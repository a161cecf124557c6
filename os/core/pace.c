/* SPDX-License-Identifier: BSD-2-Clause */
/* See pace.h. */
#include "os/core/pace.h"
#include "sos/clock.h"

enum { PIECE_US = 100 };

uint64_t pace_ends;
static struct service service;
static seL4_CPtr signal;
static unsigned long current = 1;
static uint64_t piece;     /* ticks */
static uint64_t used;      /* ticks that were worked, since others had their turn */
static volatile bool turn; /* of the others */

static void run(void *unused)
{
        (void)unused;
        for (;;) {
                seL4_Wait(PACE_GO, NULL);
                if (turn)
                        seL4_Yield();
                turn = false;
                seL4_Signal(PACE_SERVER);
        }
}

static struct service service = {.config = {.name = "pace", .entry = run, .prio = 1}};

bool pace_start(seL4_CPtr fault_endpoint, seL4_CPtr go, seL4_CPtr signals, seL4_Word badge)
{
        signal = go;
        piece = timestamp_get_freq() * PIECE_US / 1000000;
        return service_make(&service, fault_endpoint) &&
               service_give(&service, PACE_GO, go, seL4_CanRead, 0) &&
               service_give(&service, PACE_SERVER, signals, seL4_CapRights_new(0, 0, 0, 1), badge) &&
               !thread_resume(service.thread);
}

uint64_t pace_begins(void)
{
        uint64_t now = clock_ticks();

        pace_ends = now + piece;
        return now;
}

void pace_worked(uint64_t ticks)
{
        used += ticks;
}

bool pace_is_due(void)
{
        return clock_scaled(used, 1000000) >= SERVICE_SLICE_US;
}

static void set_priority(unsigned long priority)
{
        if (priority != current &&
            !seL4_TCB_SetPriority(service.thread->tcb, seL4_CapInitThreadTCB, priority))
                current = priority;
}

void pace_hurry(unsigned long priority)
{
        if (priority > current)
                set_priority(priority);
}

void pace_go(unsigned long priority)
{
        if (pace_is_due()) {
                turn = true;
                used = 0;
        }
        set_priority(priority);
        seL4_Signal(signal);
}
