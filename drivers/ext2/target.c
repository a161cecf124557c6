/* SPDX-License-Identifier: BSD-2-Clause */
/* Content of files and links that are copied from the archive; see take_parts.h. */
#include "take_parts.h"

#include <string.h>

errcode_t target_open(struct target *t, uint64_t size)
{
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, t->ino, &inode);

        t->size = size;
        t->old_size = EXT2_I_SIZE(&inode);
        return error ? error : ext2fs_file_open(volume_fs, t->ino, EXT2_FILE_WRITE, &t->file);
}

errcode_t target_cut(struct target *t, uint64_t size)
{
        if (t->old_size <= size)
                return 0;
        t->old_size = size;
        return ext2fs_file_set_size2(t->file, (ext2_off64_t)size);
}

static bool is_zero(const char *bytes, unsigned size)
{
        for (unsigned i = 0; i < size; i++) {
                if (bytes[i])
                        return false;
        }
        return true;
}

/* Does the file hold these bytes of one block already?  Blocks beyond its end read as zeros once it is longer; the rest of its last block
 * need not be zeros. */
static errcode_t holds(struct target *t, uint64_t at, const char *bytes, unsigned size, bool *same)
{
        char data[4096] = {0};
        unsigned got = 0;
        errcode_t error = 0;

        if (at < t->old_size) {
                error = ext2fs_file_llseek(t->file, at, EXT2_SEEK_SET, NULL);
                if (!error)
                        error = ext2fs_file_read(t->file, data, size, &got);
                if (got > t->old_size - at)
                        got = (unsigned)(t->old_size - at);
        }
        *same = !memcmp(data, bytes, got) && is_zero(bytes + got, size - got) &&
                (got == size || at / volume_fs->blocksize * volume_fs->blocksize >= t->old_size);
        return error;
}

static errcode_t put_block(struct target *t, uint64_t at, const char *bytes, unsigned size)
{
        bool same;
        unsigned put;
        errcode_t error = holds(t, at, bytes, size, &same);

        if (error || same)
                return error;
        error = ext2fs_file_llseek(t->file, at, EXT2_SEEK_SET, NULL);
        return error ? error : ext2fs_file_write(t->file, bytes, size, &put);
}

errcode_t target_put(struct target *t, uint64_t at, const char *bytes, unsigned size)
{
        errcode_t error = 0;

        if (!t->file) {
                if (size > sizeof(t->text) - 1 - t->length)
                        return EXT2_ET_SYMLINK_LOOP;
                memcpy(t->text + t->length, bytes, size);
                t->length += size;
                return 0;
        }
        while (size > 0 && !error) {
                unsigned bs = volume_fs->blocksize, part = bs - (unsigned)(at % bs);

                part = part < size ? part : size;
                error = put_block(t, at, bytes, part);
                at += part;
                bytes += part;
                size -= part;
        }
        return error;
}

errcode_t target_close(struct target *t)
{
        errcode_t error = 0, closed;
        ext2_off64_t size;

        if (!t->file)
                return 0;
        error = ext2fs_file_flush(t->file); /* otherwise closing it writes again what is cut */
        if (!error)
                error = ext2fs_file_get_lsize(t->file, (__u64 *)&size);
        if (!error && (uint64_t)size != t->size)
                error = ext2fs_file_set_size2(t->file, (ext2_off64_t)t->size);
        closed = ext2fs_file_close(t->file);
        t->file = NULL;
        return error ? error : closed;
}

errcode_t target_link(struct target *t, uint64_t size)
{
        char text[PATH_MAX_BYTES];
        unsigned length = 0;
        bool kept = false;
        errcode_t error = 0;

        if (t->length != size)
                return EXT2_ET_SYMLINK_LOOP;
        t->text[t->length] = '\0';
        if (t->ino) {
                error = link_text(t->ino, text, sizeof(text), &length);
                if (error || (length == t->length && !memcmp(text, t->text, length)))
                        return error;
                error = change_remove(t->directory, t->name, t->ino, &kept);
        }
        return error ? error : change_make_link(t->directory, t->name, t->text, &t->ino);
}
