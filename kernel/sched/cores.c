/* SPDX-License-Identifier: BSD-2-Clause */
/* Stopping, telling and waiting for other cores (see cores.h).  Owns core->kicked and core->stopped. */
#include "sched/cores.h"
#include "arch/arch.h"
#include "sched/sched.h"
#include "thread/core_of.h"
#include "thread/fpu.h"
#include "thread/ready.h"
#include "time/clock.h"
#include "time/preempt.h"
#include "trace/trace.h"

/* --- what is done to another core, from inside */

/* The context `s`, which ran on `core`, pays, and its thread finds its place: the first, unless its turn ended just now. */
static void settle(struct core *core, struct sched_context *s)
{
        word owed = clock_unpaid_elsewhere(core);
        bool turn_ends = sc_is_round_robin(s) && !sc_has_budget(s, owed);

        trace(TESSERA_TRACE_CHARGE, s->thread, 0, (word)s, owed);
        s->consumed += owed;
        sc_charge(s, owed);
        if (!sc_is_usable(s))
                sched_postpone(s->thread);
        else if (turn_ends)
                ready_push_back(s->thread);
        else
                ready_push_front(s->thread);
}

__attribute__((noinline, cold)) void cores_stop_elsewhere(struct thread *t)
{
        struct core *core = core_of(t);

        if (core == this_core() || core->current != t)
                return;
        door_halt(core->number);
        core->current = NULL;
        core->charged = NULL;
        core->fpu_owner = NULL; /* it has saved them at the door */
        core->choose = true;
        core->stopped = true;
        settle(core, t->sc);
}

__attribute__((noinline, cold)) void cores_push(struct thread *t)
{
        if (core_of(t)->current == t || !sched_is_eligible(t))
                return;
        sched_remove(t);
        ready_push_front(t);
}

bool cores_must_choose(const struct core *core)
{
        const struct thread *best = core->ready->head[core->ready->some.highest], *t = core->current;

        return best && (!t || best->priority > t->priority);
}

/* The running thread may have another space than the one that the core entered last. */
static bool must_reload(const struct core *core)
{
        return core->current && core->current->space_era != kernel.space_era;
}

/* Cores that have something to do without knowing it are told.  This looks at the present state rather than at what was done, so no path
 * that wakes, moves or stops a thread can forget it.  Where nothing is to be told nothing is written: the other core uses that line. */
static inline void tell_others(void)
{
        for (word n = 0; n < kernel.cores; n++) {
                struct core *core = kernel.peer[n];

                if (n == this_core()->number)
                        continue;
                if (cores_must_choose(core) && !core->choose)
                        core->choose =
                                true; /* one that was told already may have chosen since, past the door */
                if (must_reload(core) && !core->reload)
                        core->reload = true;
                if (!core->marks || core->kicked)
                        continue;
                core->kicked = true;
                door_ring(n);
        }
}

/* --- in and out */

/* Save the FP registers of a thread that no longer runs here: no other core could fetch them. */
static void save_fpu(struct core *core)
{
        struct thread *owner = core->fpu_owner;

        if (!owner || owner == core->current)
                return;
        fpu_keep(core);
        if (core->fpu_open)
                fpu_set_open(core, false);
}

static void come_in(struct core *core, uint32_t number)
{
        door_await(number);
        core->where = AT_USER;
        core->kicked = false;
}

bool cores_wait(uint32_t number)
{
        struct core *core = this_core();
        struct context *c = &core->current->context;
        word pc = c->pc;

        c->pc = c->restart; /* the instruction that came in has not begun */
        if (core->fpu_owner)
                arch_fpu_save(&core->fpu_owner->fpu);
        arch_space_leave();
        door_tell(AT_DOOR);
        come_in(core, number);
        if (core->space)
                arch_space_write(core->space);
        if (core->stopped) {
                core->stopped = false;
                fpu_set_open(core, false);
                clock_account();
                return true;
        }
        c->pc = pc;
        return false;
}

struct context *cores_leave(struct context *c)
{
        struct core *core = this_core();

        core->kicked = false;
        save_fpu(core);
        tell_others();
        door_leave();
        return c;
}

void cores_sleep(void)
{
        struct core *core = this_core();

        save_fpu(core);
        core->reload = false; /* the machine holds no thread's registers */
        tell_others();
        door_tell(ASLEEP);
        door_leave();
        arch_wait();
        come_in(core, door_queue());
}
