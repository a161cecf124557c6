/* SPDX-License-Identifier: BSD-2-Clause */
/* Two programs at the same time, on two cores.  The second is linked apart, with a copy of walk.c and rt.c of its own. */
#pragma once
#include "rt.h"

struct other {
        seL4_BootInfo *bi;
        word slots, pages, tcb, sc, core;
        char *text;          /* gets its lines */
        volatile word ended; /* nothing more is written */
};

void other_main(word other); /* a struct other */
