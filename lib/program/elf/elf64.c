/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a statically linked AArch64 executable: see elf64.h for what holds after elf64_open. */
#include "elf64.h"

enum {
        CLASS_64 = 2,
        LITTLE_ENDIAN_DATA = 1,
        VERSION_CURRENT = 1,
        TYPE_EXECUTABLE = 2,
        TYPE_MOVABLE = 3,
        MACHINE_AARCH64 = 183,
        SECTION_BYTES = 64,
        PROGRAM_LOAD = 1,
        PROGRAM_DYNAMIC = 2,
        PROGRAM_INTERPRETER = 3,
        PROGRAM_NOTE = 4,
        PROGRAM_THREAD_LOCAL = 7,
        NOTE_HEADER = 12,
        NOTE_OWNER = 8,
};

static uint64_t read_le(const unsigned char *bytes, unsigned count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 8 | bytes[count];
        return value;
}

static bool inside(uint64_t offset, uint64_t length, uint64_t size)
{
        return offset <= size && length <= size - offset;
}

static const unsigned char *program(const struct elf64 *elf, uint32_t index)
{
        return elf->file + elf->programs + (uint64_t)index * ELF64_PROGRAM_BYTES;
}

bool elf64_segment(const struct elf64 *elf, uint32_t index, struct elf64_segment *segment)
{
        const unsigned char *header = program(elf, index);

        *segment = (struct elf64_segment){
                .flags = (uint32_t)read_le(header + 4, 4),
                .offset = read_le(header + 8, 8),
                .vaddr = read_le(header + 16, 8),
                .filesz = read_le(header + 32, 8),
                .memsz = read_le(header + 40, 8),
        };
        return read_le(header, 4) == PROGRAM_LOAD && segment->memsz > 0;
}

bool elf64_begins(const void *four)
{
        return read_le(four, 4) == 0x464c457f;
}

static enum elf64_error check_identity(const unsigned char *file, uint64_t here)
{
        if (here < ELF64_HEADER_BYTES)
                return ELF64_SHORT;
        if (!elf64_begins(file))
                return ELF64_MAGIC;
        if (file[4] != CLASS_64)
                return ELF64_CLASS;
        if (file[5] != LITTLE_ENDIAN_DATA)
                return ELF64_ENDIAN;
        if (file[6] != VERSION_CURRENT || read_le(file + 20, 4) != VERSION_CURRENT)
                return ELF64_VERSION;
        if (read_le(file + 18, 2) != MACHINE_AARCH64)
                return ELF64_MACHINE;
        return ELF64_OK;
}

/* The section table is not used, but it ends most files: it shows that the end is still there. */
static enum elf64_error check_tables(struct elf64 *elf, uint64_t here)
{
        const unsigned char *file = elf->file;
        uint64_t sections = read_le(file + 40, 8);
        uint64_t section_count = read_le(file + 60, 2);

        elf->entry = read_le(file + 24, 8);
        elf->programs = read_le(file + 32, 8);
        elf->count = (uint32_t)read_le(file + 56, 2);
        if (elf->count == 0)
                return ELF64_EMPTY;
        if (read_le(file + 54, 2) != ELF64_PROGRAM_BYTES)
                return ELF64_ENTRY_SIZE;
        if (!inside(elf->programs, (uint64_t)elf->count * ELF64_PROGRAM_BYTES, here))
                return ELF64_PROGRAMS;
        if (section_count > 0 && !inside(sections, section_count * SECTION_BYTES, elf->size))
                return ELF64_SECTIONS;
        return ELF64_OK;
}

/* Addresses and offsets agree as the header says, or for programs of others in a page. */
static bool is_aligned(const struct elf64_segment *s, uint64_t align, bool any)
{
        if (any)
                align = s->filesz ? ELF64_PAGE : 1;
        return align <= 1 || ((align & (align - 1)) == 0 && ((s->vaddr - s->offset) & (align - 1)) == 0);
}

static enum elf64_error check_program(const struct elf64 *elf, uint32_t index, bool any)
{
        const unsigned char *header = program(elf, index);
        uint64_t type = read_le(header, 4);
        struct elf64_segment s;

