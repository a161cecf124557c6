/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of functions, from the symbol table of a program that is loaded where its file says.  They are looked up while the program is
 * held, so they are sorted by address. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

static Elf64_Sym *symbol; /* functions */
static size_t count;
static char *names;
static size_t names_size;

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

bool symbols_read(const char *path)
{
        FILE *f = fopen(path, "r");
        Elf64_Shdr *section = NULL;
        Elf64_Ehdr h;
        bool good = false;

        if (!f)
                return false;
        if (fread(&h, sizeof(h), 1, f) == 1 && !memcmp(h.e_ident, ELFMAG, SELFMAG) && h.e_type == ET_EXEC &&
            h.e_shentsize == sizeof(*section))
                section = read_part(f, h.e_shoff, h.e_shnum * sizeof(*section));
        if (section)
                good = read_tables(f, &h, section);
        free(section);
        fclose(f);
        return good;
}

void symbol_name(uint64_t pc, char name[NAME])
{
        const Elf64_Sym *best = NULL;
        size_t from = 0, end = count;

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
