/* SPDX-License-Identifier: BSD-2-Clause */
/* The lecture's calls for mapping: a frame capability, a VSpace capability, an address.
 *
 * They keep the same books as vspace.h, so both can be mixed in one address space.  seL4_ARM_Page_Unmap or deleting the
 * frame ends a mapping made this way, too: the books ask the kernel when the page is wanted again (or in vspace_sweep).
 */
#pragma once

#include <device/device.h>
#include <vspace/vspace.h>

/* Map `frame` (4 KiB) at `vaddr` of the address space `vspace`, creating the tables that are missing with memory from
 * ut and slots from `cspace`.  Kernel error codes; seL4_DeleteFirst if something is mapped there; -1 without memory or
 * slots.  Whatever fails is undone. */
seL4_Error map_frame(cspace_t *cspace, seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                     seL4_CapRights_t rights, seL4_ARM_VMAttributes attr);

/* The same without any allocation of slots: tables go to free_slots[i], and bit i of *used says so.  No books are kept;
 * this is what bookkeeping memory itself is mapped with. */
seL4_Error map_frame_cspace(cspace_t *cspace, seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                            seL4_CapRights_t rights, seL4_ARM_VMAttributes attr,
                            seL4_CPtr free_slots[MAPPING_SLOTS], seL4_Word *used);

/* The books of the address space behind `vspace`; made now (empty) if there are none, as for one that was made with plain
 * kernel calls.  NULL without memory. */
vspace_t *vspace_of(cspace_t *cspace, seL4_CPtr vspace);
