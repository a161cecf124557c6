/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes and thread-local data of an ELF file, good and damaged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/program/elf/elf64.h"

void elf_notes(unsigned *passed, unsigned *failed);

enum { FILE_BYTES = 1024, NOTES = 320, BODY = 512, ADDRESS = 0x400000, DAMAGED = 200000 };

static void put(unsigned char *at, uint64_t value, unsigned count)
{
        while (count-- > 0) {
                *at++ = (unsigned char)value;
                value >>= 8;
        }
}

static void put_program(unsigned char *at, uint32_t type, uint64_t offset, uint64_t bytes, uint64_t align)
{
        put(at, type, 4);
        put(at + 8, offset, 8);
        put(at + 16, ADDRESS + offset, 8);
        put(at + 32, bytes, 8);
        put(at + 40, bytes, 8);
        put(at + 48, align, 8);
}

static unsigned put_note(unsigned char *at, const char *owner, uint32_t kind, uint64_t value, unsigned bytes)
{
        put(at, strlen(owner) + 1, 4);
        put(at + 4, bytes, 4);
        put(at + 8, kind, 4);
        memcpy(at + 12, owner, strlen(owner) + 1);
        put(at + 12 + ((strlen(owner) + 4) & ~3ul), value, bytes);
        return 12 + (unsigned)((strlen(owner) + 4) & ~3ul) + bytes;
}

/* One segment with everything; somebody else's note before ours. */
static void make(unsigned char file[FILE_BYTES])
{
        static const unsigned char identity[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
        unsigned size;

        memset(file, 0, FILE_BYTES);
        memcpy(file, identity, sizeof(identity));
        put(file + 16, 2, 2);
        put(file + 18, 183, 2);
        put(file + 20, 1, 4);
        put(file + 24, ADDRESS + BODY, 8);
        put(file + 32, ELF64_HEADER_BYTES, 8);
        put(file + 54, ELF64_PROGRAM_BYTES, 2);
        put(file + 56, 3, 2);
        size = put_note(file + NOTES, "GNU", 3, 1, 4);
        size += put_note(file + NOTES + size, "Tessera", ELF64_NOTE_START, ADDRESS + BODY, 8);
        size += put_note(file + NOTES + size, "Tessera", ELF64_NOTE_NATIVE, 0, 0);
        put(file + BODY, 65536, 8);
        put_program(file + 64, 1, 0, FILE_BYTES, 4096);
        put_program(file + 120, 4, NOTES, size, 4);
        put_program(file + 176, 7, BODY, 300, 64);
}

/* The results of the three queries, each byte of which is read; false for a file that is refused. */
static bool ask(const unsigned char *file, uint64_t here, uint64_t answer[4])
{
        unsigned char *copy = malloc(FILE_BYTES);
        const unsigned char *note, *word;
        uint32_t bytes = 0;
        struct elf64 elf;
        bool opened;

        memcpy(copy, file, FILE_BYTES);
        opened = elf64_open(&elf, copy, FILE_BYTES) == ELF64_OK;
        memset(answer, 0, 4 * sizeof(*answer));
        if (opened) {
                note = elf64_find_note(&elf, here, ELF64_NOTE_START, &bytes);
                for (uint32_t i = bytes; note && i-- > 0;)
                        answer[0] = answer[0] << 8 | note[i];
                word = note ? elf64_at(&elf, answer[0], 8) : NULL;
                for (unsigned i = 8; word && i-- > 0;)
                        answer[1] = answer[1] << 8 | word[i];
                answer[2] = elf64_thread_local(&elf, &answer[3]);
                answer[3] |= elf64_find_note(&elf, here, ELF64_NOTE_NATIVE, &bytes) ? 1 : 0;
        }
        free(copy);
        return opened;
}

void elf_notes(unsigned *passed, unsigned *failed)
{
        unsigned char file[FILE_BYTES];
        uint64_t answer[4];
        unsigned opened = 0;
        bool good[4];

        make(file);
        good[0] = ask(file, FILE_BYTES, answer) && answer[0] == ADDRESS + BODY && answer[1] == 65536 &&
                  answer[2] == 300 && answer[3] == (64 | 1);
        good[1] = ask(file, NOTES + 40, answer) && answer[0] == 0 && answer[3] == 64; /* not there yet */
        put(file + NOTES + 4, 0xfffffff0, 4); /* the first one has no end */
        good[2] = ask(file, FILE_BYTES, answer) && answer[0] == 0;
        srand(5);
        for (unsigned i = 0; i < DAMAGED; i++) {
                make(file);
                for (unsigned n = 1 + (unsigned)rand() % 3; n > 0; n--)
                        file[rand() % 2 ? 64 + rand() % 168 : NOTES + rand() % 64] ^=
                                (unsigned char)(1 << rand() % 8);
                opened += ask(file, FILE_BYTES, answer);
        }
        good[3] = opened > DAMAGED / 10 && opened < DAMAGED;
        for (unsigned i = 0; i < 4; i++) {
                *passed += good[i];
                *failed += !good[i];
                if (!good[i])
                        printf("FAIL notes: %u\n", i);
        }
}
