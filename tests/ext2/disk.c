/* SPDX-License-Identifier: BSD-2-Clause */
/* See disk.h. */
#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
        struct disk disk;
        unsigned char *kept, *seen; /* what survives; what reads see */
        unsigned char *loose;       /* pages that differ */
        uint64_t operations, cut_at, random;
} d;

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

static bool count(void)
{
        d.operations++;
        return !disk_is_cut();
}

static bool read_page(void *state, uint64_t page, void *to)
{
        (void)state;
        memcpy(to, d.seen + page * PAGE_BYTES, PAGE_BYTES);
        return !disk_is_cut();
}

static bool write_page(void *state, uint64_t page, const void *from)
{
        (void)state;
        if (!count())
                return false;
        memcpy(d.seen + page * PAGE_BYTES, from, PAGE_BYTES);
        d.loose[page] = 1;
        return true;
}

static bool flush(void *state)
{
        (void)state;
        if (!count())
                return false;
        memcpy(d.kept, d.seen, d.disk.pages * PAGE_BYTES);
        memset(d.loose, 0, d.disk.pages);
        return true;
}

void disk_cut_after(uint64_t operations)
{
        d.operations = 0;
        d.cut_at = operations;
}

bool disk_is_cut(void)
{
        return d.cut_at && d.operations >= d.cut_at;
}

uint64_t disk_operations(void)
{
        return d.operations;
}

void disk_power_on(void)
{
        for (uint64_t i = 0; i < d.disk.pages; i++) {
                if (d.loose[i] && disk_random() % 2)
                        memcpy(d.kept + i * PAGE_BYTES, d.seen + i * PAGE_BYTES, PAGE_BYTES);
        }
        memcpy(d.seen, d.kept, d.disk.pages * PAGE_BYTES);
        memset(d.loose, 0, d.disk.pages);
        disk_cut_after(0);
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
        free(d.kept), free(d.seen), free(d.loose);
        d.kept = malloc((size_t)size);
        d.seen = malloc((size_t)size);
        d.loose = calloc(d.disk.pages + 1, 1);
        if (!d.kept || !d.seen || !d.loose || fread(d.kept, 1, (size_t)size, f) != (size_t)size)
                return NULL;
        fclose(f);
        memcpy(d.seen, d.kept, (size_t)size);
        return &d.disk;
}

bool disk_save(const char *file)
{
        FILE *f = fopen(file, "wb");
        bool good = f && fwrite(d.kept, PAGE_BYTES, d.disk.pages, f) == d.disk.pages;

        return f && fclose(f) == 0 && good;
}
