/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects of the root task, capability and memory as one value, and the two spaces that everything comes from:
 * the root task's CSpace and its own address space, which bootstrap fills (main.c). */
#pragma once

#include <stdbool.h>

#include <cspace/cspace.h>
#include <object/object.h>
#include <sel4/sel4.h>
#include <vspace/vspace.h>

extern cspace_t root_cspace;
extern vspace_t root_vspace;

struct object {
        seL4_CPtr cap;
        ut_t *ut;
};

/* `bits` is what Retype wants for the type; false without memory or slots. */
static inline bool object_make(struct object *o, seL4_Word type, seL4_Word bits)
{
        o->ut = ut_new_object(&root_cspace, &o->cap, type, bits);
        return o->ut;
}

/* No effect if there is no object. */
static inline void object_free(struct object *o)
{
        if (o->ut)
                ut_free_object(&root_cspace, o->cap, o->ut);
        *o = (struct object){0};
}
