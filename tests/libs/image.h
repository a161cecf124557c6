/* SPDX-License-Identifier: BSD-2-Clause */
/* A small ELF file of two segments, code and data, for the tests to load as it is and to damage. */
#pragma once

#include <stdint.h>
#include <string.h>

enum {
        PAGE = 4096,
        TEXT = 0x400000,
        DATA = 0x402800,
        DATA_BYTES = 100,
        DATA_MEMORY = 3 * PAGE,
        IMAGE = 1024
};

struct elf_file {
        uint8_t ident[16];
        uint16_t type, machine;
        uint32_t version;
        uint64_t entry, programs, sections;
        uint32_t flags;
        uint16_t header_size, program_size, program_count, section_size, section_count, names;
        struct {
                uint32_t type, flags;
                uint64_t offset, vaddr, paddr, filesz, memsz, align;
        } program[2];
        uint8_t bytes[IMAGE - 64 - 2 * 56];
};

_Static_assert(sizeof(struct elf_file) == IMAGE, "laid out as in the file");

static inline struct elf_file good(void)
{
        struct elf_file f = {
                .ident = {0x7f, 'E', 'L', 'F', 2, 1, 1},
                .type = 2,
                .machine = 183,
                .version = 1,
                .entry = TEXT + 200,
                .programs = 64,
                .header_size = 64,
                .program_size = 56,
                .program_count = 2,
                .program = {{1, 5, 0, TEXT, TEXT, IMAGE, IMAGE, PAGE},
                            {1, 6, 300, DATA, DATA, DATA_BYTES, DATA_MEMORY, 4}},
        };

        memset(f.bytes, 0xab, sizeof(f.bytes));
        return f;
}
