/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs of domains: ELF files become pages, and variables in them are written. */
#include "tools/microkit/microkit.h"

#include <string.h>

#include "tools/common/bytes.h"
#include "tools/common/symbols.h"

enum { PAGES_MAX = 1 << 18 /* 1 GiB of a program */ };

static uint64_t page_up(uint64_t value)
{
        return (value + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);
}

static void add_segment(struct build *b, struct program *p, struct place at, const struct elf64_segment *s)
{
        struct segment *n = build_allocate(b, sizeof(*n)), **end = &p->segments;
        uint64_t first = s->vaddr & ~(uint64_t)(PAGE_BYTES - 1);

        *n = (struct segment){.start = first,
                              .count = (page_up(s->vaddr + s->memsz) - first) / PAGE_BYTES,
                              .write = s->flags & ELF64_W,
                              .execute = s->flags & ELF64_X};
        if (n->count > PAGES_MAX) {
                build_error(b, at, "'%s' has a segment of %llu MiB: that is not a program for this machine",
                            p->path, (unsigned long long)(s->memsz >> 20));
                build_stop(b);
        }
        n->page = build_allocate(b, n->count * sizeof(*n->page));
        for (uint64_t done = 0; done < s->filesz;) {
                uint64_t address = s->vaddr + done, offset = address % PAGE_BYTES,
                         bytes = PAGE_BYTES - offset;
                unsigned char **page = &n->page[(address - first) / PAGE_BYTES];

                if (bytes > s->filesz - done)
                        bytes = s->filesz - done;
                *page = build_allocate(b, PAGE_BYTES);
                memcpy(*page + offset, p->file.data + s->offset + done, bytes);
                done += bytes;
        }
        for (; *end != NULL; end = &(*end)->next)
                if (n->start < (*end)->start + (*end)->count * PAGE_BYTES &&
                    (*end)->start < n->start + n->count * PAGE_BYTES)
                        build_error(
                                b, at,
                                "two segments of '%s' share the page at 0x%llx: link it with -z "
                                "max-page-size=4096",
                                p->path,
                                (unsigned long long)(n->start > (*end)->start ? n->start : (*end)->start));
        *end = n;
        if (n->start + n->count * PAGE_BYTES > p->end)
                p->end = n->start + n->count * PAGE_BYTES;
}

struct program *program_load(struct build *b, const char *path, const char *symbols_path, struct place at)
{
        struct program *p = build_allocate(b, sizeof(*p));
        enum elf64_error error;
        struct elf64_segment s;
        struct symbols symbols;

        p->path = path;
        if (!b->read(b, path, &p->file)) {
                build_error(b, at, "there is no file '%s' in the search path", path);
                return NULL;
        }
        error = elf64_open(&p->elf, p->file.data, p->file.size);
        if (error != ELF64_OK) {
                build_error(b, at, "'%s' %s", path, elf64_error_text(error));
                return NULL;
        }
        p->entry = p->elf.entry;
        for (uint32_t i = 0; i < p->elf.count; i++)
                if (elf64_segment(&p->elf, i, &s))
                        add_segment(b, p, at, &s);
        p->symbols_file = p->file;
        if (symbols_path != NULL && !b->read(b, symbols_path, &p->symbols_file)) {
                build_error(b, at, "there is no file '%s' in the search path", symbols_path);
                return NULL;
        }
        if (!symbols_open(&symbols, p->symbols_file.data, p->symbols_file.size)) {
                build_error(b, at,
                            "'%s' has no symbol table: give the file as it was linked, or the one with "
                            "symbols as path_for_symbols",
                            symbols_path ? symbols_path : path);
                return NULL;
        }
        return p;
}

bool program_symbol(const struct program *p, const char *name, uint64_t *address, uint64_t *size)
{
        struct symbols s;
        struct symbol found;

        if (!symbols_open(&s, p->symbols_file.data, p->symbols_file.size) ||
            symbols_find(&s, name, &found) != 1)
                return false;
        *address = found.address;
        *size = found.size;
        return true;
}

unsigned char *program_page(struct build *b, struct program *p, uint64_t address)
{
        for (struct segment *s = p->segments; s != NULL; s = s->next)
                if (address >= s->start && (address - s->start) / PAGE_BYTES < s->count) {
                        unsigned char **page = &s->page[(address - s->start) / PAGE_BYTES];

                        if (*page == NULL)
                                *page = build_allocate(b, PAGE_BYTES);
                        return *page;
                }
        return NULL;
}

static bool write_bytes(struct build *b, struct program *p, uint64_t address, const unsigned char *bytes,
                        uint64_t size)
{
        for (uint64_t i = 0; i < size; i++) {
                unsigned char *page = program_page(b, p, address + i);

                if (page == NULL)
                        return false;
                page[(address + i) % PAGE_BYTES] = bytes[i];
        }
        return true;
}

