/* SPDX-License-Identifier: BSD-2-Clause */
/* Program and section headers by number, each access inside the file. */
#include "elf.h"

#include "elf64.h"

enum {
        PROGRAM_BYTES = 56,
        SECTION_BYTES = 64,
        LOADABLE = 1,
        NO_BITS = 8, /* a section without bytes in the file */
        CLASS_64 = 2,
};

/* Offsets of fields: in the file's header, in a program header, in a section header. */
enum {
        E_ENTRY = 24,
        E_PHOFF = 32,
        E_SHOFF = 40,
        E_PHNUM = 56,
        E_SHENTSIZE = 58,
        E_SHNUM = 60,
        E_SHSTRNDX = 62,
        P_TYPE = 0,
        P_FLAGS = 4,
        P_OFFSET = 8,
        P_VADDR = 16,
        P_PADDR = 24,
        P_FILESZ = 32,
        P_MEMSZ = 40,
        P_ALIGN = 48,
        S_NAME = 0,
        S_TYPE = 4,
        S_FLAGS = 8,
        S_ADDR = 16,
        S_OFFSET = 24,
        S_SIZE = 32,
};

/* A little-endian number of `bytes` bytes at `at`; 0 beyond the end. */
static uint64_t number(const elf_t *elf, uint64_t at, unsigned bytes)
{
        const unsigned char *file = elf->elfFile;
        uint64_t value = 0;

        if (at > elf->elfSize || bytes > elf->elfSize - at)
                return 0;
        for (unsigned i = bytes; i > 0; i--)
                value = value << 8 | file[at + i - 1];
        return value;
}

static bool inside(const elf_t *elf, uint64_t at, uint64_t bytes)
{
        return at <= elf->elfSize && bytes <= elf->elfSize - at;
}

int elf_checkFile(elf_t *elf)
{
        struct elf64 checked;
        uint64_t sections = number(elf, E_SHNUM, 2);

        if (!elf->elfFile || elf64_open(&checked, elf->elfFile, elf->elfSize))
                return -1;
        if (sections && (number(elf, E_SHENTSIZE, 2) != SECTION_BYTES ||
                         !inside(elf, number(elf, E_SHOFF, 8), sections * SECTION_BYTES))) {
                return -1;
        }
        elf->elfClass = CLASS_64;
        return 0;
}

int elf_newFile(const void *file, size_t size, elf_t *res)
{
        *res = (elf_t){.elfFile = file, .elfSize = size};
        return elf_checkFile(res);
}

uintptr_t elf_getEntryPoint(const elf_t *elf)
{
        return number(elf, E_ENTRY, 8);
}

size_t elf_getNumProgramHeaders(const elf_t *elf)
{
        return number(elf, E_PHNUM, 2);
}

static uint64_t program(const elf_t *elf, size_t i, unsigned field, unsigned bytes)
{
        return i < elf_getNumProgramHeaders(elf)
                       ? number(elf, number(elf, E_PHOFF, 8) + i * PROGRAM_BYTES + field, bytes)
                       : 0;
}

uint32_t elf_getProgramHeaderType(const elf_t *elf, size_t i)
{
        return (uint32_t)program(elf, i, P_TYPE, 4);
}

size_t elf_getProgramHeaderOffset(const elf_t *elf, size_t i)
{
        return program(elf, i, P_OFFSET, 8);
}

uintptr_t elf_getProgramHeaderVaddr(const elf_t *elf, size_t i)
{
        return program(elf, i, P_VADDR, 8);
}

uintptr_t elf_getProgramHeaderPaddr(const elf_t *elf, size_t i)
{
        return program(elf, i, P_PADDR, 8);
}

size_t elf_getProgramHeaderFileSize(const elf_t *elf, size_t i)
{
        return program(elf, i, P_FILESZ, 8);
}

size_t elf_getProgramHeaderMemorySize(const elf_t *elf, size_t i)
{
        return program(elf, i, P_MEMSZ, 8);
}

