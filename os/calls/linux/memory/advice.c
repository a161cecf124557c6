/* SPDX-License-Identifier: BSD-2-Clause */
/* Advice about a program's own memory.  Some of it is about how pages will be used, and changes nothing; the rest takes pages away, brings
 * them, or says what a child gets of them.  All of the range must be mapped. */
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/space_pages.h"

enum advice {
        WILL_NEED = 3,
        DONT_NEED = 4,
        FREE = 8,
        REMOVE = 9,
        DONT_FORK,
        DO_FORK,
        HUGE = 14,
        NO_HUGE,
        DONT_DUMP,
        DO_DUMP,
        WIPE_ON_FORK,
        KEEP_ON_FORK,
        COLD,
        PAGE_OUT,
        POPULATE_READ,
        POPULATE_WRITE,
        DONT_NEED_LOCKED
};

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

/* KSM, and pages that are treated as broken or guarded, do not exist here, as in a Linux without them. */
static bool is_known(uint32_t advice)
{
        return advice <= DONT_NEED || (advice >= FREE && advice <= DO_FORK) ||
               (advice >= HUGE && advice <= DONT_NEED_LOCKED);
}

long posix_look_for_locks(struct process *p, seL4_Word va, seL4_Word end)
{
        enum { SOME = 64 };
        seL4_Word *done = &p->call.vector_start;

        for (; p->space->locked && va + *done < end; *done += PAGE) {
                const struct page *page = space_page(p->space, va + *done);

                if (page && page->frame && page->fixed)
                        return -SOS_EINVAL;
                if (*done / PAGE % SOME == SOME - 1 && pace_is_over()) {
                        *done += PAGE;
                        return call_pauses(p);
                }
        }
        return 0;
}

/* The reason why a region cannot be treated so; 0 if it can. */
static long refusal(const struct region *r, uint32_t advice)
{
        bool own = r->kind <= REGION_HEAP && !r->file_size;
        uint8_t access = advice == POPULATE_WRITE ? SPACE_WRITE : SPACE_READ;

        switch (advice) {
        case FREE:
        case WIPE_ON_FORK:
                return own ? 0 : -SOS_EINVAL;
        case REMOVE:
                if (r->kind != REGION_MAPPED)
                        return r->kind == REGION_FILE ? -SOS_EACCES : -SOS_EINVAL;
                return r->never & SPACE_WRITE ? -SOS_EACCES : 0;
        case POPULATE_READ:
        case POPULATE_WRITE:
                return r->access & access ? 0 : -SOS_EINVAL;
        default:
                return 0;
        }
}

/* Can all regions of the range be treated so?  In pieces, as posix_look_over. */
static long look_over(struct process *p, seL4_Word va, seL4_Word end, uint32_t advice)
{
        seL4_Word at = p->call.place ? p->call.place : va;
        struct region_place place;

        for (struct region *r = space_from(p->space, at, &place); at < end;
             r = space_next(p->space, &place)) {
                long error = !r || r->start > at ? -SOS_ENOMEM : refusal(r, advice);

                if (error)
                        return error;
                p->call.place = at = r->end;
                if (at < end && pace_is_over())
                        return call_pauses(p);
        }
        return 0;
}

/* What regions of the range are to be marked with, or no more; in pieces. */
static long mark(struct process *p, seL4_Word start, seL4_Word end, uint8_t lost, uint8_t got)
{
        seL4_Word at = start + p->call.progress;
        bool all;

        if (!p->call.progress && !space_split(p->space, start, end))
                return -SOS_ENOMEM;
        all = region_mark_some(p->space, end, lost, got, &at);
        p->call.progress = at - start;
        return all ? 0 : call_pauses(p);
}

/* Each page comes as if it was touched. */
static long populate(struct process *p, seL4_Word va, seL4_Word end, enum space_access access)
{
        void *data;

        for (; va + p->call.progress < end; p->call.progress += PAGE) {
                enum space_result result;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                result = space_touch(p->space, va + p->call.progress, access, &data);
                if (result != SPACE_OK)
                        return result == SPACE_BEYOND ? -SOS_EFAULT : -SOS_ENOMEM;
        }
        return 0;
}

/* Pages go; one that is locked comes again, and stays locked. */
static long renew(struct process *p, seL4_Word va, seL4_Word end)
{
        if (!p->space->locked)
                return posix_clear(p, va, end);
        for (; va + p->call.progress < end; p->call.progress += PAGE) {
                seL4_Word at = va + p->call.progress;
                struct page *page = space_page(p->space, at);
                void *data;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                p->call.vector |= page && page->fixed; /* until it has come again, maybe in a later try */
                space_clear_range(p->space, at, at + PAGE);
                if (p->call.vector && space_touch(p->space, at, SPACE_READ, &data) != SPACE_OK)
                        return -SOS_ENOMEM;
                if (p->call.vector)
                        space_page(p->space, at)->fixed = 1;
                p->call.vector = 0;
        }
        return 0;
}

/* What is mapped of files there becomes zeros in them. */
static long make_hole(struct process *p, seL4_Word va, seL4_Word end)
{
        for (; va + p->call.progress < end; p->call.progress += PAGE) {
                const struct region *r = space_find(p->space, va + p->call.progress);
                uint64_t at = r->file_offset + (va + p->call.progress - r->file_start);
                long error;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                error = at < r->node->size ? node_clear(r->node, at, PAGE) : 0;
                if (error)
                        return error;
        }
        return 0;
}

/* The change that it asks for, if any. */
static long follow(struct process *p, seL4_Word va, seL4_Word end, uint32_t advice)
{
        switch (advice) {
        case DONT_NEED:
                return posix_clear(p, va, end);
        case DONT_NEED_LOCKED:
                return renew(p, va, end);
        case REMOVE:
                return make_hole(p, va, end);
        case DONT_FORK:
                return mark(p, va, end, 0, REGION_NOT_COPIED);
        case DO_FORK:
                return mark(p, va, end, REGION_NOT_COPIED, 0);
        case WIPE_ON_FORK:
                return mark(p, va, end, 0, REGION_WIPED);
        case KEEP_ON_FORK:
                return mark(p, va, end, REGION_WIPED, 0);
        case HUGE:
                return mark(p, va, end, REGION_NO_LARGE, 0);
        case NO_HUGE:
                return mark(p, va, end, 0, REGION_NO_LARGE);
        case POPULATE_READ:
                return populate(p, va, end, SPACE_READ);
        case POPULATE_WRITE:
                return populate(p, va, end, SPACE_WRITE);
        default:
                return 0;
        }
}

/* Pages that are locked stay. */
static bool minds_locks(uint32_t advice)
{
        return advice == DONT_NEED || advice == FREE || advice == REMOVE || advice == COLD ||
               advice == PAGE_OUT;
}

long posix_madvise(struct process *p)
{
        seL4_Word va = p->call.argument[0], bytes = p->call.argument[1], end = va + up(bytes);
        uint32_t advice = (uint32_t)p->call.argument[2];
        long error;

        if (va % PAGE || !is_known(advice) || end < va || (bytes && !up(bytes)))
                return -SOS_EINVAL;
        if (end > SPACE_TOP)
                return bytes ? -SOS_ENOMEM : 0;
        error = look_over(p, va, end, advice);
        if (!error && minds_locks(advice))
                error = posix_look_for_locks(p, va, end);
        return error ? error : follow(p, va, end, advice);
}
