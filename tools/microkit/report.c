/* SPDX-License-Identifier: BSD-2-Clause */
/* A laid-out system as text: memory of each domain, its capabilities, objects, and what the root task will do. */
#include "tools/microkit/microkit.h"

#include <sel4/sel4.h>

static const char *type_name(unsigned type)
{
        static const char *const names[] = {[seL4_TCBObject] = "thread",
                                            [seL4_EndpointObject] = "endpoint",
                                            [seL4_NotificationObject] = "notification",
                                            [seL4_CapTableObject] = "CNode",
                                            [seL4_SchedContextObject] = "scheduling context",
                                            [seL4_ReplyObject] = "reply",
                                            [seL4_ARM_VSpaceObject] = "address space",
                                            [seL4_ARM_SmallPageObject] = "page of 4 KiB",
                                            [seL4_ARM_LargePageObject] = "page of 2 MiB",
                                            [seL4_ARM_PageTableObject] = "page table",
                                            [seL4_ARM_VCPUObject] = "virtual CPU"};

        return type < sizeof(names) / sizeof(names[0]) && names[type] ? names[type] : "?";
}

static const char *rights(bool write, bool execute)
{
        return write ? execute ? "rwx" : "rw-" : execute ? "r-x" : "r--";
}

static void write_maps(const struct map *maps, FILE *f)
{
        for (const struct map *m = maps; m != NULL; m = m->next)
                fprintf(f, "    %#16llx .. %#16llx  %s  %s%s\n", (unsigned long long)m->vaddr,
                        (unsigned long long)(m->vaddr + m->region->size), rights(m->write, m->execute),
                        m->region->name, m->cached ? "" : ", not cached");
}

static void write_machine(const struct machine *m, FILE *f)
{
        fprintf(f, "  virtual machine %s: priority %u, %llu us every %llu us\n", m->name, m->times.priority,
                (unsigned long long)m->times.budget, (unsigned long long)m->times.period);
        for (const struct vcpu *v = m->vcpus; v != NULL; v = v->next)
                fprintf(f, "    virtual CPU %llu, on core %llu\n", (unsigned long long)v->id,
                        (unsigned long long)v->cpu);
        write_maps(m->maps, f);
}

static void write_memory(const struct pd *p, FILE *f)
{
        unsigned long long stack = p->stack_top - p->stack_size;

        for (const struct segment *s = p->program->segments; s != NULL; s = s->next)
                fprintf(f, "    %#16llx .. %#16llx  %s  program %s\n", (unsigned long long)s->start,
                        (unsigned long long)(s->start + s->count * PAGE_BYTES), rights(s->write, s->execute),
                        p->path);
        write_maps(p->maps, f);
        fprintf(f, "    %#16llx .. %#16llx  rw-  stack\n", stack, (unsigned long long)p->stack_top);
        fprintf(f, "    %#16llx .. %#16llx  rw-  IPC buffer\n", (unsigned long long)p->buffer,
                (unsigned long long)p->buffer + PAGE_BYTES);
}

static void write_channels(const struct build *b, const struct pd *p, FILE *f)
{
        for (const struct channel *c = b->system.channels; c != NULL; c = c->next)
                for (unsigned i = 0; i < 2; i++) {
                        const struct end *e = &c->end[i], *o = &c->end[1 - i];

                        if (e->pd != p)
                                continue;
                        if (e->notify)
                                fprintf(f, "    %3llu  notification of %s, rw, badge %#llx\n",
                                        (unsigned long long)(10 + e->id), o->pd->name, 1ull << o->id);
                        if (e->call)
                                fprintf(f, "    %3llu  endpoint of %s, rwg, badge %#llx\n",
                                        (unsigned long long)(74 + e->id), o->pd->name, 1ull << 63 | o->id);
                }
}

