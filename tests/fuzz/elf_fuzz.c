/* SPDX-License-Identifier: BSD-2-Clause */
/* libFuzzer target: any bytes at all as an ELF file; an accepted file must keep the promises of elf64.h. */
#include <stddef.h>
#include <stdlib.h>

#include "lib/program/elf/elf64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        volatile unsigned char sink;
        struct elf64_segment s;
        struct elf64 elf;

        if (elf64_open(&elf, data, size) != ELF64_OK)
                return 0;
        for (uint32_t i = 0; i < elf.count; i++) {
                if (!elf64_segment(&elf, i, &s))
                        continue;
                if (s.filesz > s.memsz || s.vaddr < elf.start || s.memsz > elf.end - s.vaddr)
                        abort();
                for (uint64_t b = 0; b < s.filesz; b++)
                        sink = data[s.offset + b];
        }
        (void)sink;
        return elf.start % ELF64_PAGE == 0 ? 0 : (abort(), 1);
}
