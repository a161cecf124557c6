/* SPDX-License-Identifier: BSD-2-Clause */
/* See volume.h.  One read of a page at a time, when no write is with the device; writes as many as there are buffers. */
#include "os/files/volume.h"
#include "base/text.h"
#include "os/core/console.h"
#include "os/files/later.h"
#include "os/files/node.h"
#include "os/files/pack.h"
#include "os/files/pipe.h"
#include "os/files/store_parts.h"
#include "sos/proto.h"
#include "sos/volume.h"

enum { SUPER_MAGIC_AT = 1024 + 56, SUPER_MAGIC = 0xef53 };

enum step { NONE, ASKED, DONE };

static struct {
        bool (*run_program)(void); /* NULL: there is no such disk */
        uint64_t pages, room;
        bool read_only;
        struct node *root;
        enum volume_now now;
        bool runs, loads, passes; /* the program; it writes the tree; it reads one */
        bool told;                /* it has said what it found; once, for lines are the server's time */
        unsigned fruitless;

        struct store_buffer buffer[STORE_BUFFERS], flush;
        unsigned with_device;
        enum step read, flushed; /* the page in buffer[0]; the flush */
        uint64_t page;
        bool bad, read_bad; /* a write since the last flush; the read */
        struct wait_queue moved;
} volume;

bool volume_is_there(const void *page)
{
        const unsigned char *at = page;

        return (at[SUPER_MAGIC_AT] | at[SUPER_MAGIC_AT + 1] << 8) == SUPER_MAGIC;
}

void volume_open(uint64_t pages, bool read_only, struct node *root, bool (*run_program)(void))
{
        volume.run_program = run_program;
        volume.pages = pages;
        volume.read_only = read_only;
        volume.root = root;
        for (unsigned i = 0; i < STORE_BUFFERS; i++) {
                frame_id f = frame_take();

                if (!f) {
                        console_print("/disk: no memory for its buffers; the disk is not used\n");
                        volume.now = VOLUME_LOST;
                        return;
                }
                volume.buffer[i].data = frame_data(f);
                volume.buffer[i].paddr = frame_paddr(f);
        }
        volume_settle();
}

enum volume_now volume_now(void)
{
        return volume.now;
}

uint64_t volume_room(void)
{
        return volume.room;
}

struct wait_queue *volume_queue(void)
{
        return &volume.moved;
}

/* --- the program --- */

static void lose(const char *why)
{
        volume.now = VOLUME_LOST;
        console_print("/disk: %s: nothing more is kept, and what is not in memory cannot be read\n", why);
        later_lose();
        if (volume.passes)
                store_pass_ends(false, "its program has ended");
        volume.passes = false;
}

static bool program_is_needed(void)
{
        return volume.now != VOLUME_LOST;
}

void volume_settle(void)
{
        if (!volume.run_program || volume.runs || volume.with_device > 0 || !program_is_needed())
                return;
        if (volume.fruitless++ == VOLUME_FRUITLESS) {
                lose("the program of its file system ends again and again");
                return;
        }
        volume.read = volume.flushed = NONE;
        volume.bad = volume.told = false;
        volume.loads = volume.now == VOLUME_MOUNTS;
        unpack_into(volume.root);
        volume.runs = volume.run_program();
        if (!volume.runs)
                lose("the program of its file system cannot be started");
}

void volume_closed(void)
{
        bool ran = volume.runs;

        volume.runs = false;
        if (!ran || !program_is_needed())
                return;
        console_print("/disk: the program of its file system has ended and restarts\n");
        if (volume.passes)
                store_pass_anew();
        volume.passes = false;
        later_again();
}

void volume_begin_pass(void)
{
        volume.passes = volume.now == VOLUME_MOUNTED;
        if (!volume.passes)
                store_pass_ends(false, "nothing can be written");
        wait_wake(&volume.moved);
}

/* --- pages of the disk --- */

static void done(struct block_request *r, bool good)
{
        struct store_buffer *b = (struct store_buffer *)r; /* its first member */

        b->busy = false;
        volume.with_device--;
        if (r->operation == BLOCK_READ) {
                volume.read = DONE;
                volume.read_bad = !good;
        } else {
                volume.bad |= !good;
        }
        if (r->operation == BLOCK_FLUSH)
                volume.flushed = DONE;
        wait_wake(&volume.moved);
}

static void submit(struct store_buffer *b, enum block_operation operation, uint64_t page)
{
        b->request = (struct block_request){
                .operation = operation, .count = 1, .block = page, .paddr = b->paddr, .done = done};
        b->busy = true;
        volume.with_device++;
        block_submit(&b->request);
}

static long read_page(uint64_t page, void *to)
{
        if (volume.read == DONE && volume.page == page) {
                volume.read = NONE;
                memcpy(to, volume.buffer[0].data, BLOCK_SIZE);
                return volume.read_bad ? -SOS_EIO : BLOCK_SIZE;
        }
        if (volume.with_device > 0)
                return FILE_BLOCKS;
        volume.read = ASKED;
        volume.page = page;
        submit(&volume.buffer[0], BLOCK_READ, page);
        return volume.read == DONE ? read_page(page, to) : FILE_BLOCKS;
}

