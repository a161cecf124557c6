/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing, moving and protecting memory; new mappings are in mapping.c. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/large.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { PROT_ALL = 7, PROT_SEM = 8 };
enum { MREMAP_MAYMOVE = 1, MADV_DONTNEED = 4, MADV_FREE = 8, MADV_HUGEPAGE = 14, MADV_NOHUGEPAGE = 15 };

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

static struct region *heap(struct space *s)
{
        struct region_place place;
        struct region *r = space_from(s, 0, &place);

        while (r && r->kind != REGION_HEAP)
                r = space_next(s, &place);
        return r;
}

long posix_clear(struct process *p, seL4_Word start, seL4_Word end)
{
        seL4_Word at = start + p->call.progress;
        bool done = space_clear_some(p->space, start, end, &at);

        p->call.progress = (at < end ? at : end) - start;
        return done ? 0 : call_pauses(p);
}

/* The first page of the heap region is never used, so that the region exists from the beginning. */
long posix_brk(struct process *p)
{
        struct region *r = heap(p->space);
        seL4_Word wanted = p->call.argument[0];

        if (!r)
                return 0;
        if (wanted >= r->start + PAGE && up(wanted) < r->end && posix_clear(p, up(wanted), r->end))
                return CALL_NO_VALUE;
        if (wanted > r->end && !posix_memory_fits(p, up(wanted) - r->end, true))
                return (long)p->space->brk;
        if (wanted < r->start + PAGE || wanted > SPACE_TOP || !space_resize(p->space, r, wanted))
                return (long)p->space->brk;
        p->space->brk = wanted;
        return (long)wanted;
}

static bool bad_range(struct process *p)
{
        return p->call.argument[0] % PAGE || p->call.argument[1] == 0 || p->call.argument[1] > SPACE_TOP ||
               p->call.argument[0] > SPACE_TOP - up(p->call.argument[1]);
}

/* Pages and regions of a range, in pieces. */
long posix_remove(struct process *p, seL4_Word start, seL4_Word end)
{
        if (!p->call.progress && !space_split(p->space, start, end))
                return -SOS_ENOMEM;
        if (posix_clear(p, start, end))
                return CALL_NO_VALUE;
        return space_drop_regions(p->space, start, end) ? 0 : call_pauses(p);
}

long posix_munmap(struct process *p)
{
        seL4_Word start = p->call.argument[0], end = start + up(p->call.argument[1]);

        if (bad_range(p))
                return -SOS_EINVAL;
        return posix_remove(p, start, end);
}

long posix_look_over(struct process *p, seL4_Word va, seL4_Word end, uint8_t access)
{
        seL4_Word at = p->call.place ? p->call.place : va;
        struct region_place place;

        for (struct region *r = space_from(p->space, at, &place); at < end;
             r = space_next(p->space, &place)) {
                if (!r || r->start > at)
                        return -SOS_ENOMEM;
                if (r->never & access)
                        return -SOS_EACCES;
                p->call.place = at = r->end;
                if (at < end && pace_is_over())
                        return call_pauses(p);
        }
        return 0;
}

/* Regions of a range get this access, and then its mappings go, in pieces; the next touch makes new ones. */
static long protect(struct process *p, seL4_Word start, seL4_Word size, uint8_t access)
{
        seL4_Word end = start + size, *done = &p->call.progress, at = start + *done % size;
        bool all;

        if (*done < size) {
                all = space_set_access_some(p->space, end, access, &at);
                *done = all ? size : at - start;
                return all ? protect(p, start, size, access) : call_pauses(p);
        }
        all = space_unmap_some(p->space, end, &at);
        *done = size + (all ? 0 : at - start);
        return all ? 0 : call_pauses(p);
}

long posix_mprotect(struct process *p)
{
        seL4_Word va = p->call.argument[0], size = up(p->call.argument[1]);
        uint8_t access = p->call.argument[2] & PROT_ALL;
        long error;

        if (va % PAGE || p->call.argument[2] & ~(seL4_Word)(PROT_ALL | PROT_SEM))
                return -SOS_EINVAL;
        if (bad_range(p))
                return p->call.argument[1] ? -SOS_ENOMEM : 0;
        error = posix_look_over(p, va, va + size, access);
        if (error)
                return error;
        if (!p->call.progress && !space_split(p->space, va, va + size))
                return -SOS_ENOMEM;
        return protect(p, va, size, access);
}

