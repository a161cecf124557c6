/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: from a device's specifier to the line of the machine's own controller.
 *
 * A specifier is read with the `#interrupt-cells` of the controller that it goes to.  Interrupt maps on the way are
 * followed; a controller that has interrupts of its own (a GPIO block, a combiner) ends the way: its lines are its driver's.
 */
#include "inside.h"

enum {
        SPECIFIER_MAX = 8,
        SHARED = 0,
        PRIVATE = 1,
        SHARED_EXTENDED = 2,
        PRIVATE_EXTENDED = 3,
        EDGES = 3, /* flag bits of edge triggers */
        TIMER_VIRTUAL = 2,
        TIMER_HYPERVISOR = 3,
        BANK_FIRST = 32,
        BANKS = 3,
        LOCAL_LINES = 12,
};

/* A specifier on its way, with the unit address that interrupt maps ask for. */
struct line {
        int controller;
        uint32_t count, address_count;
        uint32_t cell[SPECIFIER_MAX], address[SPECIFIER_MAX];
};

static const char *const gics[] = {
        "arm,gic-v3",        "arm,gic-400",    "arm,cortex-a15-gic", "arm,cortex-a7-gic",
        "arm,cortex-a9-gic", "arm,pl390",      "arm,eb11mp-gic",     "arm,arm1176jzf-devchip-gic",
        "arm,arm11mp-gic",   "arm,tc11mp-gic", "qcom,msm-qgic2",     "qcom,msm-8660-qgic",
};

static bool is_gic(const struct fdt *fdt, int node)
{
        for (unsigned i = 0; i < sizeof(gics) / sizeof(gics[0]); i++)
                if (fdt_is_compatible(fdt, node, gics[i]))
                        return !fdt_is_compatible(fdt, node, "nvidia,tegra210-agic");
        return false;
}

static bool has_gic(const struct fdt *fdt)
{
        for (int node = 0; node >= 0; node = fdt_next_node(fdt->tree, node, NULL))
                if (is_gic(fdt, node) && fdt_is_enabled(fdt, node))
                        return true;
        return false;
}

/* A Raspberry Pi 4 has both, and the GIC takes its interrupts. */
enum fdt_controller fdt_controller_kind(const struct fdt *fdt, int node)
{
        if (is_gic(fdt, node))
                return FDT_GIC;
        if ((fdt_is_compatible(fdt, node, "brcm,bcm2836-l1-intc") ||
             fdt_is_compatible(fdt, node, "brcm,bcm2836-armctrl-ic")) &&
            !has_gic(fdt))
                return FDT_BCM2836;
        return node < 0 ? FDT_NO_INTERRUPT : FDT_OTHER;
}

/* The interrupt parent of a node: the next one, by reference or upwards, that takes specifiers. */
static int parent_of(const struct fdt *fdt, int node)
{
        for (int hops = 0; node >= 0 && hops < FDT_HOPS_MAX; hops++) {
                int by_reference = fdt_find_reference(fdt, node, "interrupt-parent", 0);

                if (by_reference < 0 && fdt_cells_of(fdt, node, "interrupt-parent").count)
                        return FDT_NONE;
                node = by_reference >= 0 ? by_reference : fdt_parent_of(fdt, node);
                if (fdt_cells_of(fdt, node, "#interrupt-cells").count)
                        return node;
        }
        return FDT_NONE;
}

static void copy(uint32_t *to, const fdt32_t *from, uint32_t count)
{
        while (count-- > 0)
                *to++ = fdt32_ld(from++);
}

/* Take `count` cells as the line's specifier at `controller`. */
static bool take(struct line *line, int controller, const fdt32_t *cell, uint32_t count)
{
        if (controller < 0 || count == 0 || count > SPECIFIER_MAX)
                return false;
        line->controller = controller;
        line->count = count;
        copy(line->cell, cell, count);
        return true;
}

static uint32_t cells_at(const struct fdt *fdt, int controller)
{
        return fdt_read_number(fdt, controller, "#interrupt-cells", 0);
}

static bool extended(const struct fdt *fdt, struct cells c, unsigned index, struct line *line)
{
        while (c.count > 1) {
                int controller = fdt_by_phandle(fdt, fdt32_ld(c.cell));
                uint32_t count = cells_at(fdt, controller);

                if (controller < 0 || count > c.count - 1)
                        return false;
                if (index-- == 0)
                        return take(line, controller, c.cell + 1, count);
                c.cell += 1 + count;
                c.count -= 1 + count;
        }
        return false;
}

static bool first(const struct fdt *fdt, int node, unsigned index, struct line *line)
{
        struct cells c = fdt_cells_of(fdt, node, "interrupts-extended");
        int controller;
        uint32_t count;

        if (c.count)
                return extended(fdt, c, index, line);
        c = fdt_cells_of(fdt, node, "interrupts");
        if (!c.count)
                return false;
        controller = parent_of(fdt, node);
        count = cells_at(fdt, controller);
        return count && c.count / count > index && take(line, controller, c.cell + index * count, count);
}

/* The unit address of a node on its bus. */
static void read_address(const struct fdt *fdt, int node, struct line *line)
{
        struct cells c = fdt_cells_of(fdt, node, "reg");
        uint32_t count = fdt_read_number(fdt, fdt_parent_of(fdt, node), "#address-cells", 2);

        line->address_count = count <= SPECIFIER_MAX && count <= c.count ? count : 0;
        copy(line->address, c.cell, line->address_count);
}

