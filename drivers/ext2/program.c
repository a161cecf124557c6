/* SPDX-License-Identifier: BSD-2-Clause */
/* The program of a disk with ext2: between libext2fs and the starter OS (sos/volume.h), which starts it with the disk as its
 * descriptor 0.
 *
 * It mounts (the log, if any, is carried out), sends the tree without the content of files, and then sends pages of content that are
 * wanted, and makes the disk match each archive that it reads.  After an archive that failed, the file system is opened again.  On an
 * error of the descriptor itself the program exits, and is started again.
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

/* The first time with the tree.  False: its message is final. */
static bool mount(bool wants_tree, bool *mounted)
{
        char words[VOLUME_WORDS];
        enum volume_state state = volume_open(&disk, words);
        uint64_t left_out;

        *mounted = state != VOLUME_REFUSED;
        if (!*mounted)
                return say(SOS_VOLUME_REFUSED, 0, words);
        if (wants_tree && (!volume_give(add_to_tree, NULL, &left_out) || !put_tree())) {
                state = VOLUME_READ_ONLY;
                strcpy(words, "not everything could be read into memory");
        }
        return say(state == VOLUME_GOOD ? SOS_VOLUME_MOUNTED : SOS_VOLUME_READ_ONLY, volume_room(), words);
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

static bool put_page(uint64_t page, const void *bytes)
{
        return pwrite(SOS_VOLUME, bytes, PAGE_BYTES, (off_t)(SOS_VOLUME_CONTENT + page * PAGE_BYTES)) ==
               PAGE_BYTES;
}

static bool tell_inodes(void)
{
        enum { EACH = PAGE_BYTES / sizeof(struct sos_volume_inode) };
        unsigned count, part;
        const struct sos_volume_inode *made = volume_made(&count);

        for (unsigned i = 0; i < count; i += part) {
                ssize_t bytes;

                part = count - i < EACH ? count - i : EACH;
                bytes = (ssize_t)(part * sizeof(*made));
                memcpy(buffer, made + i, (size_t)bytes);
                if (pwrite(SOS_VOLUME, buffer, (size_t)bytes, (off_t)SOS_VOLUME_INODES) != bytes)
                        return false;
        }
        return true;
}

static bool change(bool *mounted)
{
        char words[VOLUME_WORDS], again[VOLUME_WORDS];
        bool kept;

        if (!take_archive())
                return false;
        kept = volume_keep(words);
        if (!kept) {
                volume_close();
                *mounted = volume_open(&disk, again) == VOLUME_GOOD;
        }
        return (!kept || tell_inodes()) && say(kept ? SOS_VOLUME_KEPT : SOS_VOLUME_FAILED, 0, words);
}

int main(void)
{
        struct sos_volume_facts facts;
        struct sos_volume_job job;
        bool mounted;

        if (pread(SOS_VOLUME, &facts, sizeof(facts), (off_t)SOS_VOLUME_FACTS) != sizeof(facts))
                return EXIT_FAILURE;
        disk = (struct disk){.pages = facts.pages,
                             .read_only = facts.read_only,
                             .read = read_page,
                             .write = write_page,
                             .flush = flush};
        if (!mount(facts.wants_tree, &mounted))
                return EXIT_FAILURE;
        while (mounted && pread(SOS_VOLUME, &job, sizeof(job), (off_t)SOS_VOLUME_JOB) == sizeof(job)) {
                if (job.changes ? !change(&mounted) : !volume_pages(job.inode, job.page, job.count, put_page))
                        return EXIT_FAILURE;
        }
        return EXIT_FAILURE;
}
