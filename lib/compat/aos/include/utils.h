/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's shorthand for one object, in the CSpace of the server, which it names `cspace`. */
#pragma once

#include <object/object.h>
#include <utils/util.h>

extern cspace_t cspace;

/* Memory, slot and object; NULL with nothing left behind. */
static inline ut_t *alloc_retype(seL4_CPtr *cptr, seL4_Word type, size_t size_bits)
{
        return ut_new_object(&cspace, cptr, type, size_bits);
}
