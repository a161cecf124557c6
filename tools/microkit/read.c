/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of a description become domains, regions and channels; the form of each is checked, but not whether they fit together. */
#include "tools/microkit/microkit.h"

#include <string.h>

enum {
        DEFAULT_STACK = 0x2000,
        STACK_MIN = 0x1000,
        STACK_MAX = 16 << 20,
        BOOTINFO_FDT = 6,
        NAME_MAX_BYTES = 63,
};

void read_append(void *list, void *record)
{
        void **at = list;

        while (*at != NULL)
                at = *at;
        *at = record;
}

bool read_is(const struct element *e, const char *name)
{
        return strcmp(e->name, name) == 0;
}

void read_unknown(struct build *b, const struct element *e)
{
        build_error(b, e->at, "<%s> has no element <%s>", e->parent->name, e->name);
}

void read_no_children(struct build *b, struct element *e)
{
        for (struct element *c = e->first; c != NULL; c = c->next)
                read_unknown(b, c);
}

void read_setting(struct build *b, struct pd *pd, struct place at, const char *symbol, uint64_t value)
{
        struct setvar *s = build_allocate(b, sizeof(*s));

        *s = (struct setvar){.symbol = symbol, .at = at, .kind = SET_VALUE, .value = value};
        read_append(&pd->setvars, s);
}

uint64_t read_id(struct build *b, struct element *e, uint64_t *set, const char *what)
{
        uint64_t id = 0;

        if (!attribute_number(b, e, "id", true, &id))
                return 0;
        if (id >= IDS) {
                build_error(b, e->at, "id %llu: the ids of %s go from 0 to %d", (unsigned long long)id, what,
                            IDS - 1);
                return 0;
        }
        if (set != NULL && (*set & 1ull << id))
                build_error(b, e->at, "id %llu is in use already: each of %s needs one of its own",
                            (unsigned long long)id, what);
        if (set != NULL)
                *set |= 1ull << id;
        return id;
}

void read_map(struct build *b, struct map **maps, struct element *e)
{
        struct map *m = build_allocate(b, sizeof(*m));
        const char *perms;

        *m = (struct map){.at = e->at,
                          .region_name = attribute_text(b, e, "mr", true),
                          .cached = attribute_flag(b, e, "cached", true)};
        attribute_number(b, e, "vaddr", true, &m->vaddr);
        perms = attribute_text(b, e, "perms", false);
        perms = perms ? perms : "rw";
        if (perms[0] == '\0' || perms[strspn(perms, "rwx")] != '\0')
                build_error(b, e->at, "perms=\"%s\": write letters out of r, w and x", perms);
        else if (strchr(perms, 'w') != NULL && strchr(perms, 'r') == NULL)
                build_error(b, e->at,
                            "perms=\"%s\": memory that can be written can be read on this machine: write rw",
                            perms);
        m->write = strchr(perms, 'w') != NULL;
        m->execute = strchr(perms, 'x') != NULL;
        m->vaddr_symbol = attribute_text(b, e, "setvar_vaddr", false);
        m->size_symbol = attribute_text(b, e, "setvar_size", false);
        m->prefill_symbol = attribute_text(b, e, "setvar_prefill_size", false);
        attributes_end(b, e);
        read_no_children(b, e);
        read_append(maps, m);
}

static void read_irq(struct build *b, struct pd *pd, struct element *e)
{
        struct irq *q = build_allocate(b, sizeof(*q));
        const char *trigger = attribute_text(b, e, "trigger", false),
                   *symbol = attribute_text(b, e, "setvar_id", false);

        *q = (struct irq){.at = e->at};
        for (struct attribute *a = e->attributes; a != NULL; a = a->next)
                if (strcmp(a->name, "pin") == 0 || strcmp(a->name, "pcidev") == 0) {
                        build_error(b, e->at, "'%s' is for x86; on Arm write irq=\"NUMBER\"", a->name);
                        return;
                }
        attribute_number(b, e, "irq", true, &q->number);
        q->id = read_id(b, e, &pd->channel_ids, "channels and interrupts");
        if (trigger != NULL && strcmp(trigger, "level") != 0 && strcmp(trigger, "edge") != 0)
                build_error(b, e->at, "trigger=\"%s\": write level or edge", trigger);
        q->edge = trigger != NULL && strcmp(trigger, "edge") == 0;
        if (symbol != NULL)
                read_setting(b, pd, e->at, symbol, q->id);
        pd->irq_ids |= 1ull << q->id;
        attributes_end(b, e);
        read_no_children(b, e);
        read_append(&pd->irqs, q);
}

static void read_setvar(struct build *b, struct pd *pd, struct element *e)
{
        struct setvar *s = build_allocate(b, sizeof(*s));

        *s = (struct setvar){.at = e->at,
                             .kind = SET_PADDR,
                             .symbol = attribute_text(b, e, "symbol", true),
                             .region_name = attribute_text(b, e, "region_paddr", true)};
        attributes_end(b, e);
        read_no_children(b, e);
        if (s->symbol != NULL && s->region_name != NULL)
                read_append(&pd->setvars, s);
}

