/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's names (elf/elf.h): what they return for a good file, and that they stay inside any file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/program/elf/elf.h"

enum { BYTES = 1024, PROGRAMS = 64, SECTIONS = 512, NAMES = 800, MUTATIONS = 100000 };

void elf_names(unsigned *passed, unsigned *failed);

static void put(unsigned char *at, uint64_t value, unsigned count)
{
        for (; count > 0; count--, value >>= 8)
                *at++ = (unsigned char)value;
}

static void put_section(unsigned char *at, unsigned name, unsigned type, uint64_t offset, uint64_t size)
{
        put(at, name, 4);
        put(at + 4, type, 4);
        put(at + 8, 6, 8);
        put(at + 16, 0x400000 + offset, 8);
        put(at + 24, offset, 8);
        put(at + 32, size, 8);
}

/* One segment; sections: none, .text, .bss, the names. */
static void make(unsigned char file[BYTES])
{
        static const unsigned char identity[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

        memset(file, 0, BYTES);
        memcpy(file, identity, sizeof(identity));
        put(file + 16, 2, 2);
        put(file + 18, 183, 2);
        put(file + 20, 1, 4);
        put(file + 24, 0x400110, 8);
        put(file + 32, PROGRAMS, 8);
        put(file + 40, SECTIONS, 8);
        put(file + 54, 56, 2);
        put(file + 56, 1, 2);
        put(file + 58, 64, 2);
        put(file + 60, 4, 2);
        put(file + 62, 3, 2);
        put(file + PROGRAMS, 1, 4);
        put(file + PROGRAMS + 4, 5, 4);
        put(file + PROGRAMS + 8, 0, 8);
        put(file + PROGRAMS + 16, 0x400000, 8);
        put(file + PROGRAMS + 24, 0x50000000, 8);
        put(file + PROGRAMS + 32, 0x180, 8);
        put(file + PROGRAMS + 40, 0x2000, 8);
        put(file + PROGRAMS + 48, 4096, 8);
        put_section(file + SECTIONS + 64, 1, 1, 0x100, 0x80);
        put_section(file + SECTIONS + 128, 7, 8, 0x180, 0x1000);
        put_section(file + SECTIONS + 192, 12, 3, NAMES, 22);
        memcpy(file + NAMES, "\0.text\0.bss\0.names\0", 20);
}

static bool tells_the_truth(const unsigned char *file)
{
        uintptr_t low, high;
        size_t index = 0;
        elf_t elf;

        return elf_newFile(file, BYTES, &elf) == 0 && elf.elfClass == 2 &&
               elf_getEntryPoint(&elf) == 0x400110 && elf_getNumProgramHeaders(&elf) == 1 &&
               elf_getProgramHeaderType(&elf, 0) == 1 && elf_getProgramHeaderFlags(&elf, 0) == 5 &&
               elf_getProgramHeaderVaddr(&elf, 0) == 0x400000 &&
               elf_getProgramHeaderPaddr(&elf, 0) == 0x50000000 &&
               elf_getProgramHeaderFileSize(&elf, 0) == 0x180 &&
               elf_getProgramHeaderMemorySize(&elf, 0) == 0x2000 &&
               elf_getProgramHeaderAlign(&elf, 0) == 4096 && elf_getProgramHeaderOffset(&elf, 0) == 0 &&
               elf_getProgramSegment(&elf, 0) == file && elf_getMemoryBounds(&elf, VIRTUAL, &low, &high) &&
               low == 0x400000 && high == 0x402000 && elf_getMemoryBounds(&elf, PHYSICAL, &low, &high) &&
               low == 0x50000000 && elf_getNumSections(&elf) == 4 &&
               elf_getSectionNamed(&elf, ".text", &index) == file + 0x100 && index == 1 &&
               elf_getSectionSize(&elf, 1) == 0x80 && elf_getSectionAddr(&elf, 1) == 0x400100 &&
               elf_getSectionFlags(&elf, 1) == 6 && elf_getSectionType(&elf, 2) == 8 &&
               !elf_getSection(&elf, 2) && !strcmp(elf_getSectionName(&elf, 3), ".names") &&
               !elf_getSectionNamed(&elf, ".tex", NULL);
}

static bool nothing_beyond(const unsigned char *file)
{
        elf_t elf;

        return elf_newFile(file, BYTES, &elf) == 0 && !elf_getProgramHeaderVaddr(&elf, 1) &&
               !elf_getProgramSegment(&elf, 1) && !elf_getSection(&elf, 4) && !elf_getSectionName(&elf, 4) &&
               !elf_getSectionSize(&elf, ~0ul);
}

/* Every call on an unchecked file; the sanitizer judges. */
static size_t use(const unsigned char *file, size_t size)
{
        elf_t elf = {.elfFile = file, .elfSize = size};
        uintptr_t low, high;
        size_t sum = elf_getEntryPoint(&elf) + (size_t)elf_getMemoryBounds(&elf, VIRTUAL, &low, &high);

        for (size_t i = 0; i < 5; i++) {
                const unsigned char *section = elf_getSection(&elf, i),
                                    *segment = elf_getProgramSegment(&elf, i);
                const char *name = elf_getSectionName(&elf, i);

                sum += section ? section[elf_getSectionSize(&elf, i) - 1] : 0;
                sum += segment ? segment[elf_getProgramHeaderFileSize(&elf, i) - 1] : 0;
                sum += name ? strlen(name) : 0;
        }
        return sum;
}

static bool cut_and_damaged(const unsigned char *file)
{
        size_t sum = 0, refused = 0;
        elf_t elf;

        for (size_t size = 0; size < BYTES; size++) {
                unsigned char *copy = malloc(size + 1);

                memcpy(copy, file, size);
                copy = realloc(copy, size ? size : 1);
                sum += use(copy, size);
                refused += elf_newFile(copy, size, &elf) != 0;
                free(copy);
        }
        srand(3);
        for (int i = 0; i < MUTATIONS; i++) {
                unsigned char *copy = malloc(BYTES);

                memcpy(copy, file, BYTES);
                for (int k = rand() % 6; k >= 0; k--)
                        copy[rand() % 2 ? rand() % 128 : SECTIONS + rand() % 300] = (unsigned char)rand();
                sum += use(copy, BYTES);
                free(copy);
        }
        return sum && refused >= SECTIONS + 4 * 64;
}

void elf_names(unsigned *passed, unsigned *failed)
{
        unsigned char file[BYTES];
        bool good[3];

        make(file);
        good[0] = tells_the_truth(file);
        good[1] = nothing_beyond(file);
        good[2] = cut_and_damaged(file);
        for (int i = 0; i < 3; i++) {
                *(good[i] ? passed : failed) += 1;
                if (!good[i])
                        printf("FAIL the course's names, part %d\n", i);
        }
}
