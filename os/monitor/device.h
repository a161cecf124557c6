/* SPDX-License-Identifier: BSD-2-Clause */
/* Emulated devices by their addresses.  Offsets are from the device's start; widths are 1, 2, 4 or 8 bytes.
 *
 * Owns the table of devices (device.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct settings;

struct emulated {
        uint64_t base, size;
        uint64_t (*read)(void *device, uint64_t offset, unsigned width);
        void (*write)(void *device, uint64_t offset, unsigned width, uint64_t value);
        void *device;
};

enum {
        DISTRIBUTOR = 0x08000000,
        REDISTRIBUTOR = 0x080a0000,
        REDISTRIBUTOR_BYTES = 0x20000, /* of each processor, one after the other */
        SERIAL = 0x09000000,
        SERIAL_IRQ = 33,
        SLOT = 0x0a000000, /* virtio-mmio, one after the other */
        SLOT_BYTES = 0x200,
        SLOT_IRQ = 48,
        TIMER_IRQ = 27,
};

void device_add(const struct emulated *e);

/* NULL: there is no device. */
const struct emulated *device_at(uint64_t address, unsigned width);

/* --- devices --- */

void gic_open(unsigned version);
void serial_open(void);
void hvc_open(void);

/* A network card on the wire of this machine, when there is one (sos/wire.h). */
void card_open(void);

/* Bytes or frames may have come, or there may be room again. */
void serial_look(void);
void hvc_look(void);
void card_look(void);

/* A disk in a file, or in a part of one: there is one, or the monitor ends. */
void disk_open(const struct settings *s);
unsigned slots_used(void);
