/* SPDX-License-Identifier: BSD-2-Clause */
/* From an ELF file to regions, stack and first registers. */
#pragma once

#include "elf/stack.h"
#include "os/process/process.h"

#define IMAGE_STACK_TOP 0x90000000ull

struct image_entry {
        seL4_Word pc, sp;
        bool native; /* speaks by message, not by svc */
};

/* Is it a program, as far as its headers show?  0 or -SOS_E*. */
int image_check(struct node *program);

/* A first stack, made in a window of the server's before there is a space for it, and put there later.  Work on it goes in pieces,
 * which end with the server's (pace.h): it starts with the plan's strings; image_stack_some puts them, true: that was all, and `sp` is
 * 0 when they are too long; image_load finishes it; image_stack_put_some puts it into the space. */
struct image_stack {
        struct elf64_stack stack;
        struct elf64_words words;
        seL4_Word random, name; /* what the auxiliary vector tells of */
        seL4_Word sp, put;      /* up to where it is in the space */
        size_t left[2];         /* bytes of arguments and environment that are not on it */
};

struct image_part {
        seL4_Word headers, header_count, entry;
        bool native;
};

void image_stack_begin(struct image_stack *s, const struct process_plan *plan, void *window, size_t size);
bool image_stack_some(struct image_stack *s, const struct process_plan *plan);
void image_stack_finish(struct image_stack *s, const struct process_plan *plan, const struct image_part *part,
                        seL4_Word linker);
enum space_copied image_stack_put_some(struct image_stack *s, struct space *space);

/* The same program begins again in its space, whose writable pages are as at the start: the stack's content.  0 or -SOS_E*. */
int image_again(struct space *s, const struct process_plan *plan, struct image_entry *entry);

/* Fill an empty space: a region for each segment, heap, stack with arguments and auxiliary vector; one that the plan brings with it is
 * only finished, and put there by the caller.  0 or -SOS_E*. */
int image_load(struct space *s, const struct process_plan *plan, struct image_entry *entry);