static long write_page(uint64_t page, const void *from)
{
        for (unsigned i = 0; i < STORE_BUFFERS; i++) {
                struct store_buffer *b = &volume.buffer[i];

                if (b->busy)
                        continue;
                memcpy(b->data, from, BLOCK_SIZE);
                submit(b, BLOCK_WRITE, page);
                return BLOCK_SIZE;
        }
        return FILE_BLOCKS;
}

static bool is_page(uint64_t at, size_t size)
{
        return size == BLOCK_SIZE && at % BLOCK_SIZE == 0 && at / BLOCK_SIZE < volume.pages;
}

static long flush(size_t size)
{
        bool bad = volume.bad;

        if (volume.flushed == DONE) {
                volume.flushed = NONE;
                volume.bad = false;
                return bad ? -SOS_EIO : (long)size;
        }
        if (volume.with_device > 0)
                return FILE_BLOCKS;
        volume.flushed = ASKED;
        volume.flush.paddr = volume.buffer[0].paddr;
        submit(&volume.flush, BLOCK_FLUSH, 0);
        return volume.flushed == DONE ? flush(size) : FILE_BLOCKS;
}

/* --- what it says --- */

static void refused(const char *words)
{
        console_print("disk: ext2: %s; it is not used, and there is no /disk\n", words);
        volume.now = VOLUME_LOST;
}

static void mounted(bool writable, uint64_t room, const char *words)
{
        if (volume.now == VOLUME_MOUNTS) {
                volume.now = writable ? VOLUME_MOUNTED : VOLUME_READ_ONLY;
                volume.room = room;
        } else if (!writable && volume.now == VOLUME_MOUNTED) {
                lose("the file system can no longer be written");
        }
        if (words[0])
                console_print("/disk: ext2: %s\n", words);
}

static long hear(const struct sos_volume_word *said, size_t size)
{
        struct sos_volume_word w = *said;

        if (w.what == SOS_VOLUME_FLUSH)
                return flush(size);
        if (w.what <= SOS_VOLUME_MOUNTED ? volume.told : !volume.passes)
                return -SOS_EINVAL;
        w.words[SOS_VOLUME_WORDS - 1] = '\0';
        for (char *c = w.words; *c; c++)
                *c = *c < ' ' || *c > '~' ? '?' : *c;
        volume.fruitless = 0;
        if (w.what == SOS_VOLUME_REFUSED)
                refused(w.words);
        else if (w.what <= SOS_VOLUME_MOUNTED)
                mounted(w.what == SOS_VOLUME_MOUNTED, w.room, w.words);
        else
                store_pass_ends(w.what == SOS_VOLUME_KEPT, w.words);
        volume.told |= w.what <= SOS_VOLUME_MOUNTED;
        volume.passes &= w.what < SOS_VOLUME_KEPT;
        volume.loads = false;
        return (long)size;
}

static long next_job(void *to)
{
        struct sos_volume_job job = {.changes = volume.passes};
        struct later_job wanted;

        later_done();
        if (!volume.passes && !later_next(&wanted))
                return FILE_BLOCKS;
        if (!volume.passes)
                job = (struct sos_volume_job){
                        .inode = wanted.inode, .page = wanted.page, .count = wanted.count};
        memcpy(to, &job, sizeof(job));
        return (long)sizeof(job);
}

static long take_inodes(const struct sos_volume_inode *made, size_t size)
{
        for (size_t i = 0; i < size / sizeof(*made); i++)
                pack_has_inode(made[i].number, made[i].inode);
        return size % sizeof(*made) ? -SOS_EINVAL : (long)size;
}

long volume_read(uint64_t at, void *to, size_t size)
{
        struct sos_volume_facts facts = {.pages = volume.pages,
                                         .read_only = volume.read_only,
                                         .wants_tree = volume.now == VOLUME_MOUNTS};

        if (at == SOS_VOLUME_JOB && size == sizeof(struct sos_volume_job))
                return next_job(to);
        if (at < SOS_VOLUME_ARCHIVE)
                return is_page(at, size) ? read_page(at / BLOCK_SIZE, to) : -SOS_EINVAL;
        if (at < SOS_VOLUME_FACTS)
                return volume.passes ? (long)pack_next(to, size) : FILE_BLOCKS;
        if (at != SOS_VOLUME_FACTS || size != sizeof(facts))
                return -SOS_EINVAL;
        memcpy(to, &facts, size);
        return (long)size;
}

static long take_content(uint64_t page, const void *from, size_t size)
{
        return size == PAGE && later_arrives(page, from) ? PAGE : -SOS_EINVAL;
}

static long take_page(uint64_t at, const void *from, size_t size)
{
        return is_page(at, size) && !volume.read_only ? write_page(at / BLOCK_SIZE, from) : -SOS_EINVAL;
}

long volume_write(uint64_t at, const void *from, size_t size)
{
        if (at < SOS_VOLUME_CONTENT)
                return take_page(at, from, size);
        if (at < SOS_VOLUME_ARCHIVE)
                return take_content((at - SOS_VOLUME_CONTENT) / PAGE, from, size);
        if (at < SOS_VOLUME_FACTS)
                return !volume.loads ? -SOS_EINVAL : unpack_take(from, size) ? (long)size : -SOS_ENOSPC;
        if (at == SOS_VOLUME_INODES && volume.passes)
                return take_inodes(from, size);
        if (at != SOS_VOLUME_WORD || size != sizeof(struct sos_volume_word))
                return -SOS_EINVAL;
        return hear(from, size);
}
