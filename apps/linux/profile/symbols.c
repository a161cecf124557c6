/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of functions, from the table of symbols of a program that lies where its file says, or anywhere: then where its file begins in
 * memory.  They are looked for while the program is held, so they are in the order of their addresses. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile.h"

enum { PATH = 300 };

static Elf64_Sym *symbol; /* functions */
static size_t count;
static char *names;
static size_t names_size;
static uint64_t moved; /* from the addresses of the file */

static void *read_part(FILE *f, uint64_t at, uint64_t size)
{
        char *bytes = size && size < 1u << 26 ? malloc(size + 1) : NULL;

        if (!bytes || fseek(f, (long)at, SEEK_SET) || fread(bytes, 1, size, f) != size) {
                free(bytes);
                return NULL;
        }
        bytes[size] = '\0';
        return bytes;
}

static int by_address(const void *a, const void *b)
{
        const Elf64_Sym *one = a, *other = b;

        return one->st_value < other->st_value ? -1 : one->st_value > other->st_value;
}

/* Only functions are kept, in order. */
static void sort(size_t all)
{
        for (size_t i = 0; i < all; i++) {
                if (ELF64_ST_TYPE(symbol[i].st_info) == STT_FUNC && symbol[i].st_name < names_size)
                        symbol[count++] = symbol[i];
        }
        qsort(symbol, count, sizeof(*symbol), by_address);
}

/* The sections of the symbol table and of its names. */
static bool read_tables(FILE *f, const Elf64_Ehdr *h, const Elf64_Shdr *section)
{
        for (unsigned i = 0; i < h->e_shnum; i++) {
                const Elf64_Shdr *s = &section[i];

                if (s->sh_type != SHT_SYMTAB || s->sh_link >= h->e_shnum)
                        continue;
                names_size = section[s->sh_link].sh_size;
                names = read_part(f, section[s->sh_link].sh_offset, names_size);
                symbol = read_part(f, s->sh_offset, s->sh_size);
                if (symbol && names)
                        sort(s->sh_size / sizeof(*symbol));
                return count > 0;
        }
        return false;
}

/* Where the first byte of the file that a process runs is in its memory; 0: nowhere. */
static uint64_t begin_of(int pid, const char *exe)
{
        char path[PATH], file[PATH], line[2 * PATH];
        ssize_t length = readlink(exe, file, sizeof(file) - 1);
        unsigned long from = 0, offset = 1;
        FILE *f;

        snprintf(path, sizeof(path), "/proc/%d/maps", pid);
        f = fopen(path, "r");
        file[length > 0 ? length : 0] = '\0';
        while (f && length > 0 && offset && fgets(line, sizeof(line), f)) {
                const char *name = strchr(line, '/');

                if (name && !strncmp(name, file, (size_t)length) && name[length] == '\n' &&
                    sscanf(line, "%lx-%*x %*s %lx", &from, &offset) != 2)
                        offset = 1;
        }
        if (f)
                fclose(f);
        return offset ? 0 : from;
}

static bool is_program(const Elf64_Ehdr *h)
{
        return !memcmp(h->e_ident, ELFMAG, SELFMAG) && (h->e_type == ET_EXEC || h->e_type == ET_DYN) &&
               h->e_shentsize == sizeof(Elf64_Shdr);
}

bool symbols_read(int pid)
{
        Elf64_Shdr *section = NULL;
        char exe[PATH];
        Elf64_Ehdr h;
        bool good = false;
        FILE *f;

        snprintf(exe, sizeof(exe), "/proc/%d/exe", pid);
        f = fopen(exe, "r");
        if (!f)
                return false;
        if (fread(&h, sizeof(h), 1, f) == 1 && is_program(&h))
                section = read_part(f, h.e_shoff, h.e_shnum * sizeof(*section));
        if (section)
                good = read_tables(f, &h, section);
        if (good && h.e_type == ET_DYN)
                moved = begin_of(pid, exe);
        free(section);
        fclose(f);
        return good;
}

void symbol_name(uint64_t pc, char name[NAME])
{
        const Elf64_Sym *best = NULL;
        size_t from = 0, end = count;

        pc -= moved;
        while (from < end) {
                size_t middle = from + (end - from) / 2;

                if (symbol[middle].st_value <= pc) {
                        best = &symbol[middle];
                        from = middle + 1;
                } else {
                        end = middle;
                }
        }
        snprintf(name, NAME, "%s",
                 best && (!best->st_size || pc - best->st_value < best->st_size) ? names + best->st_name
                                                                                 : "?");
}
