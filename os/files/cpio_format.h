/* SPDX-License-Identifier: BSD-2-Clause */
/* What writer and reader of the disk's archives agree on: "newc" entries, padded to four bytes. */
#pragma once

#include <stdint.h>

#include "os/files/node.h"
#include "sos/volume.h"

enum {
        CPIO_HEADER = 110, /* bytes, in front of the name */
        CPIO_DIGITS = 8,
        CPIO_INODE_AT =
                6, /* 0: mode, user and group are not told; else names with the same one and several links are of one file */
        CPIO_MODE_AT = 6 + CPIO_DIGITS,
        CPIO_USER_AT = 6 + 2 * CPIO_DIGITS,
        CPIO_GROUP_AT = 6 + 3 * CPIO_DIGITS,
        CPIO_LINKS_AT = 6 + 4 * CPIO_DIGITS,
        CPIO_DATE_AT = 6 + 5 * CPIO_DIGITS, /* seconds since 1970 */
        CPIO_SIZE_AT = 6 + 6 * CPIO_DIGITS,
        CPIO_NAME_SIZE_AT = 6 + 11 * CPIO_DIGITS,
        CPIO_DISK_INODE_AT = 6 + SOS_VOLUME_INODE_FIELD * CPIO_DIGITS,
        CPIO_WAY_AT = 6 + SOS_VOLUME_WAY_FIELD * CPIO_DIGITS,
        CPIO_DEVICE_AT = 6 + 8 * CPIO_DIGITS, /* minor number; the inode is one of it */
        CPIO_PATH_MAX = 512,
        CPIO_HEAD_MAX = CPIO_HEADER + CPIO_PATH_MAX + 2, /* a multiple of four */
};
_Static_assert(CPIO_HEAD_MAX % 4 == 0, "a padded head fits");
_Static_assert((int)CPIO_HEAD_MAX <= (int)NODE_ENTRY_BYTES,
               "no entry takes more than the file system counts for it");

/* What a mode says besides permissions. */
enum {
        CPIO_KIND = 0170000,
        CPIO_FIFO = 0010000,
        CPIO_SOCKET = 0140000,
        CPIO_DIRECTORY = 0040000,
        CPIO_FILE = 0100000,
        CPIO_LINK = 0120000,
};

static inline uint64_t cpio_padded(uint64_t size)
{
        return (size + 3) & ~3ull;
}
