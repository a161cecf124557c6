/* SPDX-License-Identifier: BSD-2-Clause */
/* See disk.h.  `kept` is the medium, `seen` the medium with the device's cache, and `loose` has the order of the writes since the last
 * flush. */
#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
        struct disk disk;
        unsigned char *kept, *seen; /* what survives; what reads see */
        uint32_t *loose,
                written; /* 0: not written since the last flush; otherwise its place among the writes */
        uint64_t operations, cut_at, random;
        uint64_t flushes, cut_flush, lost_flush;
        uint64_t requests, bad_request;
        bool cut;
} d;
static struct {
        unsigned char *kept, *seen;
        uint32_t *loose;
} saved;

uint64_t disk_random(void)
{
        d.random = d.random * 6364136223846793005ull + 1442695040888963407ull;
        return d.random >> 33;
}

void disk_seed(uint64_t seed)
{
        d.random = seed * 0x9e3779b97f4a7c15ull + 1;
        disk_random();
}

/* One more request; false: it has failed. */
static bool count(bool changes)
{
        d.operations += changes;
        if (d.cut_at && d.operations >= d.cut_at)
                d.cut = true;
        return !d.cut && ++d.requests != d.bad_request;
}

static bool read_page(void *state, uint64_t page, void *to)
{
        (void)state;
        memcpy(to, d.seen + page * PAGE_BYTES, PAGE_BYTES);
        return count(false);
}

static bool write_page(void *state, uint64_t page, const void *from)
{
        (void)state;
        if (!count(true))
                return false;
        memcpy(d.seen + page * PAGE_BYTES, from, PAGE_BYTES);
        d.loose[page] = ++d.written;
        return true;
}

static bool is_first(uint64_t page)
{
        for (uint64_t i = 0; i < d.disk.pages; i++) {
                if (d.loose[i] && d.loose[i] < d.loose[page])
                        return false;
        }
        return true;
}

static bool survives(uint64_t page, enum disk_order order)
{
        switch (order) {
        case DISK_NONE:
                return false;
        case DISK_ALL:
                return true;
        case DISK_LAST:
                return d.loose[page] == d.written;
        case DISK_NOT_FIRST:
                return !is_first(page);
        default:
                return disk_random() % 2;
        }
}

/* What was in the device's cache is on the medium, or lost. */
static void settle(enum disk_order order)
{
        for (uint64_t i = 0; i < d.disk.pages; i++) {
                if (d.loose[i] && survives(i, order))
                        memcpy(d.kept + i * PAGE_BYTES, d.seen + i * PAGE_BYTES, PAGE_BYTES);
                else if (d.loose[i])
                        memcpy(d.seen + i * PAGE_BYTES, d.kept + i * PAGE_BYTES, PAGE_BYTES);
        }
        memset(d.loose, 0, d.disk.pages * sizeof(*d.loose));
        d.written = 0;
}

static bool flush(void *state)
{
        (void)state;
        if (++d.flushes == d.cut_flush)
                d.cut = true;
        if (!count(true)) {
                if (!d.cut)
                        settle(DISK_ANY); /* a device that reports an error has forgotten some */
                return false;
        }
        if (d.flushes != d.lost_flush)
                settle(DISK_ALL);
        return true;
}

void disk_cut_after(uint64_t operations)
{
        d.operations = d.flushes = d.requests = 0;
        d.cut = false;
        d.cut_at = operations;
        d.cut_flush = d.lost_flush = d.bad_request = 0;
}

void disk_cut_at_flush(uint64_t number)
{
        disk_cut_after(0);
        d.cut_flush = number;
}

void disk_lose_flush(uint64_t number)
{
        d.lost_flush = number;
}

void disk_fail(uint64_t request)
{
        disk_cut_after(0);
        d.bad_request = request;
}

bool disk_is_cut(void)
{
        return d.cut;
}

uint64_t disk_flushes(void)
{
        return d.flushes;
}

uint64_t disk_requests(void)
{
        return d.requests;
}

void disk_power_on(enum disk_order order)
{
        settle(order);
        disk_cut_after(0);
}

/* --- images --- */

static void copy(unsigned char *kept, unsigned char *seen, uint32_t *loose, const unsigned char *from_kept,
                 const unsigned char *from_seen, const uint32_t *from_loose)
{
        memcpy(kept, from_kept, d.disk.pages * PAGE_BYTES);
        memcpy(seen, from_seen, d.disk.pages * PAGE_BYTES);
        memcpy(loose, from_loose, d.disk.pages * sizeof(*loose));
}

void disk_remember(void)
{
        copy(saved.kept, saved.seen, saved.loose, d.kept, d.seen, d.loose);
}

void disk_go_back(void)
{
        copy(d.kept, d.seen, d.loose, saved.kept, saved.seen, saved.loose);
        disk_cut_after(0);
}

static bool make_room(size_t size)
{
        unsigned char **image[] = {&d.kept, &d.seen, &saved.kept, &saved.seen};
        bool good = true;

        for (unsigned i = 0; i < 4; i++) {
                free(*image[i]);
                *image[i] = malloc(size);
                good &= *image[i] != NULL;
        }
        free(d.loose), free(saved.loose);
        d.loose = calloc(d.disk.pages + 1, sizeof(*d.loose));
        saved.loose = calloc(d.disk.pages + 1, sizeof(*d.loose));
        return good && d.loose && saved.loose;
}

struct disk *disk_load(const char *file)
{
        FILE *f = fopen(file, "rb");
        long size;

        if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0)
                return NULL;
        rewind(f);
        d.disk = (struct disk){
                .pages = (uint64_t)size / PAGE_BYTES, .read = read_page, .write = write_page, .flush = flush};
        if (!make_room((size_t)size) || fread(d.kept, 1, (size_t)size, f) != (size_t)size)
                return NULL;
        fclose(f);
        memcpy(d.seen, d.kept, (size_t)size);
        disk_cut_after(0);
        return &d.disk;
}

bool disk_save(const char *file)
{
        FILE *f = fopen(file, "wb");
        bool good = f && fwrite(d.kept, PAGE_BYTES, d.disk.pages, f) == d.disk.pages;

        return f && fclose(f) == 0 && good;
}
