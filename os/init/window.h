/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task's own address space: where it maps what, and mapping itself. */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

#define WINDOW_FRAMES  0x1000000000ull /* every frame of the frame table */
#define WINDOW_DEVICES 0x2000000000ull
#define WINDOW_DISK    0x2800000000ull /* pages that go to and from the disk */
#define WINDOW_STACKS  0x3000000000ull /* stacks and IPC buffers of our own threads, with gaps */

/* Map a frame; tables are made as needed and stay.  False when memory is out. */
bool window_map(seL4_CPtr frame, seL4_Word va, seL4_ARM_VMAttributes attributes);

/* Map the page of a device register block; NULL when somebody has it already. */
volatile void *window_map_device(seL4_Word paddr);

/* Map `pages` fresh frames from `va` on; they are never given back. */
bool window_fill(seL4_Word va, seL4_Word pages);
