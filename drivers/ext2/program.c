/* SPDX-License-Identifier: BSD-2-Clause */
/* The program of a disk with ext2: between libext2fs and the starter OS (sos/volume.h), which starts it with the disk as its descriptor 0.
 *
 * It mounts (the log, if any, is carried out), sends the tree, and then makes the disk match each archive that it reads.  After an
 * archive that failed, the file system is opened again.  On an error of the descriptor itself the program exits, and is started again.
 */
#include "volume.h"

#include <errno.h>
#include <sos/volume.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct disk disk;

/* The buffer lies within one page on our side too, so that one call moves all of it. */
static _Alignas(PAGE_BYTES) unsigned char buffer[PAGE_BYTES];
static struct {
        _Alignas(PAGE_BYTES) unsigned char bytes[PAGE_BYTES];
        size_t used;
} tree;

static bool read_page(void *state, uint64_t page, void *to)
{
        (void)state;
        if (pread(SOS_VOLUME, buffer, PAGE_BYTES, (off_t)(page * PAGE_BYTES)) != PAGE_BYTES)
                return false;
        memcpy(to, buffer, PAGE_BYTES);
        return true;
}

static bool write_page(void *state, uint64_t page, const void *from)
{
        (void)state;
        memcpy(buffer, from, PAGE_BYTES);
        return pwrite(SOS_VOLUME, buffer, PAGE_BYTES, (off_t)(page * PAGE_BYTES)) == PAGE_BYTES;
}

static bool say(enum sos_volume_what what, uint64_t room, const char *words)
{
        struct sos_volume_word w = {.what = what, .room = room};

        strncpy(w.words, words, SOS_VOLUME_WORDS - 1);
        memcpy(buffer, &w, sizeof(w));
        return pwrite(SOS_VOLUME, buffer, sizeof(w), (off_t)SOS_VOLUME_WORD) == sizeof(w);
}

static bool flush(void *state)
{
        (void)state;
        return say(SOS_VOLUME_FLUSH, 0, "");
}

static bool put_tree(void)
{
        ssize_t put = pwrite(SOS_VOLUME, tree.bytes, tree.used, (off_t)SOS_VOLUME_ARCHIVE);
        bool good = put == (ssize_t)tree.used;

        tree.used = 0;
        return good;
}

static bool add_to_tree(void *state, const void *bytes, size_t size)
{
        (void)state;
        for (size_t done = 0, part; done < size; done += part) {
                part = PAGE_BYTES - tree.used < size - done ? PAGE_BYTES - tree.used : size - done;
                memcpy(tree.bytes + tree.used, (const char *)bytes + done, part);
                tree.used += part;
                if (tree.used == PAGE_BYTES && !put_tree())
                        return false;
        }
        return true;
}

/* The first time with the tree; its message is final when nothing will be written. */
static bool mount(bool wants_tree, bool *writable)
{
        char words[VOLUME_WORDS];
        enum volume_state state = volume_open(&disk, words);

        *writable = state == VOLUME_GOOD;
        if (state == VOLUME_REFUSED)
                return say(SOS_VOLUME_REFUSED, 0, words);
        if (wants_tree && (!volume_give(add_to_tree, NULL) || !put_tree())) {
                *writable = false;
                strcpy(words, "not everything could be read into memory");
        }
        return say(*writable ? SOS_VOLUME_MOUNTED : SOS_VOLUME_READ_ONLY, volume_room(), words);
}

static bool take_archive(void)
{
        ssize_t got = 1;
        bool good = true;

        volume_take_begins();
        while (got > 0) {
                got = pread(SOS_VOLUME, tree.bytes, PAGE_BYTES, (off_t)SOS_VOLUME_ARCHIVE);
                if (got > 0 && good)
                        good = volume_take(tree.bytes, (size_t)got);
        }
        return got == 0;
}

int main(void)
{
        struct sos_volume_facts facts;
        char words[VOLUME_WORDS];
        bool writable;

        if (pread(SOS_VOLUME, &facts, sizeof(facts), (off_t)SOS_VOLUME_FACTS) != sizeof(facts))
                return EXIT_FAILURE;
        disk = (struct disk){.pages = facts.pages,
                             .read_only = facts.read_only,
                             .read = read_page,
                             .write = write_page,
                             .flush = flush};
        if (!mount(facts.wants_tree, &writable))
                return EXIT_FAILURE;
        while (writable && take_archive()) {
                bool kept = volume_keep(words);

                if (!kept) {
                        char again[VOLUME_WORDS];

                        volume_close();
                        writable = volume_open(&disk, again) == VOLUME_GOOD;
                }
                if (!say(kept ? SOS_VOLUME_KEPT : SOS_VOLUME_FAILED, 0, words))
                        return EXIT_FAILURE;
        }
        return writable ? EXIT_FAILURE : EXIT_SUCCESS;
}
