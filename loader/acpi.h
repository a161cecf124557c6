/* SPDX-License-Identifier: BSD-2-Clause */
/* A small device tree from ACPI tables, so that loader, libraries and OS keep one source of facts.
 *
 * What is taken: interrupt controller and cores (MADT), timer (GTDT), console (SPCR), how firmware is called (FADT).  Devices
 * that only the interpreted language describes are unknown: no disk, no clock.  Tables are not trusted: every length is checked
 * against the table around it, a table or an entry longer than we know is read as far as we know it; one that is too short for
 * what we need, or whose checksum is wrong, counts as missing.  Everything is read one byte at a time, because entries are not
 * aligned.
 *
 * Specification: ACPI 6.4, sections 5.2.5 to 5.2.12 and 5.2.25; Serial Port Console Redirection Table 1.07.
 */
#pragma once

#include <stdint.h>

/* `size` bytes at a physical address, NULL if they cannot be read. */
typedef const unsigned char *(*acpi_at)(uint64_t address, uint64_t size);

/* Writes the tree for the root pointer at `root` into the caller's memory.  Returns NULL, or one sentence that says what is wrong. */
const char *acpi_write_tree(acpi_at at, uint64_t root, void *tree, uint32_t size);
