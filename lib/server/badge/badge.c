/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers in rows of pages; those at rest form a queue through their rows. */
#include <badge/badge.h>
#include <sel4/report.h>

struct row {
        uint64_t word;       /* owner; at rest: number of the next in the queue */
        uint64_t generation; /* even at rest */
};

_Static_assert(sizeof(struct row) * BADGE_PER_PAGE == 4096, "rows fill a page");

static const uint64_t NUMBER = (1ul << BADGE_NUMBER_BITS) - 1;
static const uint64_t GENERATION = BADGE_NOTIFICATION / (1ul << BADGE_NUMBER_BITS) - 1;

static struct row *row_of(const struct badges *badges, uint32_t number)
{
        return (struct row *)badges->page[number / BADGE_PER_PAGE].memory + number % BADGE_PER_PAGE;
}

void badge_start(struct badges *badges)
{
        for (uint32_t i = 0; i < BADGE_PAGES_MAX; i++)
                badges->page[i] = (struct book_page){0};
        badges->known = badges->first = badges->last = badges->resting = badges->used = 0;
}

void badge_end(struct badges *badges)
{
        for (uint32_t i = 0; i < BADGE_PAGES_MAX && badges->page[i].memory; i++)
                book_put(&badges->page[i]);
        badge_start(badges);
}

/* A number that was never used; 0 when there is none. */
static uint32_t fresh(struct badges *badges)
{
        uint32_t number = badges->known + 1;

        if (number > NUMBER || (!badges->page[number / BADGE_PER_PAGE].memory &&
                                book_get(&badges->page[number / BADGE_PER_PAGE]))) {
                return 0;
        }
        badges->known = number;
        return number;
}

static uint32_t rested(struct badges *badges)
{
        uint32_t number = badges->first;

        if (number) {
                badges->first = (uint32_t)row_of(badges, number)->word;
                badges->last = badges->first ? badges->last : 0;
                badges->resting--;
        }
        return number;
}

seL4_Word badge_new(struct badges *badges, void *owner)
{
        uint32_t number = 0;
        struct row *row;

        if (owner) {
                number = badges->resting > BADGE_LATE ? rested(badges) : fresh(badges);
                number = number ? number : rested(badges);
        }
        if (!number)
                return 0;
        row = row_of(badges, number);
        row->word = (uintptr_t)owner;
        row->generation++;
        badges->used++;
        return (row->generation & GENERATION) << BADGE_NUMBER_BITS | number;
}

static struct row *find(const struct badges *badges, seL4_Word badge)
{
        uint32_t number = badge & NUMBER;
        struct row *row;

        if (badge & BADGE_NOTIFICATION || !number || number > badges->known)
                return NULL;
        row = row_of(badges, number);
        return row->generation & 1 && (row->generation & GENERATION) == badge >> BADGE_NUMBER_BITS ? row
                                                                                                   : NULL;
}

void *badge_owner(const struct badges *badges, seL4_Word badge)
{
        const struct row *row = find(badges, badge);

        return row ? (void *)row->word : NULL;
}

int badge_free(struct badges *badges, seL4_Word badge)
{
        struct row *row = find(badges, badge);
        uint32_t number = badge & NUMBER;

        if (!row) {
                report("badge_free: 0x%lx is not a badge in use", badge);
                return seL4_InvalidArgument;
        }
        row->generation++;
        row->word = 0;
        if (badges->last)
                row_of(badges, badges->last)->word = number;
        else
                badges->first = number;
        badges->last = number;
        badges->resting++;
        badges->used--;
        return seL4_NoError;
}
