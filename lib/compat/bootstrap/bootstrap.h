/* SPDX-License-Identifier: BSD-2-Clause */
/* From boot information to working libraries: the root task's first step.
 *
 *      cspace_t cspace;                                   static: the libraries keep pointers to it
 *      vspace_t vspace;
 *      bootstrap(&cspace, &vspace, start_bootinfo());
 *
 * Afterwards the root task runs in a new two-level CSpace of up to 2^20 slots, in which every boot capability has kept its number; the old
 * CNode is gone; all untyped memory is in the ut table; and the vspace library knows the task's address space, with everything that the
 * kernel mapped at boot marked as taken.
 *
 * Cost: O(boot capabilities); independent of the amount of RAM, except that the kernel clears the boot untyped from
 * which the first 512 KiB are taken.
 */
#pragma once

#include <cspace/cspace.h>
#include <object/object.h>
#include <sel4/sel4.h>
#include <ut/ut.h>
#include <vspace/vspace.h>

/* 0, or a seL4_Error (-1: not enough memory) with a report of the step that failed.  `vspace` may be NULL. */
int bootstrap(cspace_t *cspace, vspace_t *vspace, const seL4_BootInfo *bi);

/* The same, for a server whose calls should be short: its CSpace is one CNode with two slots for each page of RAM, rounded up to a power of
 * two, at least for what is in use and at most 2^20.  They take 1/64 to 1/32 of RAM and are cleared now.  Where no piece of memory is that
 * large, the CSpace has two levels. */
int bootstrap_flat(cspace_t *cspace, vspace_t *vspace, const seL4_BootInfo *bi);

/* The course's form; a failure is fatal. */
void sos_bootstrap(cspace_t *cspace, const seL4_BootInfo *bi);

/* Map a frame in the bookkeeping window, slots from `cspace`.  NULL on failure. */
void *bootstrap_map_frame(cspace_t *cspace, seL4_CPtr frame);

/* The callbacks that the root task's CSpace grows with, for derived two-level CSpaces to share (cookie: a cspace_t *). */
void *bootstrap_cspace_map_frame(void *cookie, seL4_CPtr frame, seL4_CPtr free_slots[], seL4_Word *used);
void *bootstrap_cspace_alloc_4k_ut(void *cookie, seL4_CPtr *cap);
void bootstrap_cspace_free_4k_ut(void *cookie, void *untyped);
void bootstrap_cspace_unmap_frame(void *cookie, seL4_CPtr frame, void *address);
cspace_alloc_t bootstrap_alloc(cspace_t *cspace);

/* Page tables of the bookkeeping window, a slot and 4 KiB each; they are never given back. */
size_t bootstrap_window_tables(void);

/* The scheduling control capability, the ASID pool and so on of this boot. */
const seL4_BootInfo *bootstrap_info(void);
