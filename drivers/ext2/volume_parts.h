/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the files of this folder that know libext2fs. */
#pragma once

#include <ext2fs/ext2_fs.h>
#include <ext2fs/ext2fs.h>
#include <stdbool.h>

extern io_manager volume_manager;
extern ext2_filsys volume_fs;

enum { PATH_MAX_BYTES = 2048, NAME_MAX_BYTES = 255, HEAD_BYTES = 110, HEAD_FIELDS = 13 };

/* Offsets of an archive's fields. */
enum { HEAD_INODE, HEAD_MODE, HEAD_USER, HEAD_GROUP, HEAD_LINKS, HEAD_DATE, HEAD_SIZE, HEAD_NAME = 11 };

/* Can an archive contain it?  Other files are left alone. */
static inline bool volume_archives(unsigned mode)
{
        return LINUX_S_ISDIR(mode) || LINUX_S_ISREG(mode) || LINUX_S_ISLNK(mode) || LINUX_S_ISFIFO(mode) ||
               LINUX_S_ISSOCK(mode);
}

/* Entries of a directory besides "." and "..", in a list; the caller frees it with entries_free.  NULL with *error 0: none. */
struct entry {
        struct entry *next;
        ext2_ino_t ino;
        char name[NAME_MAX_BYTES + 1];
};
struct entry *entries_of(ext2_ino_t directory, errcode_t *error);
void entries_free(struct entry *e);

/* The target of a link, without a NUL; its length in *length. */
errcode_t link_text(ext2_ino_t ino, char *to, unsigned size, unsigned *length);

/* --- change.c: single changes --- */

/* Removes a name; a directory with all that an archive can contain, unless something in it is left alone: *kept.  A file without
 * names may get another one; those that have none are deleted at the end. */
void change_begins(void);
errcode_t change_delete_nameless(void);
errcode_t change_remove(ext2_ino_t directory, const char *name, ext2_ino_t ino, bool *kept);
errcode_t change_link(ext2_ino_t directory, const char *name, ext2_ino_t ino, unsigned mode);
errcode_t change_make(ext2_ino_t directory, const char *name, unsigned mode, ext2_ino_t *made);
errcode_t change_make_link(ext2_ino_t directory, const char *name, const char *text, ext2_ino_t *made);
errcode_t change_attributes(ext2_ino_t ino, const uint64_t head[HEAD_FIELDS]);

/* --- take.c --- */
errcode_t take_result(void); /* of the archive that was read; EXT2_ET_SHORT_READ: it is incomplete */
