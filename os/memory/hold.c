/* SPDX-License-Identifier: BSD-2-Clause */
/* See hold.h. */
#include "os/memory/hold.h"
#include "os/core/pace.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { LOOK = 8 }; /* pages that are held, or let go, between two looks at the clock */

static bool refused; /* somebody waits for the end of a filling */

static bool can_be_held(const struct touch *t, bool fills)
{
        const struct frame *r = frame_record(t->page->frame);

        return !region_common(t->region) && !r->filling && !(fills && r->pins);
}

static void hold(frame_id f, bool fills)
{
        struct frame *r = frame_record(f);

        r->users++;
        r->pins++;
        r->filling = fills;
}

/* Is this frame the next one of the run? */
static bool follows(const struct hold *h, frame_id f)
{
        frame_id next = h->first + h->count;

        return f == next &&
               (f % FRAME_GROUP || frame_paddr(f) == frame_paddr(h->first) + (uint64_t)h->count * PAGE);
}

/* The most pages of a run from `va` on: those of a region, within a leaf. */
static unsigned limit(const struct region *r, seL4_Word va, unsigned most)
{
        seL4_Word of_region = (r->end - va) / PAGE, of_leaf = SPACE_LEAF_PAGES - va / PAGE % SPACE_LEAF_PAGES;
        seL4_Word both = of_region < of_leaf ? of_region : of_leaf;

        return both < most ? (unsigned)both : most;
}

enum space_result space_hold(struct space *s, seL4_Word va, unsigned most, bool fills, struct hold *h)
{
        enum space_access access = fills ? SPACE_WRITE : SPACE_READ;
        struct touch t;
        enum space_result result = space_touch_record(s, va, access, &t);

        *h = (struct hold){0};
        if (result != SPACE_OK || !can_be_held(&t, fills))
                return result;
        most = limit(t.region, va, most);
        h->first = t.page->frame;
        do {
                hold(t.page->frame, fills);
                if (++h->count == most || (h->count % LOOK == 0 && pace_is_over()))
                        break;
                va += PAGE;
                t.page = space_use_record(t.leaf, va);
        } while (space_make_ready(s, t.region, t.page, va, access) == SPACE_OK && follows(h, t.page->frame) &&
                 can_be_held(&t, fills));
        return SPACE_OK;
}

static void end(frame_id f, bool drops)
{
        struct frame *r = frame_record(f);

        r->filling = 0;
        if (!drops)
                return;
        r->pins--;
        frame_drop(f);
}

static void tell(void)
{
        if (refused)
                wait_wake(swap_queue());
        refused = false;
}

bool hold_drop_some(struct hold *h)
{
        do {
                for (unsigned i = 0; i < LOOK && h->count > 0; i++, h->count--)
                        end(h->first++, true);
        } while (h->count > 0 && !pace_is_over());
        tell();
        return h->count == 0;
}

void hold_leave(const struct hold *h)
{
        for (unsigned i = 0; i < h->count; i++)
                end(h->first + i, false);
        tell();
}

bool space_fills(const struct page *p)
{
        if (!frame_record(p->frame)->filling)
                return false;
        swap_await();
        refused = true;
        return true;
}
