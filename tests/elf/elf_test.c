/* SPDX-License-Identifier: BSD-2-Clause */
/* The ELF reader against good, wrong and hostile files.
 *
 * Each file is read from a heap block of exactly its size, so that AddressSanitizer sees any step outside.
 * A file that is accepted is walked: the promises of elf64.h must hold for it, however it came about.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/program/elf/elf64.h"

enum {
        SEGMENTS = 3,
        FILE_BYTES = 1024,
        MUTATIONS = 300000,
};

/* Field offsets in the file header, and in a program header relative to its start. */
enum field {
        CLASS = 4,
        DATA = 5,
        TYPE = 16,
        MACHINE = 18,
        VERSION = 20,
        ENTRY = 24,
        PROGRAMS = 32,
        SECTIONS = 40,
        ENTRY_SIZE = 54,
        COUNT = 56,
        SECTION_COUNT = 60,
        P_TYPE = 0,
        P_OFFSET = 8,
        P_VADDR = 16,
        P_FILESZ = 32,
        P_MEMSZ = 40,
        P_ALIGN = 48,
};

static unsigned passed, failed;

static void expect(bool good, const char *what)
{
        if (good) {
                passed++;
        } else {
                failed++;
                printf("FAIL %s\n", what);
        }
}

static void put(unsigned char *at, uint64_t value, unsigned count)
{
        while (count-- > 0) {
                *at++ = (unsigned char)value;
                value >>= 8;
        }
}

static unsigned char *segment(unsigned char *file, unsigned index)
{
        return file + ELF64_HEADER_BYTES + index * ELF64_PROGRAM_BYTES;
}

static void put_segment(unsigned char *at, uint64_t offset, uint64_t vaddr, uint64_t memsz)
{
        put(at + P_TYPE, 1, 4);
        put(at + 4, ELF64_R, 4);
        put(at + P_OFFSET, offset, 8);
        put(at + P_VADDR, vaddr, 8);
        put(at + P_FILESZ, 128, 8);
        put(at + P_MEMSZ, memsz, 8);
        put(at + P_ALIGN, 128, 8);
}

