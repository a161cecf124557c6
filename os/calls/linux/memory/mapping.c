/* SPDX-License-Identifier: BSD-2-Clause */
/* New mappings: memory, copies of files, files themselves; and questions and advice about existing ones.
 *
 * MAP_SHARED maps the frames of a file, on which read and write work as well: the file that was opened, or one without a name (memory that
 * stays shared after fork).
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/device/board.h"
#include "os/files/names.h"
#include "os/files/store.h"

enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3, MAP_TYPE = 15 };
enum {
        MAP_FIXED = 0x10,
        MAP_ANONYMOUS = 0x20,
        MAP_GROWS_DOWN = 0x100,
        MAP_LARGE = 0x40000,
        MAP_FIXED_NOREPLACE = 0x100000
};
enum { MAP_KNOWN = 0x17ffff & ~(MAP_LARGE | 0x80c) }; /* with MAP_SHARED_VALIDATE */

static seL4_Word up(seL4_Word size)
{
        return (size + PAGE - 1) & ~(seL4_Word)(PAGE - 1);
}

static bool is_shared(const struct process *p)
{
        return p->call.argument[3] & MAP_SHARED; /* with MAP_SHARED_VALIDATE as well */
}

bool posix_memory_fits(struct process *p, seL4_Word bytes, bool data)
{
        const struct region_bytes *now = &p->space->bytes;

        return now->bound + bytes <= process_limit(p, LIMIT_MEMORY)->now &&
               (!data || now->data + bytes <= process_limit(p, LIMIT_DATA)->now);
}

static bool is_free(struct space *s, seL4_Word start, seL4_Word size)
{
        struct region_place place;
        const struct region *r = space_from(s, start, &place);

        return start <= SPACE_TOP - size && (!r || r->start >= start + size);
}

/* The address of the mapping; 0: there is no room, or not yet (no_place).  An address that is only a hint is taken when
 * nothing is there. */
static seL4_Word choose(struct process *p, seL4_Word size)
{
        seL4_Word wanted = p->call.argument[0], flags = p->call.argument[3];

        if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))) {
                wanted &= ~(seL4_Word)(PAGE - 1);
                return wanted && is_free(p->space, wanted, size) ? wanted
                                                                 : space_gap(p->space, POSIX_MAP_START, size);
        }
        if (!p->call.progress && !space_split(p->space, wanted, wanted + size))
                return 0;
        if (posix_clear(p, wanted, wanted + size))
                return 0;
        if (!space_drop_regions(p->space, wanted, wanted + size)) {
                call_pauses(p);
                return 0;
        }
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

        return r && r->kind == REGION_MEMORY && !r->file_size && r->never == (s->locks ? REGION_LOCKED : 0) &&
               r->access == access && space_resize(s, r, va + size);
}

static long map_memory(struct process *p, seL4_Word size, uint8_t access)
{
        seL4_Word va = choose(p, size);
        struct region r = {.start = va, .end = va + size, .access = access, .kind = REGION_MEMORY};

        if (p->call.argument[3] & MAP_GROWS_DOWN) {
                r.never = REGION_GROWS;
                return va && space_add(p->space, r) ? (long)va : no_place(p);
        }
        if (!va || (!join(p->space, va, size, access) && !space_add(p->space, r)))
                return no_place(p);
        return (long)va;
}

long posix_map_page(struct process *p)
{
        struct region r = {.start = space_gap(p->space, POSIX_MAP_START, PAGE),
                           .access = SPACE_READ | SPACE_WRITE,
                           .kind = REGION_MEMORY};

        r.end = r.start + PAGE;
        return r.start && space_add(p->space, r) ? (long)r.start : -SOS_ENOMEM;
}

/* A region of a file. */
static long map_node(struct process *p, struct region r, seL4_Word size)
{
        r.start = r.file_start = choose(p, size);
        r.end = r.start + size;
        if (!r.start || !space_add(p->space, r))
                return no_place(p);
        region_use(&r);
        return (long)r.start;
}

/* Memory that stays common after fork. */
static long map_common(struct process *p, seL4_Word size, uint8_t access)
{
        struct node *n = node_nameless();
        long result;

        if (!n)
                return -SOS_ENOMEM;
        node_open(n);
        n->by_content = false;
        result = node_truncate(n, size) ? -SOS_ENOMEM : 0;
        if (!result)
                result = map_node(p, (struct region){.access = access, .kind = REGION_MAPPED, .node = n},
                                  size);
        node_close(n);
        return result;
}

long posix_map_segment(struct process *p, struct node *n, seL4_Word at, seL4_Word bytes, uint8_t access,
                       bool replace)
{
        seL4_Word size = up(bytes);
        struct region r = {.access = access,
                           .kind = REGION_MAPPED,
                           .never = access & SPACE_WRITE ? 0 : SPACE_WRITE,
                           .node = n};

        if (at && (at > SPACE_TOP - size || (!replace && !is_free(p->space, at, size))))
                return -SOS_EINVAL;
        p->call.argument[0] = at;
        p->call.argument[3] = at ? MAP_FIXED : 0;
        return map_node(p, r, size);
}

