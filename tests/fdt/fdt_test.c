/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree reader: the tree of the emulated machine, and what is left of it after damage (under ASan and UBSan).
 *
 * Usage: fdt TREE
 */
#include "lib/fdt/fdt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_MAX = 1 << 16, MUTATIONS = 20000 };

static unsigned char tree[TREE_MAX];
static size_t bytes;
static unsigned passed, failed;

static void expect(bool good, const char *what)
{
        *(good ? &passed : &failed) += 1;
        printf("%s fdt: %s\n", good ? "ok  " : "FAIL", what);
}

static unsigned word(size_t at)
{
        return (unsigned)tree[at] << 24 | (unsigned)tree[at + 1] << 16 | (unsigned)tree[at + 2] << 8 |
               tree[at + 3];
}

static void set_word(unsigned char *at, size_t value)
{
        for (int i = 0; i < 4; i++) {
                at[i] = (unsigned char)(value >> (24 - 8 * i));
        }
}

/* The file without the padding behind its blocks. */
static bool read_tree(const char *name)
{
        FILE *file = fopen(name, "rb");
        size_t strings;

        if (!file || fread(tree, 1, sizeof(tree), file) < 40) {
                return false;
        }
        fclose(file);
        bytes = word(8) + word(36);
        strings = word(12) + word(32);
        bytes = strings > bytes ? strings : bytes;
        set_word(tree + 4, bytes);
        return bytes <= sizeof(tree);
}

static void whole(void)
{
        struct fdt_device device, other;
        struct fdt fdt;
        bool good = true;

        expect(fdt_open(&fdt, tree, bytes), "opens");
        expect(fdt_find_compatible(&fdt, "arm,pl011", 0, &device) && device.base == 0x9000000 &&
                       device.size == 0x1000 && device.has_interrupt && device.interrupt == 33 &&
                       !device.edge,
               "the serial line by what it is compatible with");
        expect(fdt_find_compatible(&fdt, "arm,primecell", 0, &other), "second names count");
        expect(!fdt_find_compatible(&fdt, "arm,pl011", 1, &other), "there is one");
        expect(!fdt_find_compatible(&fdt, "arm,pl01", 0, &other) && !fdt_find_compatible(&fdt, "", 0, &other),
               "parts of names do not count");
        for (unsigned i = 0; i < 32; i++) {
                good &= fdt_find_compatible(&fdt, "virtio,mmio", i, &device) && device.edge &&
                        (device.base - 0xa000000) / 0x200 == device.interrupt - 48;
        }
        expect(good && !fdt_find_compatible(&fdt, "virtio,mmio", 32, &device), "32 of a kind");
        expect(fdt_find_path(&fdt, "/pl031@9010000", &device) && device.base == 0x9010000 &&
                       device.interrupt == 34,
               "the clock by its path");
        expect(fdt_find_path(&fdt, "/intc@8000000/v2m@8020000", &device) && device.base == 0x8020000,
               "two levels down");
        expect(!fdt_find_path(&fdt, "/pl031", &device) && !fdt_find_path(&fdt, "/pl031@9010000/x", &device) &&
                       !fdt_find_path(&fdt, "", &device),
               "no such path");
}

static unsigned look(const unsigned char *copy, size_t size)
{
        struct fdt_device device;
        struct fdt fdt;
        unsigned n = 0;

        if (!fdt_open(&fdt, copy, size)) {
                return 0;
        }
        while (n < 64 && fdt_find_compatible(&fdt, "virtio,mmio", n, &device)) {
                n++;
        }
        (void)fdt_find_path(&fdt, "/intc@8000000/v2m@8020000", &device);
        return n;
}

/* Each copy lies in memory of its own size, so that ASan sees a step beyond. */
static void damaged(void)
{
        bool good = true;
        unsigned long found = 0;

        for (size_t size = 0; size < bytes; size++) {
                unsigned char *copy = malloc(size ? size : 1);

                memcpy(copy, tree, size);
                good &= look(copy, size) == 0; /* shorter than it says */
                if (size >= 40) {
                        set_word(copy + 4, size);
                        set_word(copy + 36, size > word(8) ? size - word(8) : 0);
                        good &= look(copy, size) <= 32;
                }
                free(copy);
        }
        expect(good, "cut off anywhere");
        srand(7);
        for (int i = 0; i < MUTATIONS; i++) {
                unsigned char *copy = malloc(bytes);

                memcpy(copy, tree, bytes);
                for (int k = rand() % 8; k >= 0; k--) {
                        copy[(size_t)rand() % (rand() % 2 ? 120 : bytes)] = (unsigned char)rand();
                }
                found += look(copy, bytes);
                free(copy);
        }
        expect(found > 0 && found < MUTATIONS * 32ul, "damaged at random");
}

int main(int argc, char **argv)
{
        if (argc < 2 || !read_tree(argv[1])) {
                printf("no tree\n0 passed, 1 failed\n");
                return 1;
        }
        whole();
        damaged();
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
}