/* Three segments, the last two in one page; the section table ends the file. */
static void make_good(unsigned char file[FILE_BYTES])
{
        static const unsigned char identity[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

        memset(file, 0, FILE_BYTES);
        memcpy(file, identity, sizeof(identity));
        put(file + TYPE, 2, 2);
        put(file + MACHINE, 183, 2);
        put(file + VERSION, 1, 4);
        put(file + ENTRY, 0x400040, 8);
        put(file + PROGRAMS, ELF64_HEADER_BYTES, 8);
        put(file + SECTIONS, FILE_BYTES - 3 * 64, 8);
        put(file + ENTRY_SIZE, ELF64_PROGRAM_BYTES, 2);
        put(file + COUNT, SEGMENTS, 2);
        put(file + SECTION_COUNT, 3, 2);
        put_segment(segment(file, 0), 256, 0x400000, 128);
        put_segment(segment(file, 1), 384, 0x401000, 256);
        put_segment(segment(file, 2), 512, 0x401100, 0x5000);
}

/* The promises of an accepted file; touching each byte lets the sanitizer judge. */
static bool promises_hold(const struct elf64 *elf)
{
        struct elf64_segment s;
        bool entered = false;
        unsigned sum = 0;

        for (uint32_t i = 0; i < elf->count; i++) {
                if (!elf64_segment(elf, i, &s))
                        continue;
                if (s.filesz > s.memsz || s.vaddr < elf->start || s.vaddr + s.memsz > elf->end ||
                    s.vaddr + s.memsz < s.vaddr)
                        return false;
                for (uint64_t b = 0; b < s.filesz; b++)
                        sum += elf->file[s.offset + b];
                entered = entered || (elf->entry >= s.vaddr && elf->entry - s.vaddr < s.memsz);
        }
        return entered && elf->start % ELF64_PAGE == 0 && sum != UINT32_MAX;
}

/* Open a copy of exactly `size` bytes. */
static enum elf64_error open_copy(const unsigned char *file, size_t size)
{
        unsigned char *copy = malloc(size == 0 ? 1 : size);
        struct elf64 elf;
        enum elf64_error error;

        memcpy(copy, file, size);
        error = elf64_open(&elf, copy, size);
        if (error == ELF64_OK && !promises_hold(&elf))
                expect(false, "promises of an accepted file");
        free(copy);
        return error;
}

static void test_good(void)
{
        unsigned char file[FILE_BYTES];
        struct elf64_segment s;
        struct elf64 elf;

        make_good(file);
        expect(elf64_open(&elf, file, FILE_BYTES) == ELF64_OK, "a good file is accepted");
        expect(elf.start == 0x400000 && elf.end == 0x406100 && elf.entry == 0x400040, "extent and entry");
        expect(elf64_segment(&elf, 2, &s) && s.vaddr == 0x401100 && s.memsz == 0x5000 && s.filesz == 128 &&
                       s.offset == 512 && s.flags == ELF64_R,
               "segment fields");
        put(segment(file, 1) + P_TYPE, 4, 4);
        expect(elf64_open(&elf, file, FILE_BYTES) == ELF64_OK && !elf64_segment(&elf, 1, &s),
               "other program headers are passed over");
}

/* One field of the file header (segment < 0) or of a segment gets a wrong value. */
static const struct {
        const char *what;
        int segment;
        enum field field;
        unsigned bytes;
        uint64_t value;
        enum elf64_error error;
} wrong[] = {
        {"magic", -1, 0, 1, 0x7e, ELF64_MAGIC},
        {"32-bit class", -1, CLASS, 1, 1, ELF64_CLASS},
        {"big endian", -1, DATA, 1, 2, ELF64_ENDIAN},
        {"version", -1, VERSION, 4, 2, ELF64_VERSION},
        {"x86-64", -1, MACHINE, 2, 62, ELF64_MACHINE},
        {"position independent", -1, TYPE, 2, 3, ELF64_TYPE},
        {"relocatable", -1, TYPE, 2, 1, ELF64_TYPE},
        {"no program headers", -1, COUNT, 2, 0, ELF64_EMPTY},
        {"odd header size", -1, ENTRY_SIZE, 2, 32, ELF64_ENTRY_SIZE},
        {"headers outside", -1, PROGRAMS, 8, FILE_BYTES - 100, ELF64_PROGRAMS},
        {"headers wrap", -1, PROGRAMS, 8, UINT64_MAX - 55, ELF64_PROGRAMS},
        {"65535 headers", -1, COUNT, 2, 65535, ELF64_PROGRAMS},
        {"sections outside", -1, SECTIONS, 8, FILE_BYTES - 191, ELF64_SECTIONS},
        {"sections wrap", -1, SECTIONS, 8, UINT64_MAX, ELF64_SECTIONS},
        {"interpreter", 1, P_TYPE, 4, 3, ELF64_DYNAMIC},
        {"dynamic table", 1, P_TYPE, 4, 2, ELF64_DYNAMIC},
        {"bytes outside", 2, P_OFFSET, 8, FILE_BYTES - 127, ELF64_TRUNCATED},
        {"offset wraps", 2, P_OFFSET, 8, UINT64_MAX - 127, ELF64_TRUNCATED},
        {"more file than memory", 0, P_MEMSZ, 8, 127, ELF64_SIZES},
        {"empty, but with bytes", 0, P_MEMSZ, 8, 0, ELF64_SIZES},
        {"memory wraps", 2, P_MEMSZ, 8, UINT64_MAX - 0x4000ff, ELF64_WRAPS},
        {"address wraps", 2, P_VADDR, 8, UINT64_MAX - 127, ELF64_WRAPS},
        {"alignment no power of two", 0, P_ALIGN, 8, 96, ELF64_ALIGN},
        {"alignment huge", 0, P_ALIGN, 8, 1ull << 63, ELF64_ALIGN},
        {"address against offset", 1, P_VADDR, 8, 0x401008, ELF64_ALIGN},
        {"start inside a page", 0, P_VADDR, 8, 0x400080, ELF64_START},
        {"overlap by one byte", 1, P_MEMSZ, 8, 257, ELF64_OVERLAP},
        {"same place", 2, P_VADDR, 8, 0x401000, ELF64_OVERLAP},
        {"overlap out of order", 2, P_VADDR, 8, 0x3ff000, ELF64_OVERLAP},
        {"entry between segments", -1, ENTRY, 8, 0x400080, ELF64_ENTRY},
        {"entry at the end", -1, ENTRY, 8, 0x406100, ELF64_ENTRY},
        {"entry zero", -1, ENTRY, 8, 0, ELF64_ENTRY},
        {"out of order, apart", 2, P_VADDR, 8, 0x200000, ELF64_OK},
        {"alignment 0", 1, P_ALIGN, 8, 0, ELF64_OK},
};

static void test_wrong(void)
{
        unsigned char file[FILE_BYTES];

        for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                make_good(file);
                put((wrong[i].segment < 0 ? file : segment(file, (unsigned)wrong[i].segment)) +
                            wrong[i].field,
                    wrong[i].value, wrong[i].bytes);
                expect(open_copy(file, FILE_BYTES) == wrong[i].error, wrong[i].what);
        }
}

