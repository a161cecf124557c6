/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole tree as a CPIO archive ("newc"); see volume.h.  Directories come before what is in them; the content of a file with several
 * names comes with the first. */
#include "volume_parts.h"

#include "volume.h"

#include <sos/volume.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

struct giver {
        bool (*put)(void *state, const void *bytes, size_t size);
        void *state;
        char path[PATH_MAX_BYTES];
        uint8_t *given;     /* a bit for each inode with several names */
        uint64_t *left_out; /* bytes of content that is not given; NULL: all is */
        unsigned depth;
};

struct listing {
        struct entry *first, **last;
        bool full;
};

static int add_entry(ext2_ino_t directory, int kind, struct ext2_dir_entry *d, int offset, int size,
                     char *buffer, void *state)
{
        struct listing *l = state;
        struct entry *e;
        unsigned length = (unsigned)ext2fs_dirent_name_len(d);

        (void)directory, (void)offset, (void)size, (void)buffer;
        if (kind != DIRENT_OTHER_FILE || !d->inode)
                return 0;
        e = calloc(1, sizeof(*e));
        if (!e) {
                l->full = true;
                return DIRENT_ABORT;
        }
        e->ino = d->inode;
        memcpy(e->name, d->name, length);
        *l->last = e;
        l->last = &e->next;
        return 0;
}

void entries_free(struct entry *e)
{
        while (e) {
                struct entry *next = e->next;

                free(e);
                e = next;
        }
}

struct entry *entries_of(ext2_ino_t directory, errcode_t *error)
{
        struct listing l = {.last = &l.first};

        *error = ext2fs_dir_iterate2(volume_fs, directory, 0, NULL, add_entry, &l);
        if (l.full)
                *error = EXT2_ET_NO_MEMORY;
        if (!*error)
                return l.first;
        entries_free(l.first);
        return NULL;
}

static errcode_t read_file(ext2_ino_t ino, void *to, unsigned size, unsigned *got)
{
        ext2_file_t file;
        errcode_t error = ext2fs_file_open(volume_fs, ino, 0, &file);

        if (error)
                return error;
        error = ext2fs_file_read(file, to, size, got);
        ext2fs_file_close(file);
        return error;
}

/* The rest of a last page becomes zeros. */
static errcode_t page_of(ext2_file_t file, unsigned char *page)
{
        unsigned got = 0;
        errcode_t error = ext2fs_file_read(file, page, PAGE_BYTES, &got);

        memset(page + got, 0, PAGE_BYTES - got);
        return error;
}

bool volume_pages(uint32_t ino, uint64_t page, uint64_t count, bool (*put)(uint64_t page, const void *bytes))
{
        static _Alignas(PAGE_BYTES) unsigned char data[PAGE_BYTES];
        struct ext2_inode inode;
        ext2_file_t file;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);

        if (error || !LINUX_S_ISREG(inode.i_mode) || ext2fs_file_open(volume_fs, ino, 0, &file))
                return true;
        error = ext2fs_file_llseek(file, page * PAGE_BYTES, EXT2_SEEK_SET, NULL);
        for (; !error && count > 0; page++, count--) {
                error = page_of(file, data);
                if (!error && !put(page, data))
                        break;
        }
        ext2fs_file_close(file);
        return error || count == 0;
}

errcode_t link_text(ext2_ino_t ino, char *to, unsigned size, unsigned *length)
{
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);

        if (error)
                return error;
        if (inode.i_size > size)
                return EXT2_ET_SYMLINK_LOOP;
        *length = inode.i_size;
        if (!ext2fs_is_fast_symlink(&inode))
                return read_file(ino, to, size, length);
        memcpy(to, inode.i_block, inode.i_size);
        return 0;
}

static bool put_padding(struct giver *g, uint64_t size)
{
        return g->put(g->state, "\0\0\0", (4 - size % 4) % 4);
}

static bool put_head(struct giver *g, ext2_ino_t ino, const struct ext2_inode *inode, uint64_t size)
{
        char head[HEAD_BYTES + 1];
        size_t length = strlen(g->path);
        bool directory = inode && LINUX_S_ISDIR(inode->i_mode);
        bool later = g->left_out && inode && LINUX_S_ISREG(inode->i_mode);

        snprintf(head, sizeof(head), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", ino,
                 inode ? inode->i_mode : 0, inode ? inode_uid(*inode) : 0, inode ? inode_gid(*inode) : 0,
                 inode && !directory ? inode->i_links_count : 1, inode ? inode->i_mtime : 0, (unsigned)size,
                 0, 0, 0, 0, (unsigned)length + 1, later ? SOS_VOLUME_SAME : SOS_VOLUME_WHOLE);
        return g->put(g->state, head, HEAD_BYTES) && g->put(g->state, g->path, length + 1) &&
               put_padding(g, HEAD_BYTES + length + 1);
}

