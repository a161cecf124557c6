/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the tree match an archive; see volume.h.  Entries are compared with the existing files as they arrive, and only what differs is
 * changed; files that were not among them are removed at the end.
 *
 * An inode belongs to the first file of the archive that is found at one of its names (`owner`): a name of it that means
 * another file in the archive is taken away, and so is one of another kind.
 */
#include "take_parts.h"

#include "volume.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

static struct {
        struct taken *files;
        unsigned count, room;
        char head[HEAD_BYTES + PATH_MAX_BYTES + 8];
        size_t have, need;
        uint64_t field[HEAD_FIELDS];
        uint64_t done, left; /* of the content; of the content and its padding */
        struct target target;
        errcode_t error;
        bool ended;
} take;

void volume_take_begins(void)
{
        free(take.files);
        names_begin();
        memset(&take, 0, sizeof(take));
        take.need = HEAD_BYTES;
}

static bool read_fields(void)
{
        for (unsigned i = 0; i < HEAD_FIELDS; i++) {
                char digits[9], *end;

                memcpy(digits, take.head + 6 + (size_t)8 * i, 8);
                digits[8] = '\0';
                take.field[i] = strtoul(digits, &end, 16);
                if (*end)
                        return false;
        }
        return !memcmp(take.head, "070701", 6) && take.field[HEAD_NAME] > 1 &&
               take.field[HEAD_NAME] <= PATH_MAX_BYTES;
}

/* --- which inode a file of the archive is --- */

static struct taken *taken_as(ext2_ino_t ino)
{
        for (unsigned i = 0; i < take.count; i++) {
                if (take.files[i].ino == ino)
                        return &take.files[i];
        }
        return NULL;
}

static struct taken *taken_before(uint64_t number)
{
        for (unsigned i = 0; i < take.count; i++) {
                if (take.files[i].number == number)
                        return &take.files[i];
        }
        return NULL;
}

/* Only files with several names, on the disk or in the archive, have to be recorded. */
static errcode_t own(ext2_ino_t ino, uint64_t number)
{
        if (take.count == take.room) {
                unsigned room = take.room ? 2 * take.room : FIRST_ROOM;
                struct taken *more = realloc(take.files, room * sizeof(*more));

                if (!more)
                        return EXT2_ET_NO_MEMORY;
                take.files = more;
                take.room = room;
        }
        take.files[take.count++] = (struct taken){number, ino};
        return 0;
}

/* Can the existing inode become this file? */
static bool may_become(ext2_ino_t ino, const struct ext2_inode *inode)
{
        const struct taken *t = taken_as(ino);

        return (inode->i_mode & LINUX_S_IFMT) == (take.field[HEAD_MODE] & LINUX_S_IFMT) &&
               (!t || t->number == take.field[HEAD_INODE]);
}

/* The inode that has the name now: `ino`, or 0 when it had to be removed or there was none. */
static errcode_t look_at(ext2_ino_t directory, const char *name, ext2_ino_t *ino, struct ext2_inode *inode)
{
        struct taken *known = take.field[HEAD_LINKS] > 1 ? taken_before(take.field[HEAD_INODE]) : NULL;
        errcode_t error = ext2fs_lookup(volume_fs, directory, name, (int)strlen(name), NULL, ino);
        bool kept = false;

        if (error) {
                *ino = 0;
                return error == EXT2_ET_FILE_NOT_FOUND ? 0 : error;
        }
        error = ext2fs_read_inode(volume_fs, *ino, inode);
        if (error || (may_become(*ino, inode) && (!known || known->ino == *ino)))
                return error;
        error = change_remove(directory, name, *ino, &kept);
        *ino = 0;
        return !error && kept ? EXT2_ET_DIR_EXISTS : error;
}

/* --- entries --- */

/* The directory of a path, and its last component. */
static errcode_t place_of(char *path, ext2_ino_t *directory, const char **name)
{
        size_t length = strlen(path);
        char *slash;

        if (length && path[length - 1] == '/')
                path[length - 1] = '\0';
        slash = strrchr(path, '/');
        *name = slash ? slash + 1 : path;
        *directory = EXT2_ROOT_INO;
        if (!**name || strlen(*name) > NAME_MAX_BYTES)
                return EXT2_ET_BAD_MAGIC;
        return slash ? names_directory(path, (size_t)(slash - path), directory) : 0;
}

