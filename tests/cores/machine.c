/* SPDX-License-Identifier: BSD-2-Clause */
/* See machine.h. */
#include "tests/cores/machine.h"
#include "arch/host/host_cores.h"
#include "core/home.h"
#include "core/platform.h"
#include "debug/check.h"
#include "door/door.h"
#include "tests/lib/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum { STACK = 256 << 10, MEMORY = 4 << 20, HASTE = 51, STEPS_MAX = 1000000 };

/* What a core waits for; with `at` == NULL for an interrupt. */
struct wait {
        bool waits, outside; /* at user level: requests to it count too */
        const uint32_t *at;
        uint32_t value;
        bool until;
};

static struct {
        ucontext_t scheduler, core[MACHINE_CORES];
        char *stack[MACHINE_CORES];
        struct wait wait[MACHINE_CORES];
        unsigned dozed[MACHINE_CORES];
        bool at_user[MACHINE_CORES];
        word running, at_home; /* a core; whether the scheduler runs instead */
        bool is_up;            /* all cores are outside for the first time */
        void (*root)(void);
        void (*ring)(word core, word sgi);
} m = {.at_home = true};

word (*machine_choice)(word able, word last);
word machine_steps;
word machine_hypervisor;

static void to_scheduler(void)
{
        m.at_home = true;
        swapcontext(&m.core[m.running], &m.scheduler);
        host_core_is(m.running);
}

/* Where nobody chooses, the core would continue anyway. */
void machine_point(void)
{
        if (!m.at_home && m.is_up && machine_choice)
                to_scheduler();
}

/* The first fifty waits at the door end at once, as any wait may: then the core checks for an interrupt and sleeps. */
static void on_pause(const uint32_t *at, uint32_t value, bool until)
{
        if (at == &kernel.door.turn && m.is_up && m.dozed[m.running]++ < HASTE)
                return;
        m.dozed[m.running] = 0;
        m.wait[m.running] = (struct wait){.waits = true, .at = at, .value = value, .until = until};
        to_scheduler();
}

static void ring(word core, word sgi)
{
        machine_point();
        m.ring(core, sgi);
        machine_point();
}

/* --- user level */

static void live(void)
{
        for (;;) {
                struct thread *t = this_core()->current;
                struct job *job = machine_job_of(t);
                m.at_user[m.running] = true;
                machine_point();
                m.at_user[m.running] = false;
                if (host_interrupt_waits()) {
                        if (t)
                                t->context.restart = t->context.pc;
                        host_interrupt();
                } else if (job) {
                        machine_step(job);
                } else {
                        m.wait[m.running] = (struct wait){.waits = true, .outside = true};
                        to_scheduler();
                }
        }
}

static void first_core(void)
{
        host_core_is(0);
        sim_boot(&(struct host_options){.memory = MEMORY,
                                        .cnode_bits = 10,
                                        .cores = MACHINE_CORES,
                                        .hypervisor = machine_hypervisor,
                                        .asid_bits = machine_hypervisor ? 8 : 0});
        m.root();
        live();
}

static void other_core(void)
{
        host_core_start(m.running);
        live();
}

/* --- who continues */

static bool is_able(word n)
{
        const struct wait *w = &m.wait[n];

        if (!w->waits)
                return true;
        host_core_is(n);
        if (w->at)
                return (__atomic_load_n(w->at, __ATOMIC_RELAXED) == w->value) == w->until ||
                       this_core()->ask.asked;
        return host_interrupt_waits() || (w->outside && machine_job_of(this_core()->current));
}

static word able(void)
{
        word set = 0;

        for (word n = 0; n < MACHINE_CORES; n++)
                set |= (word)is_able(n) << n;
        return set;
}

/* Who waits for no word waits for an interrupt; at the door, if that is not free. */
bool machine_is_between(void)
{
        bool all = kernel.door.next == kernel.door.turn;

        for (word n = 0; n < MACHINE_CORES; n++)
                all = all && (m.at_user[n] || (m.wait[n].waits && !m.wait[n].at));
        return all;
}

static void go_on(word n)
{
        m.running = n;
        m.wait[n].waits = false;
        m.at_home = false;
        host_core_is(n);
        swapcontext(&m.scheduler, &m.core[n]);
}

static word lowest(word set)
{
        return (word)__builtin_ctzl(set);
}

void machine_run(void)
{
        word set, last = m.running;

        while ((set = able()) != 0) {
                word next = set >> last & 1 ? last : lowest(set);
                if (machine_choice && (set & (set - 1)))
                        next = machine_choice(set, last);
                CHECK(++machine_steps < STEPS_MAX); /* otherwise they continue for ever */
                go_on(next);
                last = next;
        }
        host_core_is(0);
}

static void prepare(word n, void (*run)(void))
{
        if (!m.stack[n])
                m.stack[n] = malloc(STACK);
        getcontext(&m.core[n]);
        m.core[n].uc_stack.ss_sp = m.stack[n];
        m.core[n].uc_stack.ss_size = STACK;
        makecontext(&m.core[n], run, 0);
        m.wait[n] = (struct wait){0};
        m.dozed[n] = 0;
        m.at_user[n] = false;
}

/* There is no choice before all cores have come up: that order is the loader's. */
void machine_make(void (*root)(void))
{
        machine_forget_jobs();
        m.is_up = false;
        m.root = root;
        host_pause_hook = on_pause;
        host_event_hook = machine_point;
        sim = (struct sim_settings){.no_checks = true, .hold_interrupts = true};
        for (word n = 0; n < MACHINE_CORES; n++)
                prepare(n, n == 0 ? first_core : other_core);
        m.running = 0;
        word (*choice)(word able, word last) = machine_choice;
        machine_choice = NULL;
        machine_run();
        machine_choice = choice;
        m.ring = platform.irq.ring;
        platform.irq.ring = ring;
        m.is_up = true;
}

/* --- when all stand still */

static void check_core(word n)
{
        host_core_is(n);
        const struct core *core = this_core();
        const struct thread *best = core->ready->head[core->ready->some.highest];

        CHECK(core->home == home_for(n, core->traces)); /* no letter */
        CHECK(!core->choose && !core->stopped && !core->ask.asked);
        CHECK(!best || (core->current && core->current->priority >= best->priority));
        CHECK(!core->current || core->current->domain == n);
        CHECK(core->where == (core->current ? AT_USER : ASLEEP));
        check_everything();
}

void machine_check(void)
{
        CHECK(kernel.door.next == kernel.door.turn && kernel.door.asleep == 0);
        for (word n = 0; n < MACHINE_CORES; n++)
                check_core(n);
        host_core_is(0);
}
