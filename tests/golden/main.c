/* SPDX-License-Identifier: BSD-2-Clause */
#include "rt.h"
void run_walk(void);
void root_main(seL4_BootInfo *b)
{
        rt_init(b);
        print("\nGOLDEN START\n");
        run_walk();
        halt();
}
