/* SPDX-License-Identifier: BSD-2-Clause */
/* An ext2 file system (ext3 and ext4 without the refused features) as one tree: read whole as a CPIO archive, changed to match an archive.
 *
 * A change is one commit (pages.h): after a power cut the file system holds the tree before it or the one after it, and is clean.
 * What the archive's format cannot represent (devices, sockets) is left alone, and so are attributes of files whose content changes.
 * One volume at a time; not for several threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages.h"

enum { VOLUME_WORDS = 160 };

enum volume_state { VOLUME_REFUSED, VOLUME_READ_ONLY, VOLUME_GOOD };

/* `words` says why it is refused or read-only, or that a log was carried out; otherwise it is empty. */
enum volume_state volume_open(const struct disk *disk, char words[VOLUME_WORDS]);
void volume_close(void);

/* Bytes that files can take up, including existing files. */
uint64_t volume_room(void);

/* All of it, piece by piece; false: an error, or `put` returned false.  With `left_out` content of files is left out, and its bytes are
 * counted there. */
bool volume_give(bool (*put)(void *state, const void *bytes, size_t size), void *state, uint64_t *left_out);

/* Pages of a file's content; after an error none follow.  False: `put` returned false. */
bool volume_pages(uint32_t ino, uint64_t page, uint64_t count, bool (*put)(uint64_t page, const void *bytes));

/* Match an archive, whose bytes arrive in pieces of any size; then volume_keep is the commit.  False, with the reason: the disk is
 * unchanged, and the volume has to be opened again. */
void volume_take_begins(void);
bool volume_take(const void *bytes, size_t size);
bool volume_keep(char words[VOLUME_WORDS]);

/* The inodes of the new files of an archive in which inodes are known (sos/volume.h). */
struct sos_volume_inode;
const struct sos_volume_inode *volume_made(unsigned *count);
