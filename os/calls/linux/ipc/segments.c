/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of shared memory of System V: files without names, which are mapped as any other.  One that is removed stays as long as
 * somebody has it mapped. */
#include "base/text.h"
#include "os/calls/linux/ipc/ipc_calls.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/device/board.h"
#include "text/text.h"

enum { SHM_DEST = 01000, SHM_LOCKED = 02000 };

struct segment {
        struct ipc ipc;
        struct node *content;
        uint64_t size, attached, detached, changed_at; /* bytes; seconds since 1970 */
        uint64_t there;                                /* bytes in frames, when they were counted last */
        int maker, last;
};

struct seen {
        struct ipc_seen ipc;
        uint64_t size, attached, detached, changed;
        int maker, last;
        uint64_t users, unused[2];
};
_Static_assert(sizeof(struct seen) == 112, "as programs know it");

static struct segment segments[IPC_PLACES];
static const struct ipc_table table = {segments, sizeof(*segments), IPC_PLACES};

static uint64_t now(void)
{
        return board_date_us() / 1000000;
}

static void give(struct segment *s)
{
        node_close(s->content);
        ipc_give(&s->ipc);
}

/* Free the segments that were removed and that nobody has mapped any more. */
static void tidy(void)
{
        for (unsigned i = 0; i < IPC_PLACES; i++) {
                struct segment *s = &segments[i];

                if (s->ipc.used && s->ipc.mode & SHM_DEST && !s->content->mapped)
                        give(s);
        }
}

uint64_t posix_segment_most(void)
{
        return frame_total() * PAGE;
}

long posix_shmget(struct process *p)
{
        enum { HUGE = 04000 };
        uint64_t size = p->call.argument[1];
        struct segment *s;
        bool fresh;
        long error;

        tidy();
        if (p->call.argument[2] & HUGE)
                return -SOS_ENOMEM;
        s = (void *)ipc_get(&table, p, (int)p->call.argument[0], p->call.argument[2], &fresh, &error);
        if (!s)
                return error;
        if (!fresh)
                return size > s->size ? -SOS_EINVAL : ipc_number(&table, &s->ipc);
        s->content = size && size <= posix_segment_most() ? node_nameless() : NULL;
        if (!s->content) {
                ipc_give(&s->ipc);
                return size && size <= posix_segment_most() ? -SOS_ENOMEM : -SOS_EINVAL;
        }
        node_open(s->content);
        s->content->by_content = false;
        node_truncate(s->content, size);
        s->size = size;
        s->maker = p->leader->pid;
        s->changed_at = now();
        return ipc_number(&table, &s->ipc);
}

/* --- mapping --- */

static unsigned way_of_access(uint8_t access)
{
        return IPC_READS | (access & SPACE_WRITE ? IPC_WRITES : 0u) | (access & SPACE_EXECUTE ? 1u : 0u);
}

long posix_shmat(struct process *p)
{
        enum { READ_ONLY = 010000, ROUND = 020000, REPLACE = 040000, EXECUTE = 0100000 };
        seL4_Word at = p->call.argument[1], flags = p->call.argument[2];
        uint8_t access =
                SPACE_READ | (flags & READ_ONLY ? 0 : SPACE_WRITE) | (flags & EXECUTE ? SPACE_EXECUTE : 0);
        struct segment *s;
        long error, result;

        tidy();
        s = (void *)ipc_find(&table, (int)p->call.argument[0], &error);
        if (!s)
                return error;
        if (flags & ROUND)
                at &= ~(seL4_Word)(PAGE - 1);
        error = at % PAGE || (!at && (p->call.argument[1] || flags & REPLACE)) ? -SOS_EINVAL : 0;
        if (!error)
                error = ipc_refuse(&p->user, &s->ipc, way_of_access(access));
        if (error)
                return error;
        result = posix_map_segment(p, s->content, at, s->size, access, flags & REPLACE);
        if (result > 0) {
                s->attached = now();
                s->last = p->leader->pid;
        }
        return result;
}

static struct segment *segment_of(const struct node *n)
{
        for (unsigned i = 0; i < IPC_PLACES; i++) {
                if (segments[i].ipc.used && segments[i].content == n)
                        return &segments[i];
        }
        return NULL;
}

long posix_shmdt(struct process *p)
{
        seL4_Word va = p->call.argument[0];
        const struct region *r = va % PAGE ? NULL : space_find(p->space, va);
        struct segment *s = r && r->kind == REGION_MAPPED ? segment_of(r->node) : NULL;
        long error;

        if (!s || (!p->call.more && r->start != va && r->file_start != va))
                return p->call.progress ? 0 : -SOS_EINVAL;
        s->detached = now();
        s->last = p->leader->pid;
        error = posix_remove(p, r->start, r->end);
        if (!error)
                tidy();
        return error;
}

/* --- queries and settings --- */

static long tell_segment(struct process *p, const struct segment *s, long result)
{
        struct seen seen = {.ipc = ipc_seen(&s->ipc),
                            .size = s->size,
                            .attached = s->attached,
                            .detached = s->detached,
                            .changed = s->changed_at,
                            .maker = s->maker,
                            .last = s->last,
                            .users = s->content->mapped};

        return space_write(p->space, p->call.argument[2], &seen, sizeof(seen)) ? result : -SOS_EFAULT;
}

