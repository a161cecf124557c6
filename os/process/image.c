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

#define STACK_TOP 0x90000000ull

/* Where programs and dynamic linkers lie that may lie anywhere: above what mmap chooses first, with room for the heap. */
#define MOVABLE_BASE 0x2000000000ull
#define LINKER_BASE  0x3000000000ull

enum {
        STACK_SIZE = 8 << 20,
        STACK_WINDOW = 640 << 10, /* arguments, environment and their addresses */
        HEAP_GAP = PAGE,
        RANDOM_BYTES = 16,
        HWCAP_FP_ASIMD = 3,
        CLOCK_TICKS = 100,
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

/* A page that two segments share is the second one's. */
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
        struct region r = {.start = STACK_TOP - stack,
                           .end = STACK_TOP,
                           .access = SPACE_READ | SPACE_WRITE,
                           .kind = REGION_STACK};

        if (!space_add(s, r))
                return false;
        r = (struct region){
                .start = heap, .end = heap + PAGE, .access = SPACE_READ | SPACE_WRITE, .kind = REGION_HEAP};
        s->brk = heap + PAGE;
        return space_add(s, r);
}

/* What the stack begins with; filled here before its pages are. */
static char window[STACK_WINDOW] __attribute__((aligned(16)));

/* The stack of a program that has `part`, a dynamic linker at `base` (0: none) and the plan's strings; its pointer, or 0 when they
 * are too long. */
static seL4_Word fill_stack(const struct part *part, seL4_Word base, const struct process_plan *plan)
{
        unsigned char random[RANDOM_BYTES];
        struct elf64_stack stack = {.window = window, .size = sizeof(window), .top = STACK_TOP};

        file_random(random, sizeof(random));
        const uint64_t auxiliary[] = {
                ELF64_AUX_HEADERS,      elf64_headers(&part->elf) + part->bias,
                ELF64_AUX_HEADER_BYTES, ELF64_PROGRAM_BYTES,
                ELF64_AUX_HEADER_COUNT, part->elf.count,
                ELF64_AUX_PAGE_BYTES,   PAGE,
                ELF64_AUX_BASE,         base,
                ELF64_AUX_ENTRY,        part->elf.entry + part->bias,
                ELF64_AUX_IPC_BUFFER,   PROCESS_BUFFER,
                SOS_AUX_COUNTER_HERTZ,  timestamp_get_freq(),
                ELF64_AUX_RANDOM,       elf64_stack_push(&stack, random, sizeof(random), 16),
                ELF64_AUX_FILE_NAME,    elf64_stack_push(&stack, plan->name, strlen(plan->name) + 1, 1),
                ELF64_AUX_HWCAP,        HWCAP_FP_ASIMD,
                ELF64_AUX_CLOCK_TICKS,  CLOCK_TICKS,
                ELF64_AUX_UID,          0,
                ELF64_AUX_EUID,         0,
                ELF64_AUX_GID,          0,
                ELF64_AUX_EGID,         0,
                ELF64_AUX_SECURE,       0,
                ELF64_AUX_NULL,         0,
        };
        struct elf64_strings environment =
                elf64_stack_strings(&stack, plan->environment, plan->environment_count);
        struct elf64_strings arguments = elf64_stack_strings(&stack, plan->arguments, plan->argument_count);

        return elf64_stack_finish(&stack, arguments, environment, auxiliary,
                                  sizeof(auxiliary) / sizeof(*auxiliary));
}

/* From the stack pointer upwards. */
static bool put_stack(struct space *s, seL4_Word sp)
{
        return space_write(s, sp, window + sizeof(window) - (STACK_TOP - sp), STACK_TOP - sp);
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

/* The stack's content, and where it starts. */
static int begin(struct space *s, const struct part *program, const struct part *linker,
                 const struct process_plan *plan, struct image_entry *entry)
{
        seL4_Word sp = fill_stack(program, linker->bias, plan);

        if (!sp)
                return -SOS_E2BIG;
        if (!put_stack(s, sp))
                return -SOS_ENOMEM;
        s->first_sp = sp;
        *entry = (struct image_entry){program->elf.entry + program->bias, sp, is_native(&program->elf)};
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
        node_open(s->program);
        if (!add_segments(s, &program) ||
            !add_heap_and_stack(s, &program, plan->driver ? DRIVER_STACK : STACK_SIZE))
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
