/* SPDX-License-Identifier: BSD-2-Clause */
/* An archive as the starter OS writes it, which knows the inodes (sos/volume.h), made from a whole one and the disk's.
 *
 * A file whose content one on the disk has becomes that one, under another name or not (SOS_VOLUME_SAME); one whose name is there has
 * the pages that differ, and below a random page only those (SOS_VOLUME_SOME); others are new.  No inode is taken twice.
 */
#include "tree.h"

#include "disk.h"

#include <sos/volume.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        HEAD = 110,
        FIELDS = 13,
        FILES = 512,
        NUMBER = 0,
        MODE = 1,
        LINKS = 4,
        SIZE = 6,
        NAME = 11,
        PAGE = 4096
};

struct file {
        const char *name, *content;
        size_t size;
        unsigned field[FIELDS];
        bool taken;
};

static struct {
        struct file file[FILES];
        unsigned count;
} old;

static size_t padded(size_t size)
{
        return (size + 3) / 4 * 4;
}

/* The entry at `at`; the place of the next one. */
static size_t read_entry(const struct bytes *archive, size_t at, struct file *f)
{
        const char *head = archive->at + at;

        for (unsigned i = 0; i < FIELDS; i++) {
                char digits[9] = "";

                memcpy(digits, head + 6 + (size_t)8 * i, 8);
                f->field[i] = (unsigned)strtoul(digits, NULL, 16);
        }
        f->name = head + HEAD;
        f->size = f->field[SIZE];
        f->content = head + padded(HEAD + f->field[NAME]);
        f->taken = false;
        return at + padded(HEAD + f->field[NAME]) + padded(f->size);
}

static bool is_trailer(const struct file *f)
{
        return !strcmp(f->name, "TRAILER!!!");
}

/* Further names have no content here, and stay out. */
static void read_old(const struct bytes *archive)
{
        struct file *f = old.file;

        old.count = 0;
        for (size_t at = 0; old.count < FILES; f = &old.file[old.count]) {
                at = read_entry(archive, at, f);
                if (is_trailer(f))
                        return;
                old.count += f->field[MODE] >> 12 == 8 && (f->field[LINKS] < 2 || f->size > 0);
        }
}

static struct file *find(const struct file *f, bool by_name)
{
        for (struct file *o = old.file; o < old.file + old.count; o++) {
                bool same = by_name ? !strcmp(o->name, f->name)
                                    : o->size == f->size && !memcmp(o->content, f->content, f->size);

                if (same && !o->taken)
                        return o;
        }
        return NULL;
}

static void add_head(struct bytes *to, const struct file *f)
{
        char head[HEAD + 1] = "070701";

        for (unsigned i = 0; i < FIELDS; i++)
                sprintf(head + 6 + (size_t)8 * i, "%08x", f->field[i]);
        bytes_add(to, head, HEAD);
        bytes_add(to, f->name, f->field[NAME]);
        bytes_add(to, "\0\0\0", padded(HEAD + f->field[NAME]) - HEAD - f->field[NAME]);
}

static size_t pages_of(size_t size)
{
        return (size + PAGE - 1) / PAGE;
}

static void page_of(const struct file *f, uint64_t page, char *to)
{
        size_t at = page * PAGE, left = at < f->size ? f->size - at : 0;

        memset(to, 0, PAGE);
        memcpy(to, f->content + at, left < PAGE ? left : PAGE);
}

/* Behind its end the disk may have anything in the old one's last page. */
static bool differs(const struct file *f, const struct file *o, uint64_t page, uint64_t uncut, char *data)
{
        static const struct file none;
        char before[PAGE];

        page_of(f, page, data);
        page_of(page < uncut ? o : &none, page < uncut ? page : 0, before);
        return memcmp(data, before, PAGE) || (f->size > o->size && page == o->size / PAGE && page < uncut);
}

static void add_some(struct bytes *to, struct file *f, const struct file *o)
{
        uint64_t pages = pages_of(f->size), both = pages < pages_of(o->size) ? pages : pages_of(o->size);
        uint64_t uncut = disk_random() % 2 ? both : disk_random() % (both + 1);
        char data[PAGE];

        f->field[SOS_VOLUME_WAY_FIELD] = SOS_VOLUME_SOME;
        f->field[SOS_VOLUME_UNCUT_FIELD] = (unsigned)uncut;
        f->field[SOS_VOLUME_INODE_FIELD] = o->field[NUMBER];
        for (uint64_t page = 0; page < pages; page++)
                f->field[SOS_VOLUME_PAGES_FIELD] += differs(f, o, page, uncut, data);
        add_head(to, f);
        for (uint64_t page = 0; page < pages; page++) {
                if (!differs(f, o, page, uncut, data))
                        continue;
                bytes_add(to, &page, sizeof(page));
                bytes_add(to, data, PAGE);
        }
}

/* What further names of a file of several are: the inode of the first one. */
static unsigned inode_of[FILES];

static void add_file(struct bytes *to, struct file *f, bool further)
{
        unsigned number = f->field[NUMBER] % FILES;
        struct file *o = further ? NULL : find(f, false);
        bool same = o != NULL;

        if (!further && !o)
                o = find(f, true);
        if (!further)
                inode_of[number] = o ? o->field[NUMBER] : 0;
        if (o)
                o->taken = true;
        if (o && !same) {
                add_some(to, f, o);
                return;
        }
        f->field[SOS_VOLUME_WAY_FIELD] = same || further ? SOS_VOLUME_SAME : SOS_VOLUME_KNOWN;
        f->field[SOS_VOLUME_INODE_FIELD] = inode_of[number];
        add_head(to, f);
        if (!same && !further)
                bytes_add(to, f->content, padded(f->size));
}

void known_archive(const struct bytes *whole, const struct bytes *disk, struct bytes *to)
{
        static bool seen[FILES];
        struct file f;
        size_t at = 0;

        memset(seen, 0, sizeof(seen));
        read_old(disk);
        to->size = 0;
        do {
                bool *known;

                at = read_entry(whole, at, &f);
                known = &seen[f.field[NUMBER] % FILES];
                if (f.field[MODE] >> 12 == 8) {
                        add_file(to, &f, *known);
                        *known = true;
                } else {
                        add_head(to, &f);
                        bytes_add(to, f.content, padded(f.size));
                }
        } while (!is_trailer(&f));
}
