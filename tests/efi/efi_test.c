/* SPDX-License-Identifier: BSD-2-Clause */
/* loader/efi.c against a firmware that does everything that firmware may do: a map that changes at each read, thousands of rows in
 * any order and of any width, no memory, refused exits.
 */
#include "efi_test.h"

#include "lib/driver/fdt/fdt.h"
#include "loader/efi.h"
#include "loader/loader.h"
#include "loader/payload.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 64, ROWS = 4096, TEXT = 4096 };

/* The loader's symbols from the linker script: the image, with nothing packed behind it. */
unsigned char image_start[16], image_restart[16];
_Alignas(8) unsigned char image_end[sizeof(struct payload)];

static unsigned passed, failed;
static char text[TEXT];
static struct {
        void *block[BLOCKS];
        unsigned blocks, calls, fails_at; /* which allocation fails; 0: none */
        struct efi_memory row[ROWS];
        uint64_t rows, stride, key, grows; /* the map grows at this many reads */
        unsigned looks, exits, stubborn;   /* this many exits are refused, whatever the key */
        bool left;
} firmware;

void expect(bool good, const char *what)
{
        *(good ? &passed : &failed) += 1;
        printf("%s %s\n", good ? "ok  " : "FAIL", what);
}

/* loader.h's last resort: must not be reached. */
void stop(const char *format, ...)
{
        printf("FAIL stop: %s\n", format);
        exit(1);
}

static uint64_t write_text(struct efi_output *output, const uint16_t *wide)
{
        size_t length = strlen(text);

        (void)output;
        for (; *wide && length + 1 < TEXT; wide++)
                text[length++] = (char)*wide;
        text[length] = '\0';
        return 0;
}

static uint64_t allocate_pages(uint32_t how, uint32_t type, uint64_t pages, uint64_t *address)
{
        void *block;

        if (how != EFI_ANY_PAGES || type != EFI_LOADER_DATA || firmware.left ||
            ++firmware.calls == firmware.fails_at || firmware.blocks == BLOCKS ||
            posix_memalign(&block, EFI_PAGE, pages * EFI_PAGE) != 0)
                return EFI_OUT_OF_RESOURCES;
        memset(block, 0x5a, pages * EFI_PAGE);
        firmware.block[firmware.blocks++] = block;
        *address = address_of(block);
        firmware.key++;
        return 0;
}

static uint64_t free_pages(uint64_t address, uint64_t pages)
{
        (void)pages;
        for (unsigned i = 0; i < firmware.blocks; i++) {
                if (address_of(firmware.block[i]) == address) {
                        free(firmware.block[i]);
                        firmware.block[i] = firmware.block[--firmware.blocks];
                        firmware.key++;
                        return 0;
                }
        }
        printf("FAIL something was freed twice\n");
        exit(1);
}

static uint64_t get_map(uint64_t *bytes, void *map, uint64_t *key, uint64_t *stride, uint32_t *version)
{
        uint64_t room = *bytes;

        if (firmware.looks++ < firmware.grows) {
                firmware.row[firmware.rows++] = (struct efi_memory){10, 0x1000 * firmware.looks, 0, 1, 8};
                firmware.key++;
        }
        *bytes = firmware.rows * firmware.stride;
        *stride = firmware.stride;
        *version = 1;
        if (*bytes > room)
                return EFI_BUFFER_TOO_SMALL;
        for (uint64_t i = 0; i < firmware.rows; i++)
                memcpy((unsigned char *)map + i * firmware.stride, &firmware.row[i], sizeof(firmware.row[i]));
        *key = firmware.key;
        return 0;
}

static uint64_t exit_services(void *image, uint64_t key)
{
        firmware.exits++;
        if (image != &firmware || key != firmware.key || firmware.exits <= firmware.stubborn)
                return EFI_ERROR | 2;
        firmware.left = true;
        return 0;
}

static struct efi_output output = {.write = write_text};
static struct efi_services services = {.allocate_pages = allocate_pages,
                                       .free_pages = free_pages,
                                       .get_map = get_map,
                                       .exit = exit_services};

static void add_row(uint32_t type, uint64_t start, uint64_t pages, uint64_t attributes)
{
        firmware.row[firmware.rows++] = (struct efi_memory){type, start, 0, pages, attributes};
}

static void power_on(void)
{
        for (unsigned i = 0; i < firmware.blocks; i++)
                free(firmware.block[i]);
        memset(&firmware, 0, sizeof(firmware));
        firmware.stride = 48;
        text[0] = '\0';
        add_row(7, 0x50000000, 0x100, 15);
        add_row(4, 0x40000000, 0x100, 15);       /* boot services */
        add_row(1, 0x40100000, 0x100, 15);       /* a loader: touches the one before */
        add_row(5, 0x40200000, 0x100, 15);       /* runtime */
        add_row(7, 0x60000000, 0x100, 1);        /* not cached */
        add_row(7, 0x70000000, 0x100, SIZE_MAX); /* set aside for a purpose */
        add_row(11, 0x9000000, 1, 1);
}

static _Alignas(8) unsigned char given[4096];

/* A tree with two memory nodes, to be replaced. */
static void make_given(uint32_t cells)
{
        fdt_create_empty_tree(given, sizeof(given));
        fdt_setprop_u32(given, 0, "#address-cells", cells);
        fdt_setprop_u32(given, 0, "#size-cells", cells);
        for (int i = 0; i < 2; i++) {
                int node = fdt_add_subnode(given, 0, i ? "memory@0" : "memory@80000000");

                fdt_setprop_string(given, node, "device_type", "memory");
                fdt_setprop_u64(given, node, "reg", i ? 0 : 0x80000000);
        }
        fdt_add_subnode(given, 0, "chosen");
        fdt_pack(given);
}

