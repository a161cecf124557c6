/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree reader: the tree of the emulated machine, one with every kind of bus and interrupt (buses.dts), and what is
 * left of both after damage.  libfdt is not instrumented, so damaged trees end at an inaccessible page.
 *
 * Usage: fdt VIRT BUSES [MUTATIONS]
 */
#include "lib/driver/fdt/fdt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { TREE_MAX = 1 << 16, PAGE_BYTES = 4096 };

static _Alignas(8) unsigned char tree[TREE_MAX];
static unsigned char *guarded; /* TREE_MAX bytes, and then none */
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
        for (int i = 0; i < 4; i++)
                at[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* The file without the padding behind its blocks. */
static bool read_tree(const char *name)
{
        FILE *file = fopen(name, "rb");
        size_t strings;

        if (!file || fread(tree, 1, sizeof(tree), file) < 40)
                return false;
        fclose(file);
        bytes = word(8) + word(36);
        strings = word(12) + word(32);
        bytes = strings > bytes ? strings : bytes;
        set_word(tree + 4, bytes);
        return bytes <= sizeof(tree);
}

/* Older versions name nodes by whole paths, the root by a slash: a root and nothing else is a good tree of each. */
static void old_version(void)
{
        enum { MAGIC = 0xd00dfeed, BEGIN = 1, END_NODE = 2, END = 9, MAP = 40, STRUCT = 56, SIZE = 72 };
        static const unsigned header[10] = {MAGIC, SIZE, STRUCT, SIZE, MAP, 17, 2, 0, 0, SIZE - STRUCT};
        static const unsigned nodes[4] = {BEGIN, 0, END_NODE, END};
        _Alignas(8) unsigned char small[SIZE] = {0};
        bool opened = false;
        struct fdt fdt;

        for (size_t i = 0; i < 10; i++)
                set_word(small + 4 * i, header[i]);
        for (size_t i = 0; i < 4; i++)
                set_word(small + STRUCT + 4 * i, nodes[i]);
        expect(fdt_open(&fdt, small, SIZE), "a root alone opens");
        small[STRUCT + 4] = '/';
        for (unsigned version = 0; version < 16; version++) {
                set_word(small + 20, version);
                opened = opened || fdt_open(&fdt, small, SIZE);
        }
        expect(!opened, "no version before 16 opens");
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
        int node = fdt_find_next(&fdt, FDT_NONE, "arm,pl011");
        expect(fdt_is_compatible(&fdt, node, "arm,pl011") && !fdt_is_compatible(&fdt, node, ""),
               "nothing is compatible with nothing");
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
        expect(fdt_find_path(&fdt, "/pl031", &device) && device.interrupt == 34,
               "the unit address may be left out");
        expect(!fdt_find_path(&fdt, "/pl03", &device) && !fdt_find_path(&fdt, "/pl031@9010000/x", &device) &&
                       !fdt_find_path(&fdt, "", &device),
               "no such path");
}

/* --- buses.dts --- */

static struct fdt buses;

static bool placed(const char *compatible, uint64_t base, uint64_t size)
{
        struct fdt_device device;

        return fdt_find_compatible(&buses, compatible, 0, &device) && device.base == base &&
               device.size == size;
}

static bool line_is(const char *compatible, unsigned index, uint32_t number, bool edge)
{
        struct fdt_interrupt line =
                fdt_read_interrupt(&buses, fdt_find_next(&buses, FDT_NONE, compatible), index);

        return line.controller == FDT_GIC && line.number == number && line.edge == edge;
}

static bool line_of(const char *compatible, unsigned index, const char *controller)
{
        struct fdt_interrupt line =
                fdt_read_interrupt(&buses, fdt_find_next(&buses, FDT_NONE, compatible), index);

        return controller ? line.controller == FDT_OTHER && strcmp(line.name, controller) == 0 && !line.number
                          : line.controller == FDT_NO_INTERRUPT;
}

static void addresses(void)
{
        struct fdt_device device;
        uint64_t address = 0;
        int uart = fdt_find_next(&buses, FDT_NONE, "test,uart");

        expect(placed("test,uart", 0x3f001000, 0x100), "a bus with another address");
        expect(placed("test,one", 0x220000100, 0x10) && placed("test,two", 0x220001020, 0x10),
               "a bus in a bus, with chip selects, above 4 GiB");
        expect(placed("test,end", 0x3f000000, 0) == false, "a range without size holds nothing");
        expect(!fdt_find_compatible(&buses, "test,lost", 0, &device) &&
                       !fdt_find_compatible(&buses, "test,three", 0, &device),
               "no address outside of the ranges");
        expect(!fdt_find_compatible(&buses, "test,across", 0, &device), "none across the end of one");
        expect(!fdt_find_compatible(&buses, "test,chip", 0, &device), "none on a bus without ranges");
        expect(!fdt_find_compatible(&buses, "test,card", 0, &device) &&
                       placed("test,window", 0x3f900800, 0x10),
               "PCI: configuration space is no memory");
        expect(!fdt_find_compatible(&buses, "test,wide", 0, &device) &&
                       !fdt_find_compatible(&buses, "test,none", 0, &device),
               "five cells, and none");
        expect(!fdt_find_compatible(&buses, "test,inner", 0, &device), "nothing below a disabled bus");
        expect(fdt_dma_address(&buses, uart, (struct fdt_range){0x81000000, 0x1000}, &address) &&
                       address == 0xc1000000,
               "memory as the device sees it");
        expect(!fdt_dma_address(&buses, uart, (struct fdt_range){0x8ffff000, 0x2000}, &address),
               "memory that it does not see");
}

static void interrupts(void)
{
        struct fdt_device device;

        expect(line_is("test,uart", 0, 65, false) && line_is("test,uart", 1, 66, true) &&
                       line_of("test,uart", 2, NULL),
               "four cells of a GIC");
        expect(line_of("test,button", 0, "test,gpio"), "a line of another controller has no number");
        expect(fdt_find_compatible(&buses, "test,button", 0, &device) && !device.has_interrupt &&
                       device.controller && strcmp(device.controller, "test,gpio") == 0,
               "and the device says whose it is");
        expect(line_of("test,mixed", 0, "test,gpio") && line_is("test,mixed", 1, 25, false) &&
                       line_of("test,mixed", 2, NULL) && line_of("test,mixed", 3, NULL),
               "interrupts-extended; a line beyond the last");
        expect(line_is("test,one", 0, 102, false) && line_of("test,two", 0, "test,gpio") &&
                       line_of("test,three", 0, NULL),
               "through an interrupt map");
        expect(fdt_read_timer(&buses).number == 27, "the virtual timer by its name");
        expect(fdt_read_timer_frequency(&buses) == 19200000, "and its frequency");
        expect(fdt_read_clock(&buses, fdt_find_node(&buses, "/clocked")) == 1000000 &&
                       fdt_read_clock(&buses, fdt_find_node(&buses, "/other")) == 0 &&
                       fdt_read_clock(&buses, fdt_find_node(&buses, "/timer")) == 19200000,
               "the rate of a device's clock, if it is a fixed one");
}

static bool any(const struct fdt *fdt, int node)
{
        (void)fdt;
        (void)node;
        return false;
}

static void names(void)
{
        int uart = fdt_find_next(&buses, FDT_NONE, "test,uart");
        struct fdt_range range;

        expect(fdt_find_console(&buses, any) == uart, "the console by alias, with its speed");
        expect(fdt_find_name(&buses, uart, "reg-names", "data") == 1 &&
                       fdt_read_reg(&buses, uart, 1, &range) && range.base == 0x3f002000 &&
                       fdt_find_name(&buses, uart, "reg-names", "dat") == -1,
               "registers by name");
        expect(fdt_find_name(&buses, uart, "interrupt-names", "tx") == 1, "interrupts by name");
        expect(fdt_read_memory_region(&buses, uart, 0, &range) && range.base == 0x81000000 &&
                       !fdt_read_memory_region(&buses, uart, 1, &range),
               "memory-region");
        expect(fdt_read_memory(&buses, 0, &range) && range.base == 0x80000000 &&
                       fdt_read_memory(&buses, 1, &range) && range.base == 0x100000000 &&
                       fdt_read_memory(&buses, 2, &range) && range.size == 0 &&
                       !fdt_read_memory(&buses, 3, &range) && !fdt_memory_name(&buses, 3) &&
                       strncmp(fdt_memory_name(&buses, 0), "memory@", 7) == 0,
               "memory: empty ranges count, disabled nodes do not");
        expect(fdt_read_reserved(&buses, 0, &range) && range.base == 0x1000 && range.size == 0x2000 &&
                       fdt_read_reserved(&buses, 1, &range) && range.base == 0x81000000 &&
                       !fdt_read_reserved(&buses, 2, &range),
               "both kinds of reservation");
        expect(fdt_find_node(&buses, "net") == fdt_find_next(&buses, FDT_NONE, "test,one") &&
                       fdt_find_node(&buses, "nothing") == FDT_NONE && fdt_find_node(&buses, "") == FDT_NONE,
               "aliases");
}

/* --- damage --- */

static unsigned look(const unsigned char *copy, size_t size)
{
        struct fdt_device device;
        struct fdt_range range;
        struct fdt fdt;
        unsigned n = 0;

        if (!fdt_open(&fdt, copy, size))
                return 0;
        for (int node = fdt_find_next(&fdt, FDT_NONE, "virtio,mmio"); node >= 0 && n < 4;
             node = fdt_find_next(&fdt, node, "virtio,mmio")) {
                n += fdt_read_device(&fdt, node, &device);
        }
        for (int node = 0; node >= 0 && node < 4096; node += 4) {
                if (fdt_read_reg(&fdt, node, 0, &range) && fdt_read_interrupt(&fdt, node, 0).number)
                        n++;
        }
        (void)fdt_find_console(&fdt, any);
        (void)fdt_read_timer(&fdt);
        (void)fdt_read_memory(&fdt, 9, &range);
        (void)fdt_read_reserved(&fdt, 9, &range);
        return n;
}

static unsigned look_guarded(const unsigned char *bytes_of, size_t size)
{
        unsigned char *copy = guarded + TREE_MAX - (size + 7) / 8 * 8;

        memcpy(copy, bytes_of, size);
        return look(copy, size);
}

static void cut_off(void)
{
        static _Alignas(8) unsigned char copy[TREE_MAX];
        bool good = true;

        for (size_t size = 0; size < bytes; size++) {
                memcpy(copy, tree, size);
                good &= look_guarded(copy, size) == 0; /* shorter than it says */
                if (size >= 40) {
                        set_word(copy + 4, size);
                        set_word(copy + 36, size > word(8) ? size - word(8) : 0);
                        (void)look_guarded(copy, size);
                }
        }
        expect(good, "cut off anywhere");
}

/* Half of the changes are made where cell counts and offsets are. */
static void damaged(int mutations)
{
        static _Alignas(8) unsigned char copy[TREE_MAX];
        unsigned long opened = 0;

        for (int i = 0; i < mutations; i++) {
                memcpy(copy, tree, bytes);
                for (int k = rand() % 8; k >= 0; k--) {
                        size_t at = 40 + (size_t)rand() % (bytes - 40);

                        if (rand() % 16 == 0)
                                at = (size_t)rand() % 40;
                        if (rand() % 2)
                                at |= 3;
                        copy[at < bytes ? at : bytes - 1] = (unsigned char)(rand() % 2 ? rand() : rand() % 5);
                }
                opened += look_guarded(copy, bytes) > 0;
        }
        expect(opened > (unsigned long)mutations / 20, "damaged at random");
        printf("     %lu of %d damaged trees still had devices\n", opened, mutations);
}

static void guard(void)
{
        guarded =
                mmap(NULL, TREE_MAX + PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(guarded + TREE_MAX, PAGE_BYTES, PROT_NONE);
}

int main(int argc, char **argv)
{
        int mutations = argc > 3 ? atoi(argv[3]) : 1000;

        if (argc < 3 || !read_tree(argv[1])) {
                printf("no tree\n0 passed, 1 failed\n");
                return 1;
        }
        guard();
        srand(7);
        whole();
        old_version();
        cut_off();
        damaged(mutations / 2);
        expect(read_tree(argv[2]) && fdt_open(&buses, tree, bytes), "a tree with every kind of bus");
        addresses();
        interrupts();
        names();
        damaged(mutations / 2);
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
}
