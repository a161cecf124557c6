/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's names for reading ELF files, over the checked reader (elf/elf64.h).
 *
 * elf_newFile accepts what can be loaded: a static 64-bit little-endian AArch64 executable whose headers, segments and
 * section headers lie inside the file.  Everything else here may be called with any index: what does not exist is 0 or NULL.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
        const void *elfFile;
        size_t elfSize;         /* bytes */
        unsigned char elfClass; /* 2: 64-bit */
} elf_t;

typedef enum { VIRTUAL, PHYSICAL } elf_addr_type_t;

/* 0 if `file` is such a file; *res is filled in any case. */
int elf_newFile(const void *file, size_t size, elf_t *res);
int elf_checkFile(elf_t *elf);

uintptr_t elf_getEntryPoint(const elf_t *elf);

size_t elf_getNumProgramHeaders(const elf_t *elf);
uint32_t elf_getProgramHeaderType(const elf_t *elf, size_t i);
size_t elf_getProgramHeaderOffset(const elf_t *elf, size_t i);
uintptr_t elf_getProgramHeaderVaddr(const elf_t *elf, size_t i);
uintptr_t elf_getProgramHeaderPaddr(const elf_t *elf, size_t i);
size_t elf_getProgramHeaderFileSize(const elf_t *elf, size_t i);
size_t elf_getProgramHeaderMemorySize(const elf_t *elf, size_t i);
uint32_t elf_getProgramHeaderFlags(const elf_t *elf, size_t i);
size_t elf_getProgramHeaderAlign(const elf_t *elf, size_t i);
const void *elf_getProgramSegment(const elf_t *elf, size_t i);

/* The lowest address and one past the highest of all loadable segments; 1, or 0 if there are none. */
int elf_getMemoryBounds(const elf_t *elf, elf_addr_type_t kind, uintptr_t *min, uintptr_t *max);

size_t elf_getNumSections(const elf_t *elf);
const char *elf_getSectionName(const elf_t *elf, size_t i);
const void *elf_getSection(const elf_t *elf, size_t i);

/* The bytes of the first section of this name and its number where wanted; NULL if there is none, or it has no bytes in the
 * file. */
const void *elf_getSectionNamed(const elf_t *elf, const char *name, size_t *i);
uint32_t elf_getSectionType(const elf_t *elf, size_t i);
size_t elf_getSectionFlags(const elf_t *elf, size_t i);
uintptr_t elf_getSectionAddr(const elf_t *elf, size_t i);
size_t elf_getSectionOffset(const elf_t *elf, size_t i);
size_t elf_getSectionSize(const elf_t *elf, size_t i);
