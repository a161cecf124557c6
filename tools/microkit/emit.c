/* SPDX-License-Identifier: BSD-2-Clause */
/* The system as a root task: the initialiser, followed by the record of what it has to do and by the contents. */
#include "tools/microkit/microkit.h"

#include <string.h>

#include "tools/common/bytes.h"

enum {
        HEADER = 64,
        PROGRAM = 56,
        MACHINE = 183,
        SPARE_SLOTS =
                1024, /* of the root CNode: what the kernel puts there, pieces of memory below regions */
};

static uint64_t page_up(uint64_t value)
{
        return (value + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);
}

static void put_header(unsigned char *at, uint64_t entry, unsigned count)
{
        static const unsigned char identity[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

        memcpy(at, identity, sizeof(identity));
        put_le(at + 16, 2, 2);
        put_le(at + 18, MACHINE, 2);
        put_le(at + 20, 1, 4);
        put_le(at + 24, entry, 8);
        put_le(at + 32, HEADER, 8);
        put_le(at + 52, HEADER, 2);
        put_le(at + 54, PROGRAM, 2);
        put_le(at + 56, count, 2);
}

static void put_program(unsigned char *at, unsigned flags, uint64_t offset, uint64_t vaddr, uint64_t size)
{
        put_le(at, 1, 4);
        put_le(at + 4, flags, 4);
        put_le(at + 8, offset, 8);
        put_le(at + 16, vaddr, 8);
        put_le(at + 24, vaddr, 8);
        put_le(at + 32, size, 8);
        put_le(at + 40, size, 8);
        put_le(at + 48, PAGE_BYTES, 8);
}

/* The record and its parts; the contents begin on the next page. */
static struct file describe(struct build *b, uint64_t address)
{
        struct system_record record = {.magic = SYSTEM_MAGIC,
                                       .version = SYSTEM_VERSION,
                                       .scratch = b->slots,
                                       .domain_start = b->system.start_index + b->system.index_shift};
        uint64_t at = sizeof(record);
        unsigned char *bytes;

        for (unsigned i = 0; i < PARTS; i++) {
                record.part[i].offset = at;
                record.part[i].count = b->part[i].count;
                at += b->part[i].count * b->part[i].record;
        }
        record.image = address + page_up(at);
        record.end = record.image + b->pages.count * PAGE_BYTES;
        bytes = build_allocate(b, page_up(at));
        memcpy(bytes, &record, sizeof(record));
        for (unsigned i = 0; i < PARTS; i++)
                if (b->part[i].count > 0)
                        memcpy(bytes + record.part[i].offset, b->part[i].data,
                               b->part[i].count * b->part[i].record);
        return (struct file){bytes, page_up(at)};
}

unsigned system_cnode_bits(const struct build *b)
{
        uint64_t slots = b->slots + b->pages.count + SPARE_SLOTS;
        unsigned bits = 12;

        while (1ull << bits < slots)
                bits++;
        return bits;
}

struct file system_emit(struct build *b)
{
        static const struct place nowhere;
        struct program *init = program_load(b, "elf/root.elf", NULL, nowhere);
        unsigned char address[8], *out, *at;
        struct file system;
        uint64_t offset, size;
        unsigned count = 1, n = 0;

        if (init == NULL)
                build_stop(b);
        put_le(address, init->end, 8);
        program_write(b, init, nowhere, "system_address", address, 8, false);
        system = describe(b, init->end);
        for (struct segment *s = init->segments; s != NULL; s = s->next)
                count++;
        size = offset = page_up(HEADER + count * PROGRAM);
        for (struct segment *s = init->segments; s != NULL; s = s->next)
                size += s->count * PAGE_BYTES;
        size += system.size + b->pages.count * PAGE_BYTES;
        out = build_allocate(b, size);
        put_header(out, init->entry, count);
        for (struct segment *s = init->segments; s != NULL; s = s->next) {
                put_program(out + HEADER + n++ * PROGRAM,
                            ELF64_R | (s->write ? ELF64_W : 0) | (s->execute ? ELF64_X : 0), offset, s->start,
                            s->count * PAGE_BYTES);
                for (uint64_t i = 0; i < s->count; i++, offset += PAGE_BYTES)
                        if (s->page[i] != NULL)
                                memcpy(out + offset, s->page[i], PAGE_BYTES);
        }
        put_program(out + HEADER + n * PROGRAM, ELF64_R | ELF64_W, offset, init->end,
                    system.size + b->pages.count * PAGE_BYTES);
        memcpy(out + offset, system.data, system.size);
        at = out + offset + system.size;
        for (uint64_t i = 0; i < b->pages.count; i++, at += PAGE_BYTES)
                memcpy(at, ((const unsigned char *const *)b->pages.data)[i], PAGE_BYTES);
        return (struct file){out, size};
}