static bool may_write(const struct file *f)
{
        return (f->flags & O_ACCESS) == O_RDWR && !(f->node->seals & NODE_SEALS_WRITE);
}

static bool has_memory(const struct node *n)
{
        return n->kind == NODE_MEMORY || n->kind == NODE_ARCHIVE || n->kind == NODE_ZERO;
}

/* The reason why a file cannot be mapped in this way; 0 if it can. */
static long refusal(const struct process *p, const struct file *f, seL4_Word size, uint8_t access)
{
        bool writes = is_shared(p) && access & SPACE_WRITE;

        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if ((f->flags & O_ACCESS) == O_WRONLY || (writes && (f->flags & O_ACCESS) != O_RDWR))
                return -SOS_EACCES;
        if (!f->node || !has_memory(f->node))
                return -SOS_ENODEV;
        if (writes && f->node->seals & NODE_SEALS_WRITE)
                return -SOS_EPERM;
        return p->call.argument[5] > INT64_MAX - size ? -SOS_EOVERFLOW : 0;
}

static long map_file(struct process *p, seL4_Word size, uint8_t access)
{
        const struct file *f = posix_file(p, p->call.argument[4]);
        long error = refusal(p, f, size, access);
        bool own = is_shared(p) && !error && f->node->kind == NODE_MEMORY;

        if (error)
                return error;
        node_is_read(f->node);
        if (f->node->kind == NODE_ZERO)
                return is_shared(p) ? map_common(p, size, access) : map_memory(p, size, access);
        return map_node(p,
                        (struct region){.access = access,
                                        .kind = own ? REGION_MAPPED : REGION_FILE,
                                        .never = is_shared(p) && !may_write(f) ? SPACE_WRITE : 0,
                                        .node = f->node,
                                        .file_offset = p->call.argument[5]},
                        size);
}

/* A copy of a space that is being made is newer than it, so whoever gets pages from one that has lost them gets none. */
bool posix_file_cut(struct process *p, const struct node *n, uint64_t size)
{
        struct call *c = &p->call;
        struct space *s;

        while ((s = space_since(c->vector)) != NULL) {
                if (s->number != c->vector)
                        c->vector_start = 0;
                c->vector = s->number;
                if (s->changing && s->changing != p) {
                        call_waits(p, &s->changed);
                        return false;
                }
                if (!space_file_cut_some(s, n, size, &c->vector_start)) {
                        call_pauses(p);
                        return false;
                }
                c->vector++;
                c->vector_start = 0;
        }
        return true;
}

static bool maps_data(const struct process *p)
{
        enum { WRITABLE = 2 };

        return p->call.argument[2] & WRITABLE && !is_shared(p);
}

static long bad_place(struct process *p, seL4_Word size)
{
        seL4_Word wanted = p->call.argument[0], flags = p->call.argument[3];

        if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
                return posix_memory_fits(p, size, maps_data(p)) ? 0 : -SOS_ENOMEM;
        if (wanted % PAGE || !wanted)
                return wanted ? -SOS_EINVAL : -SOS_EPERM;
        if (wanted > SPACE_TOP - size)
                return -SOS_ENOMEM;
        if (flags & MAP_FIXED_NOREPLACE && !is_free(p->space, wanted, size))
                return -SOS_EEXIST;
        return p->call.progress || posix_memory_fits(p, size, maps_data(p)) ? 0 : -SOS_ENOMEM;
}

/* Kinds of mappings that there are not. */
static long bad_flags(seL4_Word flags)
{
        seL4_Word type = flags & MAP_TYPE;
        bool nameless = flags & MAP_ANONYMOUS;

        if ((type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE) ||
            (nameless && type == MAP_SHARED_VALIDATE) ||
            (nameless && type == MAP_SHARED && flags & MAP_GROWS_DOWN))
                return -SOS_EINVAL;
        if (type == MAP_SHARED_VALIDATE && flags & ~(seL4_Word)MAP_KNOWN)
                return -SOS_EOPNOTSUPP;
        return nameless && flags & MAP_LARGE ? -SOS_ENOMEM : 0; /* nothing is set aside for those */
}

long posix_mmap(struct process *p)
{
        seL4_Word size = up(p->call.argument[1]), flags = p->call.argument[3];
        uint8_t access = posix_access(p, p->call.argument[2]);
        long error;

        if (p->call.argument[1] == 0 || p->call.argument[5] % PAGE)
                return -SOS_EINVAL;
        error = bad_flags(flags);
        if (error)
                return error;
        if (p->call.argument[1] > POSIX_MAP_MAX)
                return -SOS_ENOMEM;
        error = bad_place(p, size);
        if (error)
                return error;
        if (!(flags & MAP_ANONYMOUS))
                return map_file(p, size, access);
        return is_shared(p) ? map_common(p, size, access) : map_memory(p, size, access);
}

