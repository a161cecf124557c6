/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sel4/sel4.h>

#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

/* Start a program; the arguments are words with a NUL behind each, and one more (`size` counts them all). */
pid_t start(const char *program, const char *arguments, size_t size);

/* Ends everybody except the shell and this process, and waits for their ends. */
void end_all(void);

/* Use up all memory with files, and see what is still possible then; 0 when all is well. */
int fill(void);
