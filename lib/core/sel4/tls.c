/* SPDX-License-Identifier: BSD-2-Clause */
/* Thread-local storage.  The image and its size come from the linker's program headers, which the linker places at the
 * start of the program's first segment (__ehdr_start). */
#include <sel4/tls.h>
#include <sel4/tls_size.h>
#include <stdint.h>

#ifdef __aarch64__

/* The fields used here, of the ELF header and of a program header (ELF-64). */
struct elf_header {
        uint8_t before[32];
        uint64_t segments; /* file offset */
        uint8_t between[16];
        uint16_t segment_count;
};

struct elf_segment {
        uint32_t type;
        uint32_t flags;
        uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

enum {
        TLS_SEGMENT = 7,
        LIBC_RECORD = 200, /* what musl 1.2 keeps below the thread pointer */
};

extern const struct elf_header __ehdr_start __attribute__((weak, visibility("hidden")));

static const struct elf_segment *tls_segment(void)
{
        const struct elf_segment *segment;

        if (!&__ehdr_start)
                return NULL;
        segment = (const struct elf_segment *)((const char *)&__ehdr_start + __ehdr_start.segments);
        for (unsigned i = 0; i < __ehdr_start.segment_count; i++, segment++) {
                if (segment->type == TLS_SEGMENT)
                        return segment;
        }
        return NULL;
}

size_t tls_size(void)
{
        const struct elf_segment *segment = tls_segment();

        return tls_block_bytes(segment ? segment->memsz : 0, segment ? segment->align : 0);
}

static void copy(char *to, const char *from, size_t bytes)
{
        for (size_t i = 0; i < bytes; i++)
                to[i] = from[i];
}

static seL4_Word current(void)
{
        seL4_Word pointer;

        __asm__ volatile("mrs %0, tpidr_el0" : "=r"(pointer));
        return pointer;
}

seL4_Word tls_write(void *block, seL4_IPCBuffer *buffer)
{
        const struct elf_segment *segment = tls_segment();
        size_t alignment = tls_alignment(segment ? segment->align : 0);
        char *pointer = (char *)tls_round_up((size_t)block + TLS_RECORD, alignment);
        char *end = (char *)block + tls_size();

        for (char *p = block; p < end; p++)
                *p = 0;
        if (segment)
                copy(pointer + tls_data_offset(alignment), (const char *)segment->vaddr, segment->filesz);
        *(seL4_IPCBuffer **)tls_variable((seL4_Word)pointer, &__sel4_ipc_buffer) = buffer;
        if (current()) { /* the locale goes on to new threads */
                copy(pointer - LIBC_RECORD, (const char *)current() - LIBC_RECORD, LIBC_RECORD);
        }
        *(void **)(pointer - LIBC_RECORD) = pointer - LIBC_RECORD; /* its first word is its address */
        return (seL4_Word)pointer;
}

void tls_enter(seL4_Word thread_pointer)
{
        __asm__ volatile("msr tpidr_el0, %0" : : "r"(thread_pointer) : "memory");
}

void *tls_variable(seL4_Word thread_pointer, void *mine)
{
        return (char *)mine - current() + thread_pointer;
}

#else /* the host: its own C library owns the thread pointer */

size_t tls_size(void)
{
        return 0;
}

seL4_Word tls_write(void *block, seL4_IPCBuffer *buffer)
{
        (void)block;
        (void)buffer;
        return 0;
}

void tls_enter(seL4_Word thread_pointer)
{
        (void)thread_pointer;
}

void *tls_variable(seL4_Word thread_pointer, void *mine)
{
        (void)thread_pointer;
        return mine;
}

#endif
