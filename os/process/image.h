/* SPDX-License-Identifier: BSD-2-Clause */
/* From an ELF file to regions, stack and first registers. */
#pragma once

#include "os/process/process.h"

struct image_entry {
        seL4_Word pc, sp;
        bool native; /* speaks by message, not by svc */
};

/* Is it a program, as far as its headers show?  0 or -SOS_E*. */
int image_check(struct node *program);

/* The same program begins again in its space, whose writable pages are as at the start: the stack's content.  0 or -SOS_E*. */
int image_again(struct space *s, const struct process_plan *plan, struct image_entry *entry);

/* Fill an empty space: a region for each segment, heap, stack with arguments and auxiliary vector.  0 or -SOS_E*. */
int image_load(struct space *s, const struct process_plan *plan, struct image_entry *entry);
