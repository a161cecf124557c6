/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that stay in memory: mlock and its kin.  A locked page is present, and the pager skips it (struct page: fixed) until it is
 * unlocked or goes.  An eighth of all memory is left to others. */
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"

enum { PART_FOR_OTHERS = 8 };

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

/* The first two arguments, as pages, of which there may be none: 0, or -SOS_E*. */
static long range(const struct process *p, seL4_Word *start, seL4_Word *end)
{
        seL4_Word va = p->call.argument[0];

        *start = va & ~(seL4_Word)(PAGE - 1);
        *end = *start + up(p->call.argument[1] + va % PAGE);
        if (*end < *start)
                return -SOS_EINVAL;
        return *end > SPACE_TOP && *end > *start ? -SOS_ENOMEM : 0;
}

/* The regions of the range are locked, or no longer; call.vector says how far.  0, or what the call is to give now. */
static long mark(struct process *p, seL4_Word start, seL4_Word end, uint8_t lost, uint8_t got)
{
        seL4_Word at = start + p->call.vector;
        bool all;

        if (!p->call.vector && !space_split(p->space, start, end))
                return -SOS_ENOMEM;
        all = region_mark_some(p->space, end, lost, got, &at);
        p->call.vector = at - start;
        return all ? 0 : call_pauses(p);
}

static bool has_room(seL4_Word pages)
{
        return frame_available() >= pages + frame_total() / PART_FOR_OTHERS;
}

/* What a program may lock that has no capability for it; asked before anything is. */
static long within_limit(const struct process *p, seL4_Word bytes)
{
        uint64_t most = process_limit(p, LIMIT_LOCKED)->now;

        if (p->call.vector || p->call.progress || user_can(&p->user, CAPABLE_LOCKING))
                return 0;
        return !most ? -SOS_EPERM : bytes > most ? -SOS_ENOMEM : 0;
}

/* A page that is present stays; one that is not is made, unless only present pages are meant. */
static long lock_page(struct process *p, const struct region *r, seL4_Word va, bool make)
{
        struct page *page = space_page(p->space, va);
        void *data;

        if (!make && !(page && page->frame && !page->coming))
                return 0;
        if (space_touch(p->space, va, r->access & SPACE_WRITE ? SPACE_WRITE : SPACE_READ, &data) != SPACE_OK)
                return -SOS_ENOMEM;
        page = space_page(p->space, va);
        if (page)
                page->fixed = 1;
        return 0;
}

/* The region at p->call.progress behind `start`, or the next one below `end`, to which the progress goes then; NULL: there is none. */
static const struct region *next(struct process *p, seL4_Word start, seL4_Word end)
{
        struct region_place place;
        const struct region *r = space_from(p->space, start + p->call.progress, &place);

        if (!r || r->start >= end || start + p->call.progress >= end)
                return NULL;
        if (r->start > start + p->call.progress)
                p->call.progress = r->start - start;
        return r;
}

/* Does that result end the call?  A call about present pages continues where a page cannot be made. */
static bool ends(long error, bool all)
{
        return error && (all || swap_awaited() || !has_room(1));
}

/* Of the range, from what is done (p->call.progress) on; `all`: it must all be there, or the call fails. */
static long lock_some(struct process *p, seL4_Word start, seL4_Word end, bool all)
{
        const struct region *r;

        while ((r = next(p, start, end)) != NULL) {
                long error;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                if (!(r->access & (SPACE_READ | SPACE_WRITE)) && !all) {
                        p->call.progress = r->end - start; /* nobody can touch it */
                        continue;
                }
                error = !has_room(1)
                                ? -SOS_ENOMEM
                                : lock_page(p, r, start + p->call.progress, all || r->kind != REGION_STACK);
                if (ends(error, all))
                        return error;
                p->call.progress += PAGE;
        }
        return 0;
}

static long unlock(struct process *p, seL4_Word start, seL4_Word end)
{
        const struct region *r;

        while ((r = next(p, start, end)) != NULL) {
                struct page *page =
                        r->kind == REGION_BUFFER ? NULL : space_page(p->space, start + p->call.progress);

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                if (page)
                        page->fixed = 0;
                p->call.progress += PAGE;
        }
        return 0;
}

long posix_mlock(struct process *p)
{
        enum { MLOCK2 = 284, ON_FAULT = 1 };
        seL4_Word start, end;
        long error;

        if (p->call.number % SOS_POSIX == MLOCK2 && p->call.argument[2] & ~(seL4_Word)ON_FAULT)
                return -SOS_EINVAL;
        error = range(p, &start, &end);
        if (!error)
                error = within_limit(p, p->space->bytes.locked + end - start);
        if (!error)
                error = posix_look_over(p, start, end, 0);
        if (error)
                return error;
        if (!p->call.vector && !has_room((end - start) / PAGE))
                return -SOS_ENOMEM;
        p->space->locked = true;
        error = mark(p, start, end, 0, REGION_LOCKED);
        return error ? error : lock_some(p, start, end, true);
}

long posix_munlock(struct process *p)
{
        seL4_Word start, end;
        long error;

        error = range(p, &start, &end);
        if (!error)
                error = posix_look_over(p, start, end, 0);
        if (!error)
                error = mark(p, start, end, REGION_LOCKED, 0);
        return error ? error : unlock(p, start, end);
}

/* Present pages, and later ones. */
long posix_mlockall(struct process *p)
{
        enum { CURRENT = 1, FUTURE = 2, ON_FAULT = 4 };
        seL4_Word flags = p->call.argument[0];
        long error;

        if (flags & ~(seL4_Word)(CURRENT | FUTURE | ON_FAULT) || !(flags & (CURRENT | FUTURE)))
                return -SOS_EINVAL;
        error = within_limit(p, flags & CURRENT ? p->space->bytes.all : 0);
        if (error)
                return error;
        p->space->locks = flags & FUTURE;
        p->space->locked = true;
        if (!(flags & CURRENT))
                return 0;
        error = has_room(0) ? mark(p, 0, SPACE_TOP, 0, REGION_LOCKED) : -SOS_ENOMEM;
        return error ? error : lock_some(p, 0, SPACE_TOP, false);
}

long posix_munlockall(struct process *p)
{
        long error;

        p->space->locks = false;
        error = mark(p, 0, SPACE_TOP, REGION_LOCKED, 0);
        return error ? error : unlock(p, 0, SPACE_TOP);
}
