/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing, moving and protecting memory; new mappings are in mapping.c. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

enum { PROT_ALL = 7, PROT_SEM = 8 };
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4 };

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
        uint8_t access = posix_access(p, p->call.argument[2]);
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

/* What of the old range is to move: its size, or the part that fits. */
struct move {
        seL4_Word old, old_size, size, to; /* to, 0: where there is room */
        bool stays;                        /* the old range, with fresh pages or those of its file */
};

/* A region like the one at `old`, where there is room for it; its address in p->call.place. */
static bool make_place(struct process *p, const struct move *m)
{
        struct space *s = p->space;
        seL4_Word to = m->to ? m->to : space_gap(s, POSIX_MAP_START, m->size);
        struct region r;

        if (!to || !space_split(s, m->old, m->old + m->old_size))
                return false;
        r = *space_find(s, m->old);
        r.start = to;
        r.end = to + m->size;
        r.file_start += to - m->old;
        if (!space_add(s, r))
                return false;
        region_use(&r);
        p->call.place = to;
        return true;
}

/* No memory for page records: undo everything. */
static long move_back(struct process *p, const struct move *m)
{
        seL4_Word to = p->call.place, at = 0;

        while (space_move_some(p->space, to, m->old, m->size, &at) == SPACE_COPIES_ON)
                ;
        space_remove(p->space, to, to + m->size);
        return -SOS_ENOMEM;
}

/* Pages move with frames and blocks of swap, so nothing is copied or waited for. */
static long move_mapping(struct process *p, const struct move *m)
{
        if (!p->call.place && !make_place(p, m))
                return -SOS_ENOMEM;
        switch (space_move_some(p->space, m->old, p->call.place, m->old_size, &p->call.progress)) {
        case SPACE_COPIED:
                if (!m->stays && !space_drop_regions(p->space, m->old, m->old + m->old_size))
                        return call_pauses(p);
                return (long)p->call.place;
        case SPACE_COPIES_ON:
                return call_pauses(p);
        default:
                return swap_awaited() ? -SOS_ENOMEM : move_back(p, m);
        }
}

/* What is too much of the old range goes, then what is at the new place, and then pages move; p->call.vector says which. */
static long move_there(struct process *p, const struct move *m, seL4_Word old_end)
{
        enum { CUT, REPLACE, MOVE };
        seL4_Word kept = m->old + m->old_size, to[][2] = {{kept, old_end}, {m->to, m->to + m->size}};

        for (; p->call.vector < MOVE; p->call.vector++) {
                seL4_Word *range = to[p->call.vector];
                long error = range[0] < range[1] && range[0] ? posix_remove(p, range[0], range[1]) : 0;

                if (error)
                        return error;
                p->call.progress = 0;
        }
        return move_mapping(p, m);
}

static long shrink(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        long error = posix_remove(p, old + size, old + old_size);

        return error ? error : (long)old;
}

/* Is the new place one that can be asked for? */
static bool bad_target(const seL4_Word a[CALL_ARGUMENTS], seL4_Word old_size, seL4_Word size)
{
        seL4_Word flags = a[3], to = a[4];

        if (flags & ~(seL4_Word)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) ||
            (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) && !(flags & MREMAP_MAYMOVE)) ||
            (flags & MREMAP_DONTUNMAP && old_size != size))
                return true;
        return flags & MREMAP_FIXED &&
               (to % PAGE || !to || to > SPACE_TOP - size || (to < a[0] + old_size && a[0] < to + size));
}

/* Can the region be moved or grow?  0 or -SOS_E*; CALL_NO_VALUE: not yet. */
static long may_remap(struct process *p, const struct region *r, seL4_Word old_size, seL4_Word size)
{
        bool stays = p->call.argument[3] & MREMAP_DONTUNMAP || !old_size;
        seL4_Word more = stays ? size : size > old_size ? size - old_size : 0;

        if (!r || r->end < p->call.argument[0] + old_size)
                return -SOS_EFAULT;
        if (!old_size && !region_common(r))
                return -SOS_EINVAL;
        if (region_of_file(r) && r->node->shortens) {
                p->call.whole = true; /* pages would come where those behind the file's end have gone */
                return call_waits(p, &r->node->moved);
        }
        return more && (r->kind == REGION_SHARED || !posix_memory_fits(p, more, r->access & SPACE_WRITE))
                       ? -SOS_ENOMEM
                       : 0;
}

static bool moves(const struct process *p, seL4_Word old_size)
{
        return p->call.argument[3] & (MREMAP_FIXED | MREMAP_DONTUNMAP) || !old_size;
}

long posix_mremap(struct process *p)
{
        seL4_Word *a = p->call.argument, old = a[0], old_size = up(a[1]), size = up(a[2]);
        struct move m = {.old = old,
                         .old_size = size < old_size ? size : old_size,
                         .size = size,
                         .to = a[3] & MREMAP_FIXED ? a[4] : 0,
                         .stays = a[3] & MREMAP_DONTUNMAP || !old_size};
        bool begun = p->call.place || p->call.progress || p->call.vector;
        struct region *r = begun ? NULL : space_find(p->space, old);
        long error;

        if (old % PAGE || a[1] > SPACE_TOP || old > SPACE_TOP - old_size || size == 0 ||
            a[2] > POSIX_MAP_MAX || bad_target(a, old_size, size))
                return -SOS_EINVAL;
        error = begun ? 0 : may_remap(p, r, old_size, size);
        if (error)
                return error;
        if (moves(p, old_size))
                return a[3] & MREMAP_MAYMOVE ? move_there(p, &m, old + old_size) : -SOS_EINVAL;
        if (size <= old_size)
                return size == old_size ? (long)old : shrink(p, old, old_size, size);
        if (r && r->kind == REGION_MEMORY && r->end == old + old_size &&
            space_resize(p->space, r, old + size))
                return (long)old;
        return a[3] & MREMAP_MAYMOVE ? move_mapping(p, &m) : -SOS_ENOMEM;
}
