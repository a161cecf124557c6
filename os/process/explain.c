/* SPDX-License-Identifier: BSD-2-Clause */
/* See explain.h.  Programs keep the frame record of AAPCS64: x29 points to the caller's x29 and the address behind the call.  The memory of
 * a process may contain anything, so records must go upwards, and the chain ends at the first that cannot be read. */
#include "os/process/explain.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/files/node.h"
#include "text/text.h"

enum {
        LINE_BYTES = 400,
        NAME_BYTES = 40,
        SYMTAB = 2,    /* type of a section */
        FUNCTION = 2,  /* type of a symbol */
        FIXED = 2,     /* type of a file that lies where it says */
        SECTIONS = 64, /* more are not looked at */
        SYMBOLS_AT_ONCE = 64,
        INSTRUCTION = 4,
};

/* Of ELF: headers of a file and a section, a symbol. */
struct head {
        uint8_t ident[16];
        uint16_t type, machine;
        uint32_t version;
        uint64_t entry, programs, sections;
        uint32_t flags;
        uint16_t size, program_size, program_count, section_size, section_count, names;
};

struct section {
        uint32_t name, type;
        uint64_t flags, address, offset, size;
        uint32_t link, info;
        uint64_t align, entry_size;
};

struct symbol {
        uint32_t name;
        uint8_t info, other;
        uint16_t section;
        uint64_t value, size;
};

static bool read(struct node *n, uint64_t at, void *to, size_t size)
{
        return node_read(n, at, to, size) == (long)size;
}

static bool find_symbols(struct node *n, struct section *symbols, struct section *names)
{
        struct head h;

        if (!n || !read(n, 0, &h, sizeof(h)) || h.type != FIXED || h.section_size != sizeof(struct section))
                return false;
        for (unsigned i = 0; i < h.section_count && i < SECTIONS; i++) {
                if (!read(n, h.sections + i * sizeof(*symbols), symbols, sizeof(*symbols)))
                        return false;
                if (symbols->type == SYMTAB)
                        return read(n, h.sections + symbols->link * sizeof(*names), names, sizeof(*names));
        }
        return false;
}

/* The last function that begins at or below `pc`; false when there is none. */
static bool function_of(struct node *n, const struct section *symbols, seL4_Word pc, struct symbol *found)
{
        static struct symbol some[SYMBOLS_AT_ONCE];

        *found = (struct symbol){0};
        for (uint64_t at = 0; at < symbols->size; at += sizeof(some)) {
                long bytes = node_read(n, symbols->offset + at, some, sizeof(some));

                for (long i = 0; (i + 1) * (long)sizeof(*some) <= bytes; i++) {
                        if ((some[i].info & 15) == FUNCTION && some[i].value <= pc &&
                            some[i].value >= found->value)
                                *found = some[i];
                }
        }
        return found->value != 0;
}

/* Adds ` name+0x14`, or the number where no name is known. */
static void add_place(struct process *p, struct text *t, seL4_Word pc)
{
        struct node *n = p->space->program;
        struct section symbols, names;
        struct symbol s = {0};
        char name[NAME_BYTES] = "";

        if (find_symbols(n, &symbols, &names) && function_of(n, &symbols, pc, &s))
                node_read(n, names.offset + s.name, name, sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        if (name[0] && (!s.size || pc - s.value < s.size))
                text_add(t, " %s+0x%lx", name, pc - s.value);
        else
                text_add(t, " 0x%lx", pc);
}

/* Where the function with this instruction begins; 0: not known. */
static seL4_Word start_of(struct process *p, seL4_Word pc)
{
        struct section symbols, names;
        struct symbol s;

        if (!find_symbols(p->space->program, &symbols, &names) ||
            !function_of(p->space->program, &symbols, pc, &s))
                return 0;
        return s.value;
}

/* The callers, from the frame record of the function that runs.  One that calls nobody has no record, and its caller's address is
 * in `lr`; in others that is one of their own. */
static void add_callers(struct process *p, struct text *t, const seL4_UserContext *registers)
{
        seL4_Word record = registers->x29, pair[2], lr = registers->x30;

        if (lr && start_of(p, lr) != start_of(p, registers->pc))
                add_place(p, t, lr - INSTRUCTION);
        for (unsigned i = 0; i < EXPLAIN_CALLERS && record && record % sizeof(seL4_Word) == 0; i++) {
                if (!space_read(p->space, record, pair, sizeof(pair)) || !pair[1])
                        return;
                if (i || pair[1] != lr)
                        add_place(p, t, pair[1] - INSTRUCTION);
                if (pair[0] <= record)
                        return;
                record = pair[0];
        }
}

static void print_line(struct text *t)
{
        text_mark(t);
        console_print("%s", text_end(t));
        t->length = t->dropped = 0;
}

static const char *kind_of(const struct region *r)
{
        static const char *const kinds[] = {"program", "stack", "heap", "buffer", "shared", "file", "file"};

        return !r->access ? "guard" : r->kind < sizeof(kinds) / sizeof(*kinds) ? kinds[r->kind] : "memory";
}

static void add_neighbours(struct process *p, struct text *t, seL4_Word address)
{
        struct region_place place;
        const struct region *below = NULL, *r = space_from(p->space, 0, &place);

        for (; r && r->end <= address; r = space_next(p->space, &place))
                below = r;
        if (r && r->start <= address) {
                text_add(t, "    it is in 0x%lx..0x%lx, %s: %s%s%s\n", r->start, r->end, kind_of(r),
                         r->access & SPACE_READ ? "read" : "nothing",
                         r->access & SPACE_WRITE ? ", write" : "",
                         r->access & SPACE_EXECUTE ? ", execute" : "");
                return;
        }
        text_add(t, "    it is in a hole:");
        if (below)
                text_add(t, " below it 0x%lx..0x%lx, %s", below->start, below->end, kind_of(below));
        if (r)
                text_add(t, "%s above it 0x%lx..0x%lx, %s", below ? ";" : "", r->start, r->end, kind_of(r));
        text_add(t, "\n");
}

void fault_explain(struct process *p, seL4_Word pc, bool memory)
{
        static char line[LINE_BYTES];
        struct text t = {.buffer = line, .size = sizeof(line)};
        seL4_UserContext r = {0};

        if (seL4_TCB_ReadRegisters(p->kernel.tcb.cap, false, 0, sizeof(r) / sizeof(seL4_Word), &r))
                return;
        if (memory) {
                add_neighbours(p, &t, p->call.fault.address);
                print_line(&t);
        }
        text_add(&t, "    in");
        add_place(p, &t, pc);
        text_add(&t, ", called from");
        add_callers(p, &t, &r);
        text_add(&t, "\n");
        print_line(&t);
        text_add(&t, "    x0 0x%lx x1 0x%lx x2 0x%lx x3 0x%lx fp 0x%lx lr 0x%lx sp 0x%lx\n", r.x0, r.x1, r.x2,
                 r.x3, r.x29, r.x30, r.sp);
        print_line(&t);
}
