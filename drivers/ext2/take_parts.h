/* SPDX-License-Identifier: BSD-2-Clause */
/* Between take.c, target.c and names.c. */
#pragma once

#include "volume_parts.h"

/* A file of the archive (its number there) with several names, and the inode that holds it. */
struct taken {
        uint64_t number;
        ext2_ino_t ino;
};

/* --- target.c: content as it is transferred.  Blocks that are equal are not written, and zeros take up no blocks. --- */

struct target {
        ext2_ino_t directory, ino; /* 0: nothing has the name */
        const char *name;
        ext2_file_t file; /* NULL: the content belongs to another inode */
        uint64_t size, old_size;
        char text[PATH_MAX_BYTES]; /* of a link */
        unsigned length;
};

errcode_t target_open(struct target *t, uint64_t size);
errcode_t target_cut(struct target *t, uint64_t size); /* no longer than that */
errcode_t target_put(struct target *t, uint64_t at, const char *bytes, unsigned size);
errcode_t target_close(struct target *t);
errcode_t target_link(struct target *t, uint64_t size); /* all of its text has arrived */

/* --- names.c: which names the archive has --- */

void names_begin(void);
errcode_t names_seen(ext2_ino_t directory, const char *name);
errcode_t names_is_directory(const char *path, ext2_ino_t ino);
errcode_t names_directory(const char *path, size_t length,
                          ext2_ino_t *ino); /* of one that was added before */
errcode_t names_remove_others(ext2_ino_t directory);
