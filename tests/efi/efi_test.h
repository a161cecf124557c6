/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the two halves of the test: results, and the tables of a made-up machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void expect(bool good, const char *what);

/* --- acpi_test.c --- */

/* Tables of a machine with a GIC of this version (3: with ranges of redistributors; 4: one of each core), and a root pointer. */
uint64_t acpi_tables(unsigned version);
const unsigned char *acpi_read(uint64_t address, uint64_t size);
void acpi_tests(void);
