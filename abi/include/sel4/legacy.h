/* SPDX-License-Identifier: BSD-2-Clause */
/* Compatibility: kernel interface names of the releases up to 12.1, and those of lecture slides of that time, that
 * release 16 has no header for any more.  Clients written for release 16 do not need it.
 *
 * Gone without a replacement, and so not here: seL4_VCPUReg_ISR, seL4_VCPUReg_CNTV_TVAL, seL4_VCPUReg_TPIDR_EL0,
 * seL4_VCPUReg_TPIDRRO_EL0, seL4_VSpaceReservedSlots. */
#pragma once

#include <sel4/sel4.h>

/* --- one page table object per level, until 12.1 --------------------------------------------------------------- */

#define ARMPageUpperDirectoryMap   ARMPageTableMap
#define ARMPageUpperDirectoryUnmap ARMPageTableUnmap

#define seL4_ARM_PageGlobalDirectory_Clean_Data           seL4_ARM_VSpace_Clean_Data
#define seL4_ARM_PageGlobalDirectory_Invalidate_Data      seL4_ARM_VSpace_Invalidate_Data
#define seL4_ARM_PageGlobalDirectory_CleanInvalidate_Data seL4_ARM_VSpace_CleanInvalidate_Data
#define seL4_ARM_PageGlobalDirectory_Unify_Instruction    seL4_ARM_VSpace_Unify_Instruction
#define ARMPageGlobalDirectoryClean_Data                  ARMVSpaceClean_Data
#define ARMPageGlobalDirectoryInvalidate_Data             ARMVSpaceInvalidate_Data
#define ARMPageGlobalDirectoryCleanInvalidate_Data        ARMVSpaceCleanInvalidate_Data
#define ARMPageGlobalDirectoryUnify_Instruction           ARMVSpaceUnify_Instruction

/* The old call had no address.  Mapping a frame again needs it, so a call with the old arguments does not compile:
 * it must be told where the frame is mapped. */
#define seL4_ARM_Page_Remap seL4_ARM_Page_Map
#define ARMPageRemap        ARMPageMap

/* --- renamed ----------------------------------------------------------------------------------------------------- */

#define seL4_CapIOPort        seL4_CapIOPortControl
#define SchedControlConfigure SchedControlConfigureFlags /* takes one more word: the flags */
typedef seL4_Timeout_Msg seL4_TimeoutMsg;

#define SEL4_OFFSETOF(type, member) __builtin_offsetof(type, member)

/* --- spelled as on the slides ------------------------------------------------------------------------------------ */

#define PageGlobalDirectoryObject      seL4_ARM_VSpaceObject
#define seL4_PageObject                seL4_ARM_SmallPageObject /* ignored as a retype size, like any other size */
#define seL4_ARCH_Page_Map             seL4_ARM_Page_Map
#define seL4_ARCH_Page_Unmap           seL4_ARM_Page_Unmap
#define seL4_Default_VMAttributes      seL4_ARM_Default_VMAttributes
#define seL4_ARCH_Default_VMAttributes seL4_ARM_Default_VMAttributes
#define seL4NilData                    seL4_NilData

#define Signal(notification)       seL4_Signal(notification)
#define Poll(notification, sender) seL4_Poll(notification, sender)
