/* SPDX-License-Identifier: BSD-2-Clause */
/* From EFI to the state in which loader_first begins: a device tree, RAM that is ours, firmware gone.
 *
 * The tree is EFI's, or made from ACPI's tables, in memory of our own.  EFI alone says what is RAM: memory nodes are
 * replaced.  Nothing after the exit can fail: room for the last entries is made in the tree before.  What goes wrong until then
 * is reported on EFI's console, and firmware goes on with its next boot option.
 */
#include "loader/efi.h"

#include <string.h>

#include <libfdt.h>

#include "lib/driver/fdt/fdt.h"
#include "lib/driver/uart/line.h"
#include "loader/acpi.h"
#include "loader/loader.h"
#include "loader/payload.h"

enum {
        RANGES = 24,         /* of RAM that are handed on: room is left for ranges that reservations split */
        ROOM = 4 * EFI_PAGE, /* for what we add to a tree */
        ACPI_ROOM = 32 * EFI_PAGE,
        ATTEMPTS = 16, /* attempts to exit: the map may change in the meantime */
        SLACK = 4096,  /* room for a map larger than firmware said */
        WRITE_BACK = 8,
        SPECIAL = 0x40000,
};

static const struct efi_guid tree_guid = {0x41a5f19cb1b621d5, 0xe0aa692c15d90b83};
static const struct efi_guid acpi_guid = {0x11d3e4f18868e871, 0x81883cc7800022bc};

struct map {
        uint64_t at, pages, bytes, key, stride;
};

static void tell(struct efi_system *system, const char *text)
{
        uint16_t wide[2] = {0, 0};

        for (; *text != '\0'; text++) {
                wide[0] = (uint16_t)*text;
                if (system->output)
                        system->output->write(system->output, wide);
        }
}

static uint64_t refuse(struct efi_system *system, const char *text, uint64_t status)
{
        tell(system, "loader: ");
        tell(system, text);
        tell(system, ".\r\n");
        return status;
}

static const void *find_table(const struct efi_system *system, struct efi_guid guid)
{
        for (uint64_t i = 0; i < system->tables; i++)
                if (memcmp(&system->table[i].guid, &guid, sizeof(guid)) == 0)
                        return system->table[i].table;
        return NULL;
}

static const unsigned char *anywhere(uint64_t address, uint64_t size)
{
        return address == 0 || address + size < address ? NULL : pointer_to(address);
}

static uint64_t pages_of(uint64_t bytes)
{
        return (bytes + EFI_PAGE - 1) / EFI_PAGE;
}

/* --- the tree ------------------------------------------------------------------------------------------------- */

static bool drop_memory(void *tree)
{
        for (int node = fdt_first_subnode(tree, 0); node >= 0;) {
                const char *type = fdt_getprop(tree, node, "device_type", NULL);

                if (type == NULL || strcmp(type, "memory") != 0)
                        node = fdt_next_subnode(tree, node);
                else if (fdt_del_node(tree, node) != 0)
                        return false;
                else
                        node = fdt_first_subnode(tree, 0);
        }
        return true;
}

/* Makes one memory node with room for all ranges. */
static bool add_memory(void *tree)
{
        static const unsigned char room[RANGES * 16];
        int node = fdt_add_subnode(tree, 0, "memory");

        return node >= 0 && fdt_setprop_string(tree, node, "device_type", "memory") == 0 &&
               fdt_setprop(tree, node, "reg", room, sizeof(room)) == 0;
}

static uint64_t cut(uint64_t value, int cells)
{
        return cells == 1 && value > UINT32_MAX ? UINT32_MAX : value;
}

static unsigned char *put(unsigned char *at, uint64_t value, int cells)
{
        for (int i = cells * 4 - 1; i >= 0; i--)
                *at++ = (unsigned char)(value >> (8 * i));
        return at;
}

/* Writes the ranges in the root's cells; the property only shrinks, for which there is always room. */
static void write_memory(void *tree, const struct handover_range *range, uint64_t count)
{
        unsigned char reg[RANGES * 16], *end = reg;
        int addresses = fdt_address_cells(tree, 0), sizes = fdt_size_cells(tree, 0);

        for (uint64_t i = 0; i < count; i++) {
                uint64_t last = cut(range[i].end - 1, addresses);

                if (last < range[i].start)
                        continue;
                end = put(end, range[i].start, addresses);
                end = put(end, cut(last + 1 - range[i].start, sizes), sizes);
        }
        (void)fdt_setprop(tree, fdt_path_offset(tree, "/memory"), "reg", reg, (int)(end - reg));
        (void)fdt_pack(tree);
}

