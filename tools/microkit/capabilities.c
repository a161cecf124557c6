/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads, and the capabilities that each domain is given, at the addresses that its library expects. */
#include "tools/microkit/microkit.h"

#include <sel4/sel4.h>
#include <string.h>

enum {
        INNER_BITS = 9, /* slots of the CNode with the known addresses */
        ROOT_BITS = 6,
        INPUT = 1,
        FAULT = 2,
        SPACE = 3,
        REPLY = 4,
        MONITOR = 5,
        FIRMWARE = 7,
        SIGNALS = 10,
        CALLS = 74,
        IRQS = 138,
        CHILDREN = 202,
        GUESTS = 266,
        VCPUS = 330,
        MONITOR_INPUT = 1,
        MONITOR_REPLY = 2,
        MONITOR_TCBS = 10,
        MONITOR_GUESTS = 74,
        MONITOR_SCS = 138,
        MONITOR_SIGNALS = 202,
        SC_BITS = 8,
        SC_BADGE = 0x100,
        RW = 3,  /* read and write */
        RWG = 7, /* and grant */
        ALL = 15,
        GUARD_INNER = 64 - ROOT_BITS - INNER_BITS,
        GUARD_ALONE = 64 - INNER_BITS,
};

#define BADGE_CALL  (1ull << 63)
#define BADGE_FAULT (1ull << 62)

static void give(struct build *b, struct object *cnode, unsigned depth, uint64_t index, struct object *source,
                 uint32_t rights, uint64_t badge)
{
        struct system_cap *c = add_record(b, PART_CAP);

        *c = (struct system_cap){.index = index, .badge = badge, .depth = depth, .rights = rights};
        add_slot(b, PART_CAP, c, &c->cnode, cnode, 0);
        add_slot(b, PART_CAP, c, &c->source, source, 0);
}

/* A badged endpoint in a slot of the root task's own. */
static struct object *badged(struct build *b, struct object *source, uint64_t badge)
{
        struct object *slot = add_slots(b, 1);
        struct system_cap *c = add_record(b, PART_CAP);

        *c = (struct system_cap){.badge = badge, .depth = 64, .rights = RWG};
        add_slot(b, PART_CAP, c, (uint32_t *)&c->index, slot, 0);
        add_slot(b, PART_CAP, c, &c->cnode, NULL, 0);
        add_slot(b, PART_CAP, c, &c->source, source, 0);
        return slot;
}

static void make_objects(struct build *b, struct pd *p, bool is_monitor)
{
        p->cnode = add_object(b, seL4_CapTableObject, INNER_BITS, INNER_BITS + seL4_SlotBits, 1);
        p->tcb = add_object(b, seL4_TCBObject, 0, seL4_TCBBits, 1);
        p->sc = add_object(b, seL4_SchedContextObject, SC_BITS, SC_BITS, 1);
        p->reply = add_object(b, seL4_ReplyObject, 0, seL4_ReplyBits, 1);
        if (p->is_called || p->has_children || is_monitor)
                p->endpoint = add_object(b, seL4_EndpointObject, 0, seL4_EndpointBits, 1);
        if (is_monitor)
                return;
        p->root = add_object(b, seL4_CapTableObject, ROOT_BITS, ROOT_BITS + seL4_SlotBits, 1);
        p->notification = add_object(b, seL4_NotificationObject, 0, seL4_NotificationBits, 1);
}

static void give_irqs(struct build *b, struct pd *p)
{
        for (struct irq *q = p->irqs; q != NULL; q = q->next) {
                struct system_irq *i = add_record(b, PART_IRQ);
                struct object *handler = add_slots(b, 1);

                *i = (struct system_irq){.badge = 1ull << q->id,
                                         .irq = (uint32_t)q->number,
                                         .trigger = q->edge,
                                         .cpu = (uint32_t)p->times.cpu};
                add_slot(b, PART_IRQ, i, &i->handler, handler, 0);
                add_slot(b, PART_IRQ, i, &i->notification, p->notification, 0);
                add_slot(b, PART_IRQ, i, &i->signal, add_slots(b, 1), 0);
                give(b, p->cnode, INNER_BITS, IRQS + q->id, handler, ALL, 0);
        }
}

