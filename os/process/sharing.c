/* SPDX-License-Identifier: BSD-2-Clause */
/* sos_share_vm: ranges that native processes have declared, and who may write there.
 *
 * The range of a process becomes a region of a share that all who declare the same range have together; the first one's
 * content is the share's.  Who may write depends on what the others said, so the rights change when somebody comes or goes.
 *
 * All that grows with the range is done in pieces.  The progress of the call is what was copied, then as much again for what was
 * cleared; mappings of others that allow too much go from `stale` on, and whoever asks for rights has all of them removed before
 * it is answered.  A process that leaves takes a wish away, so that rights only grow then, and nothing has to be unmapped.
 */
#include "os/process/sharing.h"
#include "base/text.h"
#include "os/memory/swap.h"
#include "os/process/users.h"
#include "sos/proto.h"

enum { RANGES = 16, USERS = 16 };

struct share_user {
        int pid;
        bool writable;   /* by the others */
        bool joined;     /* the share is where its own pages were */
        seL4_Word stale; /* from here on, up to the end, mappings may allow more than its region */
};

struct declared {
        struct share *share; /* NULL: unused record */
        seL4_Word start, end;
        bool filled; /* the share has the content; until then there is one user, which copies it */
        unsigned users;
        struct share_user user[USERS];
};

static struct declared ranges[RANGES];

/* One user may write when all others let it. */
static bool may_write(const struct declared *d, const struct share_user *user)
{
        for (unsigned i = 0; i < d->users; i++) {
                if (&d->user[i] != user && !d->user[i].writable)
                        return false;
        }
        return true;
}

/* The space of a user that has the share; NULL when it has something else there by now. */
static struct space *space_of(const struct declared *d, const struct share_user *user)
{
        struct process *p = process_find(user->pid);
        struct region *r = p && p->space ? space_find(p->space, d->start) : NULL;

        return r && r->kind == REGION_SHARED && r->share == d->share ? p->space : NULL;
}

static void set_rights(struct declared *d)
{
        for (unsigned i = 0; i < d->users; i++) {
                struct share_user *user = &d->user[i];
                struct space *s = user->joined ? space_of(d, user) : NULL;
                bool writes = may_write(d, user);

                if (!s)
                        continue;
                if (!writes && space_find(s, d->start)->access & SPACE_WRITE)
                        user->stale = d->start;
                space_set_access(s, d->start, d->end, SPACE_READ | (writes ? SPACE_WRITE : 0));
        }
}

/* A piece of unmapping what allows too much; true: nothing does any more. */
static bool enforce_some(struct declared *d)
{
        for (unsigned i = 0; i < d->users; i++) {
                struct share_user *user = &d->user[i];
                struct space *s = user->stale < d->end ? space_of(d, user) : NULL;

                if (!s)
                        user->stale = d->end;
                else if (!space_unmap_some(s, d->end, &user->stale) || i + 1 < d->users)
                        return false; /* at most one piece at a time */
        }
        return true;
}

static struct declared *find(seL4_Word start, seL4_Word end)
{
        for (unsigned i = 0; i < RANGES; i++) {
                if (ranges[i].share && ranges[i].start == start && ranges[i].end == end)
                        return &ranges[i];
        }
        return NULL;
}

static struct declared *make(seL4_Word start, seL4_Word end)
{
        for (unsigned i = 0; i < RANGES; i++) {
                struct declared *d = &ranges[i];

                if (d->share)
                        continue;
                *d = (struct declared){.share = share_make(), .start = start, .end = end};
                return d->share ? d : NULL;
        }
        return NULL;
}

static struct share_user *user_of(struct declared *d, const struct process *p)
{
        for (unsigned i = 0; i < d->users; i++) {
                if (d->user[i].pid == p->pid)
                        return &d->user[i];
        }
        return NULL;
}

static void leave(struct declared *d, struct share_user *user)
{
        *user = d->user[--d->users];
        set_rights(d);
        if (d->users > 0)
                return;
        share_drop(d->share);
        d->share = NULL;
}

/* The range must be ordinary memory of the caller, in one piece and writable. */
static bool own_memory(const struct process *p, seL4_Word start, seL4_Word end)
{
        const struct region *r = space_find(p->space, start);

        return r && r->end >= end && r->kind == REGION_MEMORY && r->access == (SPACE_READ | SPACE_WRITE);
}

/* Is somebody copying into the share?  A caller whose call has ended before it copied never will. */
static bool is_filled_by_another(const struct declared *d, const struct process *p)
{
        const struct process *other = !d->filled && d->users ? process_find(d->user[0].pid) : NULL;

        return other && other != p && other->state == PROCESS_WAITING && !other->call.trap &&
               other->call.number == SOS_SHARE;
}

