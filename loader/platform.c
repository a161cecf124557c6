/* SPDX-License-Identifier: BSD-2-Clause */
/* From the device tree to the flat hand-over record: devices, console, timer, firmware.  lib/driver/fdt interprets a tree,
 * memory.c reads RAM; this file finds what the kernel needs, and prints what is missing.
 */
#include <string.h>

#include "lib/driver/fdt/fdt.h"
#include "lib/driver/uart/line.h"
#include "loader/loader.h"

enum { DEFAULT_TIMER = 27, REDISTRIBUTORS_FIRST = 1, MPIDR_AFFINITY = 0xffffff };

/* Devices that the kernel can drive, and boards for which it has rules. */
static const char known[][HANDOVER_COMPATIBLE] = {
        "linux,dummy-virt",   "arm,gic-v3",           "arm,gic-400",
        "arm,cortex-a15-gic", "arm,cortex-a9-gic",    "arm,cortex-a7-gic",
        "arm,pl390",          "arm,eb11mp-gic",       "arm,arm1176jzf-devchip-gic",
        "arm,arm11mp-gic",    "arm,tc11mp-gic",       "qcom,msm-8660-qgic",
        "qcom,msm-qgic2",     "brcm,bcm2836-l1-intc", "brcm,bcm2836-armctrl-ic",
        "arm,psci-1.0",       "arm,psci-0.2",
};

/* The first of the names above that the node has, NULL if none. */
static const char *known_name(const struct fdt *fdt, int node)
{
        for (unsigned k = 0; k < sizeof(known) / sizeof(known[0]); k++)
                if (fdt_is_compatible(fdt, node, known[k]))
                        return known[k];
        return NULL;
}

static bool is_controller(const char *name)
{
        return memcmp(name, "arm,psci", 8) != 0 && memcmp(name, "linux,", 6) != 0;
}

/* Without a method that we know, firmware is not called at all. */
static void read_psci(const struct fdt *fdt, int node, struct handover_device *device)
{
        const char *method = fdt_read_text(fdt, node, "method");

        if (entry_level() == 3)
                return; /* the tree describes a machine with firmware */
        if (method != NULL && strcmp(method, "smc") == 0)
                device->flags = HANDOVER_PSCI_SMC;
        else if (method != NULL && strcmp(method, "hvc") == 0)
                device->flags = HANDOVER_PSCI_HVC;
        else
                say("loader: the psci node's method is %s: neither cores nor the machine can be switched on "
                    "or off.\n",
                    method == NULL ? "missing" : method);
        power_conduit(device->flags & HANDOVER_PSCI_SMC   ? CONDUIT_SMC
                      : device->flags & HANDOVER_PSCI_HVC ? CONDUIT_HVC
                                                          : CONDUIT_NONE);
}

/* Its registers must lie in the kernel's window. */
static void read_controller(const struct fdt *fdt, int node, struct handover_device *device)
{
        struct fdt_range r;

        for (unsigned i = 0; i < HANDOVER_REG_MAX && fdt_read_reg(fdt, node, i, &r); i++) {
                device->reg[i] = (struct handover_range){r.base, r.base + r.size};
                if (device->reg[i].end > WINDOW_SIZE && i < 2)
                        stop("%s, the interrupt controller %s, has registers at 0x%lx, beyond the kernel's "
                             "0x%lx",
                             fdt_node_name(fdt, node), device->compatible, r.base, (uint64_t)WINDOW_SIZE);
        }
        if (device->reg[0].end == 0)
                stop("%s, the interrupt controller %s, has no registers that processors see",
                     fdt_node_name(fdt, node), device->compatible);
        device->regions = fdt_read_number(fdt, node, "#redistributor-regions", REDISTRIBUTORS_FIRST);
        if (device->regions > HANDOVER_REG_MAX - REDISTRIBUTORS_FIRST)
                stop("%s has more than %lu regions of redistributors", fdt_node_name(fdt, node),
                     (uint64_t)HANDOVER_REG_MAX - REDISTRIBUTORS_FIRST);
        device->stride = fdt_read_wide(fdt, node, "redistributor-stride");
}

static void read_device(const struct fdt *fdt, int node, const char *name, struct handover *h)
{
        struct handover_device *device = &h->device[h->device_count];
        enum fdt_controller kind = fdt_controller_kind(fdt, node);

        if (is_controller(name) && kind != FDT_GIC && kind != FDT_BCM2836)
                return; /* one beyond the machine's own */
        if (h->device_count++ == HANDOVER_DEVICE_MAX)
                stop("the device tree has more than %lu interrupt controllers",
                     (uint64_t)HANDOVER_DEVICE_MAX);
        memset(device, 0, sizeof(*device));
        memcpy(device->compatible, name, HANDOVER_COMPATIBLE);
        if (is_controller(name))
                read_controller(fdt, node, device);
        else if (memcmp(name, "arm,psci", 8) == 0)
                read_psci(fdt, node, device);
}

static void read_devices(const struct fdt *fdt, struct handover *h)
{
        bool psci = false;

        for (int node = 0; node >= 0; node = fdt_find_following(fdt, node)) {
                const char *name = known_name(fdt, node);

                if (name == NULL || !fdt_is_enabled(fdt, node))
                        continue;
                psci |= memcmp(name, "arm,psci", 8) == 0;
                read_device(fdt, node, name, h);
        }
        if (!psci)
                power_conduit(CONDUIT_NONE);
}

static void take_steps(const struct uart_line *line, struct handover_uart *out)
{
        for (unsigned i = 0; i < line->type->befores && i < HANDOVER_STEPS; i++) {
                const struct uart_step *s = &line->type->before[i];

                out->before[out->befores++] =
                        (struct handover_step){(int32_t)uart_line_offset(line, s->at), s->clear, s->set};
        }
}

