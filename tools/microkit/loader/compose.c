/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot loader of a board folder for the public Microkit tool (2.x).
 *
 * The tool appends a table of regions: segments of the folder's sel4.elf, which are skipped, and of the root task.  This program
 * carries an image as mkimage makes it, with Tessera's loader, the kernel and the board's options.  Behind everything it composes
 * the same image with that root task, and enters it as firmware would: from there on the boot is that of every other image.
 *
 * It runs with the MMU off, so every access is aligned, and at any address.
 */
#include <stddef.h>

#include "lib/program/elf/elf64.h"
#include "loader/payload.h"

#define TABLE_MAGIC 0x5e14dead14de5eadull
#define TREE_MAGIC  0xedfe0dd0u
#define RAM         0x40000000ull /* of QEMU's virt, which puts the tree there if it was given no kernel */
#define PLACE       0x200000ull

struct region {
        uint64_t address, size, offset, type;
};

struct table {
        uint64_t magic, size;
        uint64_t kernel_entry, start, end, offset, entry; /* start, end: physical, of the root task */
        uint64_t regions;
        struct region region[];
};

struct entry {
        const void *tree;
        unsigned char *image;
};

/* Hidden: found by PC-relative offset, not by the address that they were linked at. */
extern const unsigned char image[] __attribute__((visibility("hidden"))),
        image_end[] __attribute__((visibility("hidden"))), _bss_end[] __attribute__((visibility("hidden")));

struct entry compose(const void *tree);

static void copy(unsigned char *to, const unsigned char *from, uint64_t bytes)
{
        uint64_t i = 0;

        if ((((uintptr_t)to | (uintptr_t)from) & 7) == 0)
                for (; i + 8 <= bytes; i += 8)
                        *(payload_word *)(to + i) = *(const payload_word *)(from + i);
        for (; i < bytes; i++)
                to[i] = from[i];
}

static unsigned char *put(unsigned char *at, uint64_t value, unsigned bytes)
{
        for (; bytes > 0; bytes--, value >>= 8)
                *at++ = (unsigned char)value;
        return at;
}

/* The lowest of the root task's segments at or above `from`; NULL: no more. */
static const struct region *next_region(const struct table *t, uint64_t from)
{
        const struct region *best = NULL;

        for (uint64_t i = 0; i < t->regions; i++) {
                const struct region *r = &t->region[i];

                if (r->size > 0 && r->address >= t->start && r->address >= from && r->address < t->end &&
                    (best == NULL || r->address < best->address))
                        best = r;
        }
        return best;
}

/* In the form of loader/payload.h: header, segments in ascending order, program headers.  Returns its end. */
static unsigned char *put_root(unsigned char *file, const struct table *t)
{
        const unsigned char *data = (const unsigned char *)&t->region[t->regions];
        unsigned char *at = file + ELF64_HEADER_BYTES, *headers;
        const struct region *r;
        uint64_t offset = ELF64_HEADER_BYTES, count = 0;

        for (r = next_region(t, 0); r != NULL; r = next_region(t, r->address + 1), count++) {
                copy(at, data + r->offset, r->size);
                at += r->size;
        }
        headers = at;
        for (r = next_region(t, 0); r != NULL; r = next_region(t, r->address + 1)) {
                at = put(put(put(at, 1, 4), 7, 4), offset, 8);
                at = put(put(at, r->address - t->offset, 8), r->address - t->offset, 8);
                at = put(put(put(at, r->size, 8), r->size, 8), 1, 8);
                offset += r->size;
        }
        put(put(put(file, 0x00010102464c457full, 8), 0, 8), 0x0000000100b70002ull, 8);
        put(put(put(file + 24, t->entry, 8), (uint64_t)(headers - file), 8), 0, 8);
        put(put(put(put(put(file + 48, 0, 4), 64, 2), 56, 2), count, 2), 0, 6);
        return at;
}

static const struct payload *find_payload(const unsigned char *at, const unsigned char *end)
{
        for (; at < end; at += ELF64_PAGE)
                if (((const struct payload *)at)->magic == PAYLOAD_MAGIC)
                        return (const struct payload *)at;
        return NULL;
}

struct entry compose(const void *tree)
{
        const struct table *t = (const struct table *)_bss_end;
        const struct payload *packed = find_payload(image, image_end);
        uint64_t head, place = ((uint64_t)t + t->size + PLACE - 1) / PLACE * PLACE;
        struct entry out = {tree, (unsigned char *)place};
        struct payload *payload;
        unsigned char *files, *end;

        while (t->magic != TABLE_MAGIC || packed == NULL)
                ; /* there is no console to report it on: the tool has not written its table */
        head = (uint64_t)((const unsigned char *)packed - image) + sizeof(*packed) + packed->kernel_size;
        copy(out.image, image, head);
        payload = (struct payload *)(out.image + ((const unsigned char *)packed - image));
        files = (unsigned char *)(payload + 1);
        end = put_root(files + payload->kernel_size, t);
        payload->root_size = (uint64_t)(end - files) - payload->kernel_size;
        payload->checksum = payload_sum(files, payload->kernel_size + payload->root_size);
        if (tree == NULL || ((uintptr_t)tree & 7) != 0 || *(const uint32_t *)tree != TREE_MAGIC)
                out.tree = *(const uint32_t *)RAM == TREE_MAGIC ? (const void *)RAM : NULL;
        return out;
}
