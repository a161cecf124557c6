/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the device tree into the flat hand-over record: the only place that knows its grammar.
 *
 * Lists of ranges are kept ascending and disjoint.  RAM shrinks to whole pages, what firmware reserves grows
 * to whole pages.  Devices appear in tree order; those nobody has a row for do not appear.
 */
#include <string.h>

#include <libfdt.h>

#include "loader/loader.h"

enum {
        SPECIFIER_CELLS = 3, /* of a GIC interrupt: type, number, flags */
        TYPE_PRIVATE = 1,
        FIRST_PRIVATE = 16,
        FIRST_SHARED = 32,
        TIMER_VIRTUAL = 2, /* index in the timer's interrupts: secure, non-secure, virtual, hypervisor */
        DEFAULT_TIMER = 27,
};

/* Devices that the kernel may drive or that we print on, and boards for which it has rules. */
static const char known[][HANDOVER_COMPATIBLE] = {
        "linux,dummy-virt",
        "arm,cortex-a15-gic",
        "arm,gic-400",
        "arm,gic-v3",
        "arm,pl011",
        "ns16550a",
        "cdns,uart-r1p12",
        "xlnx,xuartps",
        "amlogic,meson-ao-uart",
        "brcm,bcm2835-aux-uart",
        "arm,psci-1.0",
        "arm,psci-0.2",
        "amlogic,meson-gx-uart",
};

static void list_remove(struct list l, uint64_t at)
{
        memmove(l.range + at, l.range + at + 1, (--*l.count - at) * sizeof(*l.range));
}

static void list_insert(struct list l, uint64_t at, struct handover_range r)
{
        if (*l.count == HANDOVER_RAM_MAX)
                stop("the device tree lists more than %u ranges of memory", (uint64_t)HANDOVER_RAM_MAX);
        memmove(l.range + at + 1, l.range + at, ((*l.count)++ - at) * sizeof(*l.range));
        l.range[at] = r;
}

/* Add a range; whatever it touches melts into it. */
void list_add(struct list l, struct handover_range r)
{
        uint64_t at = 0;

        if (r.start >= r.end)
                return;
        while (at < *l.count && l.range[at].end < r.start)
                at++;
        while (at < *l.count && l.range[at].start <= r.end) {
                r.start = l.range[at].start < r.start ? l.range[at].start : r.start;
                r.end = l.range[at].end > r.end ? l.range[at].end : r.end;
                list_remove(l, at);
        }
        list_insert(l, at, r);
}

static void list_subtract(struct list l, struct handover_range hole)
{
        for (uint64_t i = 0; i < *l.count;) {
                struct handover_range r = l.range[i];

                if (!overlaps(r, hole)) {
                        i++;
                        continue;
                }
                list_remove(l, i);
                if (hole.end < r.end)
                        list_insert(l, i, (struct handover_range){hole.end, r.end});
                if (r.start < hole.start)
                        list_insert(l, i, (struct handover_range){r.start, hole.start});
        }
}

static uint64_t read_cells(const fdt32_t *cell, int count)
{
        uint64_t value = 0;

        while (count-- > 0)
                value = value << 32 | fdt32_ld(cell++);
        return value;
}

/* An address on the bus of `node` becomes a physical address; false if a bus on the way is not mapped. */
static bool translate(const void *tree, int node, uint64_t *address)
{
        while (node > 0) {
                int parent = fdt_parent_offset(tree, node), length;
                const fdt32_t *entry = fdt_getprop(tree, node, "ranges", &length);
                int own = fdt_address_cells(tree, node), sizes = fdt_size_cells(tree, node);
                int outer = fdt_address_cells(tree, parent), cells = own + sizes + outer;
                bool found = length == 0;

                for (; !found && length >= cells * 4; length -= cells * 4, entry += cells) {
                        uint64_t from = read_cells(entry, own);

                        if (*address - from < read_cells(entry + own + outer, sizes)) {
                                *address += read_cells(entry + own, outer) - from;
                                found = true;
                        }
                }
                if (!found)
                        return false;
                node = parent;
        }
        return true;
}

/* Entry `index` of the node's registers, as physical addresses. */
static bool read_reg(const void *tree, int node, int index, struct handover_range *range)
{
        int parent = fdt_parent_offset(tree, node), length;
        const fdt32_t *cell = fdt_getprop(tree, node, "reg", &length);
        int addresses = fdt_address_cells(tree, parent), sizes = fdt_size_cells(tree, parent);

        if (cell == NULL || addresses < 0 || sizes < 0 || length / 4 < (index + 1) * (addresses + sizes))
                return false;
        cell += index * (addresses + sizes);
        range->start = read_cells(cell, addresses);
        if (!translate(tree, parent, &range->start))
                return false;
        range->end = range->start + read_cells(cell + addresses, sizes);
        return range->end >= range->start;
}

