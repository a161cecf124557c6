/* SPDX-License-Identifier: BSD-2-Clause */
/* loader/acpi.c: tables of three machines become the right tree; damaged ones give a sentence, never an access outside of
 * them: each table is a block of its own, so that the sanitizer sees the first byte beyond it.
 */
#include "efi_test.h"

#include "lib/driver/fdt/fdt.h"
#include "lib/driver/uart/line.h"
#include "loader/acpi.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES = 8, APART = 1 << 20, ROOM = 1 << 16, HEADER = 36, MUTATIONS = 20000 };

static struct {
        unsigned char *at;
        uint32_t size;
} table[TABLES];
static unsigned tables;
static _Alignas(8) unsigned char tree[ROOM];

/* Table n lies at (n + 1) MiB and one byte: nothing in ACPI is aligned. */
static uint64_t address_of_table(unsigned n)
{
        return (uint64_t)(n + 1) * APART + 1;
}

const unsigned char *acpi_read(uint64_t address, uint64_t size)
{
        uint64_t n = address / APART - 1, offset = address % APART - 1;

        if (address < APART || n >= tables || offset > table[n].size || size > table[n].size - offset)
                return NULL;
        return table[n].at + offset;
}

static void put(unsigned char *at, uint64_t value, unsigned count)
{
        for (; count > 0; count--, value >>= 8)
                *at++ = (unsigned char)value;
}

static void seal(unsigned char *t, uint32_t size, unsigned at)
{
        unsigned char sum = 0;

        t[at] = 0;
        for (uint32_t i = 0; i < size; i++)
                sum = (unsigned char)(sum + t[i]);
        t[at] = (unsigned char)-sum;
}

static unsigned char *add(const char *name, uint32_t size)
{
        unsigned char *t = calloc(1, size);

        memcpy(t, name, 4);
        put(t + 4, size, 4);
        table[tables].at = t;
        table[tables++].size = size;
        return t;
}

static void finish(unsigned n)
{
        seal(table[n].at, table[n].size, 9);
}

static void put_core(unsigned char *e, unsigned core, unsigned version)
{
        e[0] = 11;
        e[1] = 80;
        put(e + 12, 1, 4);
        put(e + 32, version == 2 ? 0x8010000 : 0, 8);
        put(e + 60, version == 4 ? 0x80a0000 + 0x20000 * core : 0, 8);
        put(e + 68, core, 8);
}

static void add_madt(unsigned version)
{
        unsigned char *t = add("APIC", 44 + 24 + 2 * 80 + 16 + 4), *e = t + 44;

        e[0] = 12;
        e[1] = 24;
        put(e + 8, 0x8000000, 8);
        e[20] = version == 2 ? 2 : 3;
        put_core(e + 24, 0, version);
        put_core(e + 104, 1, version);
        e += 184;
        e[0] = version == 3 ? 14 : 99;
        e[1] = 16;
        put(e + 4, 0x80a0000, 8);
        put(e + 12, 0x40000, 4);
        e[16] = 200; /* of an unknown kind */
        e[17] = 4;
}

static void add_rest(void)
{
        static const unsigned timer[4] = {29, 30, 27, 26};
        unsigned char *t = add("GTDT", 104);

        for (unsigned i = 0; i < 4; i++) {
                put(t + 48 + 8 * i, timer[i], 4);
                put(t + 52 + 8 * i, i == 2 ? 2 : 0, 4);
        }
        t = add("SPCR", 80);
        t[36] = 3;
        t[41] = 32;
        t[43] = 3;
        put(t + 44, 0x9000000, 8);
        t[52] = 8;
        put(t + 54, 33, 4);
        t = add("FACP", 276);
        put(t + 129, 3, 2);
}

