/* SPDX-License-Identifier: BSD-2-Clause */
/* Single changes of the file system, in memory until the commit. */
#include "volume_parts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_ROOM = 256 };

static struct {
        ext2_ino_t *ino;
        unsigned count, room;
} nameless; /* files that lost their last name */

/* Never earlier than the last write to the file system: clocks may be wrong, and small deletion times mean something else. */
static uint32_t now(void)
{
        int64_t clock = time(NULL), written = volume_fs->super->s_wtime;

        return (uint32_t)(clock > written ? clock : written);
}

static int kind_of(unsigned mode)
{
        return LINUX_S_ISDIR(mode)    ? EXT2_FT_DIR
               : LINUX_S_ISLNK(mode)  ? EXT2_FT_SYMLINK
               : LINUX_S_ISFIFO(mode) ? EXT2_FT_FIFO
               : LINUX_S_ISSOCK(mode) ? EXT2_FT_SOCK
                                      : EXT2_FT_REG_FILE;
}

/* Adds a name to a directory, which grows if necessary. */
static errcode_t add_name(ext2_ino_t directory, const char *name, ext2_ino_t ino, unsigned mode)
{
        errcode_t error = ext2fs_link(volume_fs, directory, name, ino, kind_of(mode));

        if (error != EXT2_ET_DIR_NO_SPACE)
                return error;
        error = ext2fs_expand_dir(volume_fs, directory);
        return error ? error : ext2fs_link(volume_fs, directory, name, ino, kind_of(mode));
}

/* Removes an inode that no name refers to any more. */
static errcode_t free_inode(ext2_ino_t ino, struct ext2_inode_large *inode, bool directory)
{
        struct ext2_inode *small = (struct ext2_inode *)inode;
        errcode_t error = 0;

        if (ext2fs_file_acl_block(volume_fs, small))
                error = ext2fs_free_ext_attr(volume_fs, ino, inode);
        if (!error && ext2fs_inode_has_valid_blocks2(volume_fs, small))
                error = ext2fs_punch(volume_fs, ino, small, NULL, 0, ~0ULL);
        if (error)
                return error;
        small->i_links_count = 0;
        small->i_dtime = now();
        ext2fs_inode_alloc_stats2(volume_fs, ino, -1, directory);
        return ext2fs_write_inode_full(volume_fs, ino, small, sizeof(*inode));
}

/* Removes everything in a directory that may be removed. */
static errcode_t empty(ext2_ino_t directory, bool *kept)
{
        errcode_t error;
        struct entry *all = entries_of(directory, &error);

        for (struct entry *e = all; e && !error; e = e->next)
                error = change_remove(directory, e->name, e->ino, kept);
        entries_free(all);
        return error;
}

static errcode_t one_link_less(ext2_ino_t ino)
{
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);

        if (error)
                return error;
        inode.i_links_count -=
                inode.i_links_count > 1; /* 1 for a directory: it has too many links to be counted */
        return ext2fs_write_inode(volume_fs, ino, &inode);
}

static errcode_t add_nameless(ext2_ino_t ino)
{
        if (nameless.count == nameless.room) {
                unsigned room = nameless.room ? 2 * nameless.room : FIRST_ROOM;
                ext2_ino_t *more = realloc(nameless.ino, room * sizeof(*more));

                if (!more)
                        return EXT2_ET_NO_MEMORY;
                nameless.ino = more;
                nameless.room = room;
        }
        nameless.ino[nameless.count++] = ino;
        return 0;
}

errcode_t change_remove(ext2_ino_t directory, const char *name, ext2_ino_t ino, bool *kept)
{
        struct ext2_inode_large inode;
        errcode_t error = ext2fs_read_inode_full(volume_fs, ino, (struct ext2_inode *)&inode, sizeof(inode));
        bool is_directory = !error && LINUX_S_ISDIR(inode.i_mode), stays = false;

        if (!error && !volume_archives(inode.i_mode)) {
                *kept = true;
                return 0;
        }
        if (is_directory)
                error = empty(ino, &stays);
        if (error || stays) {
                *kept |= stays;
                return error;
        }
        error = ext2fs_unlink(volume_fs, directory, name, ino, 0);
        if (error)
                return error;
        if (is_directory) {
                error = one_link_less(directory);
                return error ? error : free_inode(ino, &inode, true);
        }
        inode.i_links_count -= inode.i_links_count > 0;
        error = ext2fs_write_inode_full(volume_fs, ino, (struct ext2_inode *)&inode, sizeof(inode));
        return error || inode.i_links_count ? error : add_nameless(ino);
}

