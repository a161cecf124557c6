#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# libext2fs 1.47.0 (Debian bookworm, libext2fs-dev 1.47.0-2+b2): ext2fs_link makes a second entry of a name that is there.
#
# ext2fs_mkdir and ext2fs_symlink of a name that exists answer EXT2_ET_DIR_EXISTS and EXT2_ET_FILE_EXISTS.  ext2fs_link, which every
# new file needs as well, answers 0 and the folder has two entries of the name; `e2fsck` then calls the file system damaged.  A server
# around the library has to look the name up itself before every link, and hold its own lock over both.
# Seen: "link 0, link again 0, entries 2, mkdir exists, symlink exists", and e2fsck's "Duplicate entry 'a' found".
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download libext2fs-dev=1.47.0-2+b2 libext2fs2=1.47.0-2+b2 comerr-dev=2.1-1.47.0-2+b2 libcom-err2=1.47.0-2+b2 \
        e2fsprogs=1.47.0-2+b2 && for p in *.deb; do dpkg -x "$p" .; done) || exit 2
cat >"$folder/program.c" <<'END'
#include <ext2fs/ext2fs.h>
#include <stdio.h>

static int count(ext2_ino_t folder, int entry, struct ext2_dir_entry *e, int offset, int size, char *block, void *number)
{
        (void)folder, (void)entry, (void)offset, (void)size, (void)block;
        *(int *)number += (e->name_len & 0xff) == 1 && e->name[0] == 'a';
        return 0;
}

int main(int argc, char **argv)
{
        struct ext2_inode empty = {.i_mode = 0100644, .i_links_count = 2};
        long first, second, folder, symlink;
        ext2_filsys fs;
        ext2_ino_t file;
        int entries = 0;

        if (argc != 2 || ext2fs_open(argv[1], EXT2_FLAG_RW, 0, 0, unix_io_manager, &fs) || ext2fs_read_bitmaps(fs) ||
            ext2fs_new_inode(fs, EXT2_ROOT_INO, 0100644, NULL, &file))
                return 2;
        ext2fs_inode_alloc_stats2(fs, file, 1, 0);
        ext2fs_write_new_inode(fs, file, &empty);
        first = ext2fs_link(fs, EXT2_ROOT_INO, "a", file, EXT2_FT_REG_FILE);
        second = ext2fs_link(fs, EXT2_ROOT_INO, "a", file, EXT2_FT_REG_FILE);
        ext2fs_dir_iterate2(fs, EXT2_ROOT_INO, 0, NULL, count, &entries);
        folder = ext2fs_mkdir(fs, EXT2_ROOT_INO, 0, "a");
        symlink = ext2fs_symlink(fs, EXT2_ROOT_INO, 0, "a", "b");
        printf("link %ld, link again %ld, entries %d, mkdir %s, symlink %s\n", first, second, entries,
               folder == EXT2_ET_DIR_EXISTS ? "exists" : "other", symlink == EXT2_ET_FILE_EXISTS ? "exists" : "other");
        return ext2fs_close(fs) ? 2 : 0;
}
END
libraries=$folder/usr/lib/$(gcc -print-multiarch)
gcc -I"$folder/usr/include" "$folder/program.c" "$libraries/libext2fs.a" "$libraries/libcom_err.a" -o "$folder/program" || exit 2
LD_LIBRARY_PATH=$libraries:$folder/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH
truncate -s 1M "$folder/disk"
"$folder/sbin/mke2fs" -q -F "$folder/disk" || exit 2
out=$("$folder/program" "$folder/disk") || exit 2
echo "$out"
"$folder/sbin/e2fsck" -fn "$folder/disk" 2>&1 | grep Duplicate | head -n 1 | tee "$folder/judge"
[ "$out" = "link 0, link again 0, entries 2, mkdir exists, symlink exists" ] && [ -s "$folder/judge" ]
