/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for the translation tables of AArch64 from the time when each level had its own object type.  The top
 * level is now the VSpace, and all others are page tables. */
#pragma once

#include <interfaces/sel4_client.h>
#include <sel4/config.h>
#include <sel4/invocation.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/constants.h>
#include <sel4/types.h>

#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
/* One level less: what was the second is the top one, and there is no first. */
#define seL4_ARM_PageGlobalDirectory SEL4_DEPRECATE_MACRO(seL4_CPtr)
#define seL4_PGDBits                 SEL4_DEPRECATE_MACRO(0)
#define seL4_PGDEntryBits            SEL4_DEPRECATE_MACRO(0)
#define seL4_PGDIndexBits            SEL4_DEPRECATE_MACRO(0)

#define seL4_ARM_PageUpperDirectory       SEL4_DEPRECATE_MACRO(seL4_ARM_VSpace)
#define seL4_ARM_PageUpperDirectoryObject SEL4_DEPRECATE_MACRO(seL4_ARM_VSpaceObject)
#define seL4_PUDBits                      SEL4_DEPRECATE_MACRO(seL4_VSpaceBits)
#define seL4_PUDEntryBits                 SEL4_DEPRECATE_MACRO(seL4_VSpaceEntryBits)
#define seL4_PUDIndexBits                 SEL4_DEPRECATE_MACRO(seL4_VSpaceIndexBits)
#else
#define seL4_ARM_PageGlobalDirectory       SEL4_DEPRECATE_MACRO(seL4_ARM_VSpace)
#define seL4_ARM_PageGlobalDirectoryObject SEL4_DEPRECATE_MACRO(seL4_ARM_VSpaceObject)
#define seL4_PGDBits                       SEL4_DEPRECATE_MACRO(seL4_VSpaceBits)
#define seL4_PGDEntryBits                  SEL4_DEPRECATE_MACRO(seL4_VSpaceEntryBits)
#define seL4_PGDIndexBits                  SEL4_DEPRECATE_MACRO(seL4_VSpaceIndexBits)

#define seL4_ARM_PageUpperDirectory       SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable)
#define seL4_ARM_PageUpperDirectoryObject SEL4_DEPRECATE_MACRO(seL4_ARM_PageTableObject)
#define seL4_ARM_PageUpperDirectory_Map   SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable_Map)
#define seL4_ARM_PageUpperDirectory_Unmap SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable_Unmap)
#define seL4_PUDBits                      SEL4_DEPRECATE_MACRO(seL4_PageTableBits)
#define seL4_PUDEntryBits                 SEL4_DEPRECATE_MACRO(seL4_PageTableEntryBits)
#define seL4_PUDIndexBits                 SEL4_DEPRECATE_MACRO(seL4_PageTableIndexBits)
#endif

#define seL4_ARM_PageDirectory       SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable)
#define seL4_ARM_PageDirectoryObject SEL4_DEPRECATE_MACRO(seL4_ARM_PageTableObject)
#define seL4_ARM_PageDirectory_Map   SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable_Map)
#define seL4_ARM_PageDirectory_Unmap SEL4_DEPRECATE_MACRO(seL4_ARM_PageTable_Unmap)
#define ARMPageDirectoryMap          SEL4_DEPRECATE_MACRO(ARMPageTableMap)
#define ARMPageDirectoryUnmap        SEL4_DEPRECATE_MACRO(ARMPageTableUnmap)
#define seL4_PageDirBits             SEL4_DEPRECATE_MACRO(seL4_PageTableBits)
#define seL4_PageDirEntryBits        SEL4_DEPRECATE_MACRO(seL4_PageTableEntryBits)
#define seL4_PageDirIndexBits        SEL4_DEPRECATE_MACRO(seL4_PageTableIndexBits)
