/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of a commit; see pages.h.
 *
 * The head says where the first list is; a list says for up to LISTED pages where each is in the log and where it belongs, and where
 * the next list is.  The sum covers lists and pages in the order of the lists.  The last page listed is page 0.
 */
#include "pages_parts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LOG_MAGIC 0x3130676f4c737354ull

struct head {
        uint64_t magic, count, list, sum; /* pages in all; the first list */
        uint64_t super;                   /* the sum of the superblock beside this head */
        uint64_t own;                     /* of what is before it */
};

enum { LISTED = (PAGE_BYTES - 16) / 16 };
struct list {
        uint64_t next, count;
        struct {
                uint64_t from, to;
        } page[LISTED];
};

static uint64_t sum_of(uint64_t value, const void *bytes, size_t size)
{
        const unsigned char *at = bytes;

        for (size_t i = 0; i + 8 <= size; i += 8) {
                uint64_t word;

                memcpy(&word, at + i, 8);
                value = (value ^ word) * 0x100000001b3ull;
                value ^= value >> 32;
        }
        return value;
}

static bool put(uint64_t page, const void *data)
{
        return pages.disk.write(pages.disk.state, page, data);
}

static bool get(uint64_t page, void *data)
{
        return page < pages.disk.pages && pages.disk.read(pages.disk.state, page, data);
}

static bool flush(void)
{
        return pages.disk.flush(pages.disk.state);
}

/* --- writing --- */

static uint64_t place; /* the search for free places in the log continues from here */

/* The next page below `place` that is free before and after; 0: there is none. */
static uint64_t next_place(void)
{
        while (--place > 0) {
                if (pages.use.free_before(pages.use.state, place) &&
                    pages.use.free_after(pages.use.state, place))
                        return place;
        }
        place = 1;
        return 0;
}

static bool add(struct list *l, struct head *h, const struct page *p)
{
        uint64_t at = next_place();

        if (!at || !put(at, p->data))
                return false;
        l->page[l->count].from = at;
        l->page[l->count++].to = p->number;
        h->sum = sum_of(h->sum, p->data, PAGE_BYTES);
        h->count++;
        return true;
}

/* The list is full, or (`last`) the last one. */
static bool end_list(struct list *l, uint64_t *at, struct head *h, bool last)
{
        l->next = last ? 0 : next_place();
        if (!last && !l->next)
                return false;
        h->sum = sum_of(h->sum, l, sizeof(*l));
        if (!put(*at, l))
                return false;
        *at = l->next;
        memset(l, 0, sizeof(*l));
        return true;
}

/* All changed pages, page 0 last. */
static bool write_log(struct head *h, const struct page *zero)
{
        struct list l = {0};
        uint64_t at;

        place = pages.disk.pages;
        at = h->list = next_place();
        if (!at)
                return false;
        for (unsigned i = 0; i < PAGES_BUCKETS; i++) {
                for (const struct page *p = pages.bucket[i]; p; p = p->next) {
                        if (!p->dirty || p->number == 0)
                                continue;
                        if (l.count == LISTED && !end_list(&l, &at, h, false))
                                return false;
                        if (!add(&l, h, p))
                                return false;
                }
        }
        return (l.count < LISTED || end_list(&l, &at, h, false)) && add(&l, h, zero) &&
               end_list(&l, &at, h, true);
}

/* From here on the new state is the valid one. */
static bool write_head(struct head *h, const struct page *zero)
{
        unsigned char data[PAGE_BYTES];

        memcpy(data, zero->data, PAGE_BYTES);
        pages.use.unclean(pages.use.state, data + SUPER_AT);
        h->super = sum_of(0, data + SUPER_AT, SUPER_BYTES);
        h->own = sum_of(0, h, offsetof(struct head, own));
        memcpy(data, h, sizeof(*h));
        return put(0, data) && flush();
}

static bool write_in_place(struct page *zero)
{
        for (unsigned i = 0; i < PAGES_BUCKETS; i++) {
                for (struct page *p = pages.bucket[i]; p; p = p->next) {
                        if (!p->dirty || p == zero)
                                continue;
                        if (!put(p->number, p->data))
                                return false;
                        pages_is_written(p);
                }
        }
        if (!flush() || !put(0, zero->data) || !flush())
                return false;
        pages_is_written(zero);
        return true;
}

/* Is there room for all of it, and for the lists? */
static bool has_room(void)
{
        uint64_t needed = pages.dirty + pages.dirty / LISTED + 2;

        place = pages.disk.pages;
        while (needed > 0 && next_place())
                needed--;
        return needed == 0;
}

enum pages_result pages_commit(void)
{
        struct head h = {.magic = LOG_MAGIC};
        struct page *zero;
        char byte;

        if (pages.dirty == 0)
                return PAGES_GOOD;
        /* page 0 takes part, changed or not */
        if (!pages_read(0, &byte, 1) || !pages_write(0, &byte, 1) || !pages_write_direct())
                return PAGES_ERROR;
        zero = pages_find(0);
        if (!has_room())
                return PAGES_NO_ROOM;
        if (!write_log(&h, zero) || !flush() || !write_head(&h, zero) || !write_in_place(zero))
                return PAGES_ERROR;
        pages.early = PAGES_EARLY;
        return PAGES_GOOD;
}

/* --- replaying --- */

typedef bool use_page(uint64_t to, void *data, void *state);

static bool each_list(const struct head *h, use_page *use, void *state, uint64_t *sum)
{
        static unsigned char data[PAGE_BYTES];
        uint64_t at = h->list, left = h->count;
        struct list l;

        while (at && left > 0) {
                if (!get(at, &l) || l.count > LISTED || l.count > left)
                        return false;
                for (uint64_t i = 0; i < l.count; i++) {
                        if (l.page[i].to >= pages.disk.pages || !get(l.page[i].from, data) ||
                            !use(l.page[i].to, data, state))
                                return false;
                        *sum = sum_of(*sum, data, PAGE_BYTES);
                }
                *sum = sum_of(*sum, &l, sizeof(l));
                left -= l.count;
                if (l.count == 0)
                        return false;
                at = l.next;
        }
        return left == 0 && !at;
}

static bool only_look(uint64_t to, void *data, void *state)
{
        (void)to, (void)data, (void)state;
        return true;
}

/* Page 0, the last, stays in `state`. */
static bool carry_out(uint64_t to, void *data, void *state)
{
        if (to)
                return put(to, data);
        memcpy(state, data, PAGE_BYTES);
        return true;
}

static bool clear_head(unsigned char *zero)
{
        memset(zero, 0, BOOT_BYTES);
        return put(0, zero) && flush();
}

enum pages_found pages_replay(void)
{
        unsigned char zero[PAGE_BYTES];
        uint64_t sum = 0, again = 0;
        struct head h;

        if (!get(0, zero))
                return PAGES_BAD;
        memcpy(&h, zero, sizeof(h));
        if (h.magic != LOG_MAGIC || h.own != sum_of(0, &h, offsetof(struct head, own)))
                return PAGES_NOTHING;
        if (pages.disk.read_only)
                return PAGES_KEPT;
        if (h.super != sum_of(0, zero + SUPER_AT, SUPER_BYTES))
                return clear_head(zero) ? PAGES_FOREIGN : PAGES_BAD;
        if (!each_list(&h, only_look, NULL, &sum) || sum != h.sum)
                return PAGES_BAD;
        return each_list(&h, carry_out, zero, &again) && flush() && put(0, zero) && flush() ? PAGES_REPLAYED
                                                                                            : PAGES_BAD;
}