static void test_no_sections(void)
{
        unsigned char file[FILE_BYTES];

        make_good(file);
        put(file + SECTION_COUNT, 0, 2);
        put(file + SECTIONS, 2 * FILE_BYTES, 8);
        expect(open_copy(file, FILE_BYTES) == ELF64_OK, "an empty section table may be anywhere");
}

static void test_nothing_to_load(void)
{
        unsigned char file[FILE_BYTES];

        make_good(file);
        for (unsigned i = 0; i < SEGMENTS; i++)
                put(segment(file, i) + P_TYPE, 4, 4);
        expect(open_copy(file, FILE_BYTES) == ELF64_EMPTY, "no loadable segment");
}

/* A linker may give a segment of zeros only an offset past the end of the file. */
static void test_only_zeros(void)
{
        unsigned char file[FILE_BYTES];

        make_good(file);
        put(segment(file, 2) + P_FILESZ, 0, 8);
        put(segment(file, 2) + P_OFFSET, FILE_BYTES + 0x1000, 8);
        put(segment(file, 2) + P_VADDR, 0x402000, 8);
        put(segment(file, 2) + P_ALIGN, 1, 8);
        expect(open_copy(file, FILE_BYTES) == ELF64_OK, "zeros only, offset past the end");
}

static void test_truncated(void)
{
        unsigned char file[FILE_BYTES];
        unsigned accepted = 0;

        make_good(file);
        for (size_t size = 0; size < FILE_BYTES; size++)
                accepted += open_copy(file, size) == ELF64_OK;
        expect(accepted == 0, "a file cut anywhere is refused");
}

/* With only a part of the file available: no byte after it is read, and a part is accepted only if the whole file is. */
static void test_head(void)
{
        unsigned char file[FILE_BYTES];
        struct elf64 whole, part;
        unsigned bad = 0;

        make_good(file);
        bad += elf64_open(&whole, file, FILE_BYTES) != ELF64_OK;
        for (size_t here = 0; here <= FILE_BYTES; here++) {
                bool enough = here >= whole.programs + (uint64_t)whole.count * ELF64_PROGRAM_BYTES;
                unsigned char *copy = malloc(here ? here : 1);
                enum elf64_error error;

                memcpy(copy, file, here);
                error = elf64_open_head(&part, copy, here, FILE_BYTES);
                bad += error != (enough                      ? ELF64_OK
                                 : here < ELF64_HEADER_BYTES ? ELF64_SHORT
                                                             : ELF64_PROGRAMS);
                bad += enough && (part.entry != whole.entry || part.end != whole.end ||
                                  elf64_headers(&part) != elf64_headers(&whole));
                free(copy);
        }
        expect(bad == 0, "the first bytes of a file");
}

static uint64_t next_random(uint64_t *state)
{
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        return *state;
}

/* Headers with a few random bytes, or fields near the limits of their type. */
static void mutate(unsigned char *file, uint64_t *state)
{
        for (uint64_t n = next_random(state) % 4; n < 4; n++) {
                uint64_t at = next_random(state) % (ELF64_HEADER_BYTES + SEGMENTS * ELF64_PROGRAM_BYTES - 8);

                if (next_random(state) % 2 == 0)
                        file[at] = (unsigned char)next_random(state);
                else
                        put(file + at / 8 * 8, (uint64_t)0 - next_random(state) % 1024, 8);
        }
}

static void test_mutations(void)
{
        unsigned char file[FILE_BYTES];
        uint64_t state = 0x1234567;
        unsigned accepted = 0;

        for (unsigned i = 0; i < MUTATIONS; i++) {
                make_good(file);
                mutate(file, &state);
                accepted += open_copy(file, FILE_BYTES) == ELF64_OK;
        }
        expect(accepted > 0 && accepted < MUTATIONS / 2, "some mutations are harmless, most are refused");
}

static void test_texts(void)
{
        bool good = true;

        for (int e = 0; e <= ELF64_ENTRY; e++) {
                const char *text = elf64_error_text((enum elf64_error)e);

                good = good && text != NULL && text[0] != '\0' && strchr(text, '\n') == NULL;
        }
        expect(good && elf64_error_text((enum elf64_error)1000) != NULL, "each error has a one-line text");
}

/* names_test.c, notes_test.c, stack_test.c */
void elf_names(unsigned *good, unsigned *bad);
void elf_notes(unsigned *passed, unsigned *failed);
void elf_stacks(unsigned *passed, unsigned *failed);

int main(void)
{
        test_good();
        test_wrong();
        test_no_sections();
        test_nothing_to_load();
        test_only_zeros();
        test_truncated();
        test_head();
        test_mutations();
        test_texts();
        elf_names(&passed, &failed);
        elf_notes(&passed, &failed);
        elf_stacks(&passed, &failed);
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
}
