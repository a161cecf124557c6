/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the tree match an archive; see volume.h.  Entries are compared with the existing files as they arrive, and only what differs is
 * changed; files that were not among them are removed at the end.
 *
 * An inode belongs to the first file of the archive that is found at one of its names (`owner`): a name of it that means
 * another file in the archive is taken away, and so is one of another kind.  Where the archive knows inodes (sos/volume.h), it says itself
 * which one a file is: that one gets the name, wherever it was before.
 */
#include "take_parts.h"

#include "volume.h"

#include <sos/volume.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, RECORD_BYTES = SOS_VOLUME_PAGE_HEAD + PAGE_BYTES };

static struct {
        struct taken *files;
        unsigned count, room;
        char head[HEAD_BYTES + PATH_MAX_BYTES + 8];
        size_t have, need;
        uint64_t field[HEAD_FIELDS];
        uint64_t done,
                left;  /* of the content; of the content and its padding, or the pages with their numbers */
        uint64_t page; /* the number of one */
        struct sos_volume_inode *made;
        unsigned made_count, made_room;
        struct target target;
        errcode_t error;
        bool ended;
} take;

void volume_take_begins(void)
{
        free(take.files);
        free(take.made);
        names_begin();
        change_begins();
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

/* A list with room for one item more than the `count` that it has; NULL: no memory. */
static void *with_room(void *list, unsigned count, unsigned *room, size_t item)
{
        unsigned more = *room ? 2 * *room : FIRST_ROOM;

        if (count < *room)
                return list;
        list = realloc(list, more * item);
        if (list)
                *room = more;
        return list;
}

/* Only files with several names, on the disk or in the archive, have to be recorded. */
static errcode_t own(ext2_ino_t ino, uint64_t number)
{
        struct taken *files = with_room(take.files, take.count, &take.room, sizeof(*files));

        if (!files)
                return EXT2_ET_NO_MEMORY;
        take.files = files;
        take.files[take.count++] = (struct taken){number, ino};
        return 0;
}

static bool inodes_are_known(void)
{
        return take.field[SOS_VOLUME_WAY_FIELD] != SOS_VOLUME_WHOLE && LINUX_S_ISREG(take.field[HEAD_MODE]);
}

const struct sos_volume_inode *volume_made(unsigned *count)
{
        *count = take.made_count;
        return take.made;
}

/* A new file, of which the system will know the inode. */
static errcode_t add_made(ext2_ino_t ino)
{
        struct sos_volume_inode *made = with_room(take.made, take.made_count, &take.made_room, sizeof(*made));

        if (!made)
                return EXT2_ET_NO_MEMORY;
        take.made = made;
        take.made[take.made_count++] = (struct sos_volume_inode){(uint32_t)take.field[HEAD_INODE], ino};
        return 0;
}

/* Can the existing inode become this file? */
static bool may_become(ext2_ino_t ino, const struct ext2_inode *inode)
{
        const struct taken *t = taken_as(ino);

        return (inode->i_mode & LINUX_S_IFMT) == (take.field[HEAD_MODE] & LINUX_S_IFMT) &&
               (!t || t->number == take.field[HEAD_INODE]);
}

static bool fits(ext2_ino_t ino, const struct ext2_inode *inode, const struct taken *known)
{
        if (inodes_are_known())
                return ino == (known ? known->ino : take.field[SOS_VOLUME_INODE_FIELD]);
        return may_become(ino, inode) && (!known || known->ino == ino);
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
        if (error || fits(*ino, inode, known))
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

/* The inode that the archive names gets the name. */
static errcode_t link_known(ext2_ino_t directory, const char *name, ext2_ino_t ino)
{
        struct ext2_inode inode;
        errcode_t error = ext2fs_read_inode(volume_fs, ino, &inode);

        if (!error && (!LINUX_S_ISREG(inode.i_mode) || inode.i_dtime))
                error = EXT2_ET_BAD_INODE_NUM;
        return error ? error : change_link(directory, name, ino, inode.i_mode);
}

/* Nothing has the name: its inode, one that exists or a new one. */
static errcode_t give_name(ext2_ino_t *ino, ext2_ino_t directory, const char *name, const struct taken *known)
{
        ext2_ino_t named = inodes_are_known() ? (ext2_ino_t)take.field[SOS_VOLUME_INODE_FIELD] : 0;
        errcode_t error;

        *ino = known ? known->ino : named;
        if (known)
                return change_link(directory, name, *ino, (unsigned)take.field[HEAD_MODE]);
        if (named)
                return link_known(directory, name, named);
        error = change_make(directory, name, (unsigned)take.field[HEAD_MODE], ino);
        return error || !inodes_are_known() ? error : add_made(*ino);
}

static errcode_t begin_file(ext2_ino_t ino, struct ext2_inode *inode, ext2_ino_t directory, const char *name)
{
        bool further = take.field[HEAD_LINKS] > 1;
        const struct taken *known = further ? taken_before(take.field[HEAD_INODE]) : NULL;
        errcode_t error = ino ? 0 : give_name(&ino, directory, name, known);

        if (!error && !known && (further || inode->i_links_count > 1))
                error = own(ino, take.field[HEAD_INODE]);
        take.target.ino = ino;
        if (error || (known && !inodes_are_known()) || take.field[SOS_VOLUME_WAY_FIELD] == SOS_VOLUME_SAME)
                return error; /* the content came with another name, or is there */
        if (!LINUX_S_ISREG(take.field[HEAD_MODE]))
                return 0;
        error = target_open(&take.target, take.field[HEAD_SIZE]);
        if (!error && take.field[SOS_VOLUME_WAY_FIELD] == SOS_VOLUME_SOME)
                error = target_cut(&take.target, take.field[SOS_VOLUME_UNCUT_FIELD] * PAGE_BYTES);
        return error;
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

static uint64_t content_bytes(void)
{
        switch (take.field[SOS_VOLUME_WAY_FIELD]) {
        case SOS_VOLUME_SAME:
                return 0;
        case SOS_VOLUME_SOME:
                return take.field[SOS_VOLUME_PAGES_FIELD] * RECORD_BYTES;
        default:
                return (take.field[HEAD_SIZE] + 3) / 4 * 4;
        }
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
        take.left = content_bytes();
        error = begin_entry();
        return error || take.left ? error : end_entry();
}

/* Of a page and its number. */
static errcode_t take_record(const char *bytes, size_t *part)
{
        uint64_t in = take.done % RECORD_BYTES,
                 end = in < SOS_VOLUME_PAGE_HEAD ? SOS_VOLUME_PAGE_HEAD : RECORD_BYTES;
        uint64_t size = take.field[HEAD_SIZE], at, real;

        *part = end - in < *part ? end - in : *part;
        if (in < SOS_VOLUME_PAGE_HEAD) {
                memcpy((char *)&take.page + in, bytes, *part);
                return 0;
        }
        if (take.page >= (size + PAGE_BYTES - 1) / PAGE_BYTES)
                return EXT2_ET_BAD_MAGIC;
        at = take.page * PAGE_BYTES + in - SOS_VOLUME_PAGE_HEAD;
        real = at < size ? size - at : 0;
        real = real < *part ? real : *part;
        return real ? target_put(&take.target, at, bytes, (unsigned)real) : 0;
}

static errcode_t take_whole(const char *bytes, size_t *part)
{
        uint64_t real = take.done < take.field[HEAD_SIZE] ? take.field[HEAD_SIZE] - take.done : 0;

        *part = take.left < *part ? take.left : *part;
        real = real < *part ? real : *part;
        return real ? target_put(&take.target, take.done, bytes, (unsigned)real) : 0;
}

static errcode_t take_content(const char *bytes, size_t *part)
{
        bool records = take.field[SOS_VOLUME_WAY_FIELD] == SOS_VOLUME_SOME;
        errcode_t error = records ? take_record(bytes, part) : take_whole(bytes, part);

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
        if (!take.error && take.ended)
                take.error = change_delete_nameless();
        return take.error ? take.error : take.ended ? 0 : EXT2_ET_SHORT_READ;
}
