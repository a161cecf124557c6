/* SPDX-License-Identifier: BSD-2-Clause */
/* What an image with the hypervisor interface needs from the machine, and which parts of the machine belong to its guests. */
#include <string.h>

#include "lib/driver/fdt/fdt.h"
#include "loader/loader.h"

enum { DEFAULT_TIMER = 26, DEFAULT_GUEST_TIMER = 27, DEFAULT_MAINTENANCE = 25 };

static uint64_t physical_bits(void)
{
        static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 52};
        uint64_t features = 0;

#ifdef __aarch64__
        __asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
#endif
        return (features & 15) < sizeof(bits) ? bits[features & 15] : 52;
}

static bool has_el2(void)
{
        uint64_t features = 0;

#ifdef __aarch64__
        __asm__("mrs %0, id_aa64pfr0_el1" : "=r"(features));
#endif
        return features >> 8 & 15;
}

/* The image requires the interface of EL2: what is missing is reported in one line. */
void el2_check(const struct handover *h)
{
        uint64_t bits = h->options.hypervisor;

        if (bits == 0)
                return;
        if (entry_level() < 2 || !has_el2())
                stop("this image needs a machine that starts it at EL2 (QEMU: -machine "
                     "virt,virtualization=on); it was "
                     "entered at EL%lu",
                     entry_level());
        if (bits != 40 && bits != 44)
                stop("this loader knows no hypervisor interface with %lu address bits", (uint64_t)bits);
        if (physical_bits() < bits)
                stop("this core has %lu physical address bits, and the image was made for %lu (mkimage "
                     "--el2=%lu)",
                     physical_bits(), bits, bits);
        for (uint64_t i = 0; i < h->device_count; i++)
                if (strstr(h->device[i].compatible, "brcm") != NULL)
                        stop("this image needs a GIC for its guests' interrupts, and the machine has a %s",
                             h->device[i].compatible);
}

/* The interrupt lines that belong to the kernel: its own timer, the guests' timer, and the one that announces the guests' interrupts. */
void el2_lines(const struct fdt *fdt, struct handover *h)
{
        struct fdt_interrupt line;

        if (h->options.hypervisor == 0)
                return;
        line = fdt_read_timer(fdt);
        h->guest_timer_irq = line.controller == FDT_GIC ? line.number : DEFAULT_GUEST_TIMER;
        line = fdt_read_hypervisor_timer(fdt);
        h->timer_irq = line.controller == FDT_GIC ? line.number : DEFAULT_TIMER;
        h->maintenance_irq = DEFAULT_MAINTENANCE;
        for (int node = 0; node >= 0; node = fdt_find_following(fdt, node)) {
                if (fdt_controller_kind(fdt, node) != FDT_GIC)
                        continue;
                line = fdt_read_interrupt(fdt, node, 0);
                if (line.controller == FDT_GIC)
                        h->maintenance_irq = line.number;
                return;
        }
}

/* QEMU's machine reserves RAM for guests: user level gets it as device memory (spec el2.md 13). */
void el2_keep_guest_memory(const struct handover *h, struct list ram)
{
        static const struct handover_range guests = {0x40000000, 0x60000000};

        if (h->options.hypervisor == 0)
                return;
        for (uint64_t i = 0; i < h->device_count; i++) {
                if (strcmp(h->device[i].compatible, "linux,dummy-virt") != 0)
                        continue;
                list_subtract(ram, guests);
                if (*ram.count == 0)
                        stop("an image with the hypervisor interface keeps the first 512 MiB of this machine "
                             "for guests; it "
                             "needs more (QEMU: -m 1G)");
        }
}