        if (type == PROGRAM_DYNAMIC || type == PROGRAM_INTERPRETER)
                return any ? ELF64_OK : ELF64_DYNAMIC;
        if (type != PROGRAM_LOAD)
                return ELF64_OK;
        elf64_segment(elf, index, &s);
        if (s.filesz > s.memsz)
                return ELF64_SIZES;
        if (s.filesz > 0 && !inside(s.offset, s.filesz, elf->size))
                return ELF64_TRUNCATED;
        if (s.memsz > UINT64_MAX - s.vaddr)
                return ELF64_WRAPS;
        return is_aligned(&s, read_le(header + 48, 8), any) ? ELF64_OK : ELF64_ALIGN;
}

/* Linkers write segments in address order; only a file that does not pays for comparing all pairs. */
static enum elf64_error check_disorder(const struct elf64 *elf)
{
        struct elf64_segment a, b;

        if (elf->count > ELF64_UNORDERED_MAX)
                return ELF64_DISORDER;
        for (uint32_t i = 0; i < elf->count; i++) {
                if (!elf64_segment(elf, i, &a))
                        continue;
                for (uint32_t j = 0; j < i; j++)
                        if (elf64_segment(elf, j, &b) && a.vaddr < b.vaddr + b.memsz &&
                            b.vaddr < a.vaddr + a.memsz)
                                return ELF64_OVERLAP;
        }
        return ELF64_OK;
}

static enum elf64_error measure(struct elf64 *elf, bool any)
{
        struct elf64_segment s;
        bool ordered = true, entered = false;

        elf->start = UINT64_MAX;
        elf->end = 0;
        for (uint32_t i = 0; i < elf->count; i++) {
                if (!elf64_segment(elf, i, &s))
                        continue;
                ordered = ordered && s.vaddr >= elf->end;
                entered = entered || elf->entry - s.vaddr < s.memsz;
                elf->start = s.vaddr < elf->start ? s.vaddr : elf->start;
                elf->end = s.vaddr + s.memsz > elf->end ? s.vaddr + s.memsz : elf->end;
        }
        if (elf->end == 0)
                return ELF64_EMPTY;
        if (!any && elf->start % ELF64_PAGE != 0)
                return ELF64_START;
        if (!entered)
                return ELF64_ENTRY;
        return ordered ? ELF64_OK : check_disorder(elf);
}

static enum elf64_error check_type(struct elf64 *elf, bool any)
{
        uint64_t type = read_le(elf->file + 16, 2);

        elf->movable = type == TYPE_MOVABLE;
        return type == TYPE_EXECUTABLE || (any && elf->movable) ? ELF64_OK : ELF64_TYPE;
}

static enum elf64_error open_head(struct elf64 *elf, uint64_t here, bool any)
{
        uint64_t known = here < elf->size ? here : elf->size;
        enum elf64_error error = check_identity(elf->file, known);

        if (error == ELF64_OK)
                error = check_type(elf, any);
        if (error == ELF64_OK)
                error = check_tables(elf, known);
        for (uint32_t i = 0; error == ELF64_OK && i < elf->count; i++)
                error = check_program(elf, i, any);
        return error == ELF64_OK ? measure(elf, any) : error;
}

enum elf64_error elf64_open_head(struct elf64 *elf, const void *head, uint64_t here, uint64_t size)
{
        *elf = (struct elf64){.file = head, .size = size};
        return open_head(elf, here, false);
}

enum elf64_error elf64_open_program(struct elf64 *elf, const void *head, uint64_t here, uint64_t size)
{
        *elf = (struct elf64){.file = head, .size = size};
        return open_head(elf, here, true);
}

uint64_t elf64_interpreter(const struct elf64 *elf, uint64_t *offset)
{
        for (uint32_t i = 0; i < elf->count; i++) {
                const unsigned char *header = program(elf, i);

                *offset = read_le(header + 8, 8);
                if (read_le(header, 4) == PROGRAM_INTERPRETER)
                        return read_le(header + 32, 8);
        }
        return 0;
}

enum elf64_error elf64_open(struct elf64 *elf, const void *file, uint64_t size)
{
        return elf64_open_head(elf, file, size, size);
}

uint64_t elf64_headers(const struct elf64 *elf)
{
        struct elf64_segment s;

        for (uint32_t i = 0; i < elf->count; i++)
                if (elf64_segment(elf, i, &s) && s.offset <= elf->programs &&
                    inside(elf->programs - s.offset, (uint64_t)elf->count * ELF64_PROGRAM_BYTES, s.filesz))
                        return s.vaddr + (elf->programs - s.offset);
        return 0;
}

