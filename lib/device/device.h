/* SPDX-License-Identifier: BSD-2-Clause */
/* Device memory in address spaces: found by its physical address, each page shared by all who ask for it. */
#pragma once

#include <vspace/vspace.h>

/* Map the physical range [addr, addr + size) of device memory into the caller's address space, readable, writable, not
 * cached, never executable.  Any alignment; the result points at `addr` itself.  Asking again for a page that is mapped
 * counts the users and returns the same mapping.  NULL (reported) if there is no such device memory. */
void *sos_map_device(cspace_t *cspace, uintptr_t addr, size_t size);

/* The reverse; the page goes with its last user. */
int sos_unmap_device(void *address, size_t size);

/* The same for another address space, at `vaddr` (page aligned) or somewhere (0): for drivers in processes.  Returns the
 * address there, 0 on failure. */
seL4_Word vspace_map_device(vspace_t *vspace, uintptr_t addr, size_t size, seL4_Word vaddr);
int vspace_unmap_device(vspace_t *vspace, seL4_Word address, size_t size);