/* Whether pages of 2 MiB may come there, in pieces; those that are there stay. */
static long allow_large(struct process *p, seL4_Word start, seL4_Word end)
{
        bool allowed = p->call.argument[2] == MADV_HUGEPAGE, all;
        seL4_Word at = start + p->call.progress;

        if (!p->call.progress && !space_split(p->space, start, end))
                return -SOS_ENOMEM;
        all = large_allow_some(p->space, end, allowed, &at);
        p->call.progress = at - start;
        return all ? 0 : call_pauses(p);
}

static bool is_about_large(seL4_Word advice)
{
        return advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE;
}

/* Pages that are not needed go, and are fresh when they are touched again; other advice changes nothing. */
long posix_madvise(struct process *p)
{
        seL4_Word va = p->call.argument[0], size = up(p->call.argument[1]);
        long error;

        if (bad_range(p) || (p->call.argument[2] > MADV_FREE && !is_about_large(p->call.argument[2])))
                return p->call.argument[1] || va % PAGE ? -SOS_EINVAL : 0;
        error = posix_look_over(p, va, va + size, 0);
        if (error)
                return error;
        if (is_about_large(p->call.argument[2]))
                return allow_large(p, va, va + size);
        return p->call.argument[2] == MADV_DONTNEED ? posix_clear(p, va, va + size) : 0;
}

/* A region like the one at `old`, where there is room for it; its address in p->call.place. */
static bool make_place(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        struct space *s = p->space;
        seL4_Word to = space_gap(s, POSIX_MAP_START, size);
        struct region r;

        if (!to || !space_split(s, old, old + old_size))
                return false;
        r = *space_find(s, old);
        r.start = to;
        r.end = to + size;
        r.file_start += to - old;
        if (!space_add(s, r))
                return false;
        region_use(&r);
        p->call.place = to;
        return true;
}

/* No memory for page records: undo everything. */
static long move_back(struct process *p, seL4_Word old, seL4_Word size)
{
        seL4_Word to = p->call.place, at = 0;

        while (space_move_some(p->space, to, old, size, &at) == SPACE_COPIES_ON)
                ;
        space_remove(p->space, to, to + size);
        return -SOS_ENOMEM;
}

/* Pages move with frames and blocks of swap, so nothing is copied or waited for. */
static long move_mapping(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        if (!p->call.place && !make_place(p, old, old_size, size))
                return -SOS_ENOMEM;
        switch (space_move_some(p->space, old, p->call.place, old_size, &p->call.progress)) {
        case SPACE_COPIED:
                return space_drop_regions(p->space, old, old + old_size) ? (long)p->call.place
                                                                         : call_pauses(p);
        case SPACE_COPIES_ON:
                return call_pauses(p);
        default:
                return swap_awaited() ? -SOS_ENOMEM : move_back(p, old, size);
        }
}

static long shrink(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        long error = posix_remove(p, old + size, old + old_size);

        return error ? error : (long)old;
}

long posix_mremap(struct process *p)
{
        seL4_Word old = p->call.argument[0], old_size = up(p->call.argument[1]),
                  size = up(p->call.argument[2]);
        struct region *r;

        if (bad_range(p) || size == 0 || p->call.argument[2] > POSIX_MAP_MAX ||
            p->call.argument[3] & ~(seL4_Word)MREMAP_MAYMOVE)
                return -SOS_EINVAL;
        if (size < old_size && p->call.progress) /* the region is cut already */
                return shrink(p, old, old_size, size);
        r = space_find(p->space, old);
        if (!r || r->end < old + old_size)
                return -SOS_EFAULT;
        if (!p->call.place && region_of_file(r) && r->node->shortens) {
                p->call.whole = true; /* pages would come where those behind the file's end have gone */
                return call_waits(p, &r->node->moved);
        }
        if (size > old_size &&
            (r->kind == REGION_SHARED || !posix_memory_fits(p, size - old_size, r->access & SPACE_WRITE)))
                return -SOS_ENOMEM;
        if (size <= old_size)
                return size == old_size ? (long)old : shrink(p, old, old_size, size);
        if (!p->call.place && r->kind == REGION_MEMORY && r->end == old + old_size &&
            space_resize(p->space, r, old + size))
                return (long)old;
        return p->call.argument[3] & MREMAP_MAYMOVE ? move_mapping(p, old, old_size, size) : -SOS_ENOMEM;
}
