/* SPDX-License-Identifier: BSD-2-Clause */
/* Badges of a server's clients: who is calling, and is it still the one we mean?
 *
 *      badge = badge_new(&badges, client);                 for endpoint_mint and the fault endpoint
 *      client = badge_owner(&badges, badge);               NULL: the badge of a client that is gone
 *      badge_free(&badges, badge);
 *
 * A badge is a generation above a number of 16 bits.  A number is used again late (128 others come first) and with another
 * generation, so that a message or handle of a dead client never means its successor.  Bit 63 is never set: it distinguishes
 * notifications from calls.  0 is never given out.
 *
 * Cost: O(1); 16 bytes per number ever in use, in bookkeeping pages that stay until badge_end.
 */
#pragma once

#include <book/book.h>
#include <sel4/sel4.h>

#define BADGE_NOTIFICATION (1ul << 63)

enum {
        BADGE_NUMBER_BITS = 16,
        BADGE_LATE = 128, /* numbers at rest before one is used again */
        BADGE_PER_PAGE = 256,
        BADGE_PAGES_MAX = (1 << BADGE_NUMBER_BITS) / BADGE_PER_PAGE,
};

struct badges {
        struct book_page page[BADGE_PAGES_MAX];
        uint32_t known;       /* numbers 1..known have a row */
        uint32_t first, last; /* those at rest, longest first; 0: none */
        uint32_t resting, used;
};

void badge_start(struct badges *badges);
void badge_end(struct badges *badges);

/* A badge for `owner` (not NULL); 0 without memory or numbers. */
seL4_Word badge_new(struct badges *badges, void *owner);

/* The owner; NULL for a badge that was freed, never given out, or is a notification's.  The badge may be hostile. */
void *badge_owner(const struct badges *badges, seL4_Word badge);

/* 0, or seL4_InvalidArgument (reported) for a badge without owner. */
int badge_free(struct badges *badges, seL4_Word badge);
