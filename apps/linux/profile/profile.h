/* SPDX-License-Identifier: BSD-2-Clause */
/* Sampling profiler: what its parts share.  main.c finds the process and takes samples, symbols.c knows names of functions, stacks.c
 * counts equal stacks in a tree, flame.c draws it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { DEPTH = 48, NAME = 64 };

/* One function in one place of the tree: how many samples were in it or below, and in it alone. */
struct frame {
        char name[NAME];
        unsigned all, self;
        struct frame *first, *next; /* the functions that it calls, and the others that its caller calls */
};

/* Read the symbols of what a process runs; without any, all names are "?". */
bool symbols_read(int pid);
void symbol_name(uint64_t pc, char name[NAME]);

/* Adds a sample: `depth` addresses, the innermost first. */
void stacks_add(struct frame *root, const uint64_t *pc, unsigned depth);

/* A line for each stack, "a;b;c COUNT". */
void stacks_write(const struct frame *root, FILE *to);

/* The functions that were innermost most often. */
void stacks_show(const struct frame *root);

void flame_write(const struct frame *root, const char *title, FILE *to);
