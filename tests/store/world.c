/* SPDX-License-Identifier: BSD-2-Clause */
/* See world.h. */
#include "world.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "os/core/console.h"
#include "os/core/pace.h"
#include "os/device/block.h"
#include "os/device/board.h"
#include "os/files/archive.h"
#include "os/files/notice.h"
#include "os/files/spare.h"
#include "os/memory/frame.h"
#include "os/memory/swap.h"
#include "os/server/proc.h"
#include "sos/clock.h"

enum { FRAMES = 4096, REQUESTS = 64 };

struct world *world;

static struct {
        struct block_request *with_device[REQUESTS];
        unsigned count;
        frame_id fresh, free;
        ut_t memory[FRAMES / FRAME_GROUP];
        uint64_t time;
} here;

uint64_t world_random(uint64_t below)
{
        world->random ^= world->random << 13;
        world->random ^= world->random >> 7;
        world->random ^= world->random << 17;
        return world->random % below;
}

static void *map(uint64_t at, size_t size, int flags)
{
        void *p = mmap((void *)at, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags | (at ? MAP_FIXED : 0),
                       -1, 0);

        if (p == MAP_FAILED)
                abort();
        return p;
}

void world_begin(uint64_t seed)
{
        if (!world) {
                world = map(0, sizeof(*world), MAP_SHARED);
                map(FRAMES_RECORDS, FRAMES * sizeof(struct frame), MAP_PRIVATE);
                map(FRAMES_PLACE, (size_t)FRAMES * PAGE, MAP_PRIVATE);
        }
        memset(world, 0, sizeof(*world));
        world->random = seed * 0x9e3779b97f4a7c15ull + 1;
}

void world_power_on(void)
{
        memset(&here, 0, sizeof(here));
        here.fresh = FRAME_GROUP;
        for (frame_id f = 0; f < FRAMES; f += FRAME_GROUP) {
                here.memory[f / FRAME_GROUP].paddr = (uintptr_t)frame_data(f);
                frame_record(f)->memory = &here.memory[f / FRAME_GROUP];
        }
}

/* --- the disk --- */

static void keep(uint64_t block)
{
        if (world->is_cached[block])
                memcpy(world->stable[block], world->cached[block], PAGE);
        world->is_cached[block] = false;
}

static void obey(const struct block_request *r)
{
        void *data = (void *)r->paddr;

        if (r->operation == BLOCK_FLUSH) {
                for (unsigned i = 0; i < WORLD_BLOCKS; i++)
                        keep(i);
                return;
        }
        if (r->block >= WORLD_BLOCKS)
                abort();
        if (r->operation == BLOCK_READ) {
                memcpy(data, (world->is_cached[r->block] ? world->cached : world->stable)[r->block], PAGE);
                return;
        }
        memcpy(world->cached[r->block], data, PAGE);
        world->is_cached[r->block] = true;
        if (world->no_cache)
                keep(r->block);
}

bool world_step(void)
{
        unsigned i = here.count ? (unsigned)world_random(here.count) : 0;
        struct block_request *r = here.with_device[i];
        bool good = !world->errors || world_random(world->errors);

        if (!here.count)
                return false;
        here.with_device[i] = here.with_device[--here.count];
        world->requests++;
        world->failed += !good;
        here.time += 100;
        if (good)
                obey(r);
        r->done(r, good);
        return true;
}

void world_cut(void)
{
        enum { SECTOR = 512 };

        for (unsigned i = 0; i < here.count; i++) {
                const struct block_request *r = here.with_device[i];

                if (r->operation != BLOCK_WRITE)
                        continue;
                for (unsigned at = 0; at < PAGE; at += SECTOR) {
                        if (world_random(2))
                                memcpy(world->stable[r->block] + at, (char *)r->paddr + at, SECTOR);
                }
        }
        for (unsigned i = 0; i < WORLD_BLOCKS; i++) {
                if (world_random(2))
                        keep(i);
                world->is_cached[i] = false;
        }
        world->cuts++;
}

