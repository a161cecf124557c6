/* SPDX-License-Identifier: BSD-2-Clause */
/* Which names an archive has; see take_parts.h.  One table: (directory, name) of each entry, and paths of directories with their inodes,
 * as names in a directory that cannot exist. */
#include "take_parts.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

struct seen {
        struct seen *next;
        ext2_ino_t directory, ino;
        size_t length;
        char name[];
};

static struct seen *bucket[BUCKETS];

void names_begin(void)
{
        for (unsigned i = 0; i < BUCKETS; i++) {
                while (bucket[i]) {
                        struct seen *s = bucket[i];

                        bucket[i] = s->next;
                        free(s);
                }
        }
}

static struct seen **bucket_of(ext2_ino_t directory, const char *name, size_t length)
{
        uint32_t mixed = directory * 0x9e3779b9u;

        for (size_t i = 0; i < length; i++)
                mixed = (mixed ^ (unsigned char)name[i]) * 0x01000193u;
        return &bucket[(mixed ^ mixed >> 15) % BUCKETS];
}

static struct seen *find(ext2_ino_t directory, const char *name, size_t length)
{
        struct seen *s = *bucket_of(directory, name, length);

        while (s && (s->directory != directory || s->length != length || memcmp(s->name, name, length)))
                s = s->next;
        return s;
}

static errcode_t put(ext2_ino_t directory, const char *name, ext2_ino_t ino)
{
        size_t length = strlen(name);
        struct seen *s = malloc(sizeof(*s) + length), **at = bucket_of(directory, name, length);

        if (!s)
                return EXT2_ET_NO_MEMORY;
        *s = (struct seen){.next = *at, .directory = directory, .ino = ino, .length = length};
        memcpy(s->name, name, length);
        *at = s;
        return 0;
}

errcode_t names_seen(ext2_ino_t directory, const char *name)
{
        return put(directory, name, 0);
}

errcode_t names_is_directory(const char *path, ext2_ino_t ino)
{
        return put(0, path, ino);
}

errcode_t names_directory(const char *path, size_t length, ext2_ino_t *ino)
{
        const struct seen *s = find(0, path, length);

        if (s)
                *ino = s->ino;
        return s ? 0 : EXT2_ET_FILE_NOT_FOUND;
}

/* Directories that the archive names are searched; everything else is removed. */
static errcode_t look_at(ext2_ino_t directory, const struct entry *e)
{
        struct ext2_inode inode;
        bool kept = false;
        errcode_t error;

        if (!find(directory, e->name, strlen(e->name)))
                return change_remove(directory, e->name, e->ino, &kept);
        error = ext2fs_read_inode(volume_fs, e->ino, &inode);
        return !error && LINUX_S_ISDIR(inode.i_mode) ? names_remove_others(e->ino) : error;
}

errcode_t names_remove_others(ext2_ino_t directory)
{
        errcode_t error;
        struct entry *all = entries_of(directory, &error);

        for (const struct entry *e = all; e && !error; e = e->next)
                error = look_at(directory, e);
        entries_free(all);
        return error;
}
