/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory as a buddy system, and kernel objects made from it.
 *
 * Each boot untyped is the root of a tree of pieces; a piece is free, in use by one object, or split into two halves.
 * Two free halves melt at once, so after everything is given back the trees look as before.  The kernel has the same
 * view: a piece's untyped capability has children exactly while it is split or in use.
 */
#pragma once

#include <sel4/sel4.h>

#include "os/init/slots.h"

struct piece;

/* A kernel object: its capability in the root CNode, and its memory. */
struct object {
        seL4_CPtr cap;
        struct piece *piece;
};

struct memory_root {
        seL4_Word paddr, bytes, used; /* used by objects, not by pieces that are split */
};

void memory_init(const seL4_BootInfo *info);

/* Make an object; false when memory or slots are out, and then nothing is left behind.  `bits` is what Retype wants for
 * the type; `kind` goes into the slot record. */
bool object_make(struct object *o, seL4_Word type, seL4_Word bits, enum slot_kind kind);

/* Make `count` objects of one kind in one piece of 2^piece_bits bytes; their slots follow o->cap. */
bool objects_make(struct object *o, seL4_Word type, seL4_Word bits, seL4_Word piece_bits, seL4_Word count);

/* Destroy the object with every copy of its capability anywhere. */
void object_free(struct object *o);
void objects_free(struct object *o, seL4_Word count);

/* A frame of device memory at a page address; false when that page was given away before. */
bool object_make_device(struct object *o, seL4_Word paddr);

/* RAM root number i, ascending by address; false when there are no more. */
bool memory_root(seL4_Word i, struct memory_root *r);