uint64_t acpi_tables(unsigned version)
{
        unsigned char *list, *root;

        while (tables > 0)
                free(table[--tables].at);
        add_madt(version);
        add_rest();
        list = add("XSDT", HEADER + 8 * (tables + 1));
        put(list + HEADER, 0x10, 8); /* one that cannot be read */
        for (unsigned i = 0; i < tables - 1; i++)
                put(list + HEADER + 8 * (i + 1), address_of_table(i), 8);
        for (unsigned i = 0; i < tables; i++)
                finish(i);
        root = add("RSD ", 36);
        memcpy(root, "RSD PTR ", 8);
        root[15] = 2;
        put(root + 20, 36, 4);
        put(root + 24, address_of_table(tables - 2), 8);
        seal(root, 36, 32);
        return address_of_table(tables - 1);
}

static const char *write_tree(void)
{
        return acpi_write_tree(acpi_read, address_of_table(tables - 1), tree, sizeof(tree));
}

static bool has_reg(const struct fdt *fdt, int node, unsigned index, uint64_t base, uint64_t size)
{
        struct fdt_range r;

        return fdt_read_reg(fdt, node, index, &r) && r.base == base && r.size == size;
}

static void machine(unsigned version, const char *compatible)
{
        struct fdt fdt;
        struct fdt_interrupt line;
        int node;

        acpi_tables(version);
        expect(write_tree() == NULL && fdt_open(&fdt, tree, fdt_totalsize(tree)), "ACPI: a whole tree");
        node = fdt_find_next(&fdt, FDT_NONE, compatible);
        expect(fdt_controller_kind(&fdt, node) == FDT_GIC &&
                       has_reg(&fdt, node, 0, 0x8000000, version == 2 ? 0x1000 : 0x10000) &&
                       has_reg(&fdt, node, 1, version == 2 ? 0x8010000 : 0x80a0000,
                               version == 2 ? 0x2000 : 0x40000),
               "ACPI: the controller and what belongs to cores");
        line = fdt_read_timer(&fdt);
        expect(line.controller == FDT_GIC && line.number == 27 && !line.edge, "ACPI: the timer's line");
        node = fdt_find_console(&fdt, uart_is_known);
        line = fdt_read_interrupt(&fdt, node, 0);
        expect(fdt_is_compatible(&fdt, node, "arm,pl011") && has_reg(&fdt, node, 0, 0x9000000, 0x1000) &&
                       line.number == 33,
               "ACPI: the console and its line");
        node = fdt_find_next(&fdt, FDT_NONE, "arm,psci-0.2");
        expect(node >= 0 && strcmp(fdt_read_text(&fdt, node, "method"), "hvc") == 0, "ACPI: PSCI by hvc");
        node = fdt_find_child(&fdt, fdt_find_node(&fdt, "/cpus"));
        expect(fdt_read_wide(&fdt, node, "reg") == 0 &&
                       fdt_read_wide(&fdt, fdt_find_sibling(&fdt, node), "reg") == 1,
               "ACPI: both cores");
}

/* The table of a 16550 with registers four bytes apart. */
static void other_console(void)
{
        struct fdt fdt;
        struct uart_line line;

        acpi_tables(2);
        table[2].at[36] = 18;
        finish(2);
        expect(write_tree() == NULL && fdt_open(&fdt, tree, fdt_totalsize(tree)) &&
                       uart_line_of(&fdt, fdt_find_console(&fdt, uart_is_known), &line) && line.shift == 2 &&
                       line.width == 4,
               "ACPI: a 16550 with wide registers");
        table[2].at[36] = 77;
        finish(2);
        expect(write_tree() == NULL && fdt_open(&fdt, tree, fdt_totalsize(tree)) &&
                       fdt_find_console(&fdt, uart_is_known) == FDT_NONE,
               "ACPI: a console of an unknown kind is none");
}

