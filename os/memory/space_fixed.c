/* SPDX-License-Identifier: BSD-2-Clause */
/* Spaces whose pages are all there for good: those of drivers, on which the disk, and with it swap, may depend. */
#include "base/text.h"
#include "os/memory/space_pages.h"

static enum space_access most_of(const struct region *r)
{
        return r->access & SPACE_WRITE ? SPACE_WRITE : r->access & SPACE_EXECUTE ? SPACE_EXECUTE : SPACE_READ;
}

bool space_fix(struct space *s)
{
        struct region_place at;

        s->fixed = true; /* already, so that no page is one that others have */
        for (struct region *r = space_from(s, 0, &at); r; r = space_next(s, &at)) {
                for (seL4_Word va = r->start; va < r->end; va += PAGE) {
                        if (space_fault(s, va, most_of(r)) != SPACE_OK) {
                                s->fixed = false;
                                return false;
                        }
                }
        }
        return true;
}

void space_renew(struct space *s)
{
        struct region_place at;

        for (struct region *r = space_from(s, 0, &at); r; r = space_next(s, &at)) {
                for (seL4_Word va = r->start; r->access & SPACE_WRITE && va < r->end; va += PAGE) {
                        frame_id f = space_page(s, va)->frame;

                        memset(frame_look(f), 0, PAGE);
                        space_fill(s, r, va, f);
                }
        }
}
