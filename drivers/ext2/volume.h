/* SPDX-License-Identifier: BSD-2-Clause */
/* An ext2 file system (ext3 and ext4 without what is refused) as one tree: read whole as a CPIO archive, changed to be like an archive.
 *
 * A change is one commit (pages.h): after a power cut the file system holds the tree before it or the one after it, and is clean.
 * What the archive's format does not have (devices, sockets) is left alone, and so are attributes of files whose content changes.
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

/* Bytes that files can take up, with those that there are. */
uint64_t volume_room(void);

/* All of it, piece by piece; false: an error, or `put` said so. */
bool volume_give(bool (*put)(void *state, const void *bytes, size_t size), void *state);

/* Become like an archive, whose bytes come in pieces of any size; then volume_keep is the commit.  False, and why: the disk holds
 * what it held before, and the volume has to be opened anew. */
void volume_take_begins(void);
bool volume_take(const void *bytes, size_t size);
bool volume_keep(char words[VOLUME_WORDS]);
