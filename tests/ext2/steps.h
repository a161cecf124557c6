/* SPDX-License-Identifier: BSD-2-Clause */
/* What every history of a disk consists of: a change of the tree, a mount, a verdict of e2fsck; and the sweeps made of them (sweep.c). */
#pragma once

#include "disk.h"
#include "tree.h"
#include "volume.h"

/* Mounts, makes the tree match the archive; was it reported as kept?  `words`: why not. */
void step_know_inodes(bool know); /* from now on archives name the disk's inodes */
bool step_change(const struct disk *disk, const struct bytes *archive, char words[VOLUME_WORDS]);

/* Mounts, and the lines of the tree, which the caller frees; NULL: it could not be mounted. */
char *step_mounted(const struct disk *disk);

bool step_is_clean(const char *file); /* for e2fsck -fn, which gets what is on the medium in `file` */

/* 0, or 1 with a line that begins with FAIL. */
int sweep_flushes(const struct disk *disk, const char *file, uint64_t seed, unsigned changes);
int sweep_errors(const struct disk *disk, const char *file, uint64_t seed, unsigned changes);
