/* SPDX-License-Identifier: BSD-2-Clause */
/* See spare_parts.h.  A run ends when its pages have gone.  Letting go of a page that nobody has any more gives memory back, which takes
 * long, so what is too much for a piece waits in a list. */
#include "os/core/pace.h"
#include "os/files/spare_parts.h"

enum {
        RUNS = SPARE_RUNS + SPARE_TRANSFERS * SPARE_BUFFERS
}; /* there is always one for a frame of the server */

struct run {
        struct block_request request; /* first: a run is found by it */
        struct spare_transfer *transfer;
        struct hold pages; /* of the program */
        bool holds;        /* it began with some */
        bool bad;          /* how it has ended */
        struct run *next;  /* of the free ones, or of those whose pages go */
};

static struct {
        struct run run[RUNS], *free;
        struct run *leaving, *last_leaving; /* their pages are to go */
        unsigned fresh;                     /* those that were used once */
} runs;

struct spare_held spare_held;

static struct run *take(void)
{
        struct run *r = runs.free;

        if (!r)
                return &runs.run[runs.fresh++];
        runs.free = r->next;
        return r;
}

static void give(struct run *r)
{
        r->next = runs.free;
        runs.free = r;
        spare_run_ended(r->transfer, r->bad);
}

/* --- ends --- */

/* True: all of its pages have gone.  A device whose driver does not come back may still write to them: they never become anybody else's. */
static bool drop_pages(struct run *r)
{
        unsigned before = r->pages.count;

        if (r->bad && block_is_gone()) {
                hold_leave(&r->pages);
                r->pages.count = 0;
        } else if (before > 0 && !hold_drop_some(&r->pages)) {
                spare_held.pages -= before - r->pages.count;
                return false;
        }
        spare_held.pages -= before;
        spare_held.runs -= r->holds;
        return true;
}

static void leave(struct run *r)
{
        r->next = NULL;
        if (runs.leaving)
                runs.last_leaving->next = r;
        else
                runs.leaving = r;
        runs.last_leaving = r;
        frame_come(1);
}

static void done(struct block_request *request, bool good)
{
        struct run *r = (struct run *)request;

        r->bad = !good;
        if ((pace_is_over() && r->pages.count > 0) || !drop_pages(r))
                leave(r);
        else
                give(r);
}

bool spare_leaving(void)
{
        return runs.leaving;
}

void spare_leave_some(void)
{
        struct run *r = runs.leaving;

        do {
                if (!drop_pages(r))
                        return;
                runs.leaving = r->next;
                frame_come(-1);
                give(r);
                r = runs.leaving;
        } while (r && !pace_is_over());
}

/* --- beginning --- */

void spare_run(struct spare_transfer *t, const struct block_request *what, const struct hold *pages)
{
        struct run *r = take();

        r->request = *what;
        r->request.done = done;
        r->transfer = t;
        r->pages = pages ? *pages : (struct hold){0};
        r->holds = r->pages.count > 0;
        spare_held.pages += r->pages.count;
        spare_held.runs += r->holds;
        block_submit(&r->request);
}
