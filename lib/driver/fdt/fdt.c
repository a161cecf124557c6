/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes and properties. */
#include <string.h>

#include "inside.h"

enum { VERSION = 16 };

bool fdt_open(struct fdt *fdt, const void *tree, size_t size)
{
        const struct fdt_header *h = tree;

        fdt->tree = tree;
        /* Older versions name nodes by their whole paths: nothing here reads such names. */
        return tree && !((uintptr_t)tree & 7) && size >= sizeof(*h) && fdt32_ld(&h->version) >= VERSION &&
               fdt_check_full(tree, size) == 0;
}

struct cells fdt_cells_of(const struct fdt *fdt, int node, const char *property)
{
        int length = 0;
        const fdt32_t *cell = node < 0 ? NULL : fdt_getprop(fdt->tree, node, property, &length);

        return (struct cells){cell, cell ? (uint32_t)length / sizeof(*cell) : 0};
}

uint64_t fdt_cells_number(const fdt32_t *cell, uint32_t count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 32 | fdt32_ld(cell++);
        return value;
}

uint32_t fdt_read_number(const struct fdt *fdt, int node, const char *property, uint32_t otherwise)
{
        struct cells c = fdt_cells_of(fdt, node, property);

        return c.count > 0 ? fdt32_ld(c.cell) : otherwise;
}

uint64_t fdt_read_wide(const struct fdt *fdt, int node, const char *property)
{
        struct cells c = fdt_cells_of(fdt, node, property);

        return fdt_cells_number(c.cell, c.count < 2 ? c.count : 2);
}

static int or_none(int node)
{
        return node < 0 ? FDT_NONE : node;
}

int fdt_find_following(const struct fdt *fdt, int node)
{
        return or_none(fdt_next_node(fdt->tree, node, NULL));
}

int fdt_find_child(const struct fdt *fdt, int node)
{
        return node < 0 ? FDT_NONE : or_none(fdt_first_subnode(fdt->tree, node));
}

int fdt_find_sibling(const struct fdt *fdt, int node)
{
        return node < 0 ? FDT_NONE : or_none(fdt_next_subnode(fdt->tree, node));
}

const char *fdt_read_text(const struct fdt *fdt, int node, const char *property)
{
        return node < 0 ? NULL : fdt_stringlist_get(fdt->tree, node, property, 0, NULL);
}

int fdt_find_name(const struct fdt *fdt, int node, const char *property, const char *name)
{
        int at = node < 0 ? -1 : fdt_stringlist_search(fdt->tree, node, property, name);

        return at < 0 ? -1 : at;
}

int fdt_find_node(const struct fdt *fdt, const char *path)
{
        const char *colon = strchr(path, ':');
        size_t length = colon ? (size_t)(colon - path) : strlen(path);
        int node = length > 0 && length < 4096 ? fdt_path_offset_namelen(fdt->tree, path, (int)length) : -1;

        return node < 0 ? FDT_NONE : node;
}

bool fdt_says_okay(const struct fdt *fdt, int node)
{
        const char *status = fdt_read_text(fdt, node, "status");

        return status == NULL || strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

unsigned fdt_way_to(const struct fdt *fdt, int node, int level[FDT_LEVELS_MAX])
{
        int depth = 0;

        for (int at = 0; node >= 0 && at >= 0 && at <= node; at = fdt_next_node(fdt->tree, at, &depth)) {
                if (depth < 0)
                        return 0;
                if (depth < FDT_LEVELS_MAX)
                        level[depth] = at;
                if (at == node)
                        return depth < FDT_LEVELS_MAX ? (unsigned)depth + 1 : 0;
        }
        return 0;
}

bool fdt_is_enabled(const struct fdt *fdt, int node)
{
        int level[FDT_LEVELS_MAX];
        unsigned levels = fdt_way_to(fdt, node, level);

        for (unsigned i = 0; i < levels; i++)
                if (!fdt_says_okay(fdt, level[i]))
                        return false;
        return levels > 0;
}

bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible)
{
        /* libfdt finds the empty string at the end of every list */
        return node >= 0 && *compatible && fdt_node_check_compatible(fdt->tree, node, compatible) == 0;
}

