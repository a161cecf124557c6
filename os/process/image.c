/* SPDX-License-Identifier: BSD-2-Clause */
/* See image.h. */
#include "os/process/image.h"
#include "base/text.h"
#include "elf/elf64.h"
#include "elf/stack.h"
#include "os/files/file.h"
#include "sos/clock.h"
#include "sos/driver.h"
#include "sos/proto.h"

/* Where position-independent programs and dynamic linkers lie: above what mmap chooses first, with room for the heap. */
#define MOVABLE_BASE 0x2000000000ull
#define LINKER_BASE  0x3000000000ull

enum {
        STACK_SIZE = 8 << 20,
        FEW_STRINGS =
                64 << 10, /* arguments, environment and their addresses where they are not put in pieces */
        HEAP_GAP = PAGE,
};

static uint8_t access_of(uint32_t flags)
{
        return (uint8_t)((flags & ELF64_R || flags & ELF64_X ? SPACE_READ : 0) |
                         (flags & ELF64_W ? SPACE_WRITE : 0) | (flags & ELF64_X ? SPACE_EXECUTE : 0));
}

/* A program, or its dynamic linker, as it will lie in memory. */
struct part {
        struct elf64 elf;
        struct node *node;
        seL4_Word bias; /* added to its addresses */
        bool main;      /* its pages come from the space's program */
};

static seL4_Word down(seL4_Word va)
{
        return va & ~(seL4_Word)(PAGE - 1);
}

static seL4_Word up(seL4_Word va)
{
        return down(va + PAGE - 1);
}

/* Whole pages of a segment: what precedes it in its first page comes from the file, too, as Linux maps it. */
static struct region region_of(const struct part *part, const struct elf64_segment *g)
{
        seL4_Word start = down(g->vaddr), before = g->filesz ? g->vaddr - start : 0;

        return (struct region){.start = start + part->bias,
                               .end = up(g->vaddr + g->memsz) + part->bias,
                               .access = access_of(g->flags),
                               .kind = REGION_MEMORY,
                               .file_start = start + part->bias + (g->filesz ? 0 : g->vaddr - start),
                               .file_size = g->filesz + before,
                               .file_offset = g->offset - before};
}

/* The zeros behind what a dynamic linker's file has of a segment lie in a page that has more of the file. */
static bool clear_rest(struct space *s, seL4_Word from)
{
        void *data;

        if (from % PAGE == 0)
                return true;
        if (space_touch(s, from, SPACE_WRITE, &data) != SPACE_OK)
                return false;
        memset(data, 0, PAGE - from % PAGE);
        return true;
}

/* A segment of another file than the space's program: mapped from there, and memory behind. */
static bool add_mapped(struct space *s, const struct part *part, struct region r)
{
        seL4_Word end = r.file_start + r.file_size;
        struct region rest = {.start = up(end), .end = r.end, .access = r.access, .kind = REGION_MEMORY};

        if (r.file_size) {
                r.end = r.end < rest.start ? r.end : rest.start;
                r.kind = REGION_FILE;
                r.node = part->node;
                if (!space_add(s, r))
                        return false;
                region_use(&r);
                if (r.access & SPACE_WRITE && !clear_rest(s, end))
                        return false;
        }
        return rest.start >= rest.end || space_add(s, rest);
}

static bool add(struct space *s, const struct part *part, struct region r)
{
        if (r.start >= r.end)
                return true;
        return part->main ? space_add(s, r) : add_mapped(s, part, r);
}

/* A page shared by two segments belongs to the second. */
static bool add_segments(struct space *s, const struct part *part)
{
        struct region last = {0};
        struct elf64_segment g;

        for (uint32_t i = 0; i < part->elf.count; i++) {
                struct region r;

                if (!elf64_segment(&part->elf, i, &g))
                        continue;
                r = region_of(part, &g);
                if (last.start <= r.start && last.end > r.start)
                        last.end = r.start;
                if (!add(s, part, last))
                        return false;
                last = r;
        }
        return add(s, part, last);
}

static bool add_heap_and_stack(struct space *s, const struct part *part, seL4_Word stack)
{
        seL4_Word heap = up(part->elf.end + part->bias + HEAP_GAP);
        struct region r = {.start = IMAGE_STACK_TOP - stack,
                           .end = IMAGE_STACK_TOP,
                           .access = SPACE_READ | SPACE_WRITE,
                           .kind = REGION_STACK};

        if (!space_add(s, r))
                return false;
        r = (struct region){
                .start = heap, .end = heap + PAGE, .access = SPACE_READ | SPACE_WRITE, .kind = REGION_HEAP};
        s->brk = heap + PAGE;
        return space_add(s, r);
}

