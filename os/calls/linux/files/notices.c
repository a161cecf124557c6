/* SPDX-License-Identifier: BSD-2-Clause */
/* inotify: what happens to files, as something to read (os/files/notice.h). */
#include "os/calls/linux/posix.h"
#include "os/files/event.h"
#include "os/files/notice.h"

long posix_inotify_init1(struct process *p)
{
        uint32_t flags = (uint32_t)p->call.argument[0];

        if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK))
                return -SOS_EINVAL;
        if (notice_is_full())
                return -SOS_EMFILE;
        return posix_give(p, notice_open(flags & O_NONBLOCK), flags);
}

static struct event *instance(struct process *p, long *error)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        *error = !f || file_is_place(f) ? -SOS_EBADF : f->kind != FILE_NOTICES ? -SOS_EINVAL : 0;
        return *error ? NULL : f->event;
}

long posix_inotify_add_watch(struct process *p)
{
        enum {
                DIRECTORY = 0x1000000,
                NOFOLLOW = 0x2000000,
                EXCEPT_REMOVED = 0x4000000,
                ONLY_NEW = 0x10000000,
                ADD = 0x20000000
        };
        uint32_t mask = (uint32_t)p->call.argument[2];
        struct event *e;
        struct node *n;
        long error;

        if (!(mask & NOTICE_ALL))
                return -SOS_EINVAL;
        e = instance(p, &error);
        if (e && (mask & (ADD | ONLY_NEW)) == (ADD | ONLY_NEW))
                error = -SOS_EINVAL;
        if (!error)
                error = posix_find_at(p, AT_FDCWD, p->call.argument[1],
                                      mask & NOFOLLOW ? NODE_NO_FOLLOW : NODE_FOLLOW, &n);
        if (!error && mask & DIRECTORY && n->kind != NODE_DIRECTORY)
                error = -SOS_ENOTDIR;
        if (!error && !rights_allow(&p->user, n, RIGHT_READ))
                error = -SOS_EACCES;
        if (error)
                return error;
        return notice_watch(e, n, mask & (NOTICE_ALL | NOTICE_ONCE), mask & ADD, mask & ONLY_NEW);
}

long posix_inotify_rm_watch(struct process *p)
{
        long error;
        struct event *e = instance(p, &error);

        if (!e)
                return error;
        return notice_unwatch(e, (int)p->call.argument[1]) ? 0 : -SOS_EINVAL;
}

/* As many as fit, whole, but no more at once than the server has time for; the next read gives the others. */
long posix_read_notices(struct process *p, struct event *e, const seL4_Word piece[2])
{
        char bytes[sizeof(struct notice) + 2 * NODE_NAME_MAX];
        size_t done = 0, n;

        for (unsigned left = NOTICES_AT_ONCE;
             (n = notice_next(e, done, bytes, sizeof(bytes))) != 0 && done + n <= piece[1] && left > 0;
             left--) {
                if (!space_write(p->space, piece[0] + done, bytes, n)) {
                        if (!done)
                                return -SOS_EFAULT;
                        break;
                }
                done += n;
        }
        if (done)
                notice_taken(e, done);
        return done ? (long)done : n ? -SOS_EINVAL : FILE_BLOCKS;
}