static bool available(const void *tree, int node)
{
        const char *status = fdt_getprop(tree, node, "status", NULL);

        return status == NULL || strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

/* INTID of entry `index` of the node's interrupts, 0 if there is none. */
static uint32_t read_interrupt(const void *tree, int node, int index)
{
        int length;
        const fdt32_t *cell = fdt_getprop(tree, node, "interrupts", &length);

        if (cell == NULL || length / 4 < (index + 1) * SPECIFIER_CELLS)
                return 0;
        cell += index * SPECIFIER_CELLS;
        return fdt32_ld(cell + 1) + (fdt32_ld(cell) == TYPE_PRIVATE ? FIRST_PRIVATE : FIRST_SHARED);
}

static void read_memory(const void *tree, struct list ram)
{
        int node = -1;

        while ((node = fdt_node_offset_by_prop_value(tree, node, "device_type", "memory", 7)) >= 0) {
                struct handover_range r;

                for (int i = 0; available(tree, node) && read_reg(tree, node, i, &r); i++) {
                        r.start = round_up(r.start, PAGE);
                        r.end = round_down(r.end < WINDOW_SIZE ? r.end : WINDOW_SIZE, PAGE);
                        list_add(ram, r);
                }
        }
}

static void reserve(struct list reserved, struct list ram, struct handover_range r)
{
        r = (struct handover_range){round_down(r.start, PAGE), round_up(r.end, PAGE)};
        for (uint64_t i = 0; i < *ram.count; i++) {
                if (overlaps(ram.range[i], r)) {
                        list_add(reserved, r);
                        return;
                }
        }
}

static void read_reserved(const void *tree, struct list reserved, struct list ram)
{
        int parent = fdt_path_offset(tree, "/reserved-memory"), node;
        struct handover_range r;
        uint64_t start, size;

        for (int i = 0; i < fdt_num_mem_rsv(tree); i++)
                if (fdt_get_mem_rsv(tree, i, &start, &size) == 0)
                        reserve(reserved, ram, (struct handover_range){start, start + size});
        for (node = fdt_first_subnode(tree, parent); node >= 0; node = fdt_next_subnode(tree, node))
                for (int i = 0; available(tree, node) && read_reg(tree, node, i, &r); i++)
                        reserve(reserved, ram, r);
        for (uint64_t i = 0; i < *reserved.count; i++)
                list_subtract(ram, reserved.range[i]);
}

/* The first of the node's compatible strings that is known, NULL if none. */
static const char *known_name(const void *tree, int node)
{
        const char *name;

        for (int i = 0; (name = fdt_stringlist_get(tree, node, "compatible", i, NULL)) != NULL; i++) {
                for (unsigned k = 0; k < sizeof(known) / sizeof(known[0]); k++)
                        if (strcmp(name, known[k]) == 0)
                                return known[k];
        }
        return NULL;
}

/* The node that /chosen/stdout-path names: a path or an alias, perhaps with a speed behind a colon. */
static int console_node(const void *tree)
{
        int chosen = fdt_path_offset(tree, "/chosen");
        const char *path = fdt_getprop(tree, chosen, "stdout-path", NULL);
        const char *colon = path == NULL ? NULL : strchr(path, ':');

        if (path == NULL)
                return -1;
        return fdt_path_offset_namelen(tree, path,
                                       (int)(colon == NULL ? strlen(path) : (size_t)(colon - path)));
}

static void read_psci(const void *tree, int node, struct handover_device *device)
{
        const char *method = fdt_getprop(tree, node, "method", NULL);
        bool smc = method != NULL && strcmp(method, "smc") == 0;

        device->flags |= smc ? HANDOVER_PSCI_SMC : HANDOVER_PSCI_HVC;
        power_conduit(smc);
}

static void read_device(const void *tree, int node, const char *name, struct handover_device *device)
{
        memset(device, 0, sizeof(*device));
        memcpy(device->compatible, name, HANDOVER_COMPATIBLE);
        for (int i = 0; i < 3 && read_reg(tree, node, i, &device->reg[i]); i++) {
        }
        device->irq = read_interrupt(tree, node, 0);
        if (memcmp(name, "arm,psci", 8) == 0)
                read_psci(tree, node, device);
        if (node == console_node(tree)) {
                device->flags |= HANDOVER_CONSOLE;
                console_use(device);
        }
}

static void read_devices(const void *tree, struct handover *h)
{
        int node = -1;

        while ((node = fdt_next_node(tree, node, NULL)) >= 0 && h->device_count < HANDOVER_DEVICE_MAX) {
                const char *name = known_name(tree, node);

                if (name != NULL && available(tree, node))
                        read_device(tree, node, name, &h->device[h->device_count++]);
        }
}

static uint32_t read_timer(const void *tree)
{
        int node = fdt_node_offset_by_compatible(tree, -1, "arm,armv8-timer");
        uint32_t irq = node < 0 ? 0 : read_interrupt(tree, node, TIMER_VIRTUAL);

        return irq == 0 ? DEFAULT_TIMER : irq;
}

/* Fill RAM, reserved ranges, devices and the timer of an empty record; the console speaks from here on. */
void platform_read(const void *tree, struct handover *h)
{
        struct list ram = {h->ram, &h->ram_count}, reserved = {h->reserved, &h->reserved_count};

        read_devices(tree, h);
        read_memory(tree, ram);
        read_reserved(tree, reserved, ram);
        h->timer_irq = read_timer(tree);
}