/* NULL, or what is wrong. */
static const char *fill_tree(const void *given, uint64_t root, void *tree, uint32_t size)
{
        const char *wrong = NULL;

        if (!given) {
                wrong = acpi_write_tree(anywhere, root, tree, size - ROOM);
                given = tree;
        }
        if (wrong)
                return wrong;
        if (fdt_open_into(given, tree, (int)size) != 0)
                return "the device tree does not fit";
        if (fdt_address_cells(tree, 0) > 2 || fdt_address_cells(tree, 0) < 1 || fdt_size_cells(tree, 0) > 2 ||
            fdt_size_cells(tree, 0) < 1)
                return "the device tree's root has cells of an unknown size";
        return drop_memory(tree) && add_memory(tree) ? NULL : "the device tree has no room for EFI's memory";
}

/* From here on there is only a serial line. */
static void tell_of_console(struct efi_system *system, const void *tree)
{
        struct fdt fdt = {tree};
        struct uart_line line;
        int node = fdt_find_console(&fdt, uart_is_known);

        if (uart_line_of(&fdt, node, &line))
                return;
        tell(system, node < 0 ? "loader: no serial line is named as the console"
                              : "loader: no driver for the console, ");
        tell(system, node < 0 ? "" : fdt_first_compatible(&fdt, node));
        tell(system, ". Nothing more will be shown.\r\n");
}

/* GRUB passes its own parameters in a tree that does not describe the machine. */
static bool says_nothing(const void *tree)
{
        for (int node = fdt_first_subnode(tree, 0); node >= 0; node = fdt_next_subnode(tree, node))
                if (strcmp(fdt_get_name(tree, node, NULL), "chosen") != 0)
                        return false;
        return true;
}

static uint64_t make_tree(struct efi_system *system, uint64_t *tree, uint64_t *pages)
{
        const void *given = find_table(system, tree_guid), *root = find_table(system, acpi_guid);
        struct fdt fdt;
        uint64_t size;
        const char *wrong;

        if (given && (fdt_check_header(given) != 0 || !fdt_open(&fdt, given, fdt_totalsize(given))))
                return refuse(system, "EFI's device tree is damaged", EFI_LOAD_ERROR);
        if (given && root && says_nothing(given))
                given = NULL;
        if (!given && !root)
                return refuse(system, "EFI has neither a device tree nor ACPI tables", EFI_LOAD_ERROR);
        size = given ? fdt_totalsize(given) + ROOM : ACPI_ROOM;
        *pages = pages_of(size);
        if (system->services->allocate_pages(EFI_ANY_PAGES, EFI_LOADER_DATA, *pages, tree) != 0)
                return refuse(system, "EFI has no memory for the device tree", EFI_OUT_OF_RESOURCES);
        wrong = fill_tree(given, address_of(root), pointer_to(*tree), (uint32_t)size);
        if (wrong == NULL) {
                tell_of_console(system, pointer_to(*tree));
                return 0;
        }
        (void)system->services->free_pages(*tree, *pages);
        return refuse(system, wrong, EFI_LOAD_ERROR);
}

/* --- the map -------------------------------------------------------------------------------------------------- */

/* Gets more memory for the map, and the map itself; between this and the exit no other function of EFI may be called. */
static uint64_t read_map(const struct efi_services *services, struct map *map)
{
        uint32_t version;
        uint64_t status;

        for (unsigned i = 0; i < ATTEMPTS; i++) {
                map->bytes = map->pages * EFI_PAGE;
                status = services->get_map(&map->bytes, pointer_to(map->at), &map->key, &map->stride,
                                           &version);
                if (status != EFI_BUFFER_TOO_SMALL)
                        return status;
                if (map->pages)
                        (void)services->free_pages(map->at, map->pages);
                map->pages = pages_of(map->bytes + SLACK) * (i ? 2 : 1);
                if (services->allocate_pages(EFI_ANY_PAGES, EFI_LOADER_DATA, map->pages, &map->at) != 0) {
                        map->pages = 0;
                        return EFI_OUT_OF_RESOURCES;
                }
        }
        return EFI_LOAD_ERROR;
}

