/* SPDX-License-Identifier: BSD-2-Clause */
/* The device drivers the kernel has, chosen at run time by `compatible` strings.
 *
 * Level 2.  Drivers keep the address of their registers in variables that are constant after boot.
 */
#pragma once

#include "core/platform.h"
#include "handover.h"
#include "layout.h"

/* One row per device type: `probe` notes the registers and fills its part of `platform`. */
struct driver {
        const char *compatible;
        void (*probe)(const struct handover_device *d);
};

/* Fill `platform`, console first.  False: no known interrupt controller serves this core. */
bool drivers_probe(const struct handover *h);

/* The ranges of physical memory that belong to the interrupt controller and are never given to users; returns their
 * number, at most DRIVERS_WITHHELD_MAX. */
enum { DRIVERS_WITHHELD_MAX = HANDOVER_REG_MAX };
word drivers_withheld(const struct handover *h, struct handover_range *range);

void gicv2_probe(const struct handover_device *d);
struct handover_range
gicv2_interface(const struct handover_device *d); /* the part that users must not have */
void gicv3_probe(const struct handover_device *d);
void vgic2_probe(const struct handover_device *d); /* at EL2, behind the former: the virtual interface */
void vgic3_probe(const struct handover_device *d);
void bcm2836_probe(const struct handover_device *d);
void bcm2836_probe_armctrl(const struct handover_device *d);
void uart_probe(const struct handover_uart *u);

static inline volatile uint32_t *register_at(word paddr)
{
        return (volatile uint32_t *)window(paddr);
}
