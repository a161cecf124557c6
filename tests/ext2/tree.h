/* SPDX-License-Identifier: BSD-2-Clause */
/* A random tree that changes at random, as an archive; and the content of an archive as sorted lines that can be compared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bytes {
        char *at;
        size_t size, room;
};

bool bytes_add(void *bytes, const void *what, size_t size);
void tree_begin(void);
void tree_change(void);
void tree_archive(struct bytes *to);

/* The same archive as one that knows the inodes, those of the disk's own archive (known.c). */
void known_archive(const struct bytes *whole, const struct bytes *disk, struct bytes *to);

/* The lines of an archive, sorted; NULL if it is not one.  The caller frees them. */
char *tree_lines(const struct bytes *archive);