const char *fdt_node_name(const struct fdt *fdt, int node)
{
        const char *name = node < 0 ? NULL : fdt_get_name(fdt->tree, node, NULL);

        return name ? name : "";
}

const char *fdt_first_compatible(const struct fdt *fdt, int node)
{
        const char *name = fdt_read_text(fdt, node, "compatible");

        return name ? name : "";
}

int fdt_find_next(const struct fdt *fdt, int after, const char *compatible)
{
        int node = after;

        if (!*compatible) /* as above */
                return FDT_NONE;
        do {
                node = fdt_node_offset_by_compatible(fdt->tree, node, compatible);
        } while (node >= 0 && !fdt_is_enabled(fdt, node));
        return node < 0 ? FDT_NONE : node;
}

int fdt_find_reference(const struct fdt *fdt, int node, const char *property, unsigned index)
{
        struct cells c = fdt_cells_of(fdt, node, property);

        return index < c.count ? fdt_by_phandle(fdt, fdt32_ld(c.cell + index)) : FDT_NONE;
}

static int console_by_alias(const struct fdt *fdt)
{
        char name[] = "serial0";

        for (; name[6] <= '9'; name[6]++) {
                int node = fdt_find_node(fdt, name);

                if (fdt_is_enabled(fdt, node))
                        return node;
        }
        return FDT_NONE;
}

int fdt_find_console(const struct fdt *fdt, bool (*known)(const struct fdt *fdt, int node))
{
        int chosen = fdt_find_node(fdt, "/chosen"), node = FDT_NONE;
        const char *path = fdt_read_text(fdt, chosen, "stdout-path");

        if (path == NULL)
                path = fdt_read_text(fdt, chosen, "linux,stdout-path");
        if (path != NULL)
                node = fdt_find_node(fdt, path);
        if (fdt_is_enabled(fdt, node) && !fdt_is_compatible(fdt, node, "simple-framebuffer"))
                return node;
        node = console_by_alias(fdt);
        if (node >= 0)
                return node;
        for (node = 0; node >= 0; node = fdt_next_node(fdt->tree, node, NULL))
                if (known(fdt, node) && fdt_is_enabled(fdt, node) && fdt_first_subnode(fdt->tree, node) < 0)
                        return node;
        return FDT_NONE;
}

bool fdt_read_device(const struct fdt *fdt, int node, struct fdt_device *device)
{
        struct fdt_interrupt interrupt;
        struct fdt_range range;

        if (!fdt_is_enabled(fdt, node) || !fdt_read_reg(fdt, node, 0, &range))
                return false;
        interrupt = fdt_read_interrupt(fdt, node, 0);
        *device = (struct fdt_device){
                .base = range.base,
                .size = range.size,
                .has_interrupt = interrupt.controller == FDT_GIC || interrupt.controller == FDT_BCM2836,
                .edge = interrupt.edge,
                .interrupt = interrupt.number,
                .controller = interrupt.controller == FDT_OTHER ? interrupt.name : NULL,
                .node = node,
        };
        return true;
}

bool fdt_find_compatible(const struct fdt *fdt, const char *compatible, unsigned index,
                         struct fdt_device *device)
{
        int node = FDT_NONE;

        while ((node = fdt_find_next(fdt, node, compatible)) >= 0)
                if (fdt_read_device(fdt, node, device) && index-- == 0)
                        return true;
        return false;
}

bool fdt_find_path(const struct fdt *fdt, const char *path, struct fdt_device *device)
{
        return path[0] == '/' && fdt_read_device(fdt, fdt_find_node(fdt, path), device);
}
