/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel console output.  Formats: %s %c %d %u %x %p and %% ; words are printed with %ld, %lu and %lx.
 *
 * print_debug lines vanish from release builds (the release kernel prints nothing but a panic).
 */
#pragma once

#include "core/word.h"

void print_char(char c); /* a line feed is preceded by a carriage return */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define print_debug(...) (DEBUG_BUILD ? print(__VA_ARGS__) : (void)0)
