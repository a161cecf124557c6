/* SPDX-License-Identifier: BSD-2-Clause */
/* sos_share_vm: ranges that native processes have declared, and who may write there.
 *
 * The range of a process becomes a region of a share that all who declare the same range have together; the first one's
 * content is the share's.  Who may write depends on what the others said, so the rights change when somebody comes or goes.
 */
#include "os/process/sharing.h"
#include "base/text.h"

enum { RANGES = 16, USERS = 16 };

struct declared {
        struct share *share; /* NULL: unused record */
        seL4_Word start, end;
        unsigned users;
        struct {
                int pid;
                bool writable; /* by the others */
        } user[USERS];
};

static struct declared ranges[RANGES];

/* One user may write when all others let it. */
static bool may_write(const struct declared *d, unsigned user)
{
        for (unsigned i = 0; i < d->users; i++) {
                if (i != user && !d->user[i].writable)
                        return false;
        }
        return true;
}

static void set_rights(const struct declared *d)
{
        for (unsigned i = 0; i < d->users; i++) {
                struct process *p = process_find(d->user[i].pid);
                struct region *r = p && p->space ? space_find(p->space, d->start) : NULL;

                if (r && r->kind == REGION_SHARED && r->share == d->share)
                        space_protect(p->space, d->start, d->end,
                                      SPACE_READ | (may_write(d, i) ? SPACE_WRITE : 0));
        }
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

static bool copy_content(struct process *p, struct declared *d)
{
        for (seL4_Word va = d->start; va < d->end; va += PAGE) {
                frame_id f = share_frame(d->share, (va - d->start) / PAGE);

                if (!f || !space_read(p->space, va, frame_data(f), PAGE))
                        return false;
        }
        return true;
}

static void release(struct declared *d)
{
        if (d->users > 0)
                return;
        share_drop(d->share);
        d->share = NULL;
}

/* Put the share where the process's own pages were. */
static bool replace(struct process *p, const struct declared *d)
{
        struct region r = {.start = d->start,
                           .end = d->end,
                           .access = SPACE_READ,
                           .kind = REGION_SHARED,
                           .share = d->share,
                           .file_start = d->start};

        if (!space_remove(p->space, d->start, d->end) || !space_add(p->space, r))
                return false;
        share_use(d->share);
        return true;
}

static bool join(struct process *p, struct declared *d)
{
        if (d->users == USERS || (d->users == 0 && !copy_content(p, d)) || !replace(p, d))
                return false;
        d->user[d->users++].pid = p->pid;
        return true;
}

static int user_of(const struct declared *d, const struct process *p)
{
        for (unsigned i = 0; d && i < d->users; i++) {
                if (d->user[i].pid == p->pid)
                        return (int)i;
        }
        return -1;
}

/* The range must be ordinary memory of the caller, in one piece and writable. */
static bool own_memory(struct process *p, seL4_Word start, seL4_Word end)
{
        const struct region *r = space_find(p->space, start);

        return r && r->end >= end && r->kind == REGION_MEMORY && r->access == (SPACE_READ | SPACE_WRITE);
}

long sos_share(struct process *p)
{
        seL4_Word start = p->call.argument[0], size = p->call.argument[1], end = start + size;
        struct declared *d = find(start, end);
        int user = user_of(d, p);

        if (p->foreign || size == 0 || size > (seL4_Word)SHARE_PAGES * PAGE || (start | size) % PAGE ||
            end < start)
                return -SOS_EINVAL;
        if (user < 0) {
                if (!own_memory(p, start, end))
                        return -SOS_EINVAL;
                if (!d)
                        d = make(start, end);
                if (!d)
                        return -SOS_ENOMEM;
                if (!join(p, d)) {
                        release(d);
                        return -SOS_ENOMEM;
                }
                user = (int)d->users - 1;
        }
        d->user[user].writable = p->call.argument[2];
        set_rights(d);
        return 0;
}

void sos_unshare(const struct process *p)
{
        for (unsigned i = 0; i < RANGES; i++) {
                struct declared *d = &ranges[i];
                int user = d->share ? user_of(d, p) : -1;

                if (user < 0)
                        continue;
                d->user[user] = d->user[--d->users];
                set_rights(d);
                release(d);
        }
}