uint32_t elf_getProgramHeaderFlags(const elf_t *elf, size_t i)
{
        return (uint32_t)program(elf, i, P_FLAGS, 4);
}

size_t elf_getProgramHeaderAlign(const elf_t *elf, size_t i)
{
        return program(elf, i, P_ALIGN, 8);
}

static const void *bytes_at(const elf_t *elf, uint64_t offset, uint64_t size)
{
        return size && inside(elf, offset, size) ? (const char *)elf->elfFile + offset : NULL;
}

const void *elf_getProgramSegment(const elf_t *elf, size_t i)
{
        return bytes_at(elf, elf_getProgramHeaderOffset(elf, i), elf_getProgramHeaderFileSize(elf, i));
}

int elf_getMemoryBounds(const elf_t *elf, elf_addr_type_t kind, uintptr_t *min, uintptr_t *max)
{
        int found = 0;

        *min = UINTPTR_MAX;
        *max = 0;
        for (size_t i = 0; i < elf_getNumProgramHeaders(elf); i++) {
                uintptr_t start = program(elf, i, kind == PHYSICAL ? P_PADDR : P_VADDR, 8);
                uintptr_t end = start + elf_getProgramHeaderMemorySize(elf, i);

                if (elf_getProgramHeaderType(elf, i) == LOADABLE && end > start) {
                        *min = start < *min ? start : *min;
                        *max = end > *max ? end : *max;
                        found = 1;
                }
        }
        return found;
}

size_t elf_getNumSections(const elf_t *elf)
{
        return number(elf, E_SHNUM, 2);
}

static uint64_t section(const elf_t *elf, size_t i, unsigned field, unsigned bytes)
{
        return i < elf_getNumSections(elf)
                       ? number(elf, number(elf, E_SHOFF, 8) + i * SECTION_BYTES + field, bytes)
                       : 0;
}

uint32_t elf_getSectionType(const elf_t *elf, size_t i)
{
        return (uint32_t)section(elf, i, S_TYPE, 4);
}

size_t elf_getSectionFlags(const elf_t *elf, size_t i)
{
        return section(elf, i, S_FLAGS, 8);
}

uintptr_t elf_getSectionAddr(const elf_t *elf, size_t i)
{
        return section(elf, i, S_ADDR, 8);
}

size_t elf_getSectionOffset(const elf_t *elf, size_t i)
{
        return section(elf, i, S_OFFSET, 8);
}

size_t elf_getSectionSize(const elf_t *elf, size_t i)
{
        return section(elf, i, S_SIZE, 8);
}

const void *elf_getSection(const elf_t *elf, size_t i)
{
        return elf_getSectionType(elf, i) == NO_BITS
                       ? NULL
                       : bytes_at(elf, elf_getSectionOffset(elf, i), elf_getSectionSize(elf, i));
}

/* In the table of names; NULL unless it ends inside. */
const char *elf_getSectionName(const elf_t *elf, size_t i)
{
        size_t table = number(elf, E_SHSTRNDX, 2);
        const char *names = elf_getSection(elf, table);
        size_t size = elf_getSectionSize(elf, table);
        size_t start = section(elf, i, S_NAME, 4);

        if (!names || i >= elf_getNumSections(elf))
                return NULL;
        for (size_t at = start; at < size; at++) {
                if (!names[at])
                        return names + start;
        }
        return NULL;
}

static bool same(const char *a, const char *b)
{
        while (*a && *a == *b) {
                a++;
                b++;
        }
        return *a == *b;
}

const void *elf_getSectionNamed(const elf_t *elf, const char *wanted, size_t *index)
{
        for (size_t i = 0; i < elf_getNumSections(elf); i++) {
                const char *name = elf_getSectionName(elf, i);

                if (name && same(name, wanted)) {
                        if (index)
                                *index = i;
                        return elf_getSection(elf, i);
                }
        }
        return NULL;
}
