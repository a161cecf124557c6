/* SPDX-License-Identifier: BSD-2-Clause */
/* What this machine has, from its device tree: serial line, disk, clock.  The only place of the starter OS that looks for
 * devices.
 *
 * Anything missing or unusable is reported in one line; the system runs without it.
 */
#pragma once

#include <device/device.h>
#include <stdbool.h>
#include <uart/uart.h>

#include "os/device/serial.h"

/* Take the device tree from the boot information. */
void board_open(const seL4_BootInfo *info);

/* A line for each thing that the tree does not name at all: a clock, a place for a disk. */
void board_say_missing(void);

/* One of the words that the machine was started with: `terminal` (tools/run-qemu), `trace`. */
bool board_started_with(const char *word);

/* The value of a word `name` (with its "=") of those; empty when there is none.  At most size - 1 characters. */
void board_setting(const char *name, char *value, size_t size);

/* The console.  False: the kernel's console stays in use, and there is no input. */
bool board_serial(struct serial_device *serial);

/* Device number `index` of those that could be virtio devices, mapped; false behind the last.  An empty slot is one too. */
bool board_virtio(unsigned index, struct device *device);

/* What guests get: the version of the interrupt controller and, of 2, where the virtual processor's interface lies; 0: neither is known. */
unsigned board_gic(uintptr_t *interface);

/* Range number `index` of RAM in the tree; false behind the last. */
bool board_memory(unsigned index, uintptr_t *start, size_t *bytes);

/* The first device that is compatible with this, mapped; false: there is none. */
bool board_device(const char *compatible, struct device *device);

/* Set the date, in microseconds since 1970.  Until then dates count from power-on. */
void board_learn_date(uint64_t us);

/* Microseconds since 1970 at power-on, 0 without a clock that knows. */
uint64_t board_epoch(void);

/* Write it there as well, now and whenever another one is learnt. */
void board_tell_epoch(uint64_t *place);

/* Microseconds since 1970; without such a clock, since power-on. */
uint64_t board_date_us(void);