static void read_image(struct build *b, struct pd *pd, struct element *e)
{
        if (pd->image_at.line != 0)
                build_error(b, e->at, "'%s' has a program_image already (line %u): a domain runs one program",
                            pd->name, pd->image_at.line);
        pd->image_at = e->at;
        pd->path = attribute_text(b, e, "path", true);
        pd->symbols_path = attribute_text(b, e, "path_for_symbols", false);
        attributes_end(b, e);
        read_no_children(b, e);
}

static void read_cspace(struct build *b, struct pd *pd, struct element *e)
{
        static const char *const names[] = {"cap_tcb", "cap_sc", "cap_vspace"};
        uint64_t taken = 0;

        if (pd->grants != NULL)
                build_error(b, e->at, "'%s' has a cspace already", pd->name);
        attributes_end(b, e);
        for (struct element *c = e->first; c != NULL; c = c->next) {
                struct grant *g = build_allocate(b, sizeof(*g));
                unsigned kind = 0;

                while (kind < 3 && !read_is(c, names[kind]))
                        kind++;
                if (kind == 3) {
                        read_unknown(b, c);
                        continue;
                }
                *g = (struct grant){.at = c->at,
                                    .kind = (enum grant_kind)kind,
                                    .pd_name = attribute_text(b, c, "pd", true)};
                if (attribute_number(b, c, "slot", true, &g->slot) && (g->slot == 0 || g->slot >= USER_SLOTS))
                        build_error(b, c->at, "slot %llu: slots go from 1 to %d", (unsigned long long)g->slot,
                                    USER_SLOTS - 1);
                else if (g->slot != 0 && (taken & 1ull << g->slot))
                        build_error(b, c->at, "slot %llu is in use already", (unsigned long long)g->slot);
                taken |= 1ull << (g->slot % USER_SLOTS);
                attributes_end(b, c);
                read_no_children(b, c);
                read_append(&pd->grants, g);
        }
}

static void read_stack(struct build *b, struct pd *pd, struct element *e)
{
        pd->stack_size = DEFAULT_STACK;
        attribute_number(b, e, "stack_size", false, &pd->stack_size);
        if (pd->stack_size >= STACK_MIN && pd->stack_size <= STACK_MAX && pd->stack_size % PAGE_BYTES == 0)
                return;
        build_error(b, e->at, "stack_size: a multiple of 0x1000 from 0x%x to 0x%x", STACK_MIN, STACK_MAX);
        pd->stack_size = DEFAULT_STACK;
}

static void read_pd(struct build *b, struct element *e, struct pd *parent);

static void read_pd_children(struct build *b, struct pd *pd, struct element *e)
{
        for (struct element *c = e->first; c != NULL; c = c->next) {
                if (read_is(c, "program_image"))
                        read_image(b, pd, c);
                else if (read_is(c, "map"))
                        read_map(b, &pd->maps, c);
                else if (read_is(c, "irq"))
                        read_irq(b, pd, c);
                else if (read_is(c, "setvar"))
                        read_setvar(b, pd, c);
                else if (read_is(c, "protection_domain"))
                        read_pd(b, c, pd);
                else if (read_is(c, "cspace"))
                        read_cspace(b, pd, c);
                else if (read_is(c, "virtual_machine"))
                        read_machine(b, pd, c);
                else if (read_is(c, "ioport"))
                        build_error(b, c->at, "<ioport> is for x86: Arm has no I/O ports");
                else
                        read_unknown(b, c);
        }
        if (pd->image_at.line == 0)
                build_error(b, pd->at, "'%s' needs a <program_image path=\"...\"/>", pd->name);
}

static void read_child_id(struct build *b, struct pd *pd, struct element *e)
{
        const char *symbol = attribute_text(b, e, "setvar_id", false);

        if (pd->parent == NULL) {
                if (attribute_text(b, e, "id", false) != NULL || symbol != NULL)
                        build_error(b, e->at, "'%s' has no parent: id and setvar_id are for children",
                                    pd->name);
                return;
        }
        pd->id = read_id(b, e, &pd->parent->child_ids, "children and virtual CPUs");
        if (symbol != NULL)
                read_setting(b, pd->parent, e->at, symbol, pd->id);
        pd->parent->has_children = true;
}

