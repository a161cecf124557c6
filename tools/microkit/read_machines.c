/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual machines, and the attributes about their threads' time that they share with domains. */
#include "tools/microkit/microkit.h"

#include <string.h>

/* Microseconds that the kernel accepts: from twice its worst path to what its counter of 62.5 MHz measures without overflow. */
enum { DEFAULT_BUDGET = 1000, PRIORITY_MAX = 254, BUDGET_MIN = 20 };
#define PERIOD_MAX 36893488147419ull

void read_times(struct build *b, struct element *e, struct times *t)
{
        uint64_t priority = 0;

        *t = (struct times){.budget = DEFAULT_BUDGET};
        attribute_number(b, e, "priority", false, &priority);
        if (priority > PRIORITY_MAX)
                build_error(b, e->at, "priority %llu: priorities go from 0 to %d",
                            (unsigned long long)priority, PRIORITY_MAX);
        t->priority = (unsigned)(priority > PRIORITY_MAX ? 0 : priority);
        attribute_number(b, e, "budget", false, &t->budget);
        t->period = t->budget;
        attribute_number(b, e, "period", false, &t->period);
        if (t->budget > t->period)
                build_error(b, e->at, "the budget of %llu us is larger than the period of %llu us",
                            (unsigned long long)t->budget, (unsigned long long)t->period);
        if (t->budget < BUDGET_MIN)
                build_error(b, e->at, "the budget is %llu us; the kernel needs %d",
                            (unsigned long long)t->budget, BUDGET_MIN);
        if (t->period > PERIOD_MAX)
                build_error(b, e->at, "the period is %llu us; %llu are the most",
                            (unsigned long long)t->period, PERIOD_MAX);
}

/* Without the attribute `*cpu` is unchanged. */
void read_cpu(struct build *b, struct element *e, uint64_t *cpu)
{
        uint64_t wanted = *cpu;

        if (!attribute_number(b, e, "cpu", false, &wanted) || wanted < b->board.cores) {
                *cpu = wanted;
                return;
        }
        if (b->board.cores == 1)
                build_error(
                        b, e->at,
                        "cpu=\"%llu\": this configuration runs on one core, number 0; those for several are "
                        "smp-debug and smp-release",
                        (unsigned long long)wanted);
        else
                build_error(b, e->at, "cpu=\"%llu\": the cores of this configuration are 0 to %llu",
                            (unsigned long long)wanted, (unsigned long long)b->board.cores - 1);
}

static void read_vcpu(struct build *b, struct machine *m, struct element *e)
{
        struct vcpu *v = build_allocate(b, sizeof(*v));

        *v = (struct vcpu){.at = e->at,
                           .cpu = m->pd->times.cpu,
                           .number = b->system.vcpu_count++,
                           .id_symbol = attribute_text(b, e, "setvar_id", false)};
        if (v->number == VCPUS_MAX) {
                build_error(b, e->at, "more than %d virtual CPUs", VCPUS_MAX);
                build_stop(b);
        }
        v->id = read_id(b, e, &m->pd->child_ids, "children and virtual CPUs");
        read_cpu(b, e, &v->cpu);
        attributes_end(b, e);
        read_no_children(b, e);
        if (v->id_symbol != NULL)
                read_setting(b, m->pd, e->at, v->id_symbol, v->id);
        read_append(&m->vcpus, v);
}

static void check_name(struct build *b, struct machine *m)
{
        if (m->name == NULL)
                m->name = "?";
        if (m->name[0] == '\0' || strlen(m->name) >= SYSTEM_NAME)
                build_error(b, m->at, "name \"%.80s\": 1 to %d bytes", m->name, SYSTEM_NAME - 1);
        for (struct machine *o = b->system.machines; o != NULL; o = o->next)
                if (strcmp(o->name, m->name) == 0)
                        build_error(b, m->at, "there is a virtual machine '%s' already (line %u)", m->name,
                                    o->at.line);
        if (++b->system.machine_count > MACHINES_MAX) {
                build_error(b, m->at, "more than %d virtual machines", MACHINES_MAX);
                build_stop(b);
        }
}

static void read_machine_children(struct build *b, struct machine *m, struct element *e)
{
        for (struct element *c = e->first; c != NULL; c = c->next) {
                if (read_is(c, "vcpu"))
                        read_vcpu(b, m, c);
                else if (read_is(c, "map"))
                        read_map(b, &m->maps, c);
                else
                        read_unknown(b, c);
        }
        for (struct map *x = m->maps; x != NULL; x = x->next)
                if (x->vaddr_symbol != NULL || x->size_symbol != NULL || x->prefill_symbol != NULL)
                        build_error(b, x->at,
                                    "a guest has no variables that can be set: put setvar_... into a <map> "
                                    "of '%s'",
                                    m->pd->name);
        if (m->vcpus == NULL)
                build_error(b, m->at, "'%s' needs a <vcpu id=\"...\"/>", m->name);
}

void read_machine(struct build *b, struct pd *pd, struct element *e)
{
        struct machine *m = build_allocate(b, sizeof(*m));

        *m = (struct machine){.pd = pd, .at = e->at, .name = attribute_text(b, e, "name", true)};
        if (!b->board.hypervisor)
                build_error(b, e->at,
                            "virtual machines need the hypervisor interface: use a board whose name ends in "
                            "_el2");
        if (pd->machine != NULL)
                build_error(b, e->at, "'%s' has a virtual machine already (line %u)", pd->name,
                            pd->machine->at.line);
        check_name(b, m);
        read_times(b, e, &m->times);
        attributes_end(b, e);
        read_machine_children(b, m, e);
        pd->machine = m;
        pd->has_children = true;
        read_append(&b->system.machines, m);
}