uint64_t block_open(void (*serve)(void))
{
        (void)serve;
        return WORLD_BLOCKS;
}

bool block_read_only(void)
{
        return false;
}

void block_submit(struct block_request *r)
{
        if (r->operation == BLOCK_FLUSH && world->no_cache) {
                r->done(r, true);
                return;
        }
        if (here.count == REQUESTS)
                abort();
        here.with_device[here.count++] = r;
}

static unsigned left;
static bool bad;

static void ended(struct block_request *r, bool good)
{
        (void)r;
        left--;
        bad |= !good;
}

bool block_wait(struct block_request *r, unsigned count)
{
        left = count;
        bad = false;
        for (unsigned i = 0; i < count; i++) {
                r[i].done = ended;
                block_submit(&r[i]);
        }
        while (left > 0)
                world_step();
        return !bad;
}

/* --- frames, processes (none), time, words --- */

frame_id frame_take(void)
{
        frame_id f = here.free;

        if (f)
                here.free = frame_record(f)->next;
        else if (here.fresh < FRAMES)
                f = here.fresh++;
        if (f) {
                frame_record(f)->users = 1;
                memset(frame_data(f), 0xa5, PAGE);
        }
        return f;
}

frame_id frame_take_zero(void)
{
        frame_id f = frame_take();

        if (f)
                memset(frame_data(f), 0, PAGE);
        return f;
}

void frame_share(frame_id f)
{
        frame_record(f)->users += f != 0;
}

void frame_drop(frame_id f)
{
        if (!f || --frame_record(f)->users > 0)
                return;
        frame_record(f)->next = here.free;
        here.free = f;
}

struct frame_counts frame_counts(void)
{
        return (struct frame_counts){.used = 0, .free = FRAMES, .limit = FRAMES};
}

size_t frame_total(void)
{
        return FRAMES;
}

bool archive_leave(bool all)
{
        (void)all;
        return false;
}

void archive_drop(const unsigned char *bytes)
{
        (void)bytes;
}

frame_id archive_frame(const unsigned char *bytes)
{
        (void)bytes;
        return 0;
}

frame_id archive_make_frame(const unsigned char *bytes)
{
        return archive_frame(bytes);
}

void frame_come(int more)
{
        (void)more;
}

size_t ut_available(void)
{
        return 0;
}

/* Nobody counts them here. */
void frame_give_to_file(frame_id f)
{
        (void)f;
}

/* Nobody reads the rest of this disk as a file. */
void spare_open(uint64_t first, uint64_t blocks, bool read_only)
{
        (void)first, (void)blocks, (void)read_only;
}

bool proc_look(struct node *directory, const char *name, size_t length)
{
        (void)directory, (void)name, (void)length;
        return true;
}

size_t proc_text(const struct node *n, char *buffer, size_t size)
{
        (void)n, (void)buffer, (void)size;
        return 0;
}

bool proc_refuses(const struct node *n)
{
        (void)n;
        return false;
}

bool proc_is_own(const struct node *directory)
{
        (void)directory;
        return false;
}

struct file *proc_file(const struct node *link)
{
        (void)link;
        return NULL;
}

/* Nobody watches. */
void notice_itself(const struct node *n, uint32_t what)
{
        (void)n, (void)what;
}

void notice_entry(const struct node *directory, const char *name, uint32_t what, uint32_t cookie)
{
        (void)directory, (void)name, (void)what, (void)cookie;
}

void notice_gone(const struct node *n)
{
        (void)n;
}

uint32_t notice_cookie(void)
{
        return 0;
}

uint64_t pace_ends = UINT64_MAX;

uint64_t world_time(void)
{
        return ++here.time;
}

uint64_t board_date_us(void)
{
        return here.time;
}

void console_print(const char *format, ...)
{
        (void)format;
}

/* No file here is left on a disk. */
void swap_await(void)
{
}

struct wait_queue *swap_queue(void)
{
        static struct wait_queue queue;

        return &queue;
}