/* The capability that the root task has from the kernel. */
static struct object *firmware(struct build *b)
{
        struct object *o = build_allocate(b, sizeof(*o));

        *o = (struct object){.count = 1, .slot = SYSTEM_FIRMWARE};
        return o;
}

static void give_common(struct build *b, struct pd *p)
{
        struct pd *monitor = b->system.monitor;
        uint64_t badge = p->parent ? BADGE_FAULT | p->id : p->index + 1;

        give(b, p->root, ROOT_BITS, 0, p->cnode, ALL, GUARD_INNER);
        give(b, p->cnode, INNER_BITS, INPUT, p->endpoint ? p->endpoint : p->notification,
             p->endpoint ? RWG : RW, 0);
        p->fault = badged(b, p->parent ? p->parent->endpoint : monitor->endpoint, badge);
        give(b, p->cnode, INNER_BITS, FAULT, p->parent ? p->parent->endpoint : monitor->endpoint, RWG, badge);
        give(b, p->cnode, INNER_BITS, SPACE, p->space.vspace, ALL, 0);
        give(b, p->cnode, INNER_BITS, REPLY, p->reply, ALL, 0);
        if (p->passive)
                give(b, p->cnode, INNER_BITS, MONITOR, monitor->endpoint, RWG, p->index + 1);
        if (p->smc)
                give(b, p->cnode, INNER_BITS, FIRMWARE, firmware(b), ALL, 0);
        if (p->parent != NULL)
                give(b, p->parent->cnode, INNER_BITS, CHILDREN + p->id, p->tcb, ALL, 0);
        for (struct grant *g = p->grants; g != NULL; g = g->next)
                give(b, p->root, ROOT_BITS, g->slot,
                     g->kind == GRANT_TCB  ? g->pd->tcb
                     : g->kind == GRANT_SC ? g->pd->sc
                                           : g->pd->space.vspace,
                     ALL, 0);
        give_irqs(b, p);
}

static void give_channel(struct build *b, struct channel *c)
{
        for (unsigned i = 0; i < 2; i++) {
                struct end *e = &c->end[i], *o = &c->end[1 - i];

                if (e->notify)
                        give(b, e->pd->cnode, INNER_BITS, SIGNALS + e->id, o->pd->notification, RW,
                             1ull << o->id);
                if (e->call)
                        give(b, e->pd->cnode, INNER_BITS, CALLS + e->id, o->pd->endpoint, RWG,
                             BADGE_CALL | o->id);
        }
}

static void give_monitor(struct build *b)
{
        struct pd *m = b->system.monitor;

        give(b, m->cnode, INNER_BITS, MONITOR_INPUT, m->endpoint, RW, 0);
        give(b, m->cnode, INNER_BITS, MONITOR_REPLY, m->reply, ALL, 0);
        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                give(b, m->cnode, INNER_BITS, MONITOR_TCBS + p->index, p->tcb, ALL, 0);
                if (!p->passive)
                        continue;
                give(b, m->cnode, INNER_BITS, MONITOR_SCS + p->index, p->sc, ALL, 0);
                give(b, m->cnode, INNER_BITS, MONITOR_SIGNALS + p->index, p->notification, RW, 0);
        }
}

static struct system_thread *add_thread(struct build *b, const char *name, const struct times *times)
{
        struct system_thread *t = add_record(b, PART_THREAD);

        *t = (struct system_thread){.budget = times->budget,
                                    .period = times->period,
                                    .priority = times->priority,
                                    .cpu = (uint32_t)times->cpu,
                                    .fpu = 1};
        strncpy(t->name, name, SYSTEM_NAME - 1);
        return t;
}

static void make_thread(struct build *b, struct pd *p, bool is_monitor)
{
        struct system_thread *t = add_thread(b, p->name, &p->times);

        t->entry = p->program->entry;
        t->stack = p->stack_top;
        t->buffer = p->buffer;
        t->badge = SC_BADGE + p->index;
        t->domain = p->domain;
        t->fpu = !p->no_fpu;
        t->cspace_data = is_monitor ? GUARD_ALONE : 0;
        add_slot(b, PART_THREAD, t, &t->tcb, p->tcb, 0);
        add_slot(b, PART_THREAD, t, &t->vspace, p->space.vspace, 0);
        add_slot(b, PART_THREAD, t, &t->cspace, is_monitor ? p->cnode : p->root, 0);
        add_slot(b, PART_THREAD, t, &t->frame, p->buffer_frame, p->buffer_page);
        add_slot(b, PART_THREAD, t, &t->sc, p->sc, 0);
        add_slot(b, PART_THREAD, t, &t->fault, p->fault, 0);
        add_slot(b, PART_THREAD, t, &t->notification, p->notification, 0);
        add_slot(b, PART_THREAD, t, &t->vcpu, NULL, 0);
}

