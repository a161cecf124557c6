/* SPDX-License-Identifier: BSD-2-Clause */
/* The initial stack, from sp upwards: argc, argv, NULL, environment, NULL, auxiliary pairs, strings, program headers. */
#include <elf/elf64.h>
#include <process/process.h>
#include <sel4/report.h>
#include <sel4/tls_size.h>

enum {
        PAGE = 1 << seL4_PageBits,
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

/* All strings, one behind the other in the order of argv; the address of the first. */
static seL4_Word push_strings(struct stack *stack, const char *const *argv, size_t argc)
{
        seL4_Word at = stack->top - stack->used;

        for (size_t i = argc; i-- > 0;) {
                at = push(stack, argv[i], length(argv[i]) + 1, 1);
        }
        return at;
}

/* Room for `n` words, in which the caller writes; NULL if the page has no room for them. */
static seL4_Word *push_words(struct stack *stack, size_t n)
{
        size_t used = (stack->used + n * sizeof(seL4_Word) + 15) & ~(size_t)15;

        if (stack->full || n > PAGE / sizeof(seL4_Word) || used > PAGE) {
                stack->full = true;
                return NULL;
        }
        stack->used = used;
        return (seL4_Word *)(stack->page + PAGE - used);
}

static seL4_Word build(struct stack *stack, const struct elf64 *elf, const char *const *argv)
{
        seL4_Word headers = place_headers(stack, elf);
        const seL4_Word auxiliary[AUX_WORDS] = {
                AUX_HEADERS,   headers, AUX_HEADER_SIZE, ELF64_PROGRAM_BYTES, AUX_HEADER_COUNT, elf->count,
                AUX_PAGE_SIZE, PAGE,    AUX_IPC_BUFFER,  PROCESS_IPC_BUFFER,  AUX_NULL,         0,
        };
        seL4_Word *word, string;
        size_t argc = 0;

        while (argv[argc]) {
                argc++;
        }
        string = push_strings(stack, argv, argc);
        word = push_words(stack, 1 + argc + 2 + AUX_WORDS);
        if (!word) {
                return 0;
        }
        *word++ = argc;
        for (size_t i = 0; i < argc; i++) {
                *word++ = string;
                string += length(argv[i]) + 1;
        }
        *word++ = 0; /* end of argv */
        *word++ = 0; /* end of the environment */
        for (size_t i = 0; i < AUX_WORDS; i++) {
                *word++ = auxiliary[i];
        }
        return stack->top - stack->used;
}

/* Programs with the start code of lib/core/sel4 keep thread-local data on their first stack; beyond it lies a page that stops
 * small steps only. */
static bool has_room(const struct elf64 *elf, const process_config_t *config)
{
        size_t stack = config->stack_bytes ? config->stack_bytes : PROCESS_STACK_DEFAULT;
        uint64_t alignment, bytes = elf64_thread_local(elf, &alignment);
        bool huge = bytes > seL4_UserTop || alignment > seL4_UserTop;
        uint32_t size;

        if (!elf64_find_note(elf, elf->size, ELF64_NOTE_START, &size) ||
            (!huge && tls_block_bytes(bytes, alignment) + PAGE + PAGE / 2 <= stack)) {
                return true;
        }
        report("process_stack(%s): %lu bytes of thread-local data need a larger stack than %zu bytes",
               config->name ? config->name : "", (unsigned long)bytes, stack);
        return false;
}

seL4_Word process_stack(vspace_t *vspace, seL4_Word top, const process_config_t *config)
{
        const char *const fallback[] = {config->name ? config->name : "", NULL};
        struct elf64 elf;
        struct stack stack = {.top = top};
        seL4_Word page = 0;
        seL4_Word sp = 0;

        if (elf64_open(&elf, config->image, config->image_size) || !has_room(&elf, config) ||
            vspace_share(vspace, (const void *)(top - PAGE), 1, vspace_own(), 0, VSPACE_RW, &page)) {
                return 0;
        }
        stack.page = (char *)page;
        sp = build(&stack, &elf, config->argv ? config->argv : fallback);
        vspace_unmap(vspace_own(), page, 1);
        if (stack.full) {
                report("process_stack(%s): arguments and program headers take more than the %u bytes of a "
                       "page",
                       config->name ? config->name : "", (unsigned)PAGE);
        }
        return stack.full ? 0 : sp;
}