/* May that part of a file be mapped there instead of another one? */
static long check_remap(const struct region *r, seL4_Word start, const seL4_Word a[CALL_ARGUMENTS],
                        seL4_Word size)
{
        enum { PROTECTION = 2, PART };

        if (a[PROTECTION] || !size || a[PART] > UINT64_MAX - size / PAGE || !r || r->kind != REGION_MAPPED ||
            r->end - start < size)
                return -SOS_EINVAL;
        return a[PART] > (INT64_MAX - size) / PAGE ? -SOS_EOVERFLOW : 0;
}

/* Another part of the file that is mapped there.  Until its pages have gone the region says what it said, so the call can look again when
 * it goes on, and the file stays open. */
long posix_remap_file_pages(struct process *p)
{
        const seL4_Word *a = p->call.argument;
        seL4_Word start = a[0] & ~(seL4_Word)(PAGE - 1), size = a[1] & ~(seL4_Word)(PAGE - 1);
        struct region *r = space_find(p->space, start);
        long error = check_remap(r, start, a, size);

        if (error)
                return error;
        if (r->node->busy) {
                p->call.progress = 0; /* others may change the space meanwhile */
                return call_waits(p, &r->node->moved);
        }
        if (!p->call.progress && !space_split(p->space, start, start + size))
                return -SOS_ENOMEM;
        if (posix_clear(p, start, start + size))
                return CALL_NO_VALUE;
        r = space_find(p->space, start);
        r->file_start = start;
        r->file_offset = a[3] * PAGE;
        return 0;
}

/* --- what is mapped --- */

static bool bad_range(struct process *p)
{
        return p->call.argument[0] % PAGE || p->call.argument[1] > SPACE_TOP ||
               p->call.argument[0] > SPACE_TOP - up(p->call.argument[1]);
}

/* Files of which frames are written to count as changed.  In pieces: p->call.vector says how far it is, p->call.child whether the disk
 * has any of them. */
static long change(struct process *p, seL4_Word va, seL4_Word end)
{
        const struct node *last = NULL; /* of many regions in a row */
        struct region_place place;

        for (struct region *r = space_from(p->space, va + p->call.vector, &place); r && r->start < end;
             r = space_next(p->space, &place)) {
                if (r->kind == REGION_MAPPED && !(r->never & SPACE_WRITE) && r->node != last) {
                        last = r->node;
                        r->node->changed = r->node->status = board_date_us();
                        store_changed(r->node);
                        p->call.child |= r->node->kept;
                }
                p->call.vector = r->end - va;
                if (r->end < end && pace_is_over())
                        return call_pauses(p);
        }
        return 0;
}

long posix_msync(struct process *p)
{
        enum { ASYNC = 1, INVALIDATE = 2, SYNC = 4 };
        seL4_Word va = p->call.argument[0], end = va + up(p->call.argument[1]), flags = p->call.argument[2];
        long error;

        if (p->call.progress)
                return posix_wait_for_disk(p);
        if (va % PAGE || flags & ~(seL4_Word)(ASYNC | INVALIDATE | SYNC) || (flags & ASYNC && flags & SYNC))
                return -SOS_EINVAL;
        error = bad_range(p) ? -SOS_ENOMEM : posix_look_over(p, va, end, 0);
        if (!error && flags & INVALIDATE)
                error = posix_look_for_locks(p, va, end);
        if (error == -SOS_EINVAL)
                return -SOS_EBUSY;
        if (!error)
                error = change(p, va, end);
        if (error)
                return error;
        return p->call.child && flags & SYNC ? posix_wait_for_disk(p) : 0;
}

/* One byte per page: is it present? */
long posix_mincore(struct process *p)
{
        seL4_Word va = p->call.argument[0], pages = up(p->call.argument[1]) / PAGE, done = p->call.progress;
        long error;

        if (va % PAGE)
                return -SOS_EINVAL;
        error = bad_range(p) ? -SOS_ENOMEM : posix_look_over(p, va, va + pages * PAGE, 0);
        if (error)
                return error;
        for (; done < pages; done++) {
                const struct page *page = space_page(p->space, va + done * PAGE);
                unsigned char there = page && page->frame && !page->coming;

                if (done % 64 == 0 && !call_goes_on(p, 4))
                        return CALL_NO_VALUE;
                if (!space_write(p->space, p->call.argument[2] + done, &there, 1))
                        return -SOS_EFAULT;
                p->call.progress = done + 1;
        }
        return 0;
}
