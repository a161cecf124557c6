/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task inside a loader image of the public Microkit tool (2.x), raw or with an ELF header in front.
 *
 * The loader's program is followed by a table of regions; those within the root task's physical range are the contents of
 * its segments.  The table is found by its magic number, which the loader's code contains too: only a consistent table counts.
 */
#include <string.h>

#include "tools/common/bytes.h"
#include "tools/mkimage/mkimage.h"

#define TABLE_MAGIC 0x5e14dead14de5eadull

enum { TABLE_BYTES = 64, REGION_BYTES = 32, REGION_DATA = 1, ALL_RIGHTS = 7 };

struct table {
        const unsigned char *at;
        uint64_t size, regions, data; /* bytes from `at`; offset of the regions' bytes */
        uint64_t start, end;          /* physical, of the root task */
        uint64_t offset, entry;
};

struct region {
        uint64_t address, size, offset, type;
};

static struct region region(const struct table *t, uint64_t i)
{
        const unsigned char *at = t->at + TABLE_BYTES + i * REGION_BYTES;

        return (struct region){get_le(at, 8), get_le(at + 8, 8), get_le(at + 16, 8), get_le(at + 24, 8)};
}

static bool read_table(struct table *t, const unsigned char *at, uint64_t left)
{
        if (left < TABLE_BYTES || get_le(at, 8) != TABLE_MAGIC)
                return false;
        *t = (struct table){at,
                            get_le(at + 8, 8),
                            get_le(at + 56, 8),
                            0,
                            get_le(at + 24, 8),
                            get_le(at + 32, 8),
                            get_le(at + 40, 8),
                            get_le(at + 48, 8)};
        t->data = TABLE_BYTES + t->regions * REGION_BYTES;
        if (t->size > left || t->regions == 0 || t->regions > left / REGION_BYTES || t->data > t->size ||
            t->start >= t->end)
                return false;
        for (uint64_t i = 0; i < t->regions; i++) {
                struct region r = region(t, i);

                if (r.type != REGION_DATA || r.offset > t->size - t->data ||
                    r.size > t->size - t->data - r.offset)
                        return false;
        }
        return true;
}

static bool is_of_root(const struct table *t, struct region r)
{
        return r.address >= t->start && r.address < t->end && r.size <= t->end - r.address && r.size > 0;
}

/* A static executable with one segment per region; the program headers last. */
static struct bytes executable(const struct table *t)
{
        uint64_t count = 0, at = ELF64_HEADER_BYTES, n = 0;
        struct bytes out = {NULL, ELF64_HEADER_BYTES};
        unsigned char *header;

        for (uint64_t i = 0; i < t->regions; i++) {
                if (is_of_root(t, region(t, i))) {
                        out.size += region(t, i).size + ELF64_PROGRAM_BYTES + ELF64_PAGE;
                        count++;
                }
        }
        out.data = allocate(out.size);
        header = out.data + out.size - count * ELF64_PROGRAM_BYTES;
        elf_header(out.data, t->entry, (uint64_t)(header - out.data), count);
        for (uint64_t i = 0; i < t->regions; i++) {
                struct region r = region(t, i);
                struct elf64_segment s = {.vaddr = r.address - t->offset,
                                          .memsz = r.size,
                                          .filesz = r.size,
                                          .flags = ALL_RIGHTS};

                if (!is_of_root(t, r))
                        continue;
                at += (s.vaddr - at) %
                      ELF64_PAGE; /* as ELF files are: address and offset agree within a page */
                memcpy(out.data + at, t->at + t->data + r.offset, r.size);
                elf_program(header + n++ * ELF64_PROGRAM_BYTES, &s, at);
                at += r.size;
        }
        return out;
}

struct bytes from_microkit(const char *path)
{
        struct bytes file = read_file(path), out;
        struct table t;

        for (uint64_t at = 0; at + TABLE_BYTES <= file.size; at += 4) {
                if (!read_table(&t, file.data + at, file.size - at))
                        continue;
                out = executable(&t);
                if (get_le(out.data + 56, 2) != 0)
                        return out;
        }
        fail("%s holds no table of the Microkit loader: give the image that the 2.x tool wrote (--image-type "
             "binary or elf)",
             path);
}
