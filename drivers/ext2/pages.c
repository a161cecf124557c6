/* SPDX-License-Identifier: BSD-2-Clause */
/* See pages.h.  Pages that have been read or changed, found by number; the log is in log.c. */
#include "pages_parts.h"

#include <stdlib.h>
#include <string.h>

struct pages_all pages;

static struct page **bucket_of(uint64_t number)
{
        return &pages.bucket[(number ^ number >> 12) % PAGES_BUCKETS];
}

struct page *pages_find(uint64_t number)
{
        struct page *p = *bucket_of(number);

        while (p && p->number != number)
                p = p->next;
        return p;
}

static void drop_where(bool dirty_too)
{
        for (unsigned i = 0; i < PAGES_BUCKETS; i++) {
                struct page **at = &pages.bucket[i], *p;

                while ((p = *at) != NULL) {
                        if (p->dirty && !dirty_too) {
                                at = &p->next;
                                continue;
                        }
                        *at = p->next;
                        free(p);
                }
        }
        pages.clean = 0;
        pages.dirty = dirty_too ? 0 : pages.dirty;
}

/* A page of the cache, read when `fill`; NULL: an error. */
static struct page *get(uint64_t number, bool fill)
{
        struct page *p = pages_find(number);

        if (p || number >= pages.disk.pages)
                return p;
        if (pages.clean >= PAGES_CLEAN)
                drop_where(false);
        p = malloc(sizeof(*p));
        if (!p)
                return NULL;
        if (fill && !pages.disk.read(pages.disk.state, number, p->data)) {
                free(p);
                return NULL;
        }
        p->number = number;
        p->dirty = false;
        p->next = *bucket_of(number);
        *bucket_of(number) = p;
        pages.clean++;
        return p;
}

bool pages_is_direct(const struct page *p)
{
        return p->dirty && p->number > 0 && pages.use.free_before(pages.use.state, p->number);
}

void pages_is_written(struct page *p)
{
        p->dirty = false;
        pages.dirty--;
        pages.clean++;
}

bool pages_write_direct(void)
{
        for (unsigned i = 0; i < PAGES_BUCKETS; i++) {
                for (struct page *p = pages.bucket[i]; p; p = p->next) {
                        if (!pages_is_direct(p))
                                continue;
                        if (!pages.disk.write(pages.disk.state, p->number, p->data))
                                return false;
                        pages_is_written(p);
                }
        }
        return true;
}

void pages_open(const struct disk *disk, const struct pages_use *use)
{
        pages.disk = *disk;
        pages.use = *use;
        pages.early = PAGES_EARLY;
}

void pages_close(void)
{
        drop_where(true);
}

bool pages_read(uint64_t at, void *to, uint64_t size)
{
        for (uint64_t done = 0, part; done < size; done += part) {
                const struct page *p = get((at + done) / PAGE_BYTES, true);
                uint64_t in = (at + done) % PAGE_BYTES;

                part = PAGE_BYTES - in < size - done ? PAGE_BYTES - in : size - done;
                if (!p)
                        return false;
                memcpy((char *)to + done, p->data + in, part);
        }
        return true;
}

bool pages_write(uint64_t at, const void *from, uint64_t size)
{
        for (uint64_t done = 0, part; done < size; done += part) {
                uint64_t in = (at + done) % PAGE_BYTES;
                struct page *p;

                part = PAGE_BYTES - in < size - done ? PAGE_BYTES - in : size - done;
                p = get((at + done) / PAGE_BYTES, part < PAGE_BYTES);
                if (!p)
                        return false;
                memcpy(p->data + in, (const char *)from + done, part);
                pages.clean -= !p->dirty;
                pages.dirty += !p->dirty;
                p->dirty = true;
        }
        if (pages.dirty < pages.early)
                return true;
        if (!pages_write_direct())
                return false;
        pages.early = pages.dirty + PAGES_EARLY; /* pages that have to wait are not examined each time */
        return true;
}