/* Does an entry of a map, under the map's mask, stand for this line?  Cells: unit address, then specifier. */
static bool stands_for(const struct line *line, uint32_t addresses, const fdt32_t *entry, struct cells mask)
{
        for (uint32_t i = 0; i < addresses + line->count; i++) {
                uint32_t ours = i >= addresses            ? line->cell[i - addresses]
                                : i < line->address_count ? line->address[i]
                                                          : 0;
                uint32_t bits = i < mask.count ? fdt32_ld(mask.cell + i) : ~0u;

                if ((ours ^ fdt32_ld(entry + i)) & bits)
                        return false;
        }
        return true;
}

/* Follow the interrupt map of the line's controller by one step. */
static bool follow(const struct fdt *fdt, struct cells map, struct line *line)
{
        struct cells mask = fdt_cells_of(fdt, line->controller, "interrupt-map-mask");
        uint32_t addresses = fdt_read_number(fdt, line->controller, "#address-cells", 2);
        uint32_t head = addresses + line->count;

        if (addresses > SPECIFIER_MAX)
                return false;
        while (map.count > head) {
                int next = fdt_by_phandle(fdt, fdt32_ld(map.cell + head));
                uint32_t skip = fdt_read_number(fdt, next, "#address-cells", 0), count = cells_at(fdt, next);

                if (next < 0 || skip > SPECIFIER_MAX || count > SPECIFIER_MAX ||
                    skip + count > map.count - head - 1)
                        return false;
                if (stands_for(line, addresses, map.cell, mask)) {
                        line->address_count = skip;
                        copy(line->address, map.cell + head + 1, skip);
                        return take(line, next, map.cell + head + 1 + skip, count);
                }
                map.cell += head + 1 + skip + count;
                map.count -= head + 1 + skip + count;
        }
        return false;
}

static uint32_t gic_number(const struct line *line)
{
        static const struct {
                uint16_t start, limit; /* the first INTID of a type, and how many it has */
        } type[] = {
                [SHARED] = {32, 988},
                [PRIVATE] = {16, 16},
                [SHARED_EXTENDED] = {4096, 1024},
                [PRIVATE_EXTENDED] = {1056, 64},
        };
        uint32_t t = line->cell[0], n = line->cell[1];

        return t < sizeof(type) / sizeof(type[0]) && n < type[t].limit ? type[t].start + n : 0;
}

/* The first cell of the Arm control block is a bank: its own lines, then the peripherals' two. */
static bool bcm2836_number(const struct fdt *fdt, const struct line *line, uint32_t *number)
{
        bool local = fdt_is_compatible(fdt, line->controller, "brcm,bcm2836-l1-intc");

        *number = local ? line->cell[0] : BANK_FIRST + 32 * line->cell[0] + line->cell[1];
        return local ? line->cell[0] < LOCAL_LINES : line->cell[0] < BANKS && line->cell[1] < 32;
}

static struct fdt_interrupt finish(const struct fdt *fdt, const struct line *line)
{
        enum fdt_controller kind = fdt_controller_kind(fdt, line->controller);
        struct fdt_interrupt none = {.controller = FDT_NO_INTERRUPT, .name = ""};
        uint32_t number = 0;

        if (kind == FDT_OTHER)
                return (struct fdt_interrupt){.controller = kind,
                                              .name = fdt_first_compatible(fdt, line->controller)};
        if (kind == FDT_GIC && line->count >= 3)
                number = gic_number(line);
        if (kind == FDT_GIC ? number == 0 : line->count != 2 || !bcm2836_number(fdt, line, &number))
                return none;
        return (struct fdt_interrupt){.controller = kind,
                                      .number = number,
                                      .edge = kind == FDT_GIC && (line->cell[2] & EDGES) != 0,
                                      .name = ""};
}

struct fdt_interrupt fdt_read_interrupt(const struct fdt *fdt, int node, unsigned index)
{
        struct fdt_interrupt none = {.controller = FDT_NO_INTERRUPT, .name = ""};
        struct line line = {.controller = FDT_NONE};

        if (!first(fdt, node, index, &line))
                return none;
        read_address(fdt, node, &line);
        for (int hops = 0; hops < FDT_HOPS_MAX; hops++) {
                struct cells map = fdt_cells_of(fdt, line.controller, "interrupt-map");

                if (!map.count)
                        return finish(fdt, &line);
                if (!follow(fdt, map, &line))
                        break;
        }
        return none;
}

static int timer_of(const struct fdt *fdt)
{
        int node = fdt_find_next(fdt, FDT_NONE, "arm,armv8-timer");

        return node >= 0 ? node : fdt_find_next(fdt, FDT_NONE, "arm,armv7-timer");
}

uint32_t fdt_read_timer_frequency(const struct fdt *fdt)
{
        return fdt_read_number(fdt, timer_of(fdt), "clock-frequency", 0);
}

uint32_t fdt_read_clock(const struct fdt *fdt, int node)
{
        int clock = fdt_find_reference(fdt, node, "clocks", 0);
        uint32_t fixed = fdt_is_compatible(fdt, clock, "fixed-clock")
                                 ? fdt_read_number(fdt, clock, "clock-frequency", 0)
                                 : 0;

        return fdt_read_number(fdt, node, "clock-frequency", fixed);
}

static struct fdt_interrupt read_timer(const struct fdt *fdt, const char *name, int otherwise)
{
        int node = timer_of(fdt), index;

        index = fdt_find_name(fdt, node, "interrupt-names", name);
        if (index < 0)
                index = otherwise;
        return fdt_read_interrupt(fdt, node, (unsigned)index);
}

struct fdt_interrupt fdt_read_timer(const struct fdt *fdt)
{
        return read_timer(fdt, "virt", TIMER_VIRTUAL);
}

struct fdt_interrupt fdt_read_hypervisor_timer(const struct fdt *fdt)
{
        return read_timer(fdt, "hyp-phys", TIMER_HYPERVISOR);
}
