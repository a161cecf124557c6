/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that stay in memory: mlock and its kin.  A page that is locked is there, and the pager passes it by (struct page: fixed) until it is
 * unlocked or goes.  An eighth of all memory is left to others. */
#include "os/calls/linux/posix.h"
#include "os/memory/swap.h"

enum { PART_FOR_OTHERS = 8 };

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

/* The first two arguments, as pages: false when there can be none. */
static bool range(const struct process *p, seL4_Word *start, seL4_Word *end)
{
        seL4_Word va = p->call.argument[0], size = p->call.argument[1];

        if (va > SPACE_TOP || size > SPACE_TOP - va)
                return false;
        *start = va & ~(seL4_Word)(PAGE - 1);
        *end = up(va + size);
        return true;
}

static bool has_room(seL4_Word pages)
{
        return frame_available() >= pages + frame_total() / PART_FOR_OTHERS;
}

/* A page that is there stays; one that is not is made, unless only what is there is meant. */
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

/* Of the range, from what is done (p->call.progress) on; `all`: it must all be there, or the call fails. */
static long lock_some(struct process *p, seL4_Word start, seL4_Word end, bool all)
{
        for (seL4_Word va = start + p->call.progress; va < end; va += PAGE) {
                struct region_place place;
                const struct region *r = space_from(p->space, va, &place);
                long error;

                if (!r || r->start >= end)
                        break;
                va = r->start > va ? r->start : va;
                p->call.progress = va - start;
                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                if (!(r->access & SPACE_READ) && !all) {
                        va = r->end - PAGE; /* nobody can touch it */
                        continue;
                }
                error = has_room(1) ? lock_page(p, r, va, all || r->kind != REGION_STACK) : -SOS_ENOMEM;
                if (error && (all || swap_awaited() || !has_room(1)))
                        return error;
                p->call.progress = va + PAGE - start;
        }
        return 0;
}

static long unlock(struct process *p, seL4_Word start, seL4_Word end)
{
        for (seL4_Word va = start + p->call.progress; va < end; va += PAGE) {
                struct region_place place;
                const struct region *r = space_from(p->space, va, &place);
                struct page *page;

                if (!r || r->start >= end)
                        break;
                va = r->start > va ? r->start : va;
                p->call.progress = va - start;
                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                page = r->kind == REGION_BUFFER ? NULL : space_page(p->space, va);
                if (page)
                        page->fixed = 0;
        }
        return 0;
}

long posix_mlock(struct process *p)
{
        enum { MLOCK2 = 284, ON_FAULT = 1 };
        seL4_Word start, end;

        if (p->call.number % SOS_POSIX == MLOCK2 && p->call.argument[2] & ~(seL4_Word)ON_FAULT)
                return -SOS_EINVAL;
        if (!range(p, &start, &end) || !posix_covered(p->space, start, end))
                return -SOS_ENOMEM;
        if (!p->call.progress && !has_room((end - start) / PAGE))
                return -SOS_ENOMEM;
        return lock_some(p, start, end, true);
}

long posix_munlock(struct process *p)
{
        seL4_Word start, end;

        if (!range(p, &start, &end) || !posix_covered(p->space, start, end))
                return -SOS_ENOMEM;
        return unlock(p, start, end);
}

/* What is there now, and what comes later. */
long posix_mlockall(struct process *p)
{
        enum { CURRENT = 1, FUTURE = 2, ON_FAULT = 4 };
        seL4_Word flags = p->call.argument[0];

        if (flags & ~(seL4_Word)(CURRENT | FUTURE | ON_FAULT) || !(flags & (CURRENT | FUTURE)))
                return -SOS_EINVAL;
        p->space->locks = flags & FUTURE;
        return flags & CURRENT && has_room(0) ? lock_some(p, 0, SPACE_TOP, false)
               : flags & CURRENT              ? -SOS_ENOMEM
                                              : 0;
}

long posix_munlockall(struct process *p)
{
        p->space->locks = false;
        return unlock(p, 0, SPACE_TOP);
}
