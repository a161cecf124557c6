/* SPDX-License-Identifier: BSD-2-Clause */
/* See image.h.  The stack at start, from sp upwards: argc, argv, NULL, environment, NULL, auxiliary vector, strings. */
#include "os/init/image.h"
#include "base/text.h"
#include "lib/elf/elf64.h"

#define STACK_TOP 0x90000000ull

enum { STACK_SIZE = 8 << 20, HEAP_GAP = PAGE, ARGUMENTS = 32, RANDOM_BYTES = 16 };

enum {
        AT_NULL = 0,
        AT_PHDR = 3,
        AT_PHENT = 4,
        AT_PHNUM = 5,
        AT_PAGESZ = 6,
        AT_ENTRY = 9,
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
                                   .file = elf->file + segment.offset,
                                   .file_start = segment.vaddr,
                                   .file_size = segment.filesz};

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
        return space_add(s, r);
}

/* Name and arguments; answers their number. */
static seL4_Word push_strings(struct stack *s, const struct process_plan *plan, seL4_Word *argv)
{
        const char *at = plan->arguments;
        seL4_Word count = 1;

        argv[0] = push(s, plan->name, strlen(plan->name) + 1, 1);
        for (; at && *at && count < ARGUMENTS; at += strlen(at) + 1)
                argv[count++] = push(s, at, strlen(at) + 1, 1);
        return count;
}

static bool fill_stack(struct stack *s, const struct process_plan *plan, const seL4_Word *auxiliary,
                       seL4_Word pairs)
{
        seL4_Word words[2 * 16 + ARGUMENTS + 4], argv[ARGUMENTS], n = 0;
        seL4_Word count = push_strings(s, plan, argv);

        words[n++] = count;
        for (seL4_Word i = 0; i < count; i++)
                words[n++] = argv[i];
        words[n++] = 0; /* end of arguments */
        words[n++] = 0; /* no environment */
        for (seL4_Word i = 0; i < 2 * pairs; i++)
                words[n++] = auxiliary[i];
        push(s, words, n * sizeof(*words), 16);
        return !s->full;
}

int image_load(struct space *s, const struct process_plan *plan, seL4_Word buffer, struct image_entry *entry)
{
        static const unsigned char random[RANDOM_BYTES] = "starter OS seed";
        struct stack stack = {0};
        struct elf64 elf;
        seL4_Word phdr = 0, seed;
        void *top;

        if (elf64_open(&elf, plan->image, plan->size) != ELF64_OK)
                return SOS_ENOEXEC;
        if (!add_segments(s, &elf, &phdr) || !add_heap_and_stack(s, &elf))
                return SOS_ENOEXEC;
        if (space_touch(s, STACK_TOP - PAGE, SPACE_WRITE, &top) != SPACE_OK)
                return SOS_ENOMEM;
        stack.page = top;
        seed = push(&stack, random, sizeof(random), 16);
        seL4_Word auxiliary[] = {
                AT_PHDR, phdr,     AT_PHENT,  ELF64_PROGRAM_BYTES,    AT_PHNUM, elf.count, AT_PAGESZ,
                PAGE,    AT_ENTRY, elf.entry, AT_SEL4_IPC_BUFFER_PTR, buffer,   AT_RANDOM, seed,
                AT_NULL, 0};
        if (!fill_stack(&stack, plan, auxiliary, sizeof(auxiliary) / sizeof(*auxiliary) / 2))
                return SOS_ENOMEM;
        *entry = (struct image_entry){elf.entry, STACK_TOP - stack.used};
        return 0;
}