void change_begins(void)
{
        nameless.count = 0;
}

errcode_t change_delete_nameless(void)
{
        errcode_t error = 0;

        for (unsigned i = 0; i < nameless.count && !error; i++) {
                struct ext2_inode_large inode;

                error = ext2fs_read_inode_full(volume_fs, nameless.ino[i], (struct ext2_inode *)&inode,
                                               sizeof(inode));
                if (!error && !inode.i_links_count && !inode.i_dtime)
                        error = free_inode(nameless.ino[i], &inode, false);
        }
        nameless.count = 0;
        return error;
}

errcode_t change_link(ext2_ino_t directory, const char *name, ext2_ino_t ino, unsigned mode)
{
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);

        if (!error)
                error = add_name(directory, name, ino, mode);
        if (error)
                return error;
        inode.i_links_count++;
        return ext2fs_write_inode(volume_fs, ino, &inode);
}

static errcode_t make_directory(ext2_ino_t directory, const char *name)
{
        errcode_t error = ext2fs_mkdir(volume_fs, directory, 0, name);

        if (error != EXT2_ET_DIR_NO_SPACE)
                return error;
        error = ext2fs_expand_dir(volume_fs, directory);
        return error ? error : ext2fs_mkdir(volume_fs, directory, 0, name);
}

/* A new inode has an empty tree of extents where the file system has these. */
static errcode_t write_new(ext2_ino_t ino, unsigned mode)
{
        struct ext2_inode inode = {.i_mode = (uint16_t)mode, .i_links_count = 1};
        ext2_extent_handle_t extents;
        errcode_t error = 0;

        inode.i_atime = inode.i_ctime = inode.i_mtime = now();
        if (ext2fs_has_feature_extents(volume_fs->super) && LINUX_S_ISREG(mode)) {
                error = ext2fs_extent_open2(volume_fs, ino, &inode, &extents);
                if (!error)
                        ext2fs_extent_free(extents);
        }
        return error ? error : ext2fs_write_new_inode(volume_fs, ino, &inode);
}

errcode_t change_make(ext2_ino_t directory, const char *name, unsigned mode, ext2_ino_t *made)
{
        errcode_t error;

        if (LINUX_S_ISDIR(mode)) {
                error = make_directory(directory, name);
                return error ? error
                             : ext2fs_lookup(volume_fs, directory, name, (int)strlen(name), NULL, made);
        }
        error = ext2fs_new_inode(volume_fs, directory, (int)mode, NULL, made);
        if (!error)
                error = add_name(directory, name, *made, mode);
        if (error)
                return error;
        ext2fs_inode_alloc_stats2(volume_fs, *made, +1, 0);
        return write_new(*made, mode);
}

errcode_t change_make_link(ext2_ino_t directory, const char *name, const char *text, ext2_ino_t *made)
{
        errcode_t error = ext2fs_symlink(volume_fs, directory, 0, name, text);

        if (error == EXT2_ET_DIR_NO_SPACE) {
                error = ext2fs_expand_dir(volume_fs, directory);
                if (!error)
                        error = ext2fs_symlink(volume_fs, directory, 0, name, text);
        }
        return error ? error : ext2fs_lookup(volume_fs, directory, name, (int)strlen(name), NULL, made);
}

errcode_t change_attributes(ext2_ino_t ino, const uint64_t head[HEAD_FIELDS])
{
        enum { PERMISSIONS = 07777 };
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);
        unsigned mode = inode.i_mode & ~(unsigned)PERMISSIONS;

        if (error)
                return error;
        mode |= head[HEAD_MODE] & PERMISSIONS;
        if (inode.i_mode == mode && inode_uid(inode) == head[HEAD_USER] &&
            inode_gid(inode) == head[HEAD_GROUP] && inode.i_mtime == head[HEAD_DATE])
                return 0;
        inode.i_mode = (uint16_t)mode;
        inode.i_uid = (uint16_t)head[HEAD_USER];
        inode.i_gid = (uint16_t)head[HEAD_GROUP];
        ext2fs_set_i_uid_high(inode, head[HEAD_USER] >> 16);
        ext2fs_set_i_gid_high(inode, head[HEAD_GROUP] >> 16);
        inode.i_mtime = (uint32_t)head[HEAD_DATE];
        inode.i_ctime = now();
        return ext2fs_write_inode(volume_fs, ino, &inode);
}
