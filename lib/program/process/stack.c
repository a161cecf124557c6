/* SPDX-License-Identifier: BSD-2-Clause */
/* The first stack of a process: its window, what it holds, and whether it is large enough. */
#include <elf/elf64.h>
#include <elf/stack.h>
#include <process/process.h>
#include <sel4/report.h>
#include <sel4/tls_size.h>

enum { PAGE = 1 << seL4_PageBits };

/* Where the process can read the program headers: in a segment, or in a copy on the stack. */
static seL4_Word place_headers(struct elf64_stack *stack, const struct elf64 *elf)
{
        seL4_Word there = elf64_headers(elf);

        return there ? there
                     : elf64_stack_push(stack, elf->file + elf->programs,
                                        elf->count * (uint64_t)ELF64_PROGRAM_BYTES, 16);
}

/* argv[0] is the lowest, as if they had been one block. */
static struct elf64_strings push_strings(struct elf64_stack *stack, const char *const *argv)
{
        struct elf64_strings strings = {0};

        while (argv[strings.count])
                strings.count++;
        for (uint32_t i = strings.count; i-- > 0;)
                strings.first = elf64_stack_strings(stack, argv[i], 1).first;
        return strings;
}

static seL4_Word build(struct elf64_stack *stack, const struct elf64 *elf, const char *const *argv)
{
        const uint64_t auxiliary[] = {
                ELF64_AUX_HEADERS,      place_headers(stack, elf),
                ELF64_AUX_HEADER_BYTES, ELF64_PROGRAM_BYTES,
                ELF64_AUX_HEADER_COUNT, elf->count,
                ELF64_AUX_PAGE_BYTES,   PAGE,
                ELF64_AUX_IPC_BUFFER,   PROCESS_IPC_BUFFER,
                ELF64_AUX_NULL,         0,
        };

        return elf64_stack_finish(stack, push_strings(stack, argv), (struct elf64_strings){0}, auxiliary,
                                  sizeof(auxiliary) / sizeof(*auxiliary));
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
        struct elf64_stack stack = {.top = top, .size = PAGE};
        seL4_Word page = 0;
        seL4_Word sp = 0;

        if (elf64_open(&elf, config->image, config->image_size) || !has_room(&elf, config) ||
            vspace_share(vspace, (const void *)(top - PAGE), 1, vspace_own(), 0, VSPACE_RW, &page)) {
                return 0;
        }
        stack.window = (char *)page;
        sp = build(&stack, &elf, config->argv ? config->argv : fallback);
        vspace_unmap(vspace_own(), page, 1);
        if (stack.full) {
                report("process_stack(%s): arguments and program headers take more than the %u bytes of a "
                       "page",
                       config->name ? config->name : "", (unsigned)PAGE);
        }
        return stack.full ? 0 : sp;
}
