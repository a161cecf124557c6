/* SPDX-License-Identifier: BSD-2-Clause */
/* Symbols of ELF files: see symbols.h. */
#include "tools/common/symbols.h"

#include <string.h>

#include "tools/common/bytes.h"

enum {
        SECTION_BYTES = 64,
        SYMBOL_BYTES = 24,
        SECTION_SYMBOLS = 2,
        SECTIONS_AT = 40, /* in the ELF header */
        SECTION_COUNT_AT = 60,
};

static bool inside(uint64_t offset, uint64_t length, uint64_t size)
{
        return offset <= size && length <= size - offset;
}

bool symbols_open(struct symbols *s, const unsigned char *file, uint64_t size)
{
        uint64_t sections, count;

        *s = (struct symbols){.file = file};
        if (size < 64)
                return false;
        sections = get_le(file + SECTIONS_AT, 8);
        count = get_le(file + SECTION_COUNT_AT, 2);
        if (!inside(sections, count * SECTION_BYTES, size))
                return false;
        for (uint64_t i = 0; i < count; i++) {
                const unsigned char *at = file + sections + i * SECTION_BYTES, *names;
                uint64_t link = get_le(at + 40, 4);

                if (get_le(at + 4, 4) != SECTION_SYMBOLS || link >= count)
                        continue;
                names = file + sections + link * SECTION_BYTES;
                s->table = get_le(at + 24, 8);
                s->count = get_le(at + 32, 8) / SYMBOL_BYTES;
                s->strings = get_le(names + 24, 8);
                s->bytes = get_le(names + 32, 8);
                return inside(s->table, get_le(at + 32, 8), size) && inside(s->strings, s->bytes, size);
        }
        return false;
}

/* The name of entry `i` if it is defined, otherwise NULL; *left is how many bytes it may have. */
static const char *defined(const struct symbols *s, uint64_t i, uint64_t *left)
{
        const unsigned char *at = s->file + s->table + i * SYMBOL_BYTES;
        uint64_t name = get_le(at, 4);

        if (get_le(at + 6, 2) == 0 || name >= s->bytes)
                return NULL;
        *left = s->bytes - name;
        return (const char *)s->file + s->strings + name;
}

unsigned symbols_find(const struct symbols *s, const char *name, struct symbol *found)
{
        uint64_t length = strlen(name) + 1, left = 0;
        unsigned times = 0;

        for (uint64_t i = 0; i < s->count; i++) {
                const char *other = defined(s, i, &left);
                const unsigned char *at = s->file + s->table + i * SYMBOL_BYTES;

                if (other == NULL || left < length || memcmp(other, name, length) != 0)
                        continue;
                if (times++ == 0)
                        *found = (struct symbol){get_le(at + 8, 8), get_le(at + 16, 8)};
        }
        return times;
}

bool symbols_prefix(const struct symbols *s, const char *prefix)
{
        uint64_t length = strlen(prefix), left = 0;

        for (uint64_t i = 0; i < s->count; i++) {
                const char *other = defined(s, i, &left);

                if (other != NULL && left >= length && memcmp(other, prefix, length) == 0)
                        return true;
        }
        return false;
}
