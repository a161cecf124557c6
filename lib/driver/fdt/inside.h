/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of this folder: properties as cells.
 *
 * Results: a node, or FDT_NONE.
 */
#pragma once

#include <libfdt.h>

#include "fdt.h"

/* A property as big-endian cells; `count` 0 if there is none. */
struct cells {
        const fdt32_t *cell;
        uint32_t count;
};

struct cells fdt_cells_of(const struct fdt *fdt, int node, const char *property);

/* Is the node itself enabled?  Those above it are not looked at. */
bool fdt_says_okay(const struct fdt *fdt, int node);

/* Up to two cells as a number; more than two: the last two. */
uint64_t fdt_cells_number(const fdt32_t *cell, uint32_t count);

/* The nodes from the root to this one, both included, in one pass; their number, 0 when they are too many or there is no
 * such node. */
enum { FDT_LEVELS_MAX = FDT_HOPS_MAX + 1 };
unsigned fdt_way_to(const struct fdt *fdt, int node, int level[FDT_LEVELS_MAX]);

static inline int fdt_parent_of(const struct fdt *fdt, int node)
{
        int level[FDT_LEVELS_MAX];
        unsigned levels = fdt_way_to(fdt, node, level);

        return levels > 1 ? level[levels - 2] : FDT_NONE;
}

static inline int fdt_by_phandle(const struct fdt *fdt, uint32_t phandle)
{
        int node = phandle ? fdt_node_offset_by_phandle(fdt->tree, phandle) : FDT_NONE;

        return node < 0 ? FDT_NONE : node;
}
