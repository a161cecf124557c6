/* SPDX-License-Identifier: BSD-2-Clause */
/* What region.c asks of space.c. */
#pragma once

#include "os/memory/space.h"

/* Pages of [start, end) go, frames and all. */
void space_clear_range(struct space *s, seL4_Word start, seL4_Word end);

/* The numbers of leaf frames in the table that has that leaf's. */
static inline frame_id *space_leaves(const struct space *s, uint32_t number)
{
        return (frame_id *)frame_data(s->table[number / SPACE_TABLE_LEAVES]);
}

/* It is about to end. */
void space_unlist(struct space *s);

/* The record of a page, made when there is none yet; NULL: no memory.  Taking its mapping, and its content too. */
struct page *space_make_page(struct space *s, seL4_Word va);
void space_unmap_page(struct space *s, struct page *p, seL4_Word va);
void space_clear_page(struct space *s, struct page *p, seL4_Word va);
