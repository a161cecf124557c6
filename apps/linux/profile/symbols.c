/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of functions, from the table of symbols of a program that lies where its file says. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"

static Elf64_Sym *symbol;
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

/* Of the one table of symbols, and of its names. */
static bool read_tables(FILE *f, const Elf64_Ehdr *h, const Elf64_Shdr *section)
{
        for (unsigned i = 0; i < h->e_shnum; i++) {
                const Elf64_Shdr *s = &section[i];

                if (s->sh_type != SHT_SYMTAB || s->sh_link >= h->e_shnum)
                        continue;
                names_size = section[s->sh_link].sh_size;
                names = read_part(f, section[s->sh_link].sh_offset, names_size);
                symbol = read_part(f, s->sh_offset, s->sh_size);
                count = symbol && names ? s->sh_size / sizeof(*symbol) : 0;
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

        for (size_t i = 0; i < count; i++) {
                const Elf64_Sym *s = &symbol[i];

                if (ELF64_ST_TYPE(s->st_info) == STT_FUNC && s->st_value <= pc && s->st_name < names_size &&
                    (!best || s->st_value > best->st_value))
                        best = s;
        }
        snprintf(name, NAME, "%s",
                 best && (!best->st_size || pc - best->st_value < best->st_size) ? names + best->st_name
                                                                                 : "?");
}
