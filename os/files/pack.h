/* SPDX-License-Identifier: BSD-2-Clause */
/* A directory as a stream of bytes, and back: a CPIO archive ("newc") that is never in memory as a whole.
 *
 * Writing goes on over many calls while the files change: pack_begin takes a snapshot, which shares the frames of the
 * files (node_freeze) and costs a copy of their records.  One archive is written and one read at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

/* Take a snapshot of everything below `directory`; the size of its archive in bytes.  With `inodes` it is for a program
 * that knows these (sos/volume.h). */
uint64_t pack_begin(const struct node *directory, bool inodes);

/* The next bytes of the archive; fewer than `size` only at the end. */
size_t pack_next(void *to, size_t size);

/* Give the snapshot back: is it on the disk now? */
void pack_end(bool written);

/* The file of that number in the archive got this inode. */
void pack_has_inode(uint32_t number, uint32_t inode);

/* Entries of the snapshot whose paths are too long for an archive; they are left out. */
unsigned pack_too_deep(void);

/* Read an archive into `directory`, piece by piece.  False: no archive, or no room; nothing more is taken then. */
void unpack_into(struct node *directory);
bool unpack_take(const void *bytes, size_t size);
