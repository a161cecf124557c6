/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's budget limits its own time; this limits the server's time that it causes by its signals, and how often it ends.
 *
 * The server is more urgent than a driver, so one that signals in a loop would spend little of its budget for much of the server's.
 * When its signals have taken DRIVER_HEARD_US of a window, its thread is suspended until the window is over.  The timer's driver is exempt,
 * because the end of a window comes from it (its budget is a tenth), and so is the serial line's: what its signals cause is the work of
 * whoever types.
 */
#include "os/core/wait.h"
#include "os/process/driver_parts.h"
#include "sos/clock.h"

enum { WAKE_US = 1 /* for taking the signal */, QUICK_US = 100000, HUNG_US = 300 * 1000 * 1000 };

void driver_charge(struct driver *d, uint64_t since_us)
{
        uint64_t now = clock_us();
        struct process *p;

        if (now - d->window >= DRIVER_WINDOW_US) {
                d->window = now;
                d->heard_us = 0;
        }
        d->heard_us += now - since_us + WAKE_US;
        if (d->heard_us < DRIVER_HEARD_US || d->rests)
                return;
        p = process_find(d->pid);
        if (!p)
                return;
        d->rests = true;
        seL4_TCB_Suspend(p->kernel.tcb.cap);
        alarm_set(&p->call.deadline, &p->call.waiter, d->window + DRIVER_WINDOW_US);
}

void driver_goes_on(struct driver *d)
{
        struct process *p = d && d->rests ? process_find(d->pid) : NULL;

        if (p) {
                d->rests = false;
                alarm_set(&p->call.deadline, NULL, 0);
                seL4_TCB_Resume(p->kernel.tcb.cap);
        }
}

bool driver_was_quick(const struct driver *d)
{
        return d->failed && clock_us() - d->begun < (d->hung ? HUNG_US : QUICK_US);
}
