/* SPDX-License-Identifier: BSD-2-Clause */
/* What os/device/serial.c uses of the API; the test is the kernel. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t seL4_Word, seL4_CPtr;

typedef struct seL4_BootInfo seL4_BootInfo;

enum { seL4_CapNull = 0 };

void seL4_Signal(seL4_CPtr cap);
void seL4_DebugPutChar(char c);
