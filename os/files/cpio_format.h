/* SPDX-License-Identifier: BSD-2-Clause */
/* What writer and reader of the disk's archives agree on: "newc" entries, padded to four bytes. */
#pragma once

#include <stdint.h>

#include "os/files/node.h"

enum {
        CPIO_HEADER = 110, /* bytes, in front of the name */
        CPIO_DIGITS = 8,
        CPIO_INODE_AT = 6, /* 1: mode, user and group are those of the file */
        CPIO_MODE_AT = 6 + CPIO_DIGITS,
        CPIO_USER_AT = 6 + 2 * CPIO_DIGITS,
        CPIO_GROUP_AT = 6 + 3 * CPIO_DIGITS,
        CPIO_DATE_AT = 6 + 5 * CPIO_DIGITS, /* seconds since 1970 */
        CPIO_SIZE_AT = 6 + 6 * CPIO_DIGITS,
        CPIO_NAME_SIZE_AT = 6 + 11 * CPIO_DIGITS,
        CPIO_HEAD_MAX = CPIO_HEADER + PATH_MAX + 2, /* a multiple of four */
};
_Static_assert(CPIO_HEAD_MAX % 4 == 0, "a padded head fits");
_Static_assert((int)CPIO_HEAD_MAX <= (int)NODE_ENTRY_BYTES,
               "no entry takes more than the file system counts for it");

static inline uint64_t cpio_padded(uint64_t size)
{
        return (size + 3) & ~3ull;
}
