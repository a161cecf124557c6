/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two distributors have in common: registers of a bit, of two bits and of a byte per interrupt, at the same offsets.
 *
 * Byte lanes: a narrow access sees and writes just its bytes.
 */
#pragma once

#include "os/monitor/device.h"
#include "os/monitor/irq.h"
#include "os/monitor/monitor.h"

enum {
        GIC_GROUP = 0x080,
        GIC_SET_ENABLE = 0x100,
        GIC_CLEAR_ENABLE = 0x180,
        GIC_SET_PENDING = 0x200,
        GIC_CLEAR_PENDING = 0x280,
        GIC_SET_ACTIVE = 0x300,
        GIC_CLEAR_ACTIVE = 0x380,
        GIC_PRIORITY = 0x400,
        GIC_TARGET = 0x800,
        GIC_TRIGGER = 0xc00,
        GIC_TRIGGER_END = 0xd00,
};

/* Registers from GIC_GROUP up to GIC_TRIGGER_END; interrupts from `first` on have registers here, others read as zero and ignore writes. */
uint32_t gic_read(uint64_t offset, unsigned width, unsigned first);
void gic_write(uint64_t offset, unsigned width, uint32_t value, unsigned first);

void gicv2_open(void);
void gicv3_open(void);
