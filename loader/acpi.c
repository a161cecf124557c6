/* SPDX-License-Identifier: BSD-2-Clause */
/* See acpi.h: first the tables become facts, then the facts become a tree. */
#include "loader/acpi.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <libfdt.h>

#include "abi/handover.h"

enum {
        CORES_MAX = 64, /* named in the tree; others are not used */
        REGIONS = HANDOVER_REG_MAX - 1,
        TABLES = 256,
        LENGTH = 1 << 20, /* of a table: more means that it is damaged */
        ROOT_BYTES = 36,
        HEADER_BYTES = 36,
        REDISTRIBUTOR_BYTES = 0x20000,
        GIC_PHANDLE = 1,
};

struct bytes {
        const unsigned char *at; /* NULL: missing */
        uint32_t size;
};

struct facts {
        uint32_t version; /* of the GIC; 0: not stated */
        bool has_distributor, has_console, has_interface;
        uint64_t distributor, interface;
        struct handover_range region[REGIONS];
        uint32_t regions, cores;
        uint64_t core[CORES_MAX];
        uint32_t timer[4], timer_flags[4]; /* secure, non-secure, virtual, of EL2 */
        uint64_t console;
        const char *console_name;
        uint32_t console_line, console_width, console_shift;
        const char *method; /* of PSCI, NULL: none */
};

static uint64_t number(const unsigned char *at, unsigned count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 8 | at[count];
        return value;
}

static bool sums_to_zero(const unsigned char *at, uint32_t size)
{
        unsigned char sum = 0;

        for (uint32_t i = 0; i < size; i++)
                sum = (unsigned char)(sum + at[i]);
        return sum == 0;
}

static struct bytes table_at(acpi_at at, uint64_t address)
{
        struct bytes none = {NULL, 0};
        const unsigned char *table = at(address, HEADER_BYTES);
        uint32_t size = table ? (uint32_t)number(table + 4, 4) : 0;

        if (size < HEADER_BYTES || size > LENGTH || !at(address, size) || !sums_to_zero(table, size))
                return none;
        return (struct bytes){table, size};
}

static struct bytes find(acpi_at at, struct bytes list, const char *name)
{
        for (uint32_t i = 0; i < TABLES && HEADER_BYTES + 8 * (i + 1) <= list.size; i++) {
                struct bytes t = table_at(at, number(list.at + HEADER_BYTES + 8 * i, 8));

                if (t.at && memcmp(t.at, name, 4) == 0)
                        return t;
        }
        return (struct bytes){NULL, 0};
}

/* Adjacent ranges of redistributors are merged. */
static void add_region(struct facts *f, uint64_t start, uint64_t size)
{
        if (f->regions > 0 && f->region[f->regions - 1].end == start)
                f->region[f->regions - 1].end += size;
        else if (f->regions < REGIONS)
                f->region[f->regions++] = (struct handover_range){start, start + size};
}

/* A core and its interface; cores that are permanently off do not count. */
static void read_core(struct facts *f, struct bytes e, bool own_regions)
{
        enum { FLAGS = 12, INTERFACE = 32, REDISTRIBUTOR = 60, MPIDR = 68, BYTES = 76, USABLE = 1 | 8 };

        if (e.size < BYTES || !(number(e.at + FLAGS, 4) & USABLE))
                return;
        if (f->cores < CORES_MAX)
                f->core[f->cores++] = number(e.at + MPIDR, 8);
        if (!f->has_interface)
                f->interface = number(e.at + INTERFACE, 8);
        f->has_interface = true;
        if (own_regions && number(e.at + REDISTRIBUTOR, 8))
                add_region(f, number(e.at + REDISTRIBUTOR, 8), REDISTRIBUTOR_BYTES);
}

static void read_entry(struct facts *f, struct bytes e)
{
        enum { CORE = 11, DISTRIBUTOR = 12, REDISTRIBUTORS = 14 };

        if (e.at[0] == CORE) {
                read_core(f, e, false);
        } else if (e.at[0] == DISTRIBUTOR && e.size >= 21) {
                f->has_distributor = true;
                f->distributor = number(e.at + 8, 8);
                f->version = e.at[20];
        } else if (e.at[0] == REDISTRIBUTORS && e.size >= 16) {
                add_region(f, number(e.at + 4, 8), number(e.at + 12, 4));
        }
}

/* The entry at this offset of the table, empty at its end or when its length is invalid. */
static struct bytes entry_at(struct bytes madt, uint32_t at)
{
        uint32_t size = at + 2 <= madt.size ? madt.at[at + 1] : 0;

        return size >= 2 && size <= madt.size - at ? (struct bytes){madt.at + at, size}
                                                   : (struct bytes){NULL, 0};
}

static void read_madt(struct facts *f, struct bytes madt)
{
        enum { FIRST = 44, CORE = 11 };
        struct bytes e;

        for (uint32_t at = FIRST; (e = entry_at(madt, at)).at; at += e.size)
                read_entry(f, e);
        if (f->regions > 0)
                return;
        f->cores = 0;
        for (uint32_t at = FIRST; (e = entry_at(madt, at)).at; at += e.size)
                if (e.at[0] == CORE)
                        read_core(f, e, true);
}

