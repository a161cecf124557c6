/* SPDX-License-Identifier: BSD-2-Clause */
/* What the steps of booting share: one record on the kernel stack, gone when the first thread runs.
 *
 * Level 15.  Everything follows the public boot contract (placement of the first objects, order of slots, untyped
 * list), because system-composition tools compute it beforehand.  Whatever goes wrong ends in boot_stop.
 */
#pragma once

#include "boot/bootinfo.h"
#include "boot/regions.h"
#include "cap/slot.h"

enum { BOOT_ASID = 1 };

/* Where the first objects lie; physical addresses. */
struct placement {
        struct handover_range all;
        word extra_bits; /* size of the extra bootinfo, 0: none */
        word extra, cnode, vspace, pool, buffer, info, tables, tcb, sc;
};

/* The initial address space: image, IPC buffer, bootinfo, extra bootinfo, in this order. */
struct user_layout {
        word start;               /* of the image */
        word buffer, info, extra; /* virtual addresses */
        word top;                 /* end of what has page tables */
        word table_count[3];      /* of levels 1, 2, 3 */
};

struct boot {
        struct handover *record; /* the loader's record, for what is not constant */
        struct handover h;       /* a copy: the loader's record may lie in memory that is given away */
        struct regions free;
        struct placement at;
        struct user_layout user;
        struct slot *slots; /* of the root CNode */
        word next_slot;
        struct bootinfo *info;
};

static inline word range_size(struct handover_range r)
{
        return r.end - r.start;
}

/* Print one line and stop the machine. */
_Noreturn void boot_stop(const char *why);

/* carve.c: memory for the first objects, and the rest as untyped caps */
void carve_free(struct boot *b);
void carve_place(struct boot *b);
void carve_untyped(struct boot *b);

/* first_space.c: the initial VSpace and its caps */
void space_plan(struct boot *b);
void space_make(struct boot *b);

/* first_task.c */
void task_caps(struct boot *b);
void task_start(struct boot *b);

/* cores_start.c: the other cores, which the loader has brought as far as secondary_start; they come in when the first is ready */
void cores_plan(const struct boot *b);
void cores_go(const struct boot *b);

/* bootinfo.c */
void bootinfo_fill(struct boot *b);
void bootinfo_extra(struct boot *b);
void bootinfo_extensions(const struct boot *b); /* before anything asks for the size */
word bootinfo_extra_size(const struct boot *b); /* bytes, 0: none */

/* Put a cap without ancestors into the next slot of the root CNode. */
struct slot *boot_provide(struct boot *b, struct cap cap);
