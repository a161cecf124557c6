/* SPDX-License-Identifier: BSD-2-Clause */
/* The program on the core GOLDEN_CORE of several; with GOLDEN_OTHER, a second one on that core at the same time. */
#include "cores.h"
void run_walk(void);

#ifdef GOLDEN_OTHER
enum { TOP = 254, PAGES = 0x30000000, TEXT = 1 << 16 };

static char first[TEXT], second[TEXT]; /* the kernel prints too, in the middle of lines of another core */
static struct other other = {.text = second, .pages = PAGES, .core = GOLDEN_OTHER};

static void start_other(seL4_BootInfo *b)
{
        thread_t t;

        thread_make(&t, TOP);
        core = other.core;
        sc_set(t.sc, 10000, 10000);
        core = GOLDEN_CORE;
        other.bi = b;
        other.slots = (b->empty.start + b->empty.end) / 2;
        other.tcb = t.tcb;
        other.sc = t.sc;
        thread_start(&t, other_main, (word)&other);
        said = first;
}

static void end_other(void)
{
        while (!__atomic_load_n(&other.ended, __ATOMIC_ACQUIRE))
                seL4_Yield();
        said = NULL;
        print("%s%s", first, second);
}
#else
static void start_other(seL4_BootInfo *b)
{
        (void)b;
}
static void end_other(void)
{
}
#endif

void root_main(seL4_BootInfo *b)
{
        rt_init(b);
        core = GOLDEN_CORE;
        print("\nGOLDEN START\n");
        start_other(b);
        run_walk();
        end_other();
        halt();
}