static bool put_content(struct giver *g, ext2_ino_t ino, uint64_t size)
{
        static char data[64 << 10];
        ext2_file_t file;
        bool good = !ext2fs_file_open(volume_fs, ino, 0, &file);
        uint64_t left = size;

        if (!good)
                return false;
        while (good && left > 0) {
                unsigned part = left < sizeof(data) ? (unsigned)left : (unsigned)sizeof(data), got;

                good = !ext2fs_file_read(file, data, part, &got) && got == part &&
                       g->put(g->state, data, part);
                left -= part;
        }
        ext2fs_file_close(file);
        return good && put_padding(g, size);
}

static bool put_link(struct giver *g, ext2_ino_t ino, const struct ext2_inode *inode)
{
        char text[PATH_MAX_BYTES];
        unsigned length;

        return !link_text(ino, text, sizeof(text), &length) && put_head(g, ino, inode, length) &&
               g->put(g->state, text, length) && put_padding(g, length);
}

static bool put_file(struct giver *g, ext2_ino_t ino, const struct ext2_inode *inode)
{
        uint64_t size = EXT2_I_SIZE(inode);

        if (size > UINT32_MAX)
                return false;
        if (inode->i_links_count > 1) {
                if (g->given[ino / 8] >> ino % 8 & 1)
                        size = 0;
                g->given[ino / 8] |= (uint8_t)(1 << ino % 8);
        }
        if (!g->left_out)
                return put_head(g, ino, inode, size) && put_content(g, ino, size);
        *g->left_out += (size + 3) / 4 * 4;
        return put_head(g, ino, inode, size);
}

static bool put_directory(struct giver *g, ext2_ino_t ino);

/* The path is g's. */
static bool put_node(struct giver *g, ext2_ino_t ino, size_t length)
{
        struct ext2_inode inode;
        bool good;

        if (ext2fs_read_inode(volume_fs, ino, &inode))
                return false;
        if (LINUX_S_ISLNK(inode.i_mode))
                return put_link(g, ino, &inode);
        if (LINUX_S_ISREG(inode.i_mode))
                return put_file(g, ino, &inode);
        if (!LINUX_S_ISDIR(inode.i_mode))
                return !volume_archives(inode.i_mode) || put_head(g, ino, &inode, 0);
        if (g->depth == DEPTH_MAX || length + 1 >= sizeof(g->path))
                return false;
        strcpy(g->path + length, "/");
        g->depth++;
        good = put_head(g, ino, &inode, 0) && put_directory(g, ino);
        g->depth--;
        return good;
}

/* Of a file that was open when the power went: the next change removes it. */
static bool is_removed(ext2_ino_t directory, const char *name)
{
        return directory == EXT2_ROOT_INO && !strncmp(name, SOS_VOLUME_REMOVED, strlen(SOS_VOLUME_REMOVED));
}

static bool put_directory(struct giver *g, ext2_ino_t ino)
{
        size_t length = strlen(g->path);
        errcode_t error;
        struct entry *all = entries_of(ino, &error);
        bool good = !error;

        for (struct entry *e = all; good && e; e = e->next) {
                size_t end = length + strlen(e->name);

                if (is_removed(ino, e->name))
                        continue;
                good = end < sizeof(g->path);
                if (!good)
                        break;
                strcpy(g->path + length, e->name);
                good = put_node(g, e->ino, end);
                g->path[length] = '\0';
        }
        entries_free(all);
        return good;
}

bool volume_give(bool (*put)(void *state, const void *bytes, size_t size), void *state, uint64_t *left_out)
{
        struct giver g = {.put = put, .state = state, .left_out = left_out};
        bool good;

        if (left_out)
                *left_out = 0;
        g.given = calloc(volume_fs->super->s_inodes_count / 8 + 1, 1);
        if (!g.given)
                return false;
        good = put_directory(&g, EXT2_ROOT_INO);
        free(g.given);
        strcpy(g.path, "TRAILER!!!");
        return good && put_head(&g, 0, NULL, 0);
}
