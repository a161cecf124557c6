/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading an ELF file into an address space that is known by its capability. */
#pragma once

#include <cspace/cspace.h>
#include <elf/elf.h>
#include <sel4/sel4.h>

/* Map all loadable segments, each page with the rights of its segment.  0 or -1; after a failure destroy the address space. */
int(elf_load)(cspace_t *cspace, seL4_CPtr loadee_vspace, elf_t *elf_file);