/* --- guests ---------------------------------------------------------------------------------------------------- */

static void give_vcpu(struct build *b, struct machine *m, struct vcpu *v)
{
        struct pd *p = m->pd;

        v->cnode = add_object(b, seL4_CapTableObject, INNER_BITS, INNER_BITS + seL4_SlotBits, 1);
        v->tcb = add_object(b, seL4_TCBObject, 0, seL4_TCBBits, 1);
        v->sc = add_object(b, seL4_SchedContextObject, SC_BITS, SC_BITS, 1);
        v->vcpu = add_object(b, seL4_ARM_VCPUObject, 0, seL4_VCPUBits, 1);
        v->fault = badged(b, p->endpoint, BADGE_FAULT | v->id);
        give(b, p->cnode, INNER_BITS, GUESTS + v->id, v->tcb, ALL, 0);
        give(b, p->cnode, INNER_BITS, VCPUS + v->id, v->vcpu, ALL, 0);
        give(b, b->system.monitor->cnode, INNER_BITS, MONITOR_GUESTS + v->number, v->tcb, ALL, 0);
}

/* It waits until its parent starts it.  Its domain is that of its parent. */
static void make_vcpu(struct build *b, struct machine *m, struct vcpu *v, unsigned position)
{
        struct times times = m->times;
        struct system_thread *t;

        times.cpu = v->cpu;
        t = add_thread(b, m->name, &times);
        t->badge = SC_BADGE + position;
        t->domain = m->pd->domain;
        t->cspace_data = GUARD_ALONE;
        add_slot(b, PART_THREAD, t, &t->tcb, v->tcb, 0);
        add_slot(b, PART_THREAD, t, &t->vspace, m->space.vspace, 0);
        add_slot(b, PART_THREAD, t, &t->cspace, v->cnode, 0);
        add_slot(b, PART_THREAD, t, &t->frame, NULL, 0);
        add_slot(b, PART_THREAD, t, &t->sc, v->sc, 0);
        add_slot(b, PART_THREAD, t, &t->fault, v->fault, 0);
        add_slot(b, PART_THREAD, t, &t->notification, NULL, 0);
        add_slot(b, PART_THREAD, t, &t->vcpu, v->vcpu, 0);
}

static void lay_out_guests(struct build *b)
{
        for (struct machine *m = b->system.machines; m != NULL; m = m->next) {
                unsigned position = 0;

                for (struct vcpu *v = m->vcpus; v != NULL; v = v->next) {
                        give_vcpu(b, m, v);
                        make_vcpu(b, m, v, position++);
                }
        }
}

void lay_out_capabilities(struct build *b)
{
        struct system *s = &b->system;
        uint64_t index = s->index_shift;

        for (struct pd *p = s->pds; p != NULL; p = p->next)
                make_objects(b, p, false);
        make_objects(b, s->monitor, true);
        for (struct pd *p = s->pds; p != NULL; p = p->next)
                give_common(b, p);
        for (struct channel *c = s->channels; c != NULL; c = c->next)
                give_channel(b, c);
        give_monitor(b);
        for (struct pd *p = s->pds; p != NULL; p = p->next)
                make_thread(b, p, false);
        make_thread(b, s->monitor, true);
        lay_out_guests(b);
        for (struct entry *e = s->entries; e != NULL; e = e->next) {
                struct system_entry *x = add_record(b, PART_ENTRY);

                *x = (struct system_entry){
                        .index = index++, .duration = e->duration, .domain = (uint32_t)e->domain};
        }
        if (s->entries != NULL)
                ((struct system_entry *)add_record(b, PART_ENTRY))->index = index; /* the end */
}
