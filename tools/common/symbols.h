/* SPDX-License-Identifier: BSD-2-Clause */
/* The symbol table of an ELF file that elf64_open has accepted.
 *
 * The file is not trusted: every access is inside it; a table that reaches beyond it counts as missing.  Searching is linear.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct symbols {
        const unsigned char *file;
        uint64_t table, count;   /* offset, entries */
        uint64_t strings, bytes; /* of their names */
};

struct symbol {
        uint64_t address, size;
};

/* False: no symbol table. */
bool symbols_open(struct symbols *s, const unsigned char *file, uint64_t size);

/* How many definitions of this name there are; *found is the first one. */
unsigned symbols_find(const struct symbols *s, const char *name, struct symbol *found);

/* Is there a definition whose name begins with this prefix? */
bool symbols_prefix(const struct symbols *s, const char *prefix);
