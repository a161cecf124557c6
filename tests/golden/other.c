/* SPDX-License-Identifier: BSD-2-Clause */
#include "cores.h"
void run_walk(void);

void other_main(word argument)
{
        struct other *o = (void *)argument;

        rt_beside(o->bi, o->slots, o->pages);
        self = o->tcb;
        self_sc = o->sc;
        core = o->core;
        said = o->text;
        run_walk();
        __atomic_store_n(&o->ended, 1, __ATOMIC_RELEASE);
        for (;;)
                seL4_TCB_Suspend(self);
}
