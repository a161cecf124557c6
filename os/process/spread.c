/* SPDX-License-Identifier: BSD-2-Clause */
/* See spread.h. */
#include "os/process/spread.h"
#include "os/core/pace.h"
#include "os/process/machine.h"
#include "os/process/process_parts.h"

struct load {
        unsigned computing, threads;
};

static void count(struct load *load, const struct process *but)
{
        for (unsigned i = 0; i < tasks_known(); i++) {
                const struct process *p = thread_any(i);

                if (p == but || !thread_lives(p) || p->leader->driver)
                        continue;
                load[p->cpu.core].threads++;
                load[p->cpu.core].computing += p->state == PROCESS_RUNNING && !process_halts(p);
        }
}

static bool less(const struct load *a, const struct load *b)
{
        return a->computing != b->computing ? a->computing < b->computing : a->threads < b->threads;
}

unsigned spread_core(uint32_t set, const struct process *maker)
{
        struct load load[CORES_MAX] = {0};
        unsigned best = CORES_MAX;

        if (cores_count() == 1)
                return 0;
        count(load, maker);
        for (unsigned i = cores_count(); i-- > 0;) {
                if (set >> i & 1 && (best == CORES_MAX || less(&load[i], &load[best])))
                        best = i;
        }
        return best % CORES_MAX;
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
                return true;
        thread_consumed(p); /* on the core where it was */
        p->cpu.core = (uint8_t)spread_core(set, p);
        return (!p->kernel.sc.ut || task_set_turn(p)) &&
               (!p->machine || machine_follows(p->machine, p->cpu.core));
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