static void describe_line(const struct uart_line *line, uint64_t base, struct handover_uart *out)
{
        const struct uart_type *type = line->type;

        *out = (struct handover_uart){
                .base = base,
                .data = uart_line_offset(line, type->send),
                .status = uart_line_offset(line, type->status),
                .data_width = uart_line_data_width(line),
                .width = uart_line_width(line),
                .mask = type->send_mask,
                .full = type->send_full,
                .after = type->after_send,
        };
        memcpy(out->name, type->name, strlen(type->name));
        take_steps(line, out);
}

/* How firmware is called, before anything else can go wrong. */
void platform_power(const struct fdt *fdt)
{
        static struct handover_device unused;
        int node = fdt_find_next(fdt, FDT_NONE, "arm,psci-0.2");

        if (node < 0)
                node = fdt_find_next(fdt, FDT_NONE, "arm,psci-1.0");
        if (node >= 0)
                read_psci(fdt, node, &unused);
}

/* Nothing is written to a device that the tree does not name as the console; without one the machine just stops. */
void platform_console(const struct fdt *fdt, struct handover *h)
{
        int node = fdt_find_console(fdt, uart_is_known);
        struct uart_line line;
        struct fdt_range reg;

        if (!uart_line_of(fdt, node, &line)) {
                say(node < 0 ? "loader: the device tree names no console.\n"
                             : "loader: no driver for the console %s, a %s.\n",
                    fdt_node_name(fdt, node), fdt_first_compatible(fdt, node));
                return;
        }
        if (!fdt_read_reg(fdt, node, 0, &reg) || reg.base + reg.size > WINDOW_SIZE) {
                say("loader: the registers of the console %s, a %s, are out of reach.\n",
                    fdt_node_name(fdt, node), fdt_first_compatible(fdt, node));
                return;
        }
        describe_line(&line, reg.base, &h->console);
        console_use(&h->console);
        for (unsigned i = 0; i < line.type->enables; i++)
                console_step(uart_line_offset(&line, line.type->enable[i].at), line.type->enable[i].clear,
                             line.type->enable[i].set);
}

/* The line of the kernel's own timer. */
static void read_timer(const struct fdt *fdt, struct handover *h)
{
        struct fdt_interrupt line = fdt_read_timer(fdt);

        h->timer_irq = line.number;
        h->timer_hertz = fdt_read_timer_frequency(fdt);
        if (line.controller == FDT_OTHER)
                stop("the timer's interrupt belongs to a %s, which the kernel does not drive", line.name);
        if (line.controller == FDT_NO_INTERRUPT) {
                h->timer_irq = DEFAULT_TIMER;
                say("loader: the device tree names no interrupt of the virtual timer; trying %lu.\n",
                    h->timer_irq);
        }
}

static uint64_t own_redistributor(const struct handover_device *d)
{
        enum { TYPER = 8, LAST = 1 << 4, VIRTUAL = 1 << 1, STRIDE = 0x20000 };
        uint64_t own = (this_core() & MPIDR_AFFINITY) | (this_core() >> 32 & 0xff) << 24;

        for (uint32_t r = 1; r <= d->regions; r++) {
                uint64_t at = d->reg[r].start, type = 0;

                for (; at + STRIDE <= d->reg[r].end && !(type & LAST); at += d->stride        ? d->stride
                                                                             : type & VIRTUAL ? 2 * STRIDE
                                                                                              : STRIDE) {
                        type = *(volatile uint64_t *)pointer_to(at + TYPER);
                        if (type >> 32 == own)
                                return at;
                }
        }
        return 0;
}

/* Firmware would have assigned the interrupt lines to our world; where there is none, we do so. */
void platform_free_lines(const struct handover *h)
{
        for (uint64_t i = 0; i < h->device_count; i++) {
                const struct handover_device *d = &h->device[i];
                bool v3 = strcmp(d->compatible, "arm,gic-v3") == 0;
                uint64_t interface = v3 ? own_redistributor(d) : d->reg[1].start;

                if (strstr(d->compatible, "brcm") == NULL && d->reg[0].end != 0 && interface != 0 &&
                    monitor_lines(d->reg[0].start, interface, v3 ? 3 : 2) != 0)
                        say("loader: the interrupt lines of %s stay with the secure world.\n", d->compatible);
        }
}

/* The cores that may be used, and which of them this one is: not always the first node. */
static void describe_cores(const struct fdt *fdt)
{
        uint64_t count = 0, own = 0, mpidr = this_core() & MPIDR_AFFINITY;
        int cpus = fdt_find_node(fdt, "/cpus");

        for (int node = fdt_find_child(fdt, cpus); node >= 0; node = fdt_find_sibling(fdt, node)) {
                const char *type = fdt_read_text(fdt, node, "device_type");

                if (type == NULL || strcmp(type, "cpu") != 0)
                        continue;
                count++;
                if ((fdt_read_wide(fdt, node, "reg") & MPIDR_AFFINITY) == mpidr)
                        own = count;
        }
        if (count > 0 && own == 0)
                say("loader: this core, 0x%lx, is not among the %lu in the device tree.\n", mpidr, count);
        else if (own > 1)
                say("loader: starting on core 0x%lx, number %lu in the device tree.\n", mpidr, own);
}

/* Fills in RAM, reserved ranges, devices, console and timer of an empty record. */
void platform_read(const void *tree, struct handover *h)
{
        struct fdt fdt = {tree};

        platform_console(&fdt, h);
        read_devices(&fdt, h);
        el2_check(h);
        memory_read(&fdt, h);
        read_timer(&fdt, h);
        el2_lines(&fdt, h);
        describe_cores(&fdt);
        cores_read(&fdt, h);
}