static struct efi_table config[3] = {{{1, 2}, NULL},
                                     {{0x41a5f19cb1b621d5, 0xe0aa692c15d90b83}, given},
                                     {{0x11d3e4f18868e871, 0x81883cc7800022bc}, NULL}};

static uint64_t boot(uint64_t tables, uint64_t *tree)
{
        struct efi_system system = {
                .output = &output, .services = &services, .tables = tables, .table = config};

        *tree = 0;
        return efi_main(&firmware, &system, tree);
}

static bool memory_is(uint64_t tree, const struct fdt_range *wanted, unsigned count)
{
        struct fdt fdt;
        struct fdt_range r;

        if (!fdt_open(&fdt, pointer_to(tree), fdt_totalsize(pointer_to(tree))))
                return false;
        for (unsigned i = 0; i < count; i++)
                if (!fdt_read_memory(&fdt, i, &r) || r.base != wanted[i].base || r.size != wanted[i].size)
                        return false;
        return !fdt_read_memory(&fdt, count, &r) && fdt_find_node(&fdt, "/chosen") >= 0;
}

static const struct fdt_range usual[] = {{0x40000000, 0x200000}, {0x50000000, 0x100000}};

static void maps(void)
{
        uint64_t tree;

        for (uint32_t cells = 1; cells <= 2; cells++) {
                make_given(cells);
                power_on();
                expect(boot(3, &tree) == 0 && firmware.left && memory_is(tree, usual, 2),
                       "EFI: RAM is what EFI leaves, in place of all memory nodes");
        }
        for (uint64_t stride = 40; stride <= 128; stride += 8) {
                power_on();
                firmware.stride = stride;
                expect(boot(3, &tree) == 0 && memory_is(tree, usual, 2), "EFI: rows of any width");
        }
        power_on();
        firmware.grows = 9;
        expect(boot(3, &tree) == 0 && memory_is(tree, usual, 2), "EFI: a map that grows at each look");
        power_on();
        firmware.stubborn = 5;
        expect(boot(3, &tree) == 0 && firmware.exits == 6 && memory_is(tree, usual, 2),
               "EFI: the exit refused, and tried again");
}

/* 2,000 rows in falling order, every second one used; the largest are kept. */
static void many_rows(void)
{
        struct fdt_range r, before = {0, 0};
        struct fdt fdt;
        uint64_t tree, count = 0, total = 0;

        power_on();
        firmware.rows = 0;
        for (uint64_t i = 2000; i > 0; i--)
                add_row(i % 2 ? 7 : 6, i * 0x1000000, i % 100 == 1 ? 2048 + i : 1 + i % 7, 8);
        expect(boot(3, &tree) == 0 && fdt_open(&fdt, pointer_to(tree), fdt_totalsize(pointer_to(tree))),
               "EFI: a map of 2,000 rows");
        for (; fdt_read_memory(&fdt, (unsigned)count, &r); count++) {
                total += r.size >= 2048ull * EFI_PAGE && r.base > before.base;
                before = r;
        }
        expect(count == 24 && total == 20, "EFI: the largest pieces are kept, in order");
}

static void refusals(void)
{
        uint64_t tree;

        power_on();
        expect(boot(1, &tree) == EFI_LOAD_ERROR && strstr(text, "neither a device tree nor ACPI") &&
                       !firmware.blocks,
               "EFI: neither tree nor ACPI is said");
        power_on();
        given[0] = 0;
        expect(boot(2, &tree) == EFI_LOAD_ERROR && strstr(text, "damaged") && !firmware.blocks,
               "EFI: a damaged tree is said");
        make_given(2);
        power_on();
        firmware.stubborn = ~0u;
        expect(boot(2, &tree) == (EFI_ERROR | 2) && strstr(text, "refuses to end") && !firmware.blocks &&
                       !firmware.left,
               "EFI: no way out ends, and gives all memory back");
        for (unsigned i = 1; i <= 2; i++) {
                power_on();
                firmware.fails_at = i;
                expect(boot(2, &tree) == EFI_OUT_OF_RESOURCES && !firmware.blocks && text[0],
                       "EFI: no memory is said, and none is lost");
        }
        power_on();
        expect(boot(2, &tree) == 0 && strstr(text, "no serial line is named"),
               "EFI: a machine that will be silent says so before");
        fdt_open_into(given, given, sizeof(given));
        fdt_setprop_string(given, fdt_add_subnode(given, 0, "bell"), "compatible", "acme,bell");
        fdt_setprop_string(given, fdt_path_offset(given, "/chosen"), "stdout-path", "/bell");
        power_on();
        expect(boot(2, &tree) == 0 && strstr(text, "no driver for the console, acme,bell"), "EFI: and why");
}

/* GRUB's tree beside ACPI's tables: the tables decide.  They are at other addresses in the test than in a machine, and are therefore found
 * to be damaged. */
static void empty_tree(void)
{
        static unsigned char root[64] = "no RSD PTR";
        uint64_t tree;

        fdt_create_empty_tree(given, sizeof(given));
        fdt_add_subnode(given, 0, "chosen");
        config[2].table = root;
        power_on();
        expect(boot(3, &tree) == EFI_LOAD_ERROR && strstr(text, "root pointer"),
               "EFI: a tree that says nothing gives way to ACPI");
        fdt_add_subnode(given, 0, "soc");
        power_on();
        expect(boot(3, &tree) == 0, "EFI: one that says something does not");
        config[2].table = NULL;
}

int main(void)
{
        maps();
        many_rows();
        refusals();
        empty_tree();
        power_on();
        acpi_tests();
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
}
