/* SPDX-License-Identifier: BSD-2-Clause */
/* A small world for the tests of virtual memory: RAM, slots, objects and a caller, without boot and without threads.
 *
 * Requests go straight to the invocation functions.  After each one the pretended TLB is compared with the tables
 * (arch/host/host_tlb.h), so a translation that the kernel forgot to drop fails the test that made it.
 */
#pragma once

#include "arch/host/host_tlb.h"
#include "invoke/labels.h"
#include "invoke/request.h"
#include "tests/lib/test.h"
#include "vm/asid.h"
#include "vm/frame.h"
#include "vm/kinds_vm.h"
#include "vm/space.h"
#include "vm/table.h"

/* Public error numbers. */
enum error {
        OK = 0,
        INVALID_ARGUMENT = 1,
        INVALID_CAPABILITY = 2,
        ILLEGAL_OPERATION = 3,
        RANGE_ERROR = 4,
        ALIGNMENT_ERROR = 5,
        FAILED_LOOKUP = 6,
        TRUNCATED_MESSAGE = 7,
        DELETE_FIRST = 8,
        REVOKE_FIRST = 9,
};

enum { RW = RIGHT_READ | RIGHT_WRITE, DEFAULT_ATTRIBUTES = 3, NEVER_EXECUTE = 4, UNCACHED = 0 };

static const word VA = 0x40000000;

struct args {
        word length;
        word mr[3];
        word extras;
        struct slot *extra[2];
};

struct world {
        struct slot *cnode; /* cap to a CNode of `slots` */
        struct slot *slots;
        word next_slot, memory;    /* the next unused ones */
        struct slot *asid_control; /* caps */
        struct slot *pool;         /* of ASIDs 1 to 511 */
        struct thread *caller;
        struct request last; /* the request asked last */
};

enum { WORLD_SLOT_BITS = 12, WORLD_MEMORY = 32 << 20 };

extern struct world world;

/* Start over. */
void world_make(void);

/* Cleared memory of 2^bits bytes, aligned to its size; its physical address. */
word new_memory(word bits);

struct slot *new_slot(void);
struct slot *new_cap(struct cap c); /* an original without ancestors */
struct slot *new_frame(word level);
struct slot *new_device_frame(word paddr, word level);
struct slot *new_table(void);
struct slot *new_vspace(void); /* without ASID */
struct slot *new_space(void);  /* assigned in world.pool */
struct slot *new_untyped(word bits, bool device);
struct slot *new_pool(void); /* by MakePool from a new untyped; NULL when refused */

/* A copy as CNode_Copy makes it; NULL when it cannot be derived. */
struct slot *new_copy(struct slot *of, word rights);

/* Invoke; returns the error number, world.last.why has the details. */
word ask(struct slot *on, word label, struct args args);

/* The details of the refusal just received are these. */
bool details(word length, word d0, word d1, word d2);

word map_frame_at(struct slot *frame, struct slot *space, word va);
word map_frame_with(struct slot *frame, struct slot *space, word va, const word rights_and_attributes[2]);
word unmap_frame_of(struct slot *frame);
word map_table_at(struct slot *table, struct slot *space, word va);
word unmap_table_of(struct slot *table);

/* All tables for 4 KiB pages around `va`; the caps of levels 1, 2 and 3. */
void map_tables(struct slot *space, word va, struct slot *tables[3]);

/* Delete one cap. */
void drop(struct slot *s);

/* Enter the space (NULL: none) as a thread that has the cap would. */
void enter(struct slot *space);

/* The physical address that user level reaches at `va`; ~0 when it faults. */
word reach(word va);

/* ESR of an access of user level; 0 when it succeeds. */
word syndrome(word va, enum host_access how);