/* Native programs say so in a note (lib/compat/sosapi/native.S). */
static bool is_native(const struct elf64 *elf)
{
        uint32_t bytes;

        return elf64_find_note(elf, PAGE, ELF64_NOTE_NATIVE, &bytes) != NULL;
}

/* A native program keeps its thread-local data on its stack, where a musl program takes other memory when there is much. */
static bool fits_stack(const struct elf64 *elf)
{
        uint64_t alignment, bytes = elf64_thread_local(elf, &alignment);

        return bytes <= STACK_SIZE / 2 && alignment <= STACK_SIZE / 8;
}

/* The first page of the file; program headers must lie in it, and nothing else of the file is looked at here. */
static bool open_image(struct elf64 *elf, unsigned char head[PAGE], struct node *program)
{
        long size = node_read(program, 0, head, PAGE);

        if (size < 0)
                return false;
        memset(head + size, 0, PAGE - (size_t)size);
        return elf64_open_program(elf, head, (uint64_t)size, program->size) == ELF64_OK;
}

/* The dynamic linker that a program names: 0 or -SOS_E*; without one part->node stays NULL. */
static int open_linker(struct part *part, const struct part *program)
{
        static unsigned char head[PAGE];
        char path[PATH_MAX];
        uint64_t offset, size = elf64_interpreter(&program->elf, &offset);

        if (!size)
                return 0;
        if (size > sizeof(path) || node_read(program->node, offset, path, size) != (long)size ||
            path[size - 1])
                return -SOS_ENOEXEC;
        part->node = node_find(node_root(), path);
        if (!part->node)
                return -SOS_ENOENT;
        part->bias = LINKER_BASE;
        return open_image(&part->elf, head, part->node) && part->elf.movable ? 0 : -SOS_ENOEXEC;
}

static int open_parts(struct part *program, struct part *linker, struct node *node)
{
        static unsigned char head[PAGE];

        program->node = node;
        program->main = true;
        if (!open_image(&program->elf, head, node))
                return -SOS_ENOEXEC;
        program->bias = program->elf.movable ? MOVABLE_BASE : 0;
        if (is_native(&program->elf) && !fits_stack(&program->elf))
                return -SOS_ENOEXEC;
        return open_linker(linker, program);
}

int image_check(struct node *program)
{
        struct part parts[2] = {0};

        return open_parts(&parts[0], &parts[1], program);
}

/* The stack of a plan that does not bring one: its strings are few. */
static struct image_stack *make_stack(const struct process_plan *plan)
{
        static char window[FEW_STRINGS] __attribute__((aligned(16)));
        static struct image_stack stack;

        image_stack_begin(&stack, plan, window, sizeof(window));
        while (!image_stack_some(&stack, plan))
                ;
        return &stack;
}

/* The stack's content, and where it starts. */
static int begin(struct space *s, const struct part *program, const struct part *linker,
                 const struct process_plan *plan, struct image_entry *entry)
{
        struct image_stack *stack = plan->stack ? plan->stack : make_stack(plan);
        const struct image_part part = {elf64_headers(&program->elf) + program->bias, program->elf.count,
                                        program->elf.entry + program->bias, is_native(&program->elf)};

        if (!stack->sp)
                return -SOS_E2BIG;
        image_stack_finish(stack, plan, &part, linker->bias);
        for (enum space_copied put = SPACE_COPIES_ON; !plan->stack && put != SPACE_COPIED;) {
                put = image_stack_put_some(stack, s);
                if (put == SPACE_COPY_FAILS)
                        return -SOS_ENOMEM;
        }
        s->first_sp = stack->sp;
        *entry = (struct image_entry){part.entry, stack->sp, part.native};
        if (linker->node)
                entry->pc = linker->elf.entry + linker->bias;
        return 0;
}

int image_load(struct space *s, const struct process_plan *plan, struct image_entry *entry)
{
        struct part program = {0}, linker = {0};
        int error = open_parts(&program, &linker, plan->program);

        if (error)
                return error;
        s->program = plan->program;
        node_run(s->program);
        if (!add_segments(s, &program) || !add_heap_and_stack(s, &program,
                                                              plan->driver        ? DRIVER_STACK
                                                              : plan->stack_bytes ? plan->stack_bytes
                                                                                  : STACK_SIZE))
                return -SOS_ENOEXEC;
        if (linker.node && !add_segments(s, &linker))
                return -SOS_ENOMEM;
        return begin(s, &program, &linker, plan, entry);
}

int image_again(struct space *s, const struct process_plan *plan, struct image_entry *entry)
{
        struct part program = {0}, linker = {0};
        int error = open_parts(&program, &linker, plan->program);

        return error ? error : begin(s, &program, &linker, plan, entry);
}
