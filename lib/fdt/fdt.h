/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding devices in a flattened device tree, which the kernel hands on in the boot information.
 *
 * Pure: no allocation, no globals, no libc.  The tree is hostile: every access lies inside [tree, tree + size), every
 * length is checked, and nesting has a limit.  Only what a driver needs is read: where its registers are and which
 * interrupt it has (of a GIC: three cells).  A node below a bus that translates addresses (`ranges` with contents) is not
 * found, for its address would be wrong.
 *
 * Cost: O(tree) each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FDT_DEPTH_MAX = 16 };

struct fdt {
        const unsigned char *tree;
        uint32_t structure, structure_end; /* offsets */
        uint32_t strings, strings_end;
};

struct fdt_device {
        uint64_t base, size; /* the first register range, physical */
        bool has_interrupt, edge;
        uint32_t interrupt; /* number at the interrupt controller: shared peripheral n is 32 + n */
};

/* Check the header; false if it is no tree (or not wholly inside `size` bytes). */
bool fdt_open(struct fdt *fdt, const void *tree, size_t size);

/* Device number `index` (from 0) of those that are compatible with this, in the order of the tree.  False if there are
 * fewer, or the tree is damaged before it. */
bool fdt_find_compatible(const struct fdt *fdt, const char *compatible, unsigned index,
                         struct fdt_device *device);

/* The device at "/pl011@9000000" and the like. */
bool fdt_find_path(const struct fdt *fdt, const char *path, struct fdt_device *device);
