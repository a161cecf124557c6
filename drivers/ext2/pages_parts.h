/* SPDX-License-Identifier: BSD-2-Clause */
/* Between pages.c and log.c. */
#pragma once

#include "pages.h"

enum { PAGES_BUCKETS = 4096 };

struct page {
        struct page *next;
        uint64_t number;
        bool dirty;
        unsigned char data[PAGE_BYTES];
};

struct pages_all {
        struct disk disk;
        struct pages_use use;
        struct page *bucket[PAGES_BUCKETS];
        unsigned clean, dirty;
        unsigned early; /* with this many changed pages, those that may be written are */
};
extern struct pages_all pages;

struct page *pages_find(uint64_t number);
bool pages_is_direct(const struct page *p); /* changed, and nothing committed refers to it */
void pages_is_written(struct page *p);
bool pages_write_direct(void);
