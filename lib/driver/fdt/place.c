/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses: registers through the `ranges` of the buses above them, memory for devices through `dma-ranges`. */
#include <string.h>

#include "inside.h"

enum { ADDRESS_CELLS = 2, SIZE_CELLS = 1 /* where a bus says nothing */, CELLS_MAX = 4, PCI_CELLS = 3 };

/* How a bus writes the addresses of what is on it. */
struct bus {
        uint32_t address, size; /* cells */
};

static bool read_bus(const struct fdt *fdt, int node, struct bus *bus)
{
        bus->address = fdt_read_number(fdt, node, "#address-cells", ADDRESS_CELLS);
        bus->size = fdt_read_number(fdt, node, "#size-cells", SIZE_CELLS);
        return bus->address >= 1 && bus->address <= CELLS_MAX && bus->size <= CELLS_MAX;
}

/* An address on a bus.  One of three cells begins with a space of its own (PCI), which must be the same. */
struct place {
        uint32_t space;
        uint64_t at;
};

static struct place read_place(const fdt32_t *cell, uint32_t count)
{
        struct place p = {0, 0};

        if (count >= PCI_CELLS) {
                p.space = fdt32_ld(cell);
                cell++;
                count--;
        }
        p.at = fdt_cells_number(cell, count);
        return p;
}

/* `bytes` from `at` on, on their way through the buses; `down`: from the processors to a device. */
struct way {
        struct place at;
        uint64_t bytes;
        bool down;
};

static bool inside(struct place start, uint64_t size, const struct way *way)
{
        return start.space == way->at.space && way->at.at >= start.at && way->at.at - start.at < size &&
               way->bytes <= size - (way->at.at - start.at);
}

/* One step: from the bus `node` to what its parent sees, or down. */
static bool step(const struct fdt *fdt, int parent, int node, struct way *way)
{
        struct cells c = fdt_cells_of(fdt, node, way->down ? "dma-ranges" : "ranges");
        struct bus own, outer;
        uint32_t entry;

        if (!c.cell || c.count == 0)
                return c.cell || way->down; /* DMA: no translation from here on; registers: out of sight */
        if (!read_bus(fdt, node, &own) || !read_bus(fdt, parent, &outer))
                return false;
        entry = own.address + outer.address + own.size;
        for (; c.count >= entry; c.count -= entry, c.cell += entry) {
                struct place here = read_place(c.cell, own.address);
                struct place there = read_place(c.cell + own.address, outer.address);
                uint64_t size = fdt_cells_number(c.cell + own.address + outer.address, own.size);
                struct place from = way->down ? there : here, to = way->down ? here : there;

                if (inside(from, size, way)) {
                        way->at = (struct place){to.space, to.at + (way->at.at - from.at)};
                        return true;
                }
        }
        return false;
}

/* From a place on the bus at the end of `level` to a physical range of so many bytes. */
static bool climb(const struct fdt *fdt, const int *level, unsigned levels, struct place at, uint64_t size,
                  struct fdt_range *range)
{
        struct way way = {.at = at, .bytes = size ? size : 1, .down = false};

        for (unsigned i = levels - 1; i > 0; i--)
                if (!step(fdt, level[i - 1], level[i], &way))
                        return false;
        *range = (struct fdt_range){way.at.at, size};
        return way.at.space == 0 && range->base + size >= range->base;
}

/* Entry `index` of `reg` of the last node of `level`. */
static bool reg_of(const struct fdt *fdt, const int *level, unsigned levels, unsigned index,
                   struct fdt_range *range)
{
        struct cells c = fdt_cells_of(fdt, level[levels - 1], "reg");
        struct bus bus;

        if (levels < 2 || !read_bus(fdt, level[levels - 2], &bus) ||
            c.count / (bus.address + bus.size) < (uint64_t)index + 1)
                return false;
        c.cell += index * (bus.address + bus.size);
        return climb(fdt, level, levels - 1, read_place(c.cell, bus.address),
                     fdt_cells_number(c.cell + bus.address, bus.size), range);
}

/* Entry `index` of its `ranges`. */
static bool window_of(const struct fdt *fdt, const int *level, unsigned levels, unsigned index,
                      struct fdt_range *range)
{
        struct cells c = fdt_cells_of(fdt, level[levels - 1], "ranges");
        struct bus own, outer;
        uint32_t entry;