static uint64_t leave(const struct efi_services *services, void *image, struct map *map)
{
        uint64_t status = EFI_LOAD_ERROR;

        for (unsigned i = 0; i < ATTEMPTS && status != 0; i++) {
                status = read_map(services, map);
                if (status != 0)
                        return status;
                status = services->exit(image, map->key);
        }
        return status;
}

/* Is it ours once firmware is gone? */
static bool is_free(const struct efi_memory *m)
{
        enum { LOADER_CODE = 1, BOOT_DATA = 4, CONVENTIONAL = 7 };

        return ((m->type >= LOADER_CODE && m->type <= BOOT_DATA) || m->type == CONVENTIONAL) &&
               (m->attributes & WRITE_BACK) && !(m->attributes & SPECIAL);
}

/* Inserts the range in order, which is nearly always at the end. */
static void sort_in(struct handover_range *range, uint64_t count, struct handover_range r)
{
        while (count > 0 && range[count - 1].start > r.start) {
                range[count] = range[count - 1];
                count--;
        }
        range[count] = r;
}

static uint64_t melt(struct handover_range *range, uint64_t count)
{
        uint64_t kept = 0;

        for (uint64_t i = 0; i < count; i++) {
                if (kept > 0 && range[i].start <= range[kept - 1].end) {
                        if (range[i].end > range[kept - 1].end)
                                range[kept - 1].end = range[i].end;
                } else {
                        range[kept++] = range[i];
                }
        }
        return kept;
}

static void drop_smallest(struct handover_range *range, uint64_t count)
{
        uint64_t smallest = 0;

        for (uint64_t i = 1; i < count; i++)
                if (range[i].end - range[i].start < range[smallest].end - range[smallest].start)
                        smallest = i;
        memmove(range + smallest, range + smallest + 1, (count - 1 - smallest) * sizeof(*range));
}

/* Free RAM in ascending order, at most RANGES of it, in the map's own memory: a range takes less space than a row. */
static uint64_t free_ranges(const struct map *map, struct handover_range **list)
{
        struct handover_range *range = pointer_to(map->at);
        uint64_t count = 0;

        for (uint64_t at = 0; at + sizeof(struct efi_memory) <= map->bytes && map->stride;
             at += map->stride) {
                struct efi_memory m = *(const struct efi_memory *)pointer_to(map->at + at);

                if (is_free(&m) && m.pages > 0)
                        sort_in(range, count++,
                                (struct handover_range){m.start, m.start + m.pages * EFI_PAGE});
        }
        count = melt(range, count);
        for (; count > RANGES; count--)
                drop_smallest(range, count);
        *list = range;
        return count;
}

/* Cleaned to memory, because what comes next runs without caches. */
static void clean(uint64_t start, uint64_t end)
{
#ifdef __aarch64__
        uint64_t type, line;

        __asm__("mrs %0, ctr_el0" : "=r"(type));
        line = 4ull << (type >> 16 & 15);
        for (start = round_down(start, line); start < end; start += line)
                __asm__ volatile("dc civac, %0" ::"r"(start) : "memory");
        __asm__ volatile("dsb sy" ::: "memory");
#else
        (void)start, (void)end;
#endif
}

static uint64_t payload_size(const struct payload *packed)
{
        return packed->magic == PAYLOAD_MAGIC ? packed->kernel_size + packed->root_size : 0;
}

uint64_t efi_main(void *image, struct efi_system *system, uint64_t *tree)
{
        const struct payload *packed = (const struct payload *)image_end;
        struct map map = {.pages = 0};
        struct handover_range *range;
        uint64_t pages, count, status = make_tree(system, tree, &pages);

        if (status != 0)
                return status;
        status = leave(system->services, image, &map);
        if (status != 0) {
                if (map.pages)
                        (void)system->services->free_pages(map.at, map.pages);
                (void)system->services->free_pages(*tree, pages);
                return refuse(system, "EFI refuses to end its boot services", status);
        }
        count = free_ranges(&map, &range);
        write_memory(pointer_to(*tree), range, count);
        clean(address_of(image_start), address_of(packed + 1) + payload_size(packed));
        clean(*tree, *tree + pages * EFI_PAGE);
        return 0;
}