static void read_pd(struct build *b, struct element *e, struct pd *parent)
{
        struct pd *pd = build_allocate(b, sizeof(*pd));

        *pd = (struct pd){.parent = parent, .at = e->at, .index = b->system.pd_count++};
        pd->name = attribute_text(b, e, "name", true);
        if (pd->name == NULL)
                pd->name = "?";
        if (strlen(pd->name) > NAME_MAX_BYTES || pd->name[0] == '\0')
                build_error(b, e->at, "name \"%.80s\": 1 to %d bytes", pd->name, NAME_MAX_BYTES);
        if (b->system.pd_count > DOMAINS_MAX) {
                build_error(b, e->at, "more than %d protection domains", DOMAINS_MAX);
                build_stop(b);
        }
        read_append(&b->system.pds, pd);
        read_times(b, e, &pd->times);
        read_cpu(b, e, &pd->times.cpu);
        read_stack(b, pd, e);
        read_child_id(b, pd, e);
        pd->passive = attribute_flag(b, e, "passive", false);
        pd->no_fpu = !attribute_flag(b, e, "fpu", true);
        pd->domain_name = attribute_text(b, e, "domain", false);
        pd->smc = attribute_flag(b, e, "smc", false);
        if (pd->smc && !b->board.smc)
                build_error(b, e->at, "smc=\"true\": this board has no calls to the firmware");
        if (attribute_text(b, e, "pp", false) != NULL)
                build_error(
                        b, e->at,
                        "pp belongs at the <end> of the caller since Microkit 2.0: move it into the channel");
        attributes_end(b, e);
        read_pd_children(b, pd, e);
}

static void read_region(struct build *b, struct element *e)
{
        struct region *r = build_allocate(b, sizeof(*r));
        uint64_t page_size = 0;
        const char *bootinfo;

        *r = (struct region){.at = e->at, .name = attribute_text(b, e, "name", true)};
        if (r->name == NULL)
                r->name = "?";
        r->has_size = attribute_number(b, e, "size", false, &r->size);
        if (attribute_number(b, e, "page_size", false, &page_size)) {
                if (page_size != PAGE_BYTES && page_size != 1ull << LARGE_BITS)
                        build_error(b, e->at, "page_size: 0x1000 or 0x200000");
                r->page_bits = page_size == 1ull << LARGE_BITS ? LARGE_BITS : PAGE_BITS;
        }
        r->has_paddr = attribute_number(b, e, "phys_addr", false, &r->paddr);
        r->prefill_path = attribute_text(b, e, "prefill_path", false);
        bootinfo = attribute_text(b, e, "prefill_bootinfo", false);
        if (bootinfo != NULL && strcmp(bootinfo, "fdt") != 0)
                build_error(b, e->at, "prefill_bootinfo=\"%s\": the boot information of Arm has fdt",
                            bootinfo);
        r->bootinfo = bootinfo ? BOOTINFO_FDT : 0;
        if (bootinfo != NULL && r->prefill_path != NULL)
                build_error(b, e->at, "prefill_path and prefill_bootinfo: a region has one of them");
        attributes_end(b, e);
        read_no_children(b, e);
        read_append(&b->system.regions, r);
}

static void read_channel(struct build *b, struct element *e)
{
        struct channel *c = build_allocate(b, sizeof(*c));
        unsigned ends = 0;

        *c = (struct channel){.at = e->at};
        attributes_end(b, e);
        for (struct element *x = e->first; x != NULL; x = x->next) {
                struct end *end = &c->end[ends < 2 ? ends : 1];

                if (!read_is(x, "end")) {
                        read_unknown(b, x);
                        continue;
                }
                if (ends++ >= 2)
                        continue;
                *end = (struct end){.at = x->at,
                                    .pd_name = attribute_text(b, x, "pd", true),
                                    .id = read_id(b, x, NULL, "channels and interrupts"),
                                    .call = attribute_flag(b, x, "pp", false),
                                    .notify = attribute_flag(b, x, "notify", true),
                                    .id_symbol = attribute_text(b, x, "setvar_id", false)};
                attributes_end(b, x);
                read_no_children(b, x);
        }
        if (ends != 2)
                build_error(b, e->at, "a channel has two <end> elements, not %u", ends);
        else
                read_append(&b->system.channels, c);
}

void system_read(struct build *b, struct element *root)
{
        if (!read_is(root, "system")) {
                build_error(b, root->at, "the outermost element is <system>, not <%s>", root->name);
                build_stop(b);
        }
        for (struct element *e = root->first; e != NULL; e = e->next) {
                if (read_is(e, "protection_domain"))
                        read_pd(b, e, NULL);
                else if (read_is(e, "memory_region"))
                        read_region(b, e);
                else if (read_is(e, "channel"))
                        read_channel(b, e);
                else if (read_is(e, "domains"))
                        read_domains(b, e);
                else if (read_is(e, "virtual_machine"))
                        build_error(
                                b, e->at,
                                "<virtual_machine> belongs inside the <protection_domain> that serves it");
                else if (read_is(e, "io_address_space") || read_is(e, "iomap"))
                        build_error(b, e->at, "<%s> needs an IOMMU, which the kernel does not drive on Arm",
                                    e->name);
                else
                        read_unknown(b, e);
        }
        if (b->system.pds == NULL)
                build_error(b, root->at, "a system has at least one <protection_domain>");
}