/* Entry or table lengths: too short, too long, and longer than we know (a newer version, which is fine). */
static void lengths(void)
{
        static const uint32_t values[] = {0,  1,   2,   8,   35,  36,         37,         44,
                                          45, 48,  52,  60,  75,  76,         79,         80,
                                          81, 128, 200, 255, 300, 0x7fffffff, 0x80000000, 0xffffffff};
        unsigned good = 0, refused = 0;

        for (unsigned version = 2; version <= 4; version++) {
                for (unsigned t = 0; t < 5; t++) {
                        for (unsigned v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
                                acpi_tables(version);
                                put(table[t].at + 4, values[v], 4);
                                seal(table[t].at,
                                     values[v] < table[t].size ? (values[v] > 9 ? values[v] : table[t].size)
                                                               : table[t].size,
                                     9);
                                *(write_tree() == NULL ? &good : &refused) += 1;
                        }
                }
                for (unsigned at = 44; at < 44 + 24 + 160 + 20; at += at == 44 ? 24 : at < 200 ? 80 : 16) {
                        for (unsigned v = 0; v < 256; v++) {
                                acpi_tables(version);
                                table[0].at[at + 1] = (unsigned char)v;
                                finish(0);
                                *(write_tree() == NULL ? &good : &refused) += 1;
                        }
                }
        }
        expect(good > 100 && refused > 100,
               "ACPI: every length too small, too large, longer than known: a tree or a sentence");
}

/* Each table ends anywhere, with a correct checksum: nothing beyond the end is read. */
static void cut_off(void)
{
        unsigned good = 0, refused = 0;

        for (unsigned t = 0; t < 5; t++) {
                uint32_t whole = (acpi_tables(3), table[t].size);

                for (uint32_t size = HEADER; size < whole; size++) {
                        acpi_tables(2 + size % 3);
                        table[t].at = realloc(table[t].at, size);
                        table[t].size = size;
                        put(table[t].at + 4, size, 4);
                        finish(t);
                        *(write_tree() == NULL ? &good : &refused) += 1;
                }
        }
        expect(good > 100 && refused > 100, "ACPI: tables that end anywhere");
}

static void longer_is_fine(void)
{
        unsigned char *old, *longer;

        acpi_tables(2);
        old = table[1].at;
        longer = calloc(1, table[1].size + 40);
        memcpy(longer, old, table[1].size);
        free(old);
        table[1].at = longer;
        table[1].size += 40;
        put(longer + 4, table[1].size, 4);
        finish(1);
        expect(write_tree() == NULL, "ACPI: a table of a newer version");
        table[0].at[43] ^= 1;
        expect(write_tree() != NULL, "ACPI: a wrong sum is said");
        acpi_tables(2);
        expect(acpi_write_tree(acpi_read, address_of_table(tables - 1), tree, 300) != NULL,
               "ACPI: no room is said");
        table[tables - 1].at[15] = 0;
        expect(write_tree() != NULL, "ACPI: a root pointer of version 1 is said");
}

static void mutations(void)
{
        unsigned trees = 0, broken = 0;
        struct fdt fdt;

        srand(1);
        for (unsigned i = 0; i < MUTATIONS; i++) {
                acpi_tables(2 + i % 3);
                for (int k = rand() % 6; k >= 0; k--) {
                        unsigned t = (unsigned)rand() % (tables - 1);
                        uint32_t at = (uint32_t)rand() % table[t].size;

                        table[t].at[at] = (unsigned char)(rand() % 2 ? rand() : rand() % 4);
                        if (rand() % 4)
                                finish(t);
                }
                if (write_tree() == NULL) {
                        trees++;
                        broken += !fdt_open(&fdt, tree, fdt_totalsize(tree));
                }
        }
        expect(trees > MUTATIONS / 20 && trees < MUTATIONS && broken == 0,
               "ACPI: 20,000 damaged machines: whole trees or sentences");
}

void acpi_tests(void)
{
        machine(2, "arm,gic-400");
        machine(3, "arm,gic-v3");
        machine(4, "arm,gic-v3");
        other_console();
        lengths();
        cut_off();
        longer_is_fine();
        mutations();
}
