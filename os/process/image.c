/* SPDX-License-Identifier: BSD-2-Clause */
/* See image.h. */
#include "os/process/image.h"
#include "base/text.h"
#include "elf/elf64.h"
#include "elf/stack.h"
#include "sos/clock.h"
#include "sos/proto.h"

#define STACK_TOP 0x90000000ull

enum {
        STACK_SIZE = 8 << 20,
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

static bool add_segments(struct space *s, const struct elf64 *elf)
{
        for (uint32_t i = 0; i < elf->count; i++) {
                struct elf64_segment segment;

                if (!elf64_segment(elf, i, &segment))
                        continue;
                struct region r = {.start = segment.vaddr,
                                   .end = segment.vaddr + segment.memsz,
                                   .access = access_of(segment.flags),
                                   .kind = REGION_MEMORY,
                                   .file_start = segment.vaddr,
                                   .file_size = segment.filesz,
                                   .file_offset = segment.offset};

                if (!space_add(s, r))
                        return false;
        }
        return true;
}

static bool add_heap_and_stack(struct space *s, const struct elf64 *elf)
{
        seL4_Word heap = (elf->end + PAGE - 1 + HEAP_GAP) & ~(seL4_Word)(PAGE - 1);
        struct region r = {.start = STACK_TOP - STACK_SIZE,
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

/* The stack of a program that has `elf` and the plan's strings; its pointer, or 0 when a page does not hold it all. */
static seL4_Word fill_stack(char *page, const struct elf64 *elf, const struct process_plan *plan,
                            seL4_Word buffer)
{
        static const unsigned char random[RANDOM_BYTES] = "starter OS seed";
        struct elf64_stack stack = {.window = page, .size = PAGE, .top = STACK_TOP};
        const uint64_t auxiliary[] = {
                ELF64_AUX_HEADERS,      elf64_headers(elf),
                ELF64_AUX_HEADER_BYTES, ELF64_PROGRAM_BYTES,
                ELF64_AUX_HEADER_COUNT, elf->count,
                ELF64_AUX_PAGE_BYTES,   PAGE,
                ELF64_AUX_ENTRY,        elf->entry,
                ELF64_AUX_IPC_BUFFER,   buffer,
                SOS_AUX_COUNTER_HERTZ,  timestamp_get_freq(),
                ELF64_AUX_RANDOM,       elf64_stack_push(&stack, random, sizeof(random), 16),
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
static bool open_image(struct elf64 *elf, struct node *program)
{
        static unsigned char head[PAGE];
        long size = node_read(program, 0, head, PAGE);

        if (size < 0)
                return false;
        memset(head + size, 0, PAGE - (size_t)size);
        return elf64_open_head(elf, head, (uint64_t)size, program->size) == ELF64_OK;
}

int image_check(struct node *program)
{
        struct elf64 elf;

        return open_image(&elf, program) ? 0 : -SOS_ENOEXEC;
}

int image_load(struct space *s, const struct process_plan *plan, seL4_Word buffer, struct image_entry *entry)
{
        struct elf64 elf;
        seL4_Word sp;
        void *top;

        if (!open_image(&elf, plan->program) || (is_native(&elf) && !fits_stack(&elf)))
                return -SOS_ENOEXEC;
        s->program = plan->program;
        node_open(s->program);
        if (!add_segments(s, &elf) || !add_heap_and_stack(s, &elf))
                return -SOS_ENOEXEC;
        if (space_touch(s, STACK_TOP - PAGE, SPACE_WRITE, &top) != SPACE_OK)
                return -SOS_ENOMEM;
        sp = fill_stack(top, &elf, plan, buffer);
        if (!sp)
                return -SOS_E2BIG;
        *entry = (struct image_entry){elf.entry, sp, is_native(&elf)};
        return 0;
}