static errcode_t begin_file(ext2_ino_t ino, struct ext2_inode *inode, ext2_ino_t directory, const char *name)
{
        bool further = take.field[HEAD_LINKS] > 1;
        const struct taken *known = further ? taken_before(take.field[HEAD_INODE]) : NULL;
        errcode_t error = 0;

        if (!ino && known) {
                ino = known->ino;
                error = change_link(directory, name, ino, (unsigned)take.field[HEAD_MODE]);
        } else if (!ino) {
                error = change_make(directory, name, (unsigned)take.field[HEAD_MODE], &ino);
        }
        if (!error && !known && (further || inode->i_links_count > 1))
                error = own(ino, take.field[HEAD_INODE]);
        take.target.ino = ino;
        if (error || known)
                return error; /* the content came with another name */
        return LINUX_S_ISREG(take.field[HEAD_MODE]) ? target_open(&take.target, take.field[HEAD_SIZE]) : 0;
}

static errcode_t begin_entry(void)
{
        char *path = take.head + HEAD_BYTES;
        unsigned mode = (unsigned)take.field[HEAD_MODE];
        struct ext2_inode inode = {0};
        ext2_ino_t directory, ino;
        const char *name;
        errcode_t error = place_of(path, &directory, &name);

        memset(&take.target, 0, sizeof(take.target));
        if (!error)
                error = look_at(directory, name, &ino, &inode);
        if (!error)
                error = names_seen(directory, name);
        if (error)
                return error;
        take.target.directory = directory;
        take.target.name = name;
        take.target.ino = ino;
        if (LINUX_S_ISLNK(mode))
                return 0; /* its text decides */
        if (!LINUX_S_ISDIR(mode))
                return begin_file(ino, &inode, directory, name);
        if (!ino)
                error = change_make(directory, name, mode, &take.target.ino);
        return error ? error : names_is_directory(path, take.target.ino);
}

static errcode_t end_entry(void)
{
        errcode_t error = 0;

        if (LINUX_S_ISLNK(take.field[HEAD_MODE]))
                error = target_link(&take.target, take.field[HEAD_SIZE]);
        else
                error = target_close(&take.target);
        take.have = 0;
        take.need = HEAD_BYTES;
        return error ? error : change_attributes(take.target.ino, take.field);
}

static errcode_t take_head(const char *bytes, size_t *part)
{
        errcode_t error;

        *part = take.need - take.have < *part ? take.need - take.have : *part;
        memcpy(take.head + take.have, bytes, *part);
        take.have += *part;
        if (take.have < take.need)
                return 0;
        if (take.need == HEAD_BYTES) {
                if (!read_fields())
                        return EXT2_ET_BAD_MAGIC;
                take.need = (HEAD_BYTES + take.field[HEAD_NAME] + 3) / 4 * 4;
                return 0;
        }
        take.head[take.need - 1] = '\0'; /* its own NUL, or padding */
        if (!strcmp(take.head + HEAD_BYTES, "TRAILER!!!")) {
                take.ended = true;
                return names_remove_others(EXT2_ROOT_INO);
        }
        take.done = 0;
        take.left = (take.field[HEAD_SIZE] + 3) / 4 * 4;
        error = begin_entry();
        return error || take.left ? error : end_entry();
}

static errcode_t take_content(const char *bytes, size_t *part)
{
        uint64_t real = take.done < take.field[HEAD_SIZE] ? take.field[HEAD_SIZE] - take.done : 0;
        errcode_t error = 0;

        *part = take.left < *part ? take.left : *part;
        real = real < *part ? real : *part;
        if (real)
                error = target_put(&take.target, take.done, bytes, (unsigned)real);
        take.done += *part;
        take.left -= *part;
        return error || take.left ? error : end_entry();
}

bool volume_take(const void *bytes, size_t size)
{
        const char *at = bytes;

        while (size > 0 && !take.error && !take.ended) {
                size_t part = size;

                take.error = take.left ? take_content(at, &part) : take_head(at, &part);
                at += part;
                size -= part;
        }
        return !take.error;
}

errcode_t take_result(void)
{
        return take.error ? take.error : take.ended ? 0 : EXT2_ET_SHORT_READ;
}
