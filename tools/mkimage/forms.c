/* SPDX-License-Identifier: BSD-2-Clause */
/* See mkimage.h.  The image itself is the same in each form, byte by byte. */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/program/elf/elf64.h"
#include "loader/ways.h"
#include "tools/common/bytes.h"
#include "tools/mkimage/mkimage.h"

struct tree read_tree(const char *path)
{
        struct tree t = {path, read_file(path)};

        if (t.blob.size < sizeof(struct fdt_header) || fdt_version(t.blob.data) < 16 ||
            fdt_check_full(t.blob.data, t.blob.size) != 0)
                fail("%s: not a device tree, or damaged (dtc makes one: dtc -I dts -O dtb)", path);
        t.blob.size = fdt_totalsize(t.blob.data);
        return t;
}

void put_sizes(unsigned char *image, uint64_t size)
{
        enum { IMAGE_SIZE_AT = 0x10 };
        uint64_t data_at = get_le(image + PE_SECTION_AT + 12, 4);

        put_le(image + IMAGE_SIZE_AT, size, 8);
        put_le(image + PE_DATA_AT, size - data_at, 4);
        put_le(image + PE_MEMORY_AT, (size + PE_PAGE - 1) / PE_PAGE * PE_PAGE, 4);
        put_le(image + PE_SECTION_AT + 8, size - data_at, 4);
        put_le(image + PE_SECTION_AT + 16, size - data_at, 4);
}

enum { SEGMENT_AT = 4096, BLOCK = 2 << 20 };

/* Where the loader looks for a tree when firmware gives none. */
static uint64_t place_below(const struct tree *tree, uint64_t address)
{
        uint64_t block = address / BLOCK * BLOCK;

        if (!tree)
                return 0;
        if (block < BLOCK || tree->blob.size > BLOCK)
                fail("%s needs the 2 MiB of RAM below the image: choose a higher address with --elf=ADDRESS",
                     tree->path);
        return block - BLOCK;
}

static struct bytes form_elf(struct bytes image, uint64_t address, const struct tree *tree)
{
        enum { RWX = ELF64_R | ELF64_W | ELF64_X };
        uint64_t below = place_below(tree, address);
        uint64_t tree_at = SEGMENT_AT + (image.size + SEGMENT_AT - 1) / SEGMENT_AT * SEGMENT_AT;
        uint64_t size = tree ? tree_at + tree->blob.size : SEGMENT_AT + image.size;
        struct elf64_segment s = {.vaddr = address, .filesz = image.size, .memsz = image.size, .flags = RWX};
        struct bytes out = {allocate(size), size};
        unsigned char *program = out.data + ELF64_HEADER_BYTES;

        elf_header(out.data, address + ELF_ENTRY_AT, ELF64_HEADER_BYTES, tree ? 2 : 1);
        elf_program(program, &s, SEGMENT_AT);
        memcpy(out.data + SEGMENT_AT, image.data, image.size);
        if (tree) {
                s = (struct elf64_segment){
                        .vaddr = below, .filesz = tree->blob.size, .memsz = tree->blob.size, .flags = RWX};
                elf_program(program + ELF64_PROGRAM_BYTES, &s, tree_at);
                memcpy(out.data + tree_at, tree->blob.data, tree->blob.size);
        }
        return out;
}

static uint32_t crc32_of(const unsigned char *at, uint64_t size)
{
        uint32_t crc = ~0u;

        while (size-- > 0) {
                crc ^= *at++;
                for (int bit = 0; bit < 8; bit++)
                        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        }
        return ~crc;
}

static void put_be32(unsigned char *at, uint32_t value)
{
        for (int i = 3; i >= 0; i--, value >>= 8)
                at[i] = (unsigned char)value;
}

static struct bytes form_uimage(struct bytes image)
{
        enum { HEADER = 64, LINUX = 5, ARM64 = 22, KERNEL_NOLOAD = 14 };
        struct bytes out = {allocate(HEADER + image.size), HEADER + image.size};
        unsigned char *h = out.data;

        if (image.size > UINT32_MAX)
                fail("the image is too large for U-Boot's legacy format");
        put_be32(h, 0x27051956);
        put_be32(h + 12, (uint32_t)image.size);
        put_be32(h + 24, crc32_of(image.data, image.size));
        h[28] = LINUX;
        h[29] = ARM64;
        h[30] = KERNEL_NOLOAD;
        strcpy((char *)h + 32, "Tessera");
        put_be32(h + 4, crc32_of(h, HEADER));
        memcpy(h + HEADER, image.data, image.size);
        return out;
}

/* --- the tree format ------------------------------------------------------------------------------------------ */

enum { NAME_BYTES = 64 };