/* The notes of one segment: length of the owner, of the rest, kind; owner and rest are padded to four bytes. */
static const unsigned char *find_in(const unsigned char *at, uint64_t size, enum elf64_note kind,
                                    uint32_t *bytes)
{
        static const char owner[NOTE_OWNER] = "Tessera";

        while (size >= NOTE_HEADER) {
                uint64_t name = read_le(at, 4), rest = read_le(at + 4, 4);
                uint64_t length = NOTE_HEADER + ((name + 3) & ~3ull) + ((rest + 3) & ~3ull);
                bool ours = name == NOTE_OWNER && read_le(at + 8, 4) == kind;

                if (length > size)
                        return 0;
                for (unsigned i = 0; ours && i < NOTE_OWNER; i++)
                        ours = at[NOTE_HEADER + i] == (unsigned char)owner[i];
                if (ours) {
                        *bytes = (uint32_t)rest;
                        return at + NOTE_HEADER + NOTE_OWNER;
                }
                at += length;
                size -= length;
        }
        return 0;
}

const unsigned char *elf64_find_note(const struct elf64 *elf, uint64_t here, enum elf64_note kind,
                                     uint32_t *bytes)
{
        const unsigned char *found = 0;

        here = here < elf->size ? here : elf->size;
        for (uint32_t i = 0; !found && i < elf->count; i++) {
                const unsigned char *header = program(elf, i);
                uint64_t offset = read_le(header + 8, 8), size = read_le(header + 32, 8);

                if (read_le(header, 4) == PROGRAM_NOTE && inside(offset, size, here))
                        found = find_in(elf->file + offset, size, kind, bytes);
        }
        return found;
}

uint64_t elf64_thread_local(const struct elf64 *elf, uint64_t *alignment)
{
        for (uint32_t i = 0; i < elf->count; i++) {
                const unsigned char *header = program(elf, i);

                if (read_le(header, 4) == PROGRAM_THREAD_LOCAL) {
                        *alignment = read_le(header + 48, 8);
                        return read_le(header + 40, 8);
                }
        }
        *alignment = 0;
        return 0;
}

const unsigned char *elf64_at(const struct elf64 *elf, uint64_t vaddr, uint64_t bytes)
{
        struct elf64_segment s;

        for (uint32_t i = 0; i < elf->count; i++)
                if (elf64_segment(elf, i, &s) && vaddr >= s.vaddr && inside(vaddr - s.vaddr, bytes, s.filesz))
                        return elf->file + s.offset + (vaddr - s.vaddr);
        return 0;
}

const char *elf64_error_text(enum elf64_error error)
{
        static const char *const text[] = {
                [ELF64_OK] = "is a good image",
                [ELF64_SHORT] = "is truncated: shorter than an ELF header",
                [ELF64_MAGIC] = "is not an ELF file",
                [ELF64_CLASS] = "is not a 64-bit ELF file",
                [ELF64_ENDIAN] = "is not little endian",
                [ELF64_VERSION] = "has an unknown ELF version",
                [ELF64_MACHINE] = "is for another machine, not AArch64",
                [ELF64_TYPE] =
                        "is not a statically linked executable (link it with -static and without -pie)",
                [ELF64_DYNAMIC] = "is not static: it asks for a dynamic linker",
                [ELF64_ENTRY_SIZE] = "has program headers of an unknown size",
                [ELF64_PROGRAMS] = "is truncated: its program headers lie outside the file",
                [ELF64_SECTIONS] = "is truncated: its section headers lie outside the file",
                [ELF64_TRUNCATED] = "is truncated: a segment's bytes lie outside the file",
                [ELF64_SIZES] = "has a segment with more bytes in the file than in memory",
                [ELF64_WRAPS] = "has a segment that runs past the end of the address space",
                [ELF64_ALIGN] =
                        "has an unaligned segment: address and file offset differ modulo its alignment",
                [ELF64_START] = "is unaligned: its lowest segment does not start on a 4 KiB page",
                [ELF64_OVERLAP] = "has segments that overlap in memory",
                [ELF64_DISORDER] = "has too many segments out of address order",
                [ELF64_EMPTY] = "has nothing to load",
                [ELF64_ENTRY] = "has its entry point outside its segments",
        };

        return (unsigned)error < sizeof(text) / sizeof(text[0]) ? text[error] : "has an unknown defect";
}
