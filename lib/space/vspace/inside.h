/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the vspace library share: single pages, entered into kernel tables and shadow, and taken out.
 *
 * Results: 0, a seL4_Error, or -1 for out of memory or slots.
 */
#pragma once

#include <shadow/shadow.h>
#include <vspace/vspace.h>

int vspace_enter(vspace_t *vspace, seL4_Word vaddr, size_t size_bits, struct entry entry);
void vspace_drop(vspace_t *vspace, struct place at);

/* Does the kernel have a page where the records say so? */
bool vspace_is_live(const vspace_t *vspace, struct place at);

/* Set by the device library: a mapping with a capability of its own came (1) or went (-1) of the page at `paddr`, which may
 * be device memory. */
extern void (*vspace_device_hook)(uintptr_t paddr, int change);
