/* SPDX-License-Identifier: BSD-2-Clause */
/* See debugged.h. */
#include "thread/debugged.h"
#include "arch/arch.h"

enum { CLASS_STEP = 0x32, CLASS_WATCHPOINT = 0x34 };

/* In SPSR: the next instruction is carried out, and the one behind it is not. */
static const word SPSR_STEP = 1 << 21;

static bool is_something(const struct debug_state *d)
{
        bool some = d->step != STEP_OFF;

        for (word i = 0; i < WATCHPOINTS; i++)
                some |= d->watch[i].control != 0;
        return some;
}

__attribute__((cold)) void debugged_set(struct thread *t, const struct debug_state *d)
{
        t->debug = *d;
        t->context.spsr &= ~SPSR_STEP;
        t->flags &= (uint8_t)~THREAD_DEBUGGED;
        if (is_something(d))
                t->flags |= THREAD_DEBUGGED | THREAD_TRACED;
}

__attribute__((cold)) void debugged_enter(struct core *core, struct thread *t)
{
        if (t->debug.step == STEP_WANTED) {
                t->context.spsr |= SPSR_STEP;
                t->debug.step = STEP_BEGUN;
        }
        arch_debug_load(&t->debug);
        core->debugs = true;
}

__attribute__((cold)) void debugged_leave(struct core *core)
{
        arch_debug_unload();
        core->debugs = false;
}

__attribute__((cold)) word debugged_exception(struct thread *t, word class, word address)
{
        if (class == CLASS_STEP)
                t->debug.step = STEP_OFF;
        return class == CLASS_WATCHPOINT ? address : 0;
}