static long change_segment(struct process *p, struct segment *s)
{
        struct seen seen;

        if (!space_read(p->space, p->call.argument[2], &seen, sizeof(seen)))
                return -SOS_EFAULT;
        ipc_set(&s->ipc, &seen.ipc);
        s->changed_at = now();
        return 0;
}

static long tell_limits(struct process *p)
{
        unsigned last;
        uint64_t words[9] = {posix_segment_most(), 1, IPC_PLACES, IPC_PLACES, frame_total()};

        ipc_count(&table, &last);
        return space_write(p->space, p->call.argument[2], words, sizeof(words)) ? (long)last : -SOS_EFAULT;
}

/* In pieces: p->call.progress segments are counted, p->call.vector pages of the next one, p->call.vector_start bytes of all. */
static long tell_used(struct process *p)
{
        struct call *c = &p->call;
        unsigned last;
        uint64_t words[6] = {ipc_count(&table, &last)};

        while (c->progress <= last) {
                const struct segment *s = &segments[c->progress];

                if (s->ipc.used && !node_count_some(s->content, &c->vector, &c->vector_start))
                        return call_pauses(p);
                c->vector = 0;
                if (c->progress++ < last && pace_is_over())
                        return call_pauses(p);
        }
        for (unsigned i = 0; i <= last; i++)
                words[1] += segments[i].ipc.used ? (segments[i].size + PAGE - 1) / PAGE : 0;
        words[2] = c->vector_start / PAGE;
        return space_write(p->space, p->call.argument[2], words, sizeof(words)) ? (long)last : -SOS_EFAULT;
}

/* Its key is free at once. */
static void remove(struct segment *s)
{
        s->ipc.key = 0;
        s->ipc.mode |= SHM_DEST;
        tidy();
}

enum { SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_STAT = 13, SHM_INFO = 14, SHM_STAT_ANY = 15 };

/* What is mapped of files is never written to swap, so a segment is always locked. */
static long lock(struct segment *s, bool locked)
{
        s->ipc.mode = (s->ipc.mode & ~(uint32_t)SHM_LOCKED) | (locked ? (uint32_t)SHM_LOCKED : 0);
        return 0;
}

static long command_of(struct process *p, struct segment *s, int command)
{
        switch (command) {
        case IPC_STAT:
                return tell_segment(p, s, 0);
        case SHM_STAT:
        case SHM_STAT_ANY:
                return tell_segment(p, s, ipc_number(&table, &s->ipc));
        case IPC_SET:
                return change_segment(p, s);
        case IPC_RMID:
                remove(s);
                return 0;
        case SHM_LOCK:
        case SHM_UNLOCK:
                return lock(s, command == SHM_LOCK);
        default:
                return -SOS_EINVAL;
        }
}

static unsigned way_of(const struct process *p, int command)
{
        switch (command) {
        case IPC_STAT:
        case SHM_STAT:
                return IPC_READS;
        case SHM_LOCK:
        case SHM_UNLOCK:
                return user_can(&p->user, CAPABLE_LOCKING) ? IPC_ALL : IPC_OWNS;
        case IPC_SET:
        case IPC_RMID:
                return IPC_OWNS;
        default:
                return IPC_ALL;
        }
}

long posix_shmctl(struct process *p)
{
        int command = (int)p->call.argument[1] & ~IPC_64;
        struct segment *s;
        long error;

        tidy();
        if (command == IPC_INFO || command == SHM_INFO)
                return command == IPC_INFO ? tell_limits(p) : tell_used(p);
        s = (void *)(command == SHM_STAT || command == SHM_STAT_ANY
                             ? ipc_in_place(&table, p->call.argument[0], &error)
                             : ipc_find(&table, (int)p->call.argument[0], &error));
        if (s)
                error = ipc_refuse(&p->user, &s->ipc, way_of(p, command));
        return s && !error ? command_of(p, s, command) : error;
}

static void add_names(struct text *t)
{
        tidy();
        text_add(t, "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  "
                    "cgid      "
                    "atime      dtime      ctime                   rss                  swap\n");
}

/* Segments are never in swap.  Behind the row the place says how many pages of it were counted, and how many of them are there. */
bool posix_tell_segments(struct text *t, seL4_Word *place)
{
        enum { ROW_BITS = 7, PAGES_BITS = 26, THERE = ROW_BITS + PAGES_BITS };
        seL4_Word asked = *place % (1 << ROW_BITS), row = asked;
        const struct ipc *o = ipc_row(&table, t, &row, add_names);
        const struct segment *s = (const void *)o;
        uint64_t page = *place >> ROW_BITS & ((1ul << PAGES_BITS) - 1), bytes = (*place >> THERE) * PAGE;
        char digits[TEXT_OCTAL];

        *place = row;
        if (!o)
                return true;
        if (row - 1 != asked)
                page = bytes = 0;
        if (!node_count_some(s->content, &page, &bytes)) {
                *place = (row - 1) | page << ROW_BITS | bytes / PAGE << THERE;
                return false;
        }
        text_add(t, "%10d %10d  %4s %21lu %5d %5d  %5u ", o->key, ipc_number(&table, o),
                 text_octal(o->mode, digits), s->size, s->maker, s->last, s->content->mapped);
        text_add(t, "%5u %5u %5u %5u %10lu %10lu %10lu %21lu %21lu\n", o->user, o->group, o->maker,
                 o->maker_group, s->attached, s->detached, s->changed_at, bytes, 0ul);
        return true;
}
