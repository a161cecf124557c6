/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks that need the whole system: names that must be known or unique, ids, priorities, addresses. */
#include "tools/microkit/microkit.h"

#include <string.h>

enum {
        IRQ_FIRST = 16,     /* below: signals between cores */
        IRQ_LAST = 1019,    /* of the interrupt controller */
        IRQ_TIMER = 27,     /* the virtual timer: the kernel's at EL1, of guests at EL2 */
        IRQ_EL2_FIRST = 25, /* of the guests' interrupt controller; 26 is the kernel's timer there */
};

static struct pd *find_pd(struct build *b, const char *name)
{
        for (struct pd *p = b->system.pds; p != NULL && name != NULL; p = p->next)
                if (strcmp(p->name, name) == 0)
                        return p;
        return NULL;
}

static struct region *find_region(struct build *b, const char *name)
{
        for (struct region *r = b->system.regions; r != NULL && name != NULL; r = r->next)
                if (strcmp(r->name, name) == 0)
                        return r;
        return NULL;
}

static void check_names(struct build *b)
{
        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                if (strcmp(p->name, "monitor") == 0)
                        build_error(b, p->at,
                                    "'monitor' is the name of the system's own domain: choose another one");
                else if (find_pd(b, p->name) != p)
                        build_error(b, p->at, "there is a domain '%s' already (line %u)", p->name,
                                    find_pd(b, p->name)->at.line);
        }
        for (struct region *r = b->system.regions; r != NULL; r = r->next)
                if (find_region(b, r->name) != r)
                        build_error(b, r->at, "there is a memory region '%s' already (line %u)", r->name,
                                    find_region(b, r->name)->at.line);
}

/* --- memory regions ---------------------------------------------------------------------------------------------- */

static void check_contents(struct build *b, struct region *r)
{
        uint64_t page = r->page_bits ? 1ull << r->page_bits : PAGE_BYTES;

        if (r->prefill_path != NULL && (!b->read(b, r->prefill_path, &r->prefill) || r->prefill.size == 0)) {
                build_error(b, r->at, "there is no file '%s' with contents in the search path",
                            r->prefill_path);
                r->prefill = (struct file){NULL, 0};
        }
        if (!r->has_size) {
                r->size = r->bootinfo ? page : (r->prefill.size + page - 1) / page * page;
                if (r->size == 0 && r->prefill_path == NULL)
                        build_error(b, r->at, "memory region '%s' needs a size", r->name);
                return;
        }
        if (r->size == 0 || r->size % page != 0)
                build_error(b, r->at, "the size of '%s' is not a multiple of its pages of 0x%llx", r->name,
                            (unsigned long long)page);
        if (r->prefill.size > r->size)
                build_error(b, r->at, "'%s' has %llu bytes, more than the region '%s'", r->prefill_path,
                            (unsigned long long)r->prefill.size, r->name);
}

static uint64_t addresses_of(const struct map *maps, const struct region *r)
{
        uint64_t all = 0;

        for (const struct map *m = maps; m != NULL; m = m->next)
                all |= m->region == r ? m->vaddr : 0;
        return all;
}

/* Large pages where everything that names the region is a multiple of them. */
static void choose_page(struct build *b, struct region *r)
{
        uint64_t all = r->size | (r->has_paddr ? r->paddr : 0);

        if (r->page_bits != 0)
                return;
        for (struct pd *p = b->system.pds; p != NULL; p = p->next)
                all |= addresses_of(p->maps, r);
        for (struct machine *m = b->system.machines; m != NULL; m = m->next)
                all |= addresses_of(m->maps, r);
        r->page_bits = all % (1ull << LARGE_BITS) == 0 ? LARGE_BITS : PAGE_BITS;
}

static void check_address(struct build *b, struct region *r)
{
        if (!r->has_paddr)
                return;
        if (r->paddr % (1ull << r->page_bits) != 0)
                build_error(b, r->at, "phys_addr 0x%llx is not a multiple of the pages of 0x%llx of '%s'",
                            (unsigned long long)r->paddr, 1ull << r->page_bits, r->name);
        if (r->size > 1ull << 40 || r->paddr > (1ull << 40) - r->size)
                build_error(b, r->at,
                            "'%s' reaches beyond the physical addresses of the machine, which end at 0x%llx",
                            r->name, 1ull << 40);
        for (struct region *o = b->system.regions; o != r; o = o->next)
                if (o->has_paddr && r->paddr < o->paddr + o->size && o->paddr < r->paddr + r->size)
                        build_error(b, r->at, "'%s' and '%s' (line %u) have physical addresses in common",
                                    r->name, o->name, o->at.line);
}

static void check_regions(struct build *b)
{
        for (struct region *r = b->system.regions; r != NULL; r = r->next) {
                check_contents(b, r);
                choose_page(b, r);
                check_address(b, r);
                if (r->size > 1ull << 40)
                        build_error(b, r->at, "'%s' is larger than any memory", r->name);
                if (!r->used)
                        build_warning(b, r->at, "no program uses the memory region '%s': it is left out",
                                      r->name);
        }
}