static void write_caps(const struct build *b, const struct pd *p, FILE *f)
{
        static const char *const kinds[] = {"thread", "scheduling context", "address space"};

        fprintf(f, "    %3d  own %s\n", 1, p->endpoint ? "endpoint, rwg" : "notification, rw");
        fprintf(f, "    %3d  endpoint of %s, rwg: faults go there\n", 2,
                p->parent ? p->parent->name : "the monitor");
        fprintf(f, "    %3d  own address space\n    %3d  own reply\n", 3, 4);
        if (p->passive)
                fprintf(f, "    %3d  endpoint of the monitor, rwg\n", 5);
        if (p->smc)
                fprintf(f, "    %3d  calls to the firmware\n", 7);
        write_channels(b, p, f);
        for (const struct irq *q = p->irqs; q != NULL; q = q->next)
                fprintf(f, "    %3llu  interrupt %llu, %s\n", (unsigned long long)(138 + q->id),
                        (unsigned long long)q->number, q->edge ? "edge" : "level");
        for (const struct pd *c = b->system.pds; c != NULL; c = c->next)
                if (c->parent == p)
                        fprintf(f, "    %3llu  thread of %s\n", (unsigned long long)(202 + c->id), c->name);
        for (const struct vcpu *v = p->machine ? p->machine->vcpus : NULL; v != NULL; v = v->next)
                fprintf(f, "    %3llu  thread of a virtual CPU of %s\n    %3llu  that virtual CPU\n",
                        (unsigned long long)(266 + v->id), p->machine->name,
                        (unsigned long long)(330 + v->id));
        for (const struct grant *g = p->grants; g != NULL; g = g->next)
                fprintf(f, "    root slot %llu  %s of %s\n", (unsigned long long)g->slot, kinds[g->kind],
                        g->pd->name);
}

static void write_regions(const struct build *b, FILE *f)
{
        fprintf(f, "\nMemory regions\n");
        for (const struct region *r = b->system.regions; r != NULL; r = r->next) {
                fprintf(f, "  %s: %#llx bytes in pages of %#llx, ", r->name, (unsigned long long)r->size,
                        1ull << r->page_bits);
                if (!r->used)
                        fprintf(f, "left out");
                else if (r->has_paddr)
                        fprintf(f, "at physical address %#llx", (unsigned long long)r->paddr);
                else
                        fprintf(f, r->floating ? "in one piece anywhere in RAM" : "anywhere in RAM");
                if (r->prefill_path != NULL)
                        fprintf(f, ", begins with %s (%llu bytes)", r->prefill_path,
                                (unsigned long long)r->prefill.size);
                fprintf(f, "\n");
        }
}

void report_write(const struct build *b, FILE *f)
{
        const struct system_objects *o = (const struct system_objects *)b->part[PART_OBJECTS].data;

        fprintf(f, "System of %s: %u protection domains\n", b->name, b->system.pd_count);
        for (const struct pd *p = b->system.pds; p != NULL; p = p->next) {
                fprintf(f, "\n%s: priority %u, %llu us every %llu us, core %llu%s, entry %#llx\n", p->name,
                        p->times.priority, (unsigned long long)p->times.budget,
                        (unsigned long long)p->times.period, (unsigned long long)p->times.cpu,
                        p->passive ? ", passive" : "", (unsigned long long)p->program->entry);
                fprintf(f, "  memory\n");
                write_memory(p, f);
                fprintf(f, "  capabilities\n");
                write_caps(b, p, f);
                if (p->machine != NULL)
                        write_machine(p->machine, f);
        }
        write_regions(b, f);
        fprintf(f, "\nObjects\n");
        for (uint64_t i = 0; i < b->part[PART_OBJECTS].count; i++)
                fprintf(f, "  %6u  %s, %llu bytes each\n", o[i].count, type_name(o[i].type),
                        1ull << o[i].bytes_bits);
        fprintf(f, "\nRoot task: %u slots, %llu KiB of contents, root CNode of 2^%u\n", b->slots,
                (unsigned long long)b->pages.count * PAGE_BYTES / 1024, system_cnode_bits(b));
}
