/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects: memory, slot and object in one step, each way. */
#pragma once

#include <ut/ut.h>

/* A piece and an object in one step: allocate memory and a slot in `cspace`, retype.  Undone on failure (NULL). */
ut_t *ut_new_object(cspace_t *cspace, seL4_CPtr *cptr, seL4_Word type, size_t size_bits);

/* The reverse: delete the capability, free slot and memory. */
enum ut_error ut_free_object(cspace_t *cspace, seL4_CPtr cptr, ut_t *piece);

/* Bytes (log2) that an object of this type needs; `size_bits` is the retype argument for types of variable size.  0 for
 * an unknown type. */
size_t ut_object_bits(seL4_Word type, size_t size_bits);
