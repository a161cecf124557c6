/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guide's examples share: the libraries, ready to use, and lines on the debug console. */
#pragma once

#include <aos/mapping.h>
#include <bootstrap/bootstrap.h>
#include <irq/irq.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>

static cspace_t cspace;
static vspace_t vspace;

static inline void example_start(void)
{
        start_report_to_kernel();
        if (bootstrap(&cspace, &vspace, start_bootinfo()))
                start_exit(1);
        threads_start(&cspace, start_bootinfo()->schedcontrol.start, seL4_CapInitThreadTCB, true);
}

/* An object of a type with one size. */
static inline seL4_CPtr example_object(seL4_Word type)
{
        seL4_CPtr cap;

        if (!ut_new_object(&cspace, &cap, type, 0))
                start_exit(2);
        return cap;
}
