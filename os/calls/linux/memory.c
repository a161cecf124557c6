/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing, mapping and protecting memory.  Files are mapped privately only: pages become copies when they are touched. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/memory/space_pages.h"
#include "os/memory/swap.h"

#define MAP_START 0xc0000000ull
#define MAP_MAX   (1ull << 36)

enum { PROT_ALL = 7, MAP_SHARED = 1, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };
enum { MREMAP_MAYMOVE = 1, MADV_DONTNEED = 4, MADV_FREE = 8 };

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

/* Take the pages of a range away, in pieces; 0 when they are gone. */
static long clear(struct process *p, seL4_Word start, seL4_Word end)
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
        if (wanted >= r->start + PAGE && up(wanted) < r->end && clear(p, up(wanted), r->end))
                return CALL_NO_VALUE;
        if (wanted < r->start + PAGE || wanted > SPACE_TOP || !space_resize(p->space, r, wanted))
                return (long)p->space->brk;
        p->space->brk = wanted;
        return (long)wanted;
}

/* Where the mapping shall be; 0: there is no room, or not yet (no_place). */
static seL4_Word choose(struct process *p, seL4_Word wanted, seL4_Word size, seL4_Word flags)
{
        if (!(flags & MAP_FIXED))
                return space_gap(p->space, MAP_START, size);
        if (wanted % PAGE || wanted > SPACE_TOP - size || !space_split(p->space, wanted, wanted + size) ||
            clear(p, wanted, wanted + size))
                return 0;
        space_drop_regions(p->space, wanted, wanted + size);
        return wanted;
}

static long no_place(const struct process *p)
{
        return p->call.more ? CALL_NO_VALUE : -SOS_ENOMEM;
}

/* Make an anonymous mapping a part of the one before it: programs make many small ones, and regions are few. */
static bool join(struct space *s, seL4_Word va, seL4_Word size, uint8_t access)
{
        struct region *r = space_find(s, va - 1);

        return r && r->kind == REGION_MEMORY && !r->file_size && r->access == access &&
               space_resize(s, r, va + size);
}

/* Anonymous memory that stays common after fork. */
static long map_shared(struct process *p, seL4_Word size, uint8_t access)
{
        seL4_Word va = choose(p, p->call.argument[0], size, p->call.argument[3]);
        struct share *share = va && size <= (seL4_Word)SHARE_PAGES * PAGE ? share_make() : NULL;
        struct region r = {.start = va,
                           .end = va + size,
                           .access = access,
                           .kind = REGION_SHARED,
                           .share = share,
                           .file_start = va};

        if (share && space_add(p->space, r))
                return (long)va;
        if (share)
                share_drop(share);
        return no_place(p);
}

/* What can be mapped: files with content of their own. */
static long map_file(struct process *p, seL4_Word size, uint8_t access)
{
        const struct file *f = posix_file(p, p->call.argument[4]);
        struct node *n = f ? f->node : NULL;
        seL4_Word va;

        if (!f)
                return -SOS_EBADF;
        if ((f->flags & O_ACCESS) == O_WRONLY || p->call.argument[3] & MAP_SHARED)
                return -SOS_EACCES;
        if (!n || (n->kind != NODE_MEMORY && n->kind != NODE_ARCHIVE))
                return -SOS_ENODEV;
        if (p->call.argument[5] > UINT64_MAX - size)
                return -SOS_EOVERFLOW;
        va = choose(p, p->call.argument[0], size, p->call.argument[3]);
        struct region r = {.start = va,
                           .end = va + size,
                           .access = access,
                           .kind = REGION_FILE,
                           .node = n,
                           .file_start = va,
                           .file_offset = p->call.argument[5]};
        if (!va || !space_add(p->space, r))
                return no_place(p);
        region_use(&r);
        return (long)va;
}

void posix_file_cut(const struct node *n)
{
        for (unsigned i = 0; i < PROCESSES; i++) {
                struct space *s = process_entry(i)->space;

                if (s)
                        space_file_cut(s, n, n->size);
        }
}

long posix_mmap(struct process *p)
{
        seL4_Word size = up(p->call.argument[1]), flags = p->call.argument[3];
        uint8_t access = p->call.argument[2] & PROT_ALL;

        if (size == 0 || p->call.argument[5] % PAGE)
                return -SOS_EINVAL;
        if (size > MAP_MAX)
                return -SOS_ENOMEM;
        if (!(flags & MAP_ANONYMOUS))
                return map_file(p, size, access);
        if (flags & MAP_SHARED)
                return map_shared(p, size, access);
        seL4_Word va = choose(p, p->call.argument[0], size, flags);
        struct region r = {.start = va, .end = va + size, .access = access, .kind = REGION_MEMORY};
        if (!va || (!join(p->space, va, size, access) && !space_add(p->space, r)))
                return no_place(p);
        return (long)va;
}

