/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that several address spaces have together: pages by number, made when one of them is first touched.
 *
 * A share lives as long as regions (or others) use it, and holds one user of each of its frames; the spaces hold their own.
 */
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>

#include "os/memory/frame.h"

enum {
        SHARES = 32,
        SHARE_CHUNKS = 16,
        SHARE_CHUNK_PAGES = 1024,
        SHARE_PAGES = SHARE_CHUNKS * SHARE_CHUNK_PAGES
};

struct share {
        uint32_t users;
        bool used;                    /* the record; without users it leaves */
        frame_id chunk[SHARE_CHUNKS]; /* frames full of frame numbers */
};

/* One user; NULL when there are too many shares. */
struct share *share_make(void);
void share_use(struct share *s);
void share_drop(struct share *s);

/* One piece of what shares without users hold; true: there is more. */
bool share_leave_some(void);
bool share_leaving(void);

/* The frame of a page below SHARE_PAGES, zeroed when it is new; 0 when out of memory. */
frame_id share_frame(struct share *s, seL4_Word page);
