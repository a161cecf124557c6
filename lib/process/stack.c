/* SPDX-License-Identifier: BSD-2-Clause */
/* The initial stack, from sp upwards: argc, argv, NULL, environment, NULL, auxiliary pairs, strings, program headers. */
#include <elf/elf64.h>
#include <process/process.h>

enum {
        PAGE = 1 << seL4_PageBits,
        ARGUMENTS_MAX = 32,
        AUX_NULL = 0,
        AUX_HEADERS = 3,
        AUX_HEADER_SIZE = 4,
        AUX_HEADER_COUNT = 5,
        AUX_PAGE_SIZE = 6,
        AUX_IPC_BUFFER = 67,
        AUX_WORDS = 12,
};

/* The top page of the stack, filled from its end downwards. */
struct stack {
        char *page;
        seL4_Word top;
        size_t used;
        bool full;
};

static seL4_Word push(struct stack *stack, const void *bytes, size_t size, size_t alignment)
{
        size_t used = (stack->used + size + alignment - 1) & ~(alignment - 1);

        if (stack->full || size > PAGE || used > PAGE) {
                stack->full = true;
                return 0;
        }
        stack->used = used;
        for (size_t i = 0; i < size; i++) {
                stack->page[PAGE - used + i] = ((const char *)bytes)[i];
        }
        return stack->top - used;
}

static size_t length(const char *text)
{
        size_t n = 0;

        while (text[n]) {
                n++;
        }
        return n;
}

/* Where the process can read the program headers: in a segment, or in a copy on the stack. */
static seL4_Word place_headers(struct stack *stack, const struct elf64 *elf)
{
        size_t size = elf->count * (size_t)ELF64_PROGRAM_BYTES;

        for (uint32_t i = 0; i < elf->count; i++) {
                struct elf64_segment s;

                if (elf64_segment(elf, i, &s) && s.offset <= elf->programs &&
                    elf->programs + size <= s.offset + s.filesz) {
                        return s.vaddr + (elf->programs - s.offset);
                }
        }
        return push(stack, elf->file + elf->programs, size, 16);
}

static seL4_Word build(struct stack *stack, const struct elf64 *elf, const char *const *argv)
{
        seL4_Word words[1 + ARGUMENTS_MAX + 2 + AUX_WORDS];
        seL4_Word headers = place_headers(stack, elf);
        const seL4_Word auxiliary[AUX_WORDS] = {
                AUX_HEADERS,   headers, AUX_HEADER_SIZE, ELF64_PROGRAM_BYTES, AUX_HEADER_COUNT, elf->count,
                AUX_PAGE_SIZE, PAGE,    AUX_IPC_BUFFER,  PROCESS_IPC_BUFFER,  AUX_NULL,         0,
        };
        size_t argc = 0;
        size_t n;

        for (; argv[argc] && argc < ARGUMENTS_MAX; argc++) {
                words[1 + argc] = push(stack, argv[argc], length(argv[argc]) + 1, 1);
        }
        words[0] = argc;
        n = argc + 1;
        words[n++] = 0; /* end of argv */
        words[n++] = 0; /* end of the environment */
        for (size_t i = 0; i < AUX_WORDS; i++) {
                words[n++] = auxiliary[i];
        }
        return push(stack, words, n * sizeof(seL4_Word), 16);
}

seL4_Word process_stack(vspace_t *vspace, seL4_Word top, const process_config_t *config)
{
        const char *const fallback[] = {config->name ? config->name : "", NULL};
        struct elf64 elf;
        struct stack stack = {.top = top};
        seL4_Word page = 0;
        seL4_Word sp = 0;

        if (elf64_open(&elf, config->image, config->image_size) ||
            vspace_share(vspace, (const void *)(top - PAGE), 1, vspace_own(), 0, VSPACE_RW, &page)) {
                return 0;
        }
        stack.page = (char *)page;
        sp = build(&stack, &elf, config->argv ? config->argv : fallback);
        vspace_unmap(vspace_own(), page, 1);
        return stack.full ? 0 : sp;
}
