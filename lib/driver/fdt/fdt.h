/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding devices in a flattened device tree: the one reader of the loader, the libraries and the starter OS.
 *
 * A layer over libfdt that knows what nodes mean: where registers lie behind buses that translate, which controller an
 * interrupt really goes to, what firmware keeps.  Pure: no allocation, no globals.  The tree is not trusted: fdt_open checks all of it, and
 * loops over references are bounded.  What cannot be determined for certain is reported as absent, never guessed.
 *
 * A node is an offset, FDT_NONE if there is none; every function accepts FDT_NONE and treats it as an empty node.  Nodes with a `status`
 * other than okay, and nodes below them, are never found.
 *
 * Cost: O(tree) per step towards the root or along a reference.
 *
 * Results: a node, an index or a number; FDT_NONE or false where there is none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FDT_NONE = -1, FDT_HOPS_MAX = 16 /* buses above a node; controllers behind each other */ };

struct fdt {
        const void *tree;
};

struct fdt_range {
        uint64_t base, size; /* bytes, physical */
};

/* Who takes an interrupt.  Only lines of the machine's own controller have numbers. */
enum fdt_controller {
        FDT_NO_INTERRUPT,
        FDT_GIC,     /* any version: INTIDs, private lines from 16, shared ones from 32 */
        FDT_BCM2836, /* Raspberry Pi 3: 0 core-local, 32 Arm control, 64 peripherals */
        FDT_OTHER,   /* a controller behind that, or an unknown one */
};

struct fdt_interrupt {
        enum fdt_controller controller;
        uint32_t number; /* as seL4_IRQControl_Get takes it; 0 unless FDT_GIC or FDT_BCM2836 */
        bool edge;
        const char *name; /* of an FDT_OTHER: its first compatible string, "" if it has none */
};

/* Check the whole tree, which lies at an address aligned to 8; false if it is damaged or not wholly inside `size` bytes. */
bool fdt_open(struct fdt *fdt, const void *tree, size_t size);

/* --- nodes --- */

/* By a path or an alias; anything behind a colon is an option.  Disabled nodes are found, too. */
int fdt_find_node(const struct fdt *fdt, const char *path);

/* The next enabled node behind `after` (FDT_NONE: from the start) that is compatible with this. */
int fdt_find_next(const struct fdt *fdt, int after, const char *compatible);

bool fdt_is_enabled(const struct fdt *fdt, int node);
bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible);

/* The node's first compatible string, "" if it has none. */
const char *fdt_first_compatible(const struct fdt *fdt, int node);

/* The node's name, for people; "" without a node. */
const char *fdt_node_name(const struct fdt *fdt, int node);

/* The node that entry `index` of a list of phandles names. */
int fdt_find_reference(const struct fdt *fdt, int node, const char *property, unsigned index);

/* A property of one cell, or `otherwise`. */
uint32_t fdt_read_number(const struct fdt *fdt, int node, const char *property, uint32_t otherwise);

/* One of one or two cells, 0 if there is none. */
uint64_t fdt_read_wide(const struct fdt *fdt, int node, const char *property);

/* Walking: the node behind this one in the order of the tree; the first child; the next one beside it. */
int fdt_find_following(const struct fdt *fdt, int node);
int fdt_find_child(const struct fdt *fdt, int node);
int fdt_find_sibling(const struct fdt *fdt, int node);

/* The text of a property, NULL if there is none. */
const char *fdt_read_text(const struct fdt *fdt, int node, const char *property);

/* The console: what /chosen/stdout-path names; where that is a picture, disabled, or nothing, the first of the aliases serial0
 * to serial9 that is enabled; without one, the first enabled node that `known` accepts and that has no child (a child is what
 * is connected to the line).  FDT_NONE: none of these. */
int fdt_find_console(const struct fdt *fdt, bool (*known)(const struct fdt *fdt, int node));

/* --- registers and memory --- */

/* Register range number `index` of the node, as physical addresses.  False: there are fewer, or a bus hides them from the processors. */
bool fdt_read_reg(const struct fdt *fdt, int node, unsigned index, struct fdt_range *range);

/* Visit, in one walk, where the processors see the registers of every enabled node; and, as a `window`, what the `ranges` of a bus
 * show of its children.  Memory nodes count, too. */
void fdt_visit_places(const struct fdt *fdt,
                      void (*visit)(void *context, int node, struct fdt_range range, bool window),
                      void *context);

/* The index of a name in `reg-names`, `interrupt-names` and the like; -1 if there is none. */
int fdt_find_name(const struct fdt *fdt, int node, const char *property, const char *name);

/* The address at which the device reaches physical [range.base, range.base + range.size) (`dma-ranges`); false: it cannot. */
bool fdt_dma_address(const struct fdt *fdt, int node, struct fdt_range range, uint64_t *address);

/* Range number `index` of all enabled memory nodes; empty ranges (firmware was to fill them in) count. */
bool fdt_read_memory(const struct fdt *fdt, unsigned index, struct fdt_range *range);

/* The name of the node that it is in, for people; NULL when there is no such range. */
const char *fdt_memory_name(const struct fdt *fdt, unsigned index);

/* Range number `index` of the memory that firmware keeps: the reservation block, then /reserved-memory.  Areas there that have a size but
 * no place yet do not count. */
bool fdt_read_reserved(const struct fdt *fdt, unsigned index, struct fdt_range *range);

/* Memory set aside for this device: the place of entry `index` of its `memory-region`. */
bool fdt_read_memory_region(const struct fdt *fdt, int node, unsigned index, struct fdt_range *range);

/* --- interrupts --- */

/* Interrupt number `index` of the node, from `interrupts-extended` or `interrupts`, through interrupt parents and maps. */
struct fdt_interrupt fdt_read_interrupt(const struct fdt *fdt, int node, unsigned index);

/* What kind of root controller the node is; FDT_OTHER if it passes its interrupts on to another one. */
enum fdt_controller fdt_controller_kind(const struct fdt *fdt, int node);

/* The virtual timer of the processors' generic timer: `interrupt-names` or the third.  FDT_NO_INTERRUPT without a node. */
struct fdt_interrupt fdt_read_timer(const struct fdt *fdt);

/* The same of the physical timer of EL2: `interrupt-names` or the fourth. */
struct fdt_interrupt fdt_read_hypervisor_timer(const struct fdt *fdt);

/* The frequency of that timer's counter in Hz according to the tree, for processors whose CNTFRQ_EL0 is wrong; 0: not given. */
uint32_t fdt_read_timer_frequency(const struct fdt *fdt);

/* The rate in Hz of the clock that drives the device: its own `clock-frequency`, or that of the fixed clock that it names first.
 * 0: another kind of clock, which only its driver could read. */
uint32_t fdt_read_clock(const struct fdt *fdt, int node);

/* --- a device at once --- */

struct fdt_device {
        uint64_t base, size; /* the first register range, physical */
        bool has_interrupt, edge;
        uint32_t interrupt;     /* as seL4_IRQControl_Get takes it */
        const char *controller; /* when the interrupt is one of another controller: its name; else NULL */
        int node;
};

/* Device number `index` (from 0) of those that are compatible with this and have registers that processors see, in the order
 * of the tree.  False if there are fewer. */
bool fdt_find_compatible(const struct fdt *fdt, const char *compatible, unsigned index,
                         struct fdt_device *device);

/* The enabled device at "/pl011@9000000" and the like. */
bool fdt_find_path(const struct fdt *fdt, const char *path, struct fdt_device *device);

/* The device of a node; false if it is disabled or has no registers that processors see. */
bool fdt_read_device(const struct fdt *fdt, int node, struct fdt_device *device);
