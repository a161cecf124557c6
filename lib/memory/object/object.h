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

/* --- the same as one value, so that address and CPtr cannot drift apart --- */

typedef struct kobj {
        seL4_CPtr cptr; /* 0: none */
        ut_t *ut;
        cspace_t *cspace; /* that of cptr */
        seL4_Word type;
        size_t bits; /* bytes, log2 */
} kobj_t;

/* 0, or -1 with nothing left behind.  `size_bits` counts for types of variable size only. */
int kobj_new(kobj_t *object, cspace_t *cspace, seL4_Word type, size_t size_bits);

/* UT_IN_USE (reported) if other capabilities keep the object alive; then call it again when they are gone. */
enum ut_error kobj_free(kobj_t *object);

static inline uintptr_t kobj_paddr(const kobj_t *object)
{
        return ut_paddr(object->ut);
}

/* What occupies the memory at `paddr`?  "2^11 bytes at 0x4000800: in use, an object lives there" and the like; returns `text`. */
const char *object_explain(uintptr_t paddr, char *text, size_t size);