/* --- maps and variables ------------------------------------------------------------------------------------------ */

static void set(struct build *b, struct pd *p, struct place at, const char *symbol, uint64_t value)
{
        struct setvar *s = build_allocate(b, sizeof(*s));

        *s = (struct setvar){p->setvars, symbol, at, SET_VALUE, value, NULL, NULL};
        p->setvars = s;
}

static void resolve_maps(struct build *b, struct map *maps)
{
        for (struct map *m = maps; m != NULL; m = m->next) {
                m->region = find_region(b, m->region_name);
                if (m->region == NULL && m->region_name != NULL)
                        build_error(b, m->at, "there is no memory region '%s'", m->region_name);
                else if (m->region != NULL)
                        m->region->used = true;
        }
}

static void resolve_variables(struct build *b, struct pd *p)
{
        for (struct setvar *v = p->setvars; v != NULL; v = v->next) {
                if (v->kind != SET_PADDR)
                        continue;
                v->region = find_region(b, v->region_name);
                if (v->region == NULL) {
                        build_error(b, v->at, "there is no memory region '%s'", v->region_name);
                        continue;
                }
                v->region->used = true;
                v->region->floating = !v->region->has_paddr;
        }
}

static void check_map(struct build *b, struct map *maps, struct map *m)
{
        struct region *r = m->region;
        uint64_t page = 1ull << r->page_bits, end = 1ull << b->board.space_bits;

        if (m->vaddr % page != 0)
                build_error(b, m->at, "vaddr 0x%llx is not a multiple of the pages of 0x%llx of '%s'",
                            (unsigned long long)m->vaddr, (unsigned long long)page, r->name);
        if (r->size > end || m->vaddr > end - r->size)
                build_error(
                        b, m->at,
                        "0x%llx bytes at 0x%llx reach beyond the addresses of a domain, which end at 0x%llx",
                        (unsigned long long)r->size, (unsigned long long)m->vaddr, (unsigned long long)end);
        for (struct map *o = maps; o != m; o = o->next)
                if (o->region != NULL && m->vaddr < o->vaddr + o->region->size &&
                    o->vaddr < m->vaddr + r->size)
                        build_error(b, m->at, "'%s' and '%s' (line %u) have addresses in common", r->name,
                                    o->region->name, o->at.line);
}

static void check_maps(struct build *b, struct map *maps)
{
        for (struct map *m = maps; m != NULL; m = m->next)
                if (m->region != NULL)
                        check_map(b, maps, m);
}

static void set_map_variables(struct build *b, struct pd *p)
{
        for (struct map *m = p->maps; m != NULL; m = m->next) {
                struct region *r = m->region;

                if (r == NULL)
                        continue;
                if (m->vaddr_symbol != NULL)
                        set(b, p, m->at, m->vaddr_symbol, m->vaddr);
                if (m->size_symbol != NULL)
                        set(b, p, m->at, m->size_symbol, r->size);
                if (m->prefill_symbol != NULL && r->prefill_path == NULL)
                        build_error(b, m->at, "setvar_prefill_size: '%s' has no prefill_path", r->name);
                else if (m->prefill_symbol != NULL)
                        set(b, p, m->at, m->prefill_symbol, r->prefill.size);
        }
}

/* --- interrupts, channels, grants, scheduling domains -------------------------------------------------------------- */

static void check_irqs(struct build *b, struct pd *p)
{
        for (struct irq *q = p->irqs; q != NULL; q = q->next) {
                if (q->number < IRQ_FIRST || q->number > IRQ_LAST)
                        build_error(
                                b, q->at,
                                "irq %llu: interrupts go from %d to %d (SPI n is 32 + n, PPI n is 16 + n)",
                                (unsigned long long)q->number, IRQ_FIRST, IRQ_LAST);
                else if (q->number == IRQ_TIMER)
                        build_error(b, q->at, "irq %d is the %s; the physical timer, for programs, is 30",
                                    IRQ_TIMER, b->board.hypervisor ? "guests' timer" : "kernel's timer");
                else if (b->board.hypervisor && q->number >= IRQ_EL2_FIRST && q->number < IRQ_TIMER)
                        build_error(b, q->at, "irq %llu is the kernel's own, for guests",
                                    (unsigned long long)q->number);
                for (struct pd *o = b->system.pds; o != NULL; o = o->next)
                        for (struct irq *x = o->irqs; x != NULL && x != q; x = x->next)
                                if (x->number == q->number && (o->index < p->index || (o == p)))
                                        build_error(b, q->at, "irq %llu is that of '%s' already (line %u)",
                                                    (unsigned long long)q->number, o->name, x->at.line);
        }
}

