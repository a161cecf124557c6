/* SPDX-License-Identifier: BSD-2-Clause */
/* The device tree of a guest: what os/monitor emulates, and nothing else (spec el2.md 14). */
#include <libfdt.h>
#include <stdarg.h>

#include "os/monitor/device.h"
#include "os/monitor/monitor.h"

enum { GIC = 1, CLOCK, CELLS = 6 };
enum { SHARED = 0, PRIVATE = 1, LEVEL = 4, CLOCK_HERTZ = 24000000, FIRST_SHARED = 32, FIRST_PRIVATE = 16 };

static int error;

static void note(int result)
{
        error = error ? error : result;
}

static void begin(void *tree, const char *name)
{
        note(fdt_begin_node(tree, name));
}

static void end(void *tree)
{
        note(fdt_end_node(tree));
}

static void text(void *tree, const char *name, const char *value)
{
        note(fdt_property_string(tree, name, value));
}

static void number(void *tree, const char *name, uint32_t value)
{
        note(fdt_property_u32(tree, name, value));
}

static void flag(void *tree, const char *name)
{
        note(fdt_property(tree, name, NULL, 0));
}

/* `count` cells follow. */
static void cells(void *tree, const char *name, unsigned count, ...)
{
        fdt32_t cell[4 * CELLS];
        va_list list;

        va_start(list, count);
        for (unsigned i = 0; i < count; i++)
                cell[i] = cpu_to_fdt32(va_arg(list, uint32_t));
        va_end(list);
        note(fdt_property(tree, name, cell, (int)(count * sizeof(fdt32_t))));
}

static void registers(void *tree, uint64_t at, uint64_t bytes)
{
        cells(tree, "reg", 4, (uint32_t)(at >> 32), (uint32_t)at, (uint32_t)(bytes >> 32), (uint32_t)bytes);
}

static void interrupt(void *tree, uint32_t irq, uint32_t trigger)
{
        cells(tree, "interrupts", 3, (uint32_t)SHARED, irq - FIRST_SHARED, trigger);
}

static void chosen(void *tree, const struct settings *s, uint64_t initrd, uint64_t initrd_bytes)
{
        begin(tree, "chosen");
        text(tree, "bootargs", s->arguments);
        text(tree, "stdout-path", "/pl011@9000000");
        if (initrd_bytes) {
                note(fdt_property_u64(tree, "linux,initrd-start", initrd));
                note(fdt_property_u64(tree, "linux,initrd-end", initrd + initrd_bytes));
        }
        end(tree);
}

static void processors(void *tree)
{
        static const char *const name[MACHINE_PROCESSORS] = {"cpu@0", "cpu@1", "cpu@2", "cpu@3",
                                                             "cpu@4", "cpu@5", "cpu@6", "cpu@7"};

        begin(tree, "cpus");
        number(tree, "#address-cells", 1);
        number(tree, "#size-cells", 0);
        for (unsigned i = 0; i < monitor.processors; i++) {
                begin(tree, name[i]);
                text(tree, "device_type", "cpu");
                text(tree, "compatible", "arm,armv8");
                number(tree, "reg", i);
                text(tree, "enable-method", "psci");
                end(tree);
        }
        end(tree);
        begin(tree, "psci");
        text(tree, "compatible", "arm,psci-1.0");
        text(tree, "method", "smc"); /* HVC is a system call of the kernel first */
        end(tree);
}

static void timer(void *tree)
{
        enum { SECURE = 13, PHYSICAL = 14, VIRTUAL = 11, HYPERVISOR = 10 };

        begin(tree, "timer");
        text(tree, "compatible", "arm,armv8-timer");
        cells(tree, "interrupts", 12, (uint32_t)PRIVATE, (uint32_t)SECURE, (uint32_t)LEVEL, (uint32_t)PRIVATE,
              (uint32_t)PHYSICAL, (uint32_t)LEVEL, (uint32_t)PRIVATE, (uint32_t)VIRTUAL, (uint32_t)LEVEL,
              (uint32_t)PRIVATE, (uint32_t)HYPERVISOR, (uint32_t)LEVEL);
        flag(tree, "always-on");
        end(tree);
}

static void controller(void *tree)
{
        uint32_t second = monitor.page->server.gic == 2 ? MACHINE_GICV : REDISTRIBUTOR;

        begin(tree, "interrupt-controller@8000000");
        text(tree, "compatible", monitor.page->server.gic == 2 ? "arm,cortex-a15-gic" : "arm,gic-v3");
        number(tree, "#interrupt-cells", 3);
        number(tree, "#address-cells", 2);
        number(tree, "#size-cells", 2);
        flag(tree, "interrupt-controller");
        if (monitor.page->server.gic == 2)
                cells(tree, "reg", 8, 0u, (uint32_t)DISTRIBUTOR, 0u, 0x1000u, 0u, second, 0u, 0x1000u);
        else
                cells(tree, "reg", 8, 0u, (uint32_t)DISTRIBUTOR, 0u, 0x10000u, 0u, second, 0u,
                      (uint32_t)REDISTRIBUTOR_BYTES * monitor.processors);
        number(tree, "phandle", GIC);
        end(tree);
}

static void serial(void *tree)
{
        static const char known[] = "arm,pl011\0arm,primecell", clocks[] = "uartclk\0apb_pclk";

        begin(tree, "apb-pclk");
        text(tree, "compatible", "fixed-clock");
        number(tree, "#clock-cells", 0);
        number(tree, "clock-frequency", CLOCK_HERTZ);
        number(tree, "phandle", CLOCK);
        end(tree);
        begin(tree, "pl011@9000000");
        note(fdt_property(tree, "compatible", known, sizeof(known)));
        registers(tree, SERIAL, 0x1000);
        interrupt(tree, SERIAL_IRQ, LEVEL);
        cells(tree, "clocks", 2, (uint32_t)CLOCK, (uint32_t)CLOCK);
        note(fdt_property(tree, "clock-names", clocks, sizeof(clocks)));
        end(tree);
}

static void slots(void *tree)
{
        static const char *const name[] = {"virtio_mmio@a000000", "virtio_mmio@a000200",
                                           "virtio_mmio@a000400", "virtio_mmio@a000600"};

        for (unsigned i = 0; i < slots_used(); i++) {
                begin(tree, name[i]);
                text(tree, "compatible", "virtio,mmio");
                registers(tree, SLOT + i * SLOT_BYTES, SLOT_BYTES);
                interrupt(tree, SLOT_IRQ + i, LEVEL);
                flag(tree, "dma-coherent");
                end(tree);
        }
}

size_t tree_make(void *at, size_t bytes, const struct settings *s, uint64_t initrd, uint64_t initrd_bytes)
{
        error = fdt_create(at, (int)bytes);
        note(fdt_finish_reservemap(at));
        begin(at, "");
        number(at, "#address-cells", 2);
        number(at, "#size-cells", 2);
        text(at, "compatible", "linux,dummy-virt");
        text(at, "model", "Tessera virtual machine");
        number(at, "interrupt-parent", GIC);
        chosen(at, s, initrd, initrd_bytes);
        begin(at, "memory@40000000");
        text(at, "device_type", "memory");
        registers(at, MACHINE_RAM, monitor.ram_bytes);
        end(at);
        processors(at);
        timer(at);
        controller(at);
        serial(at);
        slots(at);
        end(at);
        note(fdt_finish(at));
        return error ? 0 : fdt_totalsize(at);
}