        if (levels < 2 || !c.count || !read_bus(fdt, level[levels - 1], &own) ||
            !read_bus(fdt, level[levels - 2], &outer))
                return false;
        entry = own.address + outer.address + own.size;
        if (c.count / entry < (uint64_t)index + 1)
                return false;
        c.cell += index * entry + own.address;
        return climb(fdt, level, levels - 1, read_place(c.cell, outer.address),
                     fdt_cells_number(c.cell + outer.address, own.size), range);
}

bool fdt_read_reg(const struct fdt *fdt, int node, unsigned index, struct fdt_range *range)
{
        int level[FDT_LEVELS_MAX];
        unsigned levels = fdt_cells_of(fdt, node, "reg").count ? fdt_way_to(fdt, node, level) : 0;

        return levels > 0 && reg_of(fdt, level, levels, index, range);
}

void fdt_visit_places(const struct fdt *fdt,
                      void (*visit)(void *context, int node, struct fdt_range range, bool window),
                      void *context)
{
        int level[FDT_LEVELS_MAX], depth = 0, off = FDT_LEVELS_MAX; /* nodes deeper than that are not seen */
        struct fdt_range range;

        for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt->tree, node, &depth)) {
                if (depth > off || depth >= FDT_LEVELS_MAX)
                        continue;
                level[depth] = node;
                off = fdt_says_okay(fdt, node) ? FDT_LEVELS_MAX : depth;
                for (unsigned i = 0; off > depth && window_of(fdt, level, (unsigned)depth + 1, i, &range);
                     i++)
                        visit(context, node, range, true);
                for (unsigned i = 0; off > depth && reg_of(fdt, level, (unsigned)depth + 1, i, &range); i++)
                        visit(context, node, range, false);
        }
}

bool fdt_dma_address(const struct fdt *fdt, int node, struct fdt_range range, uint64_t *address)
{
        int level[FDT_LEVELS_MAX];
        unsigned levels = fdt_way_to(fdt, node, level);
        struct way way = {.at = {0, range.base}, .bytes = range.size, .down = true};

        for (unsigned i = 1; i + 1 < levels; i++)
                if (!step(fdt, level[i - 1], level[i], &way))
                        return false;
        *address = way.at.at;
        return levels > 0;
}

static bool is_memory(const struct fdt *fdt, int node)
{
        const char *type = fdt_read_text(fdt, node, "device_type");

        return type && strcmp(type, "memory") == 0 && fdt_is_enabled(fdt, node);
}

/* Entry `*index` of the node's registers; when there are fewer, `*index` is less by those. */
static bool count_reg(const struct fdt *fdt, int node, unsigned *index, struct fdt_range *range)
{
        for (unsigned i = 0; fdt_read_reg(fdt, node, i, range); i++)
                if ((*index)-- == 0)
                        return true;
        return false;
}

/* The node that range number `index` is in, or -1. */
static int memory_node(const struct fdt *fdt, unsigned index, struct fdt_range *range)
{
        for (int node = 0; node >= 0; node = fdt_next_node(fdt->tree, node, NULL))
                if (is_memory(fdt, node) && count_reg(fdt, node, &index, range))
                        return node;
        return -1;
}

bool fdt_read_memory(const struct fdt *fdt, unsigned index, struct fdt_range *range)
{
        return memory_node(fdt, index, range) >= 0;
}

const char *fdt_memory_name(const struct fdt *fdt, unsigned index)
{
        struct fdt_range range;
        int node = memory_node(fdt, index, &range);

        return node < 0 ? NULL : fdt_get_name(fdt->tree, node, NULL);
}

bool fdt_read_reserved(const struct fdt *fdt, unsigned index, struct fdt_range *range)
{
        int block = fdt_num_mem_rsv(fdt->tree), parent = fdt_find_node(fdt, "/reserved-memory");

        if (block > 0 && index < (unsigned)block)
                return fdt_get_mem_rsv(fdt->tree, (int)index, &range->base, &range->size) == 0;
        index -= block > 0 ? (unsigned)block : 0;
        for (int node = parent < 0 ? -1 : fdt_first_subnode(fdt->tree, parent); node >= 0;
             node = fdt_next_subnode(fdt->tree, node))
                if (fdt_is_enabled(fdt, node) && count_reg(fdt, node, &index, range))
                        return true;
        return false;
}

bool fdt_read_memory_region(const struct fdt *fdt, int node, unsigned index, struct fdt_range *range)
{
        int region = fdt_find_reference(fdt, node, "memory-region", index);

        return fdt_is_enabled(fdt, region) && fdt_read_reg(fdt, region, 0, range);
}