static void read_gtdt(struct facts *f, struct bytes gtdt)
{
        enum { FIRST = 48, EACH = 8 };

        for (uint32_t i = 0; i < 4 && FIRST + EACH * (i + 1) <= gtdt.size; i++) {
                f->timer[i] = (uint32_t)number(gtdt.at + FIRST + EACH * i, 4);
                f->timer_flags[i] = (uint32_t)number(gtdt.at + FIRST + EACH * i + 4, 4);
        }
}

static uint32_t log2_of(uint32_t value)
{
        return value >= 4 ? 2 : value >= 2 ? 1 : 0;
}

static void read_spcr(struct facts *f, struct bytes spcr)
{
        enum {
                KIND = 36,
                SPACE = 40,
                BITS = 41,
                ACCESS = 43,
                ADDRESS = 44,
                BY = 52,
                LINE = 54,
                BYTES = 58,
                GIC = 8
        };
        static const struct {
                unsigned char kind;
                const char *name;
        } kinds[] = {{0, "ns16550a"},       {1, "ns16550a"},       {3, "arm,pl011"},
                     {13, "arm,sbsa-uart"}, {14, "arm,sbsa-uart"}, {16, "brcm,bcm2835-aux-uart"},
                     {18, "ns16550a"}};

        if (spcr.size < BYTES || spcr.at[SPACE] != 0)
                return;
        for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (kinds[i].kind == spcr.at[KIND])
                        f->console_name = kinds[i].name;
        f->console = number(spcr.at + ADDRESS, 8);
        f->has_console = f->console_name && f->console;
        f->console_line = spcr.at[BY] & GIC ? (uint32_t)number(spcr.at + LINE, 4) : 0;
        f->console_width = 1u << (spcr.at[ACCESS] ? log2_of(1u << ((spcr.at[ACCESS] - 1) & 3))
                                                  : log2_of(spcr.at[BITS] / 8u));
        f->console_shift = log2_of(spcr.at[BITS] / 8u);
}

static void read_fadt(struct facts *f, struct bytes fadt)
{
        enum { ARM_BOOT = 129, COMPLIANT = 1, BY_HVC = 2 };
        uint32_t flags = fadt.size >= ARM_BOOT + 2 ? (uint32_t)number(fadt.at + ARM_BOOT, 2) : 0;

        if (flags & COMPLIANT)
                f->method = flags & BY_HVC ? "hvc" : "smc";
}

static const char *read_tables(acpi_at at, uint64_t root, struct facts *f)
{
        const unsigned char *r = at(root, ROOT_BYTES);
        struct bytes list;

        if (!r || memcmp(r, "RSD PTR ", 8) != 0 || r[15] < 2 || !sums_to_zero(r, ROOT_BYTES))
                return "ACPI's root pointer is damaged, or older than ACPI 2.0";
        list = table_at(at, number(r + 24, 8));
        if (!list.at || memcmp(list.at, "XSDT", 4) != 0)
                return "ACPI's list of tables (XSDT) is damaged";
        read_madt(f, find(at, list, "APIC"));
        read_gtdt(f, find(at, list, "GTDT"));
        read_spcr(f, find(at, list, "SPCR"));
        read_fadt(f, find(at, list, "FACP"));
        if (f->version == 0)
                f->version = f->regions ? 3 : 2;
        if (!f->has_distributor)
                return "ACPI's table MADT is missing or damaged, or names no interrupt distributor";
        if (f->version > 2 ? f->regions == 0 : !f->has_interface)
                return "ACPI's table MADT names no part of the interrupt controller that belongs to cores";
        return NULL;
}

/* --- the tree; errors of libfdt are OR-ed, for all of them mean "no room" ---------------------------------------- */

static int put_pairs(void *tree, const char *name, const struct handover_range *range, uint32_t count)
{
        fdt64_t value[2 * HANDOVER_REG_MAX];

        for (uint32_t i = 0; i < count; i++) {
                value[2 * i] = cpu_to_fdt64(range[i].start);
                value[2 * i + 1] = cpu_to_fdt64(range[i].end - range[i].start);
        }
        return fdt_property(tree, name, value, (int)(16 * count));
}

static int put_cells(void *tree, uint32_t addresses, uint32_t sizes)
{
        return fdt_property_u32(tree, "#address-cells", addresses) |
               fdt_property_u32(tree, "#size-cells", sizes);
}