static void take_id(struct build *b, struct end *e)
{
        if (e->pd->channel_ids & 1ull << e->id)
                build_error(b, e->at, "'%s' has a channel or interrupt with id %llu already", e->pd->name,
                            (unsigned long long)e->id);
        e->pd->channel_ids |= 1ull << e->id;
        if (e->notify)
                e->pd->notify_ids |= 1ull << e->id;
        if (e->call)
                e->pd->call_ids |= 1ull << e->id;
        if (e->id_symbol != NULL)
                set(b, e->pd, e->at, e->id_symbol, e->id);
}

static void check_channel(struct build *b, struct channel *c)
{
        for (unsigned i = 0; i < 2; i++) {
                c->end[i].pd = find_pd(b, c->end[i].pd_name);
                if (c->end[i].pd == NULL && c->end[i].pd_name != NULL)
                        build_error(b, c->end[i].at, "there is no protection domain '%s'", c->end[i].pd_name);
        }
        if (c->end[0].pd == NULL || c->end[1].pd == NULL)
                return;
        if (c->end[0].pd == c->end[1].pd)
                build_error(b, c->at, "both ends are '%s': a channel is between two domains",
                            c->end[0].pd->name);
        if (c->end[0].call && c->end[1].call)
                build_error(b, c->at, "pp at both ends: one domain calls, the other answers");
        for (unsigned i = 0; i < 2; i++) {
                struct end *e = &c->end[i], *o = &c->end[1 - i];

                take_id(b, e);
                if (!e->call)
                        continue;
                o->pd->is_called = true;
                if (e->pd->times.priority >= o->pd->times.priority)
                        build_error(b, e->at,
                                    "'%s' (priority %u) calls '%s' (priority %u): the called one needs the "
                                    "higher priority",
                                    e->pd->name, e->pd->times.priority, o->pd->name, o->pd->times.priority);
        }
}

static void check_domain(struct build *b, struct pd *p)
{
        if (p->domain_name == NULL) {
                if (b->system.has_domains)
                        build_error(b, p->at, "'%s' needs domain=\"...\", for the system has <domains>",
                                    p->name);
                return;
        }
        if (!b->system.has_domains)
                build_error(b, p->at, "domain=\"%s\": the system has no <domains>", p->domain_name);
        for (struct scheduling_domain *d = b->system.domains; d != NULL; d = d->next)
                if (d->name != NULL && strcmp(d->name, p->domain_name) == 0) {
                        p->domain = (unsigned)d->id;
                        return;
                }
        if (b->system.has_domains)
                build_error(b, p->at, "there is no domain '%s' in <domains>", p->domain_name);
}

/* Domains without a number take the smallest free one, in the order of the description. */
static void number_domains(struct build *b)
{
        uint64_t taken = 0;

        for (struct scheduling_domain *d = b->system.domains; d != NULL; d = d->next)
                if (d->has_id && d->id < SCHEDULING_MAX)
                        taken |= 1ull << d->id;
        for (struct scheduling_domain *d = b->system.domains; d != NULL; d = d->next) {
                if (!d->has_id)
                        d->id = (uint64_t)__builtin_ctzll(~taken);
                taken |= 1ull << (d->id % SCHEDULING_MAX);
        }
        for (struct entry *e = b->system.entries; e != NULL; e = e->next) {
                struct scheduling_domain *d = b->system.domains;

                while (d != NULL &&
                       (e->domain_name == NULL || d->name == NULL || strcmp(d->name, e->domain_name) != 0))
                        d = d->next;
                if (d == NULL && e->domain_name != NULL)
                        build_error(b, e->at, "there is no domain '%s' in <domains>", e->domain_name);
                e->domain = d ? d->id : 0;
        }
}

static void check_setvars(struct build *b, struct pd *p)
{
        for (struct setvar *v = p->setvars; v != NULL; v = v->next)
                for (struct setvar *o = p->setvars; o != v; o = o->next)
                        if (strcmp(o->symbol, v->symbol) == 0)
                                build_error(b, v->at, "'%s' of '%s' is set twice (line %u)", v->symbol,
                                            p->name, o->at.line);
}

void system_check(struct build *b)
{
        check_names(b);
        for (struct machine *m = b->system.machines; m != NULL; m = m->next)
                resolve_maps(b, m->maps);
        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                resolve_maps(b, p->maps);
                resolve_variables(b, p);
        }
        check_regions(b);
        number_domains(b);
        for (struct machine *m = b->system.machines; m != NULL; m = m->next)
                check_maps(b, m->maps);
        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                check_maps(b, p->maps);
                set_map_variables(b, p);
                check_irqs(b, p);
                check_domain(b, p);
                for (struct grant *g = p->grants; g != NULL; g = g->next) {
                        g->pd = find_pd(b, g->pd_name);
                        if (g->pd == NULL && g->pd_name != NULL)
                                build_error(b, g->at, "there is no protection domain '%s'", g->pd_name);
                }
        }
        for (struct channel *c = b->system.channels; c != NULL; c = c->next)
                check_channel(b, c);
        for (struct pd *p = b->system.pds; p != NULL; p = p->next)
                check_setvars(b, p);
}
