/* SPDX-License-Identifier: BSD-2-Clause */
/* Bookkeeping pages and pools of records.
 *
 * A pool's page begins with a struct book_slab; its records follow, the free ones linked through their first word.  A
 * record finds its page by rounding its address down to 4 KiB.  One empty page per pool is kept, so that a record that
 * comes and goes at a page's edge does not cost a page each time.
 */
#include <book/book.h>
#include <sel4/report.h>

struct book_slab {
        struct book_slab *next, *prev;
        struct book_page page;
        void *free;
        size_t used;
};

enum { SLAB_HEAD = (sizeof(struct book_slab) + 15) & ~15ul };

static struct {
        cspace_t *cspace;
        struct book_source source;
        size_t pages;
} book;

void book_start(cspace_t *cspace, const struct book_source *source)
{
        book.cspace = cspace;
        book.source = *source;
        book.pages = 0;
}

/* Show the frame; slots for tables are taken before and given back if they were not needed. */
static void *show(seL4_CPtr frame)
{
        seL4_CPtr slot[MAPPING_SLOTS] = {seL4_CapNull};
        seL4_Word used = 0;
        void *memory = NULL;
        bool ok = true;

        for (int i = 0; i < MAPPING_SLOTS; i++) {
                slot[i] = cspace_alloc_slot(book.cspace);
                ok = ok && slot[i] != seL4_CapNull;
        }
        if (ok)
                memory = book.source.map(book.source.cookie, frame, slot, &used);
        for (int i = 0; i < MAPPING_SLOTS; i++) {
                if (!(used & (1ul << i)))
                        cspace_free_slot(book.cspace, slot[i]);
        }
        return memory;
}

int book_get(struct book_page *page)
{
        if (!book.source.make)
                return -1;
        page->ut = book.source.make(book.cspace, &page->frame);
        if (!page->ut)
                return -1;
        page->memory = show(page->frame);
        if (!page->memory) {
                book.source.give_back(book.cspace, page->frame, page->ut);
                return -1;
        }
        book.pages++;
        return 0;
}

void book_put(struct book_page *page)
{
        if (book.source.unmap)
                book.source.unmap(book.source.cookie, page->frame, page->memory);
        book.source.give_back(book.cspace, page->frame, page->ut);
        page->memory = NULL;
        book.pages--;
}

size_t book_pages(void)
{
        return book.pages;
}

static void link_slab(struct book_pool *pool, struct book_slab *slab)
{
        slab->prev = NULL;
        slab->next = pool->partial;
        if (slab->next)
                slab->next->prev = slab;
        pool->partial = slab;
}

static void unlink_slab(struct book_pool *pool, struct book_slab *slab)
{
        if (slab->prev)
                slab->prev->next = slab->next;
        else
                pool->partial = slab->next;
        if (slab->next)
                slab->next->prev = slab->prev;
}

static bool add_slab(struct book_pool *pool)
{
        struct book_page page;
        struct book_slab *slab;

        if (book_get(&page))
                return false;
        slab = page.memory;
        *slab = (struct book_slab){.page = page};
        for (size_t at = SLAB_HEAD; at + pool->bytes <= 4096; at += pool->bytes) {
                void **record = (void **)((char *)slab + at);
                *record = slab->free;
                slab->free = record;
        }
        link_slab(pool, slab);
        pool->pages++;
        return true;
}

void *book_new(struct book_pool *pool)
{
        struct book_slab *slab;
        void **record;

        if (!pool->partial && !add_slab(pool))
                return NULL;
        slab = pool->partial;
        record = slab->free;
        slab->free = *record;
        *record = NULL; /* the rest of a free record is zero */
        slab->used++;
        pool->records++;
        if (!slab->free)
                unlink_slab(pool, slab);
        return record;
}

static void clear(void *memory, size_t bytes)
{
        for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
                ((volatile uint64_t *)memory)[i] = 0;
}

void book_free(struct book_pool *pool, void *record)
{
        struct book_slab *slab = (struct book_slab *)((uintptr_t)record & ~(uintptr_t)0xfff);
        struct book_page page;

        if (!record)
                return;
        clear(record, pool->bytes);
        if (!slab->free)
                link_slab(pool, slab);
        *(void **)record = slab->free;
        slab->free = record;
        slab->used--;
        pool->records--;
        if (!slab->used && (slab->next || slab->prev)) {
                unlink_slab(pool, slab);
                pool->pages--;
                page = slab->page;
                book_put(&page);
        }
}