static bool bad_range(struct process *p)
{
        return p->call.argument[0] % PAGE || p->call.argument[1] == 0 || p->call.argument[1] > SPACE_TOP ||
               p->call.argument[0] > SPACE_TOP - up(p->call.argument[1]);
}

/* Pages and regions of a range, in pieces. */
static long remove(struct process *p, seL4_Word start, seL4_Word end)
{
        if (!space_split(p->space, start, end))
                return -SOS_ENOMEM;
        if (clear(p, start, end))
                return CALL_NO_VALUE;
        space_drop_regions(p->space, start, end);
        return 0;
}

long posix_munmap(struct process *p)
{
        seL4_Word start = p->call.argument[0], end = start + up(p->call.argument[1]);

        if (bad_range(p))
                return -SOS_EINVAL;
        return remove(p, start, end);
}

/* Whether each page of the range belongs to a region. */
static bool covered(struct space *s, seL4_Word va, seL4_Word end)
{
        while (va < end) {
                struct region *r = space_find(s, va);

                if (!r)
                        return false;
                va = r->end;
        }
        return true;
}

/* Mappings of a range go, in pieces; the next touch makes new ones. */
static long unmap(struct process *p, seL4_Word start, seL4_Word end)
{
        seL4_Word at = start + p->call.progress;
        bool done = space_unmap_some(p->space, end, &at);

        p->call.progress = (at < end ? at : end) - start;
        return done ? 0 : call_pauses(p);
}

long posix_mprotect(struct process *p)
{
        seL4_Word va = p->call.argument[0], size = up(p->call.argument[1]);

        if (bad_range(p))
                return p->call.argument[1] || va % PAGE ? -SOS_EINVAL : 0;
        if (!covered(p->space, va, va + size))
                return -SOS_ENOMEM;
        if (!space_set_access(p->space, va, va + size, p->call.argument[2] & PROT_ALL))
                return -SOS_ENOMEM;
        return unmap(p, va, va + size);
}

/* Pages that are not needed go, and are fresh when they are touched again; other advice changes nothing. */
long posix_madvise(struct process *p)
{
        seL4_Word va = p->call.argument[0], size = up(p->call.argument[1]);

        if (bad_range(p) || p->call.argument[2] > MADV_FREE)
                return p->call.argument[1] || va % PAGE ? -SOS_EINVAL : 0;
        if (!covered(p->space, va, va + size))
                return -SOS_ENOMEM;
        return p->call.argument[2] == MADV_DONTNEED ? clear(p, va, va + size) : 0;
}

/* A region like the one at `old`, where there is room for it; its address in p->call.place. */
static bool make_place(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        struct space *s = p->space;
        seL4_Word to = space_gap(s, MAP_START, size);
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

/* Memory for page records is out: everything back. */
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
                space_drop_regions(p->space, old, old + old_size);
                return (long)p->call.place;
        case SPACE_COPIES_ON:
                return call_pauses(p);
        default:
                return swap_awaited() ? -SOS_ENOMEM : move_back(p, old, size);
        }
}

static long shrink(struct process *p, seL4_Word old, seL4_Word old_size, seL4_Word size)
{
        long error = remove(p, old + size, old + old_size);

        return error ? error : (long)old;
}

long posix_mremap(struct process *p)
{
        seL4_Word old = p->call.argument[0], old_size = up(p->call.argument[1]),
                  size = up(p->call.argument[2]);
        struct region *r;

        if (bad_range(p) || size == 0 || p->call.argument[2] > MAP_MAX ||
            p->call.argument[3] & ~(seL4_Word)MREMAP_MAYMOVE)
                return -SOS_EINVAL;
        r = space_find(p->space, old);
        if (!r || r->end < old + old_size)
                return -SOS_EFAULT;
        if (r->kind == REGION_SHARED && size > old_size)
                return -SOS_ENOMEM;
        if (size <= old_size)
                return size == old_size ? (long)old : shrink(p, old, old_size, size);
        if (!p->call.place && r->kind == REGION_MEMORY && r->end == old + old_size &&
            space_resize(p->space, r, old + size))
                return (long)old;
        return p->call.argument[3] & MREMAP_MAYMOVE ? move_mapping(p, old, old_size, size) : -SOS_ENOMEM;
}