/* 0, or CALL_NO_VALUE: not yet all; or there is no memory. */
static long copy_content(struct process *p, const struct declared *d)
{
        seL4_Word *done = &p->call.progress;

        while (*done < d->end - d->start) {
                frame_id f;

                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                f = share_frame(d->share, *done / PAGE);
                if (!f || !space_read(p->space, d->start + *done, frame_data(f), PAGE))
                        return -SOS_ENOMEM;
                *done += PAGE;
        }
        return 0;
}

/* Put the share where the process's own pages are; as copy_content. */
static long replace(struct process *p, const struct declared *d)
{
        seL4_Word size = d->end - d->start, at = d->start + p->call.progress - size;
        struct region r = {.start = d->start,
                           .end = d->end,
                           .access = SPACE_READ,
                           .kind = REGION_SHARED,
                           .share = d->share,
                           .file_start = d->start};
        bool done;

        if (!space_split(p->space, d->start, d->end))
                return -SOS_ENOMEM;
        done = space_clear_some(p->space, d->start, d->end, &at);
        p->call.progress = size + (at < d->end ? at : d->end) - d->start;
        if (!done)
                return call_pauses(p);
        if (!space_drop_regions(p->space, d->start, d->end))
                return call_pauses(p);
        if (!space_add(p->space, r))
                return -SOS_ENOMEM;
        share_use(d->share);
        return 0;
}

/* One of its three parts in a try, so that their pieces do not add up: never 0. */
static long join(struct process *p, struct declared *d, struct share_user *user)
{
        seL4_Word size = d->end - d->start;
        long result;

        if (!d->filled) {
                result = copy_content(p, d);
                d->filled = result == 0;
                return result ? result : call_pauses(p);
        }
        if (p->call.progress < size)
                p->call.progress = size;
        result = replace(p, d);
        if (result)
                return result;
        user->joined = true;
        user->stale = d->end;
        return call_pauses(p);
}

/* The caller's record; NULL and an error, or CALL_NO_VALUE, when there is none, or not yet. */
static struct share_user *enter(struct process *p, struct declared *d, long *error)
{
        *error = 0;
        if (is_filled_by_another(d, p)) {
                *error = call_pauses(p);
                return NULL;
        }
        if (!d->filled)
                d->users = 0; /* who began it has given up */
        if (d->users == USERS) {
                *error = -SOS_ENOMEM;
                return NULL;
        }
        p->call.progress = 0;
        d->user[d->users] = (struct share_user){.pid = p->pid, .stale = d->end};
        return &d->user[d->users++];
}

static long declare(struct process *p, struct declared *d)
{
        struct share_user *user = user_of(d, p);
        long result = 0;

        if (user && !d->filled && p->call.progress == 0)
                user = NULL; /* a call before this one gave up */
        if (!user)
                user = enter(p, d, &result);
        if (!user)
                return result;
        user->writable = p->call.argument[2];
        if (!user->joined)
                result = join(p, d, user);
        if (result == -SOS_ENOMEM && !call_awaits(result))
                leave(d, user);
        if (result)
                return result;
        set_rights(d);
        return enforce_some(d) ? 0 : call_pauses(p);
}

/* What is shared is read by all who share it: they are one user's. */
static bool may_join(const struct process *p, const struct declared *d)
{
        const struct process *first = d && d->users ? process_find(d->user[0].pid) : NULL;

        return !first || user_may_look(p, first, CAPABLE_TRACE);
}

static bool is_range(seL4_Word start, seL4_Word size)
{
        return size && size <= (seL4_Word)SHARE_PAGES * PAGE && (start | size) % PAGE == 0 &&
               start + size >= start;
}

long sos_share(struct process *p)
{
        seL4_Word start = p->call.argument[0], size = p->call.argument[1], end = start + size;
        struct declared *d = find(start, end);
        const struct share_user *user = d ? user_of(d, p) : NULL;

        if (!user && !may_join(p, d))
                return -SOS_EACCES;
        if (p->kind.foreign || !is_range(start, size))
                return -SOS_EINVAL;
        if (!(user && user->joined) && !own_memory(p, start, end))
                return -SOS_EINVAL;
        if (!d)
                d = make(start, end);
        return d ? declare(p, d) : -SOS_ENOMEM;
}

void sos_unshare(const struct process *p)
{
        for (unsigned i = 0; i < RANGES; i++) {
                struct share_user *user = ranges[i].share ? user_of(&ranges[i], p) : NULL;

                if (user)
                        leave(&ranges[i], user);
        }
}
