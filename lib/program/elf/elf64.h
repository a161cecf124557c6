/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a statically linked AArch64 executable.
 *
 * Pure: no allocation, no globals, no libc; the loader, mkimage and user libraries share it.  The file is not trusted: every access lies
 * inside [file, file + size), every sum is checked against wrapping.  The file
 * need not be aligned.  A `struct elf64` is only valid after elf64_open returned ELF64_OK, and then these hold:
 *      each segment's file bytes lie in the file, and filesz <= memsz
 *      no two segments overlap in memory, and none wraps
 *      start is page aligned, entry lies in a segment
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
        ELF64_HEADER_BYTES = 64,
        ELF64_PROGRAM_BYTES = 56,
        ELF64_PAGE = 4096,
        ELF64_UNORDERED_MAX = 4096, /* segments accepted out of address order: the check costs their square */
};

/* Notes of this system's programs (owner "Tessera"). */
enum elf64_note {
        ELF64_NOTE_NATIVE = 1, /* an application of the starter OS that speaks by message; no more bytes */
        ELF64_NOTE_START =
                2, /* 8 bytes: the address of the word with the size of a root task's first stack */
};

enum elf64_error {
        ELF64_OK,
        ELF64_SHORT,
        ELF64_MAGIC,
        ELF64_CLASS,
        ELF64_ENDIAN,
        ELF64_VERSION,
        ELF64_MACHINE,
        ELF64_TYPE,
        ELF64_DYNAMIC,
        ELF64_ENTRY_SIZE,
        ELF64_PROGRAMS,
        ELF64_SECTIONS,
        ELF64_TRUNCATED,
        ELF64_SIZES,
        ELF64_WRAPS,
        ELF64_ALIGN,
        ELF64_START,
        ELF64_OVERLAP,
        ELF64_DISORDER,
        ELF64_EMPTY,
        ELF64_ENTRY,
};

enum elf64_flags {
        ELF64_X = 1,
        ELF64_W = 2,
        ELF64_R = 4,
};

struct elf64 {
        const unsigned char *file;
        uint64_t size;     /* bytes */
        uint64_t programs; /* offset of the program headers */
        uint32_t count;    /* how many program headers, loadable or not */
        uint64_t entry;    /* virtual */
        bool movable;      /* it may lie anywhere: addresses count from where it does (elf64_open_program) */
        uint64_t start, end; /* virtual range of all segments, end exclusive and not rounded */
};

struct elf64_segment {
        uint64_t vaddr, memsz;   /* memsz > 0 */
        uint64_t offset, filesz; /* bytes of the file; the rest of memsz is zero */
        uint32_t flags;          /* enum elf64_flags */
};

/* Are these four bytes the first ones of an ELF file? */
bool elf64_begins(const void *four);

/* Check everything and fill *elf; linear in the headers when segments are in address order. */
enum elf64_error elf64_open(struct elf64 *elf, const void *file, uint64_t size);

/* The same for a caller that has only the first `here` bytes of a file of `size`: ELF64_PROGRAMS when the program headers do not lie
 * in them.  elf64_segment, elf64_thread_local and elf64_headers work then; elf64_at does not. */
enum elf64_error elf64_open_head(struct elf64 *elf, const void *head, uint64_t here, uint64_t size);

/* The same for a system that runs programs built elsewhere: position-independent files and files that need a dynamic linker are accepted,
 * too; only the bytes of segments must be in the file, and addresses and offsets must agree within a page. */
enum elf64_error elf64_open_program(struct elf64 *elf, const void *head, uint64_t here, uint64_t size);

/* Where in the file the name of its dynamic linker lies, and how many bytes with the NUL; 0: it asks for none. */
uint64_t elf64_interpreter(const struct elf64 *elf, uint64_t *offset);

/* Program header `index` < elf->count: true and *segment when it is loadable and not empty. */
bool elf64_segment(const struct elf64 *elf, uint32_t index, struct elf64_segment *segment);

/* The bytes of a note, and how many; NULL without one.  Looks at the first `here` bytes of the file only: all that the caller
 * has of it. */
const unsigned char *elf64_find_note(const struct elf64 *elf, uint64_t here, enum elf64_note kind,
                                     uint32_t *bytes);

/* Bytes of thread-local data in memory, and their alignment; both 0 if there are none. */
uint64_t elf64_thread_local(const struct elf64 *elf, uint64_t *alignment);

/* Where the program can read its program headers; 0 when they lie in no segment. */
uint64_t elf64_headers(const struct elf64 *elf);

/* The bytes of the file that appear at `vaddr`; NULL where the file has fewer than `bytes` of them. */
const unsigned char *elf64_at(const struct elf64 *elf, uint64_t vaddr, uint64_t bytes);

/* What is wrong, as the end of a sentence about the file; never NULL. */
const char *elf64_error_text(enum elf64_error error);
