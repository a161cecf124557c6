/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a CPIO archive in "newc" format: pure functions over a range of bytes.
 *
 * An archive is a sequence of entries, each a 110-byte ASCII header, a name with its NUL, and data; name and data are
 * padded to 4 bytes counted from the start of the archive.  Nothing is read outside [archive, archive + len), whatever
 * the bytes say; a damaged entry ends the archive.  All calls are O(entries).
 */
#pragma once

#include <stddef.h>

struct cpio_info {
        unsigned file_count;  /* entries before the trailer */
        unsigned max_path_sz; /* longest name, NUL included */
};

/* The data of the file with exactly this name, or NULL; its size in *size if `size` is not NULL. */
const void *cpio_get_file(const void *archive, unsigned long len, const char *name, unsigned long *size);

/* The data of entry number `index` (from 0), or NULL; name and size where wanted. */
const void *cpio_get_entry(const void *archive, unsigned long len, int index, const char **name,
                           unsigned long *size);

/* Count.  0, or -1 if the archive is damaged or has no trailer (what was readable is counted all the same). */
int cpio_info(const void *archive, unsigned long len, struct cpio_info *info);

/* Copy the names, one per buffer of `buf_len` bytes, cut off if need be; buf[] has room for cpio_info's file_count. */
void cpio_ls(const void *archive, unsigned long len, char **buf, unsigned long buf_len);
