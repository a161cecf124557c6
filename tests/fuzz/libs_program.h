/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that the fuzzer of the libraries runs as the root task.  Between the two sides of the fuzzer: one sees the
 * kernel's headers, the other the public ones. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Set when a program came to its end. */
extern bool libs_program_ended;

void libs_program_begin(unsigned long bootinfo);

/* The bytes that libs_program_play will follow. */
void libs_program_input(const uint8_t *data, size_t size);
void libs_program_play(unsigned long unused);
