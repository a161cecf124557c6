/* SPDX-License-Identifier: BSD-2-Clause */
/* See image.h.  The stack at start, from sp upwards: argc, argv, NULL, environment, NULL, auxiliary vector, strings. */
#include "os/process/image.h"
#include "base/text.h"
#include "lib/program/elf/elf64.h"

#define STACK_TOP 0x90000000ull

enum {
        STACK_SIZE = 8 << 20,
        HEAP_GAP = PAGE,
        STRINGS = 400, /* arguments and environment together; more do not fit in a page */
        AUXILIARY_MAX = 24,
        RANDOM_BYTES = 16,
        HWCAP_FP_ASIMD = 3,
        CLOCK_TICKS = 100,
};

enum {
        AT_NULL = 0,
        AT_PHDR = 3,
        AT_PHENT = 4,
        AT_PHNUM = 5,
        AT_PAGESZ = 6,
        AT_ENTRY = 9,
        AT_UID = 11,
        AT_EUID = 12,
        AT_GID = 13,
        AT_EGID = 14,
        AT_HWCAP = 16,
        AT_CLKTCK = 17,
        AT_SECURE = 23,
        AT_RANDOM = 25,
        AT_SEL4_IPC_BUFFER_PTR = 67,
};

/* The top page of the stack while it is being filled, from the top downwards. */
struct stack {
        char *page;
        seL4_Word used;
        bool full;
};

static seL4_Word push(struct stack *s, const void *bytes, seL4_Word size, seL4_Word alignment)
{
        seL4_Word used = (s->used + size + alignment - 1) & ~(alignment - 1);

        if (used > PAGE) {
                s->full = true;
                return 0;
        }
        s->used = used;
        memcpy(s->page + PAGE - used, bytes, size);
        return STACK_TOP - used;
}

static uint8_t access_of(uint32_t flags)
{
        return (uint8_t)((flags & ELF64_R || flags & ELF64_X ? SPACE_READ : 0) |
                         (flags & ELF64_W ? SPACE_WRITE : 0) | (flags & ELF64_X ? SPACE_EXECUTE : 0));
}

static bool add_segments(struct space *s, const struct elf64 *elf, seL4_Word *phdr)
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
                if (elf->programs - segment.offset < segment.filesz)
                        *phdr = segment.vaddr + (elf->programs - segment.offset);
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

/* Push strings that lie one behind the other; their addresses go to `word`, and a NULL behind. */
static void push_strings(struct stack *s, const char *strings, unsigned count, seL4_Word *word)
{
        unsigned i = 0;

        for (; i < count; i++, strings += strlen(strings) + 1)
                word[i] = push(s, strings, strlen(strings) + 1, 1);
        word[i] = 0;
}

static bool fill_stack(struct stack *s, const struct process_plan *plan, const seL4_Word *auxiliary,
                       seL4_Word pairs)
{
        static seL4_Word words[1 + STRINGS + 2 + 2 * AUXILIARY_MAX];
        unsigned arguments = plan->argument_count, n = 0;

        if (arguments + plan->environment_count > STRINGS)
                return false;
        words[n++] = arguments;
        push_strings(s, plan->arguments, arguments, words + n);
        n += arguments + 1;
        push_strings(s, plan->environment, plan->environment_count, words + n);
        n += plan->environment_count + 1;
        memcpy(words + n, auxiliary, 2 * pairs * sizeof(*words));
        n += 2 * (unsigned)pairs;
        push(s, words, n * sizeof(*words), 16);
        return !s->full;
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
        uint64_t programs;
        uint16_t count;

        if (size < ELF64_HEADER_BYTES)
                return false;
        memset(head + size, 0, PAGE - (size_t)size);
        memcpy(&programs, head + 32, sizeof(programs));
        memcpy(&count, head + 56, sizeof(count));
        if (programs > PAGE || count > (PAGE - programs) / ELF64_PROGRAM_BYTES)
                return false;
        return elf64_open(elf, head, program->size) == ELF64_OK;
}

int image_check(struct node *program)
{
        struct elf64 elf;

        return open_image(&elf, program) ? 0 : SOS_ENOEXEC;
}

int image_load(struct space *s, const struct process_plan *plan, seL4_Word buffer, struct image_entry *entry)
{
        static const unsigned char random[RANDOM_BYTES] = "starter OS seed";
        struct stack stack = {0};
        struct elf64 elf;
        seL4_Word phdr = 0, seed;
        void *top;

        if (!open_image(&elf, plan->program) || (is_native(&elf) && !fits_stack(&elf)))
                return SOS_ENOEXEC;
        s->program = plan->program;
        node_open(s->program);
        if (!add_segments(s, &elf, &phdr) || !add_heap_and_stack(s, &elf))
                return SOS_ENOEXEC;
        if (space_touch(s, STACK_TOP - PAGE, SPACE_WRITE, &top) != SPACE_OK)
                return SOS_ENOMEM;
        stack.page = top;
        seed = push(&stack, random, sizeof(random), 16);
        seL4_Word auxiliary[] = {AT_PHDR,
                                 phdr,
                                 AT_PHENT,
                                 ELF64_PROGRAM_BYTES,
                                 AT_PHNUM,
                                 elf.count,
                                 AT_PAGESZ,
                                 PAGE,
                                 AT_ENTRY,
                                 elf.entry,
                                 AT_SEL4_IPC_BUFFER_PTR,
                                 buffer,
                                 AT_RANDOM,
                                 seed,
                                 AT_HWCAP,
                                 HWCAP_FP_ASIMD,
                                 AT_CLKTCK,
                                 CLOCK_TICKS,
                                 AT_UID,
                                 0,
                                 AT_EUID,
                                 0,
                                 AT_GID,
                                 0,
                                 AT_EGID,
                                 0,
                                 AT_SECURE,
                                 0,
                                 AT_NULL,
                                 0};
        if (!fill_stack(&stack, plan, auxiliary, sizeof(auxiliary) / sizeof(*auxiliary) / 2))
                return SOS_E2BIG;
        *entry = (struct image_entry){elf.entry, STACK_TOP - stack.used, is_native(&elf)};
        return 0;
}