static int write_controller(void *tree, const struct facts *f)
{
        struct handover_range reg[HANDOVER_REG_MAX] = {{f->distributor, f->distributor + 0x10000}};
        uint32_t count = 2;
        int bad = fdt_begin_node(tree, "interrupt-controller");

        if (f->version > 2) {
                memcpy(reg + 1, f->region, f->regions * sizeof(reg[0]));
                count = 1 + f->regions;
                bad |= fdt_property_string(tree, "compatible", "arm,gic-v3");
                bad |= fdt_property_u32(tree, "#redistributor-regions", f->regions);
        } else {
                reg[0].end = reg[0].start + 0x1000;
                reg[1] = (struct handover_range){f->interface, f->interface + 0x2000};
                bad |= fdt_property_string(tree, "compatible", "arm,gic-400");
        }
        bad |= put_pairs(tree, "reg", reg, count);
        bad |= fdt_property_u32(tree, "#interrupt-cells", 3) |
               fdt_property(tree, "interrupt-controller", NULL, 0);
        bad |= fdt_property_u32(tree, "phandle", GIC_PHANDLE);
        return bad | fdt_end_node(tree);
}

/* Flags of a GSIV: edge, active low; those of a specifier: rising, falling, high, low. */
static uint32_t trigger(uint32_t flags)
{
        return flags & 1 ? (flags & 2 ? 2 : 1) : (flags & 2 ? 8 : 4);
}

static int write_timer(void *tree, const struct facts *f)
{
        enum { PRIVATE_FIRST = 16, SHARED_FIRST = 32, VIRTUAL = 2 };
        fdt32_t cell[12];
        int bad;

        if (f->timer[VIRTUAL] < PRIVATE_FIRST || f->timer[VIRTUAL] >= SHARED_FIRST)
                return 0; /* the loader prints what it tries instead */
        for (uint32_t i = 0; i < 4; i++) {
                bool good = f->timer[i] >= PRIVATE_FIRST && f->timer[i] < SHARED_FIRST;

                cell[3 * i] = cpu_to_fdt32(1);
                cell[3 * i + 1] = cpu_to_fdt32(good ? f->timer[i] - PRIVATE_FIRST : 0);
                cell[3 * i + 2] = cpu_to_fdt32(trigger(f->timer_flags[i]));
        }
        bad = fdt_begin_node(tree, "timer") | fdt_property_string(tree, "compatible", "arm,armv8-timer");
        return bad | fdt_property(tree, "interrupts", cell, sizeof(cell)) | fdt_end_node(tree);
}

static int write_console(void *tree, const struct facts *f)
{
        enum { SHARED_FIRST = 32, SHARED_END = 1020 };
        struct handover_range reg = {f->console, f->console + 0x1000};
        int bad;

        if (!f->has_console)
                return 0;
        bad = fdt_begin_node(tree, "serial") | fdt_property_string(tree, "compatible", f->console_name);
        bad |= put_pairs(tree, "reg", &reg, 1);
        if (f->console_line >= SHARED_FIRST && f->console_line < SHARED_END) {
                fdt32_t cell[3] = {0, cpu_to_fdt32(f->console_line - SHARED_FIRST), cpu_to_fdt32(4)};

                bad |= fdt_property(tree, "interrupts", cell, sizeof(cell));
        }
        bad |= fdt_property_u32(tree, "reg-io-width", f->console_width);
        bad |= fdt_property_u32(tree, "reg-shift", f->console_shift) | fdt_end_node(tree);
        bad |= fdt_begin_node(tree, "chosen") | fdt_property_string(tree, "stdout-path", "/serial");
        return bad | fdt_end_node(tree);
}

static int write_cores(void *tree, const struct facts *f)
{
        int bad = fdt_begin_node(tree, "cpus") | put_cells(tree, 2, 0);

        for (uint32_t i = 0; i < f->cores; i++) {
                char name[] = "cpu@00";

                name[4] = (char)('0' + i / 10);
                name[5] = (char)('0' + i % 10);
                bad |= fdt_begin_node(tree, name) | fdt_property_string(tree, "device_type", "cpu");
                bad |= fdt_property_u64(tree, "reg", f->core[i]) | fdt_end_node(tree);
        }
        return bad | fdt_end_node(tree);
}

static int write_firmware(void *tree, const struct facts *f)
{
        int bad;

        if (!f->method)
                return 0;
        bad = fdt_begin_node(tree, "psci") | fdt_property_string(tree, "compatible", "arm,psci-0.2");
        return bad | fdt_property_string(tree, "method", f->method) | fdt_end_node(tree);
}

const char *acpi_write_tree(acpi_at at, uint64_t root, void *tree, uint32_t size)
{
        struct facts f = {.version = 0};
        const char *wrong = read_tables(at, root, &f);
        int bad;

        if (wrong)
                return wrong;
        bad = fdt_create(tree, (int)size) | fdt_finish_reservemap(tree) | fdt_begin_node(tree, "");
        bad |= put_cells(tree, 2, 2) | fdt_property_string(tree, "compatible", "tessera,acpi");
        bad |= fdt_property_u32(tree, "interrupt-parent", GIC_PHANDLE);
        bad |= write_controller(tree, &f) | write_timer(tree, &f) | write_console(tree, &f);
        bad |= write_cores(tree, &f) | write_firmware(tree, &f);
        bad |= fdt_end_node(tree) | fdt_finish(tree);
        return bad ? "there is no room for the device tree that ACPI's tables would make" : NULL;
}
