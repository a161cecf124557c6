/* SPDX-License-Identifier: BSD-2-Clause */
/* Loader, kernel and root task packed one after the other in the form of loader/payload.h: without symbols and
 * sections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/ways.h"
#include "tools/common/bytes.h"
#include "tools/mkimage/mkimage.h"

enum {
        IMAGE_MAGIC_AT = 0x38, /* in the arm64 Image header */
};

static int by_address(const void *a, const void *b)
{
        const struct elf64_segment *x = a, *y = b;

        return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

void elf_header(unsigned char *at, uint64_t entry, uint64_t programs, uint64_t count)
{
        static const unsigned char identity[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

        memcpy(at, identity, sizeof(identity));
        put_le(at + 16, 2, 2);
        put_le(at + 18, 183, 2);
        put_le(at + 20, 1, 4);
        put_le(at + 24, entry, 8);
        put_le(at + 32, programs, 8);
        put_le(at + 52, ELF64_HEADER_BYTES, 2);
        put_le(at + 54, ELF64_PROGRAM_BYTES, 2);
        put_le(at + 56, count, 2);
}

void elf_program(unsigned char *at, const struct elf64_segment *s, uint64_t offset)
{
        put_le(at, 1, 4);
        put_le(at + 4, s->flags, 4);
        put_le(at + 8, offset, 8);
        put_le(at + 16, s->vaddr, 8);
        put_le(at + 24, s->vaddr, 8);
        put_le(at + 32, s->filesz, 8);
        put_le(at + 40, s->memsz, 8);
        put_le(at + 48, 1, 8);
}

/* Headers, segments in address order without gaps, program headers. */
static struct bytes pack(const struct elf64 *elf)
{
        struct elf64_segment *s = allocate(elf->count * sizeof(*s));
        struct bytes out = {NULL, ELF64_HEADER_BYTES};
        uint64_t count = 0, at = ELF64_HEADER_BYTES;

        for (uint32_t i = 0; i < elf->count; i++)
                if (elf64_segment(elf, i, &s[count]))
                        out.size += s[count++].filesz + ELF64_PROGRAM_BYTES;
        qsort(s, count, sizeof(*s), by_address);
        out.data = allocate(out.size);
        elf_header(out.data, elf->entry, out.size - count * ELF64_PROGRAM_BYTES, count);
        for (uint64_t i = 0; i < count; i++) {
                if (s[i].filesz > 0)
                        memcpy(out.data + at, elf->file + s[i].offset, s[i].filesz);
                elf_program(out.data + out.size - (count - i) * ELF64_PROGRAM_BYTES, &s[i], at);
                at += s[i].filesz;
        }
        free(s);
        return out;
}

static struct elf64 open_elf(const char *name, struct bytes file)
{
        struct elf64 elf;
        enum elf64_error error = elf64_open(&elf, file.data, file.size);

        if (error != ELF64_OK)
                fail("%s %s", name, elf64_error_text(error));
        return elf;
}

/* The file is padded to a whole unit of PE files; the padding counts as part of the root image, so that the checksum covers it. */
static struct bytes join(const struct request *r, struct bytes loader, struct bytes kernel, struct bytes root)
{
        uint64_t size = loader.size + sizeof(struct payload) + kernel.size + root.size;
        struct bytes out = {NULL, (size + PE_FILE_UNIT - 1) / PE_FILE_UNIT * PE_FILE_UNIT};
        struct payload *payload;
        unsigned char *files;

        if (out.size > UINT32_MAX)
                fail("%s makes an image of more than 4 GiB", r->root);
        out.data = allocate(out.size);
        memcpy(out.data, loader.data, loader.size);
        put_sizes(out.data, out.size);
        payload = (struct payload *)(out.data + loader.size);
        files = (unsigned char *)(payload + 1);
        memcpy(files, kernel.data, kernel.size);
        memcpy(files + kernel.size, root.data, root.size);
        *payload = (struct payload){
                .magic = PAYLOAD_MAGIC,
                .kernel_size = kernel.size,
                .root_size = root.size + out.size - size,
                .options = r->options,
        };
        payload->checksum = payload_sum(files, payload->kernel_size + payload->root_size);
        strncpy(payload->preset, r->preset, sizeof(payload->preset) - 1);
        return out;
}

struct bytes build(const struct request *r)
{
        char kernel_name[64];
        struct bytes root_file = r->microkit ? from_microkit(r->root) : read_file(r->root);
        struct bytes loader = read_part("loader.img"), kernel_file;
        struct elf64 root_elf, kernel_elf;

        check_is_program(r->root, root_file);
        root_elf = open_elf(r->root, root_file);
        snprintf(kernel_name, sizeof(kernel_name), "kernel-%s.elf", r->preset);
        kernel_file = read_part(kernel_name);
        kernel_elf = open_elf(kernel_name, kernel_file);
        check_root(r, &root_elf, &kernel_elf);
        if (loader.size < PE_PAGE || memcmp(loader.data + IMAGE_MAGIC_AT, "ARM\x64", 4) != 0)
                fail("loader.img is not a loader");
        return join(r, loader, pack(&kernel_elf), pack(&root_elf));
}
