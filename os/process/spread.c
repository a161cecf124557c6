/* SPDX-License-Identifier: BSD-2-Clause */
/* See spread.h. */
#include "os/process/spread.h"
#include "os/core/pace.h"
#include "os/process/machine.h"
#include "os/process/process_parts.h"

struct load {
        unsigned computing, threads;
};

/* Of the threads of a guest, the first is with its monitor, and each computes while the other does not. */
static void count_guest(struct load *load, const struct machine *m)
{
        const uint8_t *core;
        unsigned n = machine_cores(m, &core);

        for (unsigned i = 1; i < n; i++) {
                load[core[i]].threads++;
                load[core[i]].computing++;
        }
}

static void count(struct load *load, const struct process *but)
{
        for (unsigned i = 0; i < tasks_known(); i++) {
                const struct process *p = thread_any(i);

                if (p == but || !thread_lives(p) || p->leader->driver)
                        continue;
                load[p->cpu.core].threads++;
                load[p->cpu.core].computing += p->state == PROCESS_RUNNING && !process_halts(p);
                if (p->machine)
                        count_guest(load, p->machine);
        }
}

static bool less(const struct load *a, const struct load *b)
{
        return a->computing != b->computing ? a->computing < b->computing : a->threads < b->threads;
}

static unsigned least(const struct load *load, uint32_t set)
{
        unsigned best = CORES_MAX;

        for (unsigned i = cores_count(); i-- > 0;) {
                if (set >> i & 1 && (best == CORES_MAX || less(&load[i], &load[best])))
                        best = i;
        }
        return best % CORES_MAX;
}

unsigned spread_core(uint32_t set, const struct process *maker)
{
        struct load load[CORES_MAX] = {0};

        if (cores_count() == 1)
                return 0;
        count(load, maker);
        return least(load, set);
}

void spread_guest(const struct process *monitor, uint8_t *core, unsigned from, unsigned count_of_threads)
{
        struct load load[CORES_MAX] = {0};
        uint32_t set = monitor->cpu.set & cores_all(), free = set;

        if (cores_count() > 1)
                count(load, monitor);
        for (unsigned i = 0; i < count_of_threads; i++) {
                if (i >= from)
                        core[i] = (uint8_t)(i ? least(load, free) : monitor->cpu.core);
                load[core[i]].threads++;
                load[core[i]].computing++;
                free &= ~(1u << core[i]);
                free = free ? free : set;
        }
}

void spread_inherit(struct process *p, const struct process *maker)
{
        p->cpu.set = maker->cpu.set;
        p->cpu.core = (uint8_t)spread_core(maker->cpu.set, maker);
}

bool spread_allow(struct process *p, uint32_t set)
{
        set &= cores_all();
        if (!set)
                return false;
        p->cpu.set = (uint8_t)set;
        if (set >> p->cpu.core & 1)
                return !p->machine || machine_follows(p);
        thread_consumed(p); /* on the core where it was */
        p->cpu.core = (uint8_t)spread_core(set, p);
        return (!p->kernel.sc.ut || task_set_turn(p)) && (!p->machine || machine_follows(p));
}

/* A thread that is asked for its registers stops for them, if it runs, and passes the door of the kernel (docs/smp.md). */
bool spread_barrier_some(const struct process *leader, seL4_Word *at)
{
        while (cores_count() > 1 && *at < tasks_known()) {
                const struct process *p = thread_any((unsigned)(*at)++);
                seL4_UserContext registers;

                if (p->state != PROCESS_RUNNING || !p->cpu.core || (leader && p->leader != leader))
                        continue;
                seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, 1, &registers);
                if (pace_is_over())
                        return *at >= tasks_known();
        }
        return true;
}