/* The name of a file without folders and its last suffix, as the name of a node. */
static void name_of(const struct tree *t, char *name)
{
        const char *base = strrchr(t->path, '/') ? strrchr(t->path, '/') + 1 : t->path;
        const char *dot = strrchr(base, '.');
        size_t length = dot && dot != base ? (size_t)(dot - base) : strlen(base);

        if (length >= NAME_BYTES)
                fail("%s: the name is too long for a configuration", t->path);
        memcpy(name, base, length);
        name[length] = '\0';
        for (char *c = name; *c; c++)
                if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,._+-", *c))
                        *c = '-';
}

static int put_image(void *fit, const char *name, const char *type, struct bytes data)
{
        bool kernel = strcmp(type, "kernel_noload") == 0;
        int bad = fdt_begin_node(fit, name);

        bad |= fdt_property_string(fit, "description", name) | fdt_property_string(fit, "type", type);
        bad |= fdt_property_string(fit, "arch", "arm64") | fdt_property_string(fit, "compression", "none");
        if (kernel)
                bad |= fdt_property_string(fit, "os", "linux") | fdt_property_u32(fit, "load", 0) |
                       fdt_property_u32(fit, "entry", 0);
        bad |= fdt_property(fit, "data", data.data, (int)data.size) | fdt_begin_node(fit, "hash-1");
        bad |= fdt_property_string(fit, "algo", "crc32") |
               fdt_property_u32(fit, "value", crc32_of(data.data, data.size));
        return bad | fdt_end_node(fit) | fdt_end_node(fit);
}

static int put_configuration(void *fit, const char *name, const struct tree *t)
{
        int bad = fdt_begin_node(fit, name), length = 0;
        const void *boards = t ? fdt_getprop(t->blob.data, 0, "compatible", &length) : NULL;

        bad |= fdt_property_string(fit, "description", name) | fdt_property_string(fit, "kernel", "kernel");
        if (boards)
                bad |= fdt_property(fit, "compatible", boards, length);
        if (t)
                bad |= fdt_property_string(fit, "fdt", name);
        return bad | fdt_end_node(fit);
}

static int put_all(void *fit, struct bytes image, const struct tree *tree, unsigned count)
{
        char name[NAME_BYTES], first[NAME_BYTES] = "tessera";
        int bad = fdt_finish_reservemap(fit) | fdt_begin_node(fit, "");

        if (count)
                name_of(tree, first);
        bad |= fdt_property_string(fit, "description", "Tessera") |
               fdt_property_u32(fit, "#address-cells", 1);
        bad |= fdt_property_u32(fit, "timestamp", 0);
        bad |= fdt_begin_node(fit, "images") | put_image(fit, "kernel", "kernel_noload", image);
        for (unsigned i = 0; i < count; i++) {
                name_of(&tree[i], name);
                bad |= put_image(fit, name, "flat_dt", tree[i].blob);
        }
        bad |= fdt_end_node(fit) | fdt_begin_node(fit, "configurations") |
               fdt_property_string(fit, "default", first);
        for (unsigned i = 0; i < count; i++) {
                name_of(&tree[i], name);
                bad |= put_configuration(fit, name, &tree[i]);
        }
        if (!count)
                bad |= put_configuration(fit, first, NULL);
        return bad | fdt_end_node(fit) | fdt_end_node(fit) | fdt_finish(fit);
}

static void check_names(const struct tree *tree, unsigned count)
{
        char a[NAME_BYTES], b[NAME_BYTES];

        for (unsigned i = 0; i < count; i++) {
                name_of(&tree[i], a);
                if (strcmp(a, "kernel") == 0)
                        fail("%s: a tree cannot be called 'kernel': give the file another name",
                             tree[i].path);
                for (unsigned k = 0; k < i; k++) {
                        name_of(&tree[k], b);
                        if (strcmp(a, b) == 0)
                                fail("%s and %s would be two configurations of the same name: rename one of "
                                     "the files",
                                     tree[k].path, tree[i].path);
                }
        }
}

static struct bytes form_fit(struct bytes image, const struct tree *tree, unsigned count)
{
        uint64_t size = image.size + 8192;
        struct bytes out;

        check_names(tree, count);
        for (unsigned i = 0; i < count; i++)
                size += tree[i].blob.size + 4096;
        if (size > INT32_MAX)
                fail("the image is too large for U-Boot's tree format");
        out.data = allocate(size);
        if (fdt_create(out.data, (int)size) != 0 || put_all(out.data, image, tree, count) != 0)
                fail("cannot write U-Boot's tree format");
        out.size = fdt_totalsize(out.data);
        return out;
}

struct bytes in_form(const struct request *r, struct bytes image)
{
        switch (r->form) {
        case FORM_ELF:
                return form_elf(image, r->address, r->trees ? &r->tree[0] : NULL);
        case FORM_UIMAGE:
                return form_uimage(image);
        case FORM_FIT:
                return form_fit(image, r->tree, r->trees);
        default:
                return image;
        }
}