/* Writes `size` bytes into a variable of that size; truncated if the variable is smaller and `optional`. */
void program_write(struct build *b, struct program *p, struct place at, const char *symbol, const void *bytes,
                   uint64_t size, bool optional)
{
        struct symbols s;
        struct symbol found = {0, 0};
        unsigned times;

        symbols_open(&s, p->symbols_file.data, p->symbols_file.size);
        times = symbols_find(&s, symbol, &found);
        if (times == 0 && optional)
                return;
        if (times != 1) {
                build_error(b, at,
                            times == 0 ? "'%s' has no variable '%s'" : "'%s' has more than one variable '%s'",
                            p->path, symbol);
                return;
        }
        if (optional && found.size < size)
                size = found.size;
        if (!optional && found.size != size)
                build_error(b, at, "the variable '%s' of '%s' has %llu bytes, not %llu", symbol, p->path,
                            (unsigned long long)found.size, (unsigned long long)size);
        else if (!write_bytes(b, p, found.address, bytes, size))
                build_error(b, at, "the variable '%s' of '%s' lies in no segment that is loaded", symbol,
                            p->path);
}

static void write_word(struct build *b, struct pd *p, struct place at, const char *symbol, uint64_t value,
                       bool optional)
{
        unsigned char bytes[8];

        put_le(bytes, value, 8);
        program_write(b, p->program, at, symbol, bytes, sizeof(bytes), optional);
}

static void write_variables(struct build *b, struct pd *p)
{
        char name[64] = "";
        unsigned char passive = p->passive;

        memcpy(name, p->name, strnlen(p->name, sizeof(name) - 1));
        program_write(b, p->program, p->image_at, "microkit_name", name, sizeof(name), true);
        program_write(b, p->program, p->image_at, "microkit_passive", &passive, 1, true);
        write_word(b, p, p->image_at, "microkit_irqs", p->irq_ids, true);
        write_word(b, p, p->image_at, "microkit_notifications", p->notify_ids, true);
        write_word(b, p, p->image_at, "microkit_pps", p->call_ids, true);
        for (struct setvar *v = p->setvars; v != NULL; v = v->next)
                write_word(b, p, v->at, v->symbol,
                           v->kind == SET_PADDR && v->region && v->region->has_paddr ? v->region->paddr
                                                                                     : v->value,
                           false);
}

/* Tells the monitor the names of the domains and where their stacks end. */
static void write_monitor(struct build *b)
{
        static const struct place nowhere;
        unsigned char names[64 * 64] = {0}, guests[64 * 64] = {0}, stacks[64 * 8] = {0}, count[8];
        struct program *m = b->system.monitor->program;

        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                memcpy(names + 64 * p->index, p->name, strnlen(p->name, 63));
                put_le(stacks + 8 * p->index, p->stack_top - p->stack_size, 8);
        }
        put_le(count, b->system.pd_count, 8);
        program_write(b, m, nowhere, "pd_names_len", count, 8, false);
        program_write(b, m, nowhere, "pd_names", names, sizeof(names), false);
        program_write(b, m, nowhere, "pd_stack_bottom_addrs", stacks, sizeof(stacks), false);
        for (struct machine *v = b->system.machines; v != NULL; v = v->next)
                for (struct vcpu *c = v->vcpus; c != NULL; c = c->next)
                        memcpy(guests + 64 * c->number, v->name, strnlen(v->name, 63));
        put_le(count, b->system.vcpu_count, 8);
        program_write(b, m, nowhere, "vm_names_len", count, 8, false);
        program_write(b, m, nowhere, "vm_names", guests, sizeof(guests), false);
}

/* Images with a place of their own for the IPC buffer come from libraries before 2.3. */
static void choose_addresses(struct build *b, struct pd *p)
{
        uint64_t end = 1ull << b->board.space_bits, size;

        p->buffer = end - PAGE_BYTES;
        p->stack_top = end - 2 * PAGE_BYTES; /* a page between them is not mapped */
        if (p->program != NULL && program_symbol(p->program, "__sel4_ipc_buffer_obj", &p->buffer, &size))
                p->stack_top = end;
}

void programs_load(struct build *b)
{
        struct pd *m = build_allocate(b, sizeof(*m));

        for (struct pd *p = b->system.pds; p != NULL; p = p->next) {
                p->program = p->path ? program_load(b, p->path, p->symbols_path, p->image_at) : NULL;
                choose_addresses(b, p);
                if (p->program == NULL)
                        continue;
                if (p->buffer % PAGE_BYTES != 0)
                        build_error(b, p->image_at, "the IPC buffer of '%s' is not at the start of a page",
                                    p->path);
                write_variables(b, p);
        }
        *m = (struct pd){.name = "monitor",
                         .times = {255, 1000, 1000, 0},
                         .stack_size = PAGE_BYTES,
                         .index = b->system.pd_count,
                         .path = "elf/monitor.elf"};
        b->system.monitor = m;
        m->program = program_load(b, m->path, NULL, m->at);
        choose_addresses(b, m);
        if (m->program != NULL)
                write_monitor(b);
}
