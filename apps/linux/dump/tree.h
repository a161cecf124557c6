/* SPDX-License-Identifier: BSD-2-Clause */
/* The derivation tree as rows: each capability below the one that it was made from. */
#ifndef TREE_H
#define TREE_H

#include "dump.h"

struct row {
        const struct capability *cap;
        unsigned depth;
        size_t parent; /* row, or the own number at the top */
        size_t more;   /* this many that look like it, with all below them, follow and have no rows */
};

/* Rows, to be freed; *count of them.  Not `all`: of neighbours that look the same only the first ones. */
struct row *tree_rows(struct dump *d, bool all, size_t *count);

/* Physical address of the object that a capability names; 0: none. */
uint64_t cap_memory(const struct capability *c);

/* A line about a row, without a newline. */
void tree_label(const struct dump *d, const struct row *r, char *to, size_t size);

#endif
